"""The Terraform or OpenTofu on this machine, and what it is asked to do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from reviewgen.errors import InputError
from reviewgen.model.evidence import Step, Tool
from reviewgen.records import dataclass

_NAMES = {"terraform": "Terraform", "tofu": "OpenTofu"}
# From this version on `init` knows -json (release notes of Terraform 1.9 and OpenTofu 1.9).
_JSON_INIT = (1, 9)
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Program:
    """A program that runs Terraform's commands."""

    path: str
    tool: Tool

    @property
    def tells(self) -> bool:
        """Whether ``init`` can tell in JSON what it does."""
        numbers = re.findall(r"\d+", self.tool.version)[:2]
        return tuple(map(int, numbers)) >= _JSON_INIT

    def command(self, step: Step, plan: Path) -> list[str]:
        """Return the command of a step. ``init`` leaves the backend alone: a tree is checked as it is."""
        words: Mapping[Step, Sequence[str]] = {
            Step.FMT: ("fmt", "-check", "-recursive", "-no-color"),
            Step.INIT: ("init", "-backend=false", "-input=false", "-no-color", *(("-json",) if self.tells else ())),
            Step.VALIDATE: ("validate", "-json"),
            Step.PLAN: ("plan", "-json", "-input=false", f"-out={plan}"),
            Step.APPLY: ("apply", "-json", "-input=false", str(plan)),
            Step.DESTROY: ("destroy", "-json", "-auto-approve", "-input=false"),
        }
        return [self.path, *words[step]]

    @property
    def local_init(self) -> list[str]:
        """The command that gives the copy its local state."""
        return [self.path, "init", "-reconfigure", "-input=false", "-no-color", *(("-json",) if self.tells else ())]


def find(environment: Mapping[str, str]) -> Program:
    """Return the program on the path.

    Raises:
        InputError: There is none, or it does not tell its version.
    """
    for name, called in _NAMES.items():
        path = shutil.which(name, path=environment.get("PATH"))
        if path is not None:
            said = _asked(path, environment, Path.home())
            return Program(path, Tool(called, str(said.get("terraform_version", ""))))
    raise InputError("there is no terraform and no tofu on the PATH", hint="install one; reviewgen validate needs none")


def providers(program: Program, environment: Mapping[str, str], folder: Path) -> tuple[Tool, ...]:
    """Return the providers that a tree was given, after ``init``."""
    chosen = _asked(program.path, environment, folder).get("provider_selections")
    if not isinstance(chosen, Mapping):
        return ()
    # Without the host: that is where it was fetched from, not what it is.
    return tuple(Tool(name.partition("/")[2], str(version)) for name, version in sorted(chosen.items()))


def _asked(path: str, environment: Mapping[str, str], folder: Path) -> Mapping[str, object]:
    kept = {name: environment[name] for name in ("PATH", "HOME") if name in environment} | {"CHECKPOINT_DISABLE": "1"}
    try:
        done = subprocess.run([path, "version", "-json"], cwd=folder, env=kept, capture_output=True, timeout=_SECONDS, check=True)
        said = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        raise InputError("it does not tell its version", path=path, hint="repair the installation") from None
    return said if isinstance(said, dict) else {}
