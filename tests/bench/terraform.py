"""A real Terraform with the AWS provider, where this machine has one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from .measure import Skipped

_PLACES = ("/opt", "/usr/share", "/usr/local/share", "/usr/lib", "~/.terraform.d", "~/.local/share")
_DEEPEST = 7
_PATH_IN_SETTINGS = re.compile(r'^\s*(?:path|plugin_cache_dir)\s*=\s*"([^"]+)"', re.MULTILINE)


@lru_cache(maxsize=1)
def mirror() -> Path:
    """Return the folder that holds ``<host>/hashicorp/aws/<version>/<platform>/terraform-provider-aws...``.

    Raises:
        Skipped: There is no Terraform, or no AWS provider.
    """
    if shutil.which("terraform") is None:
        raise Skipped("there is no terraform on this machine")
    for place in _places():
        for root, folders, files in os.walk(place):
            if any(name.startswith("terraform-provider-aws") for name in files) and Path(root).parents[2].name == "hashicorp":
                return Path(root).parents[4]
            if len(Path(root).relative_to(place).parts) >= _DEEPEST:
                folders.clear()
    raise Skipped("there is no AWS provider for terraform on this machine")


def _places() -> Iterator[Path]:
    """Yield where providers may lie: where the user's own settings of Terraform say, then the usual places."""
    settings = Path(os.environ.get("TF_CLI_CONFIG_FILE") or os.path.expanduser("~/.terraformrc"))
    named = _PATH_IN_SETTINGS.findall(settings.read_text("utf-8", "replace")) if settings.is_file() else []
    cache = os.environ.get("TF_PLUGIN_CACHE_DIR")
    yield from map(Path, map(os.path.expanduser, (*named, *([cache] if cache else []), *_PLACES)))


def environment(settings: Path) -> Mapping[str, str]:
    """Return the environment to run Terraform in without network: providers come from this machine, no variable of the user's counts.

    Raises:
        Skipped: There is no Terraform, or no AWS provider.
    """
    settings.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror()}"\n  }}\n}}\ndisable_checkpoint = true\n')
    return {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "TF_"))} | {"TF_CLI_CONFIG_FILE": str(settings)}


def init(tree: Path, variables: Mapping[str, str]) -> str:
    """Initialise a tree and return Terraform's message when it refuses, otherwise an empty text."""
    command = ["terraform", f"-chdir={tree}", "init", "-backend=false", "-input=false"]
    done = subprocess.run(command, capture_output=True, text=True, env=variables)
    if not done.returncode:
        return ""
    return next((line for line in done.stderr.splitlines() if "rror: " in line), "no message").strip()


def prepare(tree: Path, settings: Path) -> Mapping[str, str]:
    """Initialise a tree without network and return the environment to run Terraform in.

    Raises:
        Skipped: It needs a provider or module that is not here.
    """
    variables = environment(settings)
    message = init(tree, variables)
    if message:
        raise Skipped(f"terraform cannot initialise the tree: {message}")
    return variables
