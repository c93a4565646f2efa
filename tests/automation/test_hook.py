"""The hook for pre-commit, run as pre-commit runs it: entry and arguments, in a folder that is somebody's repository."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command_line import MODEL, Cli, MakeSample, Run
from tests.paths import ROOT

(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def hook(cli: Cli, *arguments: str) -> Run:
    program, *entry = shlex.split(HOOK["entry"])
    assert program == "reviewgen" and HOOK["pass_filenames"] is False
    return cli(*entry, *arguments, "-j", 1)


def test_the_hook_has_what_pre_commit_needs() -> None:
    needed: dict[str, Any] = {"id": str, "name": str, "entry": str, "language": str, "files": str}
    assert all(isinstance(HOOK[name], kind) for name, kind in needed.items())
    assert HOOK["language"] == "python"  # pre-commit installs this repository, whose script is the entry


def test_the_hook_reviews_and_its_arguments_are_gates(
    cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sample("good")
    monkeypatch.chdir(tmp_path)
    assert hook(cli).code == 0
    assert (tmp_path / ".reviewgen" / "run" / "samples" / "good" / "review.json").exists()
    assert hook(cli).err.startswith("1 of 1 samples reviewed, 1 of them as they were")  # what the hook wrote is no sample
    make_sample("same", ideal=MODEL)
    failed = hook(cli, "--fail-under", "1")
    assert failed.code == 1 and failed.err.endswith("gate: samples/same: the learning value is 0, 1 is required\n")
    (tmp_path / "samples" / "good" / "IDEAL_RESPONSE.md").write_bytes(b"\x00")
    assert hook(cli).code == 3


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("PROMPT.md", True),
        ("samples/a/MODEL_RESPONSE.md", True),
        ("samples/a/lib/ideal_response.tf", True),
        ("a/IDEAL_RESPONSE/modules/x/main.tf", True),
        ("a/review.overrides.toml", True),
        ("a/MODEL_FAILURES.md", False),
        ("docs/prompting.md", False),
        ("main.tf", False),
    ],
)
def test_the_hook_runs_when_a_sample_changed(file: str, wanted: bool) -> None:
    assert bool(re.search(HOOK["files"], file)) is wanted
