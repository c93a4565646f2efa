"""The real Terraform, the real AWS provider and moto's server, where this machine has them; elsewhere the other tests of this folder stand
on recorded output of theirs.

One small tree runs in every run of the suite; ``make verify-test`` runs all of them, which takes some minutes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from reviewgen.evidence import record, verify
from reviewgen.model.evidence import Step
from tests.bench.measure import Skipped
from tests.bench.terraform import environment
from tests.paths import CASES, ROOT

pytestmark = [pytest.mark.terraform, pytest.mark.slow]
TREES = sorted(p for p in (CASES / "evidence" / "trees").iterdir() if p.is_dir())
WHOLE = pytest.mark.skipif(not os.environ.get("VERIFY_TESTS"), reason="takes some minutes: make verify-test")


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment in which Terraform finds its providers; skips where it or moto is not there."""
    if not verify.available():
        pytest.skip(f"moto's server is not installed: {verify.EXTRA}")
    try:
        return environment(tmp_path_factory.mktemp("terraform") / "settings.tfrc")
    except Skipped as reason:
        pytest.skip(str(reason))


def sample(folder: Path, tree: Path) -> Path:
    """Make a sample of a case: its ``model`` and ``ideal``, or one tree as both."""
    for side, name in (("model", "MODEL_RESPONSE"), ("ideal", "IDEAL_RESPONSE")):
        own = tree / side if (tree / side).is_dir() else tree
        (folder / name).mkdir(parents=True)
        for file in own.glob("*.tf"):
            (folder / name / file.name).write_text(file.read_text())
    return folder


def command(folder: Path, variables: Mapping[str, str], *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "reviewgen", "verify", str(folder), *options],
        env={**variables, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def outcomes(folder: Path, side: str = "ideal") -> dict[str, dict[str, object]]:
    runs = json.loads((folder / record.NAME).read_text())["runs"]
    return {step["step"]: step for run in runs if run["side"] == side for step in run["steps"]}


def verified(folder: Path, variables: Mapping[str, str], *options: str) -> str:
    process = command(folder, variables, *options)
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    return out


def test_a_small_tree_is_planned_applied_and_destroyed(tmp_path: Path, variables: Mapping[str, str]) -> None:
    folder = sample(tmp_path / "sample", CASES / "evidence" / "trees" / "alerts")
    verified(folder, variables, "--side", "ideal", "--steps", "apply")
    found = outcomes(folder)
    assert {step: row["outcome"] for step, row in found.items()} == dict.fromkeys(["init", "plan", "apply", "destroy"], "passed")
    assert (found["plan"]["created"], found["apply"]["created"], found["destroy"]["destroyed"]) == (2, 2, 2)


def test_a_provider_that_is_not_here(tmp_path: Path, variables: Mapping[str, str]) -> None:
    folder = tmp_path / "sample"
    for name in ("MODEL_RESPONSE", "IDEAL_RESPONSE"):
        (folder / name).mkdir(parents=True)
        (folder / name / "main.tf").write_text('resource "random_id" "x" {\n  byte_length = 4\n}\n')
    out = verified(folder, variables, "--side", "ideal")
    assert "init:     not run: provider hashicorp/random is not installed" in out
    assert {row["reason"] for row in list(outcomes(folder).values())[1:]} == {"provider hashicorp/random is not installed"}


@WHOLE
@pytest.mark.parametrize("tree", [t for t in TREES if not (t / "model").is_dir()], ids=lambda p: p.name)
def test_trees_are_planned_applied_and_destroyed(tree: Path, tmp_path: Path, variables: Mapping[str, str]) -> None:
    folder = sample(tmp_path / "sample", tree)
    verified(folder, variables, "--side", "ideal")
    found = outcomes(folder)
    assert {row["outcome"] for row in found.values()} == {"passed"}, found
    assert found["plan"]["created"] == found["apply"]["created"] == found["destroy"]["destroyed"]


@WHOLE
def test_a_model_that_fails_at_apply_and_an_ideal_that_does_not(tmp_path: Path, variables: Mapping[str, str]) -> None:
    folder = sample(tmp_path / "sample", CASES / "evidence" / "trees" / "recorder")
    verified(folder, variables)
    model, ideal = outcomes(folder, "model"), outcomes(folder)
    assert (model["plan"]["outcome"], model["apply"]["outcome"], model["destroy"]["outcome"]) == ("passed", "failed", "passed")
    assert [d["address"] for d in model["apply"]["diagnostics"]] == ["aws_iam_role_policy_attachment.config"]  # type: ignore[index,union-attr]
    assert {row["outcome"] for row in ideal.values()} == {"passed"}


@WHOLE
def test_an_interruption_in_the_middle_of_apply(tmp_path: Path, variables: Mapping[str, str]) -> None:
    folder = sample(tmp_path / "sample", CASES / "evidence" / "trees" / "queue")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = command(folder, {**variables, "TMPDIR": str(scratch)}, "--side", "ideal", "--steps", "apply", "-v")
    assert process.stderr is not None
    said = [""]
    while "ideal: apply" not in said[-1]:
        said.append(process.stderr.readline())
        assert said[-1], f"it ended before apply: {said}"
    time.sleep(12)  # the queue alone takes longer, for the provider waits until AWS shows it everywhere
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 130, err
    found = outcomes(folder)
    assert (found["apply"]["outcome"], found["destroy"]["outcome"]) == ("interrupted", "passed"), found
    assert list(scratch.iterdir()) == []
    assert Step(str(list(found)[-1])) is Step.DESTROY
