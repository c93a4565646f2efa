"""The example of a workflow, run as a CI would: its commands in a shell, its actions by what they do."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command_line import MakeSample
from tests.paths import ROOT

WORKFLOW = ROOT / ".ci" / "examples" / "samples.yml"
pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the workflow's commands are for bash")


class Ci:
    """As much of a CI as the workflow needs: one workspace a job, artifacts between them."""

    def __init__(self, place: Path, samples: Path, base: Path) -> None:
        self.place, self.samples, self.base = place, samples, base
        self.artifacts: dict[str, Path] = {}
        bin = place / "bin"
        bin.mkdir(parents=True)
        (bin / "reviewgen").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reviewgen "$@"\n', "utf-8")
        (bin / "pip").write_text('#!/bin/sh\n[ "$*" = "install reviewgen" ]\n', "utf-8")
        for program in bin.iterdir():
            program.chmod(0o755)
        self.environment = {**os.environ, "PATH": f"{bin}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "REVIEWGEN_JOBS": "1"}

    def run(self) -> str:
        """Run all jobs; return the output of the step that failed, or nothing."""
        workflow = yaml.safe_load(WORKFLOW.read_text("utf-8"))
        done: set[str] = set()
        for name, job in workflow["jobs"].items():
            assert job.get("needs", name) in {name, *done}
            for matrix in _combinations(job.get("strategy", {}).get("matrix", {})):
                workspace = self.place / "-".join((name, *map(str, matrix.values())))
                workspace.mkdir()
                for step in job["steps"]:
                    values = {"github.workspace": workspace, "github.base_ref": "main", "github.run_id": 1}
                    values |= {f"matrix.{key}": value for key, value in matrix.items()}
                    failed = self._step(_filled(step, values), _filled(workflow["env"], values), workspace)
                    if failed:
                        return failed
            done.add(name)
        return ""

    def _step(self, step: Mapping[str, Any], variables: Mapping[str, str], workspace: Path) -> str:
        if "run" in step:
            command = ["bash", "-e", "-o", "pipefail", "-c", step["run"]]
            found = subprocess.run(command, cwd=workspace, env={**self.environment, **variables}, capture_output=True, text=True)
            return f"{step['run']}\n{found.stdout}{found.stderr}" if found.returncode else ""
        action, given = step["uses"].partition("@")[0], step.get("with", {})
        if action == "actions/checkout":
            shutil.copytree(self.base if "ref" in given else self.samples, workspace / given.get("path", "") / "samples")
        elif action == "actions/upload-artifact":
            assert given["include-hidden-files"] is True
            self.artifacts[given["name"]] = workspace / given["path"]
        elif action == "actions/download-artifact":
            for name, folder in self.artifacts.items():
                shutil.copytree(folder, workspace / given["path"] / name)
        else:
            assert action in ("actions/setup-python", "actions/cache")
        return ""


def _combinations(matrix: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    for values in itertools.product(*matrix.values()):
        yield dict(zip(matrix, values, strict=True))


def _filled(value: Any, values: Mapping[str, object]) -> Any:
    """Return a value of the workflow with its expressions evaluated."""
    if isinstance(value, dict):
        return {key: _filled(part, values) for key, part in value.items()}
    return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: str(values[found[1]]), value) if isinstance(value, str) else value


@pytest.fixture
def ci(make_sample: MakeSample, tmp_path: Path) -> Ci:
    """A change of a repository with five samples."""
    for number in range(5):
        make_sample(f"s{number}")
    shutil.copytree(tmp_path / "samples", tmp_path / "before")
    return Ci(tmp_path / "ci", tmp_path / "samples", tmp_path / "before")


@pytest.mark.slow
def test_the_workflow_passes_samples_that_are_as_good_as_before(ci: Ci) -> None:
    assert ci.run() == ""
    run = ci.place / "gate" / "run"
    assert sorted(path.parent.name for path in run.rglob("review.json")) == [f"s{number}" for number in range(5)]


@pytest.mark.slow
def test_the_workflow_stops_a_sample_that_is_worse(ci: Ci) -> None:
    ideal = ci.samples / "s3" / "IDEAL_RESPONSE.md"
    ideal.write_text(re.sub(r"block_public_acls +=.*\n", "", ideal.read_text("utf-8")), "utf-8")
    assert "the later run is worse" in ci.run()


def test_the_workflow_names_no_place_to_download_from() -> None:
    assert "://" not in WORKFLOW.read_text("utf-8")
