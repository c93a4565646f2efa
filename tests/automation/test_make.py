"""The targets of the Makefile that curators use, run as they stand there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.batch.test_again import times
from tests.command_line import IDEAL, MODEL, MakeSample
from tests.paths import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")]

# A reference to nothing: an error of the tree.
BROKEN = MODEL.replace("aws_s3_bucket.logs.id", "aws_s3_bucket.archive.id")


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder that stands for the environment of `make setup`: this interpreter with this clone."""
    place = tmp_path / "bin"
    place.mkdir()
    program = place / "reviewgen"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reviewgen "$@"\n', "utf-8")
    program.chmod(0o755)
    return place


def make(tools: Path, target: str, **variables: object) -> subprocess.CompletedProcess[str]:
    given = [f"{name}={value}" for name, value in {"BIN": tools, "READY": tools / "reviewgen", "JOBS": 1, **variables}.items()]
    # The tests themselves may have been started by make, whose variables its children would take over.
    outer = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "MFLAGS")}
    environment = {**outer, "PYTHONPATH": str(ROOT), "REVIEWGEN_CACHE": "off"}
    return subprocess.run(
        ["make", "--silent", "-C", str(ROOT), target, *given], capture_output=True, text=True, env=environment, check=False
    )


def test_batch_does_again_only_what_changed(tools: Path, make_sample: MakeSample, tmp_path: Path) -> None:
    changed = make_sample("a")
    for name in ("b", "team c/d"):
        make_sample(name)
    place = {"SAMPLES": tmp_path / "samples", "OUT": tmp_path / "out of it"}
    assert make(tools, "batch", **place).returncode == 0
    before = times(tmp_path / "out of it")
    assert len(before) == 2 * 3 + 1  # document and review of each sample, and the summary
    (changed / "MODEL_RESPONSE.md").write_text(MODEL.replace("audit-logs", "other-logs"), "utf-8")
    again = make(tools, "batch", **place)
    assert again.returncode == 0 and "3 of 3 samples reviewed, 2 of them as they were" in again.stderr
    after = times(tmp_path / "out of it")
    assert sorted(name for name in after if after[name] != before[name]) == ["SUMMARY.md", "a/MODEL_FAILURES.md", "a/review.json"]
    assert make(tools, "batch", **place).returncode == 0 and times(tmp_path / "out of it") == after


def test_gate_lets_pass_what_keeps_all_conditions(tools: Path, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("a")
    place = {"SAMPLES": tmp_path / "samples", "OUT": tmp_path / "out", "MIN": 1}
    assert make(tools, "gate", **place).returncode == 0
    shutil.copytree(tmp_path / "out", tmp_path / "earlier")
    done = make(tools, "gate", **place, BASE=tmp_path / "earlier")
    assert done.returncode == 0 and "Both runs say the same." in done.stdout, done.stderr


@pytest.mark.parametrize("condition", ["score", "blocker", "worse", "unreadable"])
def test_gate_stops_what_breaks_a_condition(tools: Path, make_sample: MakeSample, tmp_path: Path, condition: str) -> None:
    make_sample("a")
    second = make_sample("b", model=BROKEN, ideal=IDEAL)
    place: dict[str, object] = {"SAMPLES": tmp_path / "samples", "OUT": tmp_path / "out", "MIN": 1}
    assert make(tools, "gate", **place).returncode == 0  # a blocker that IDEAL repairs is what a sample is for
    shutil.copytree(tmp_path / "out", tmp_path / "earlier")
    document = second / "IDEAL_RESPONSE.md"
    if condition == "score":
        document.write_text(BROKEN, "utf-8")
        said = "gate: b: the learning value is 0, 1 is required"
    elif condition == "blocker":
        place["MIN"] = 0
        document.write_text(re.sub(r"(bucket +=) aws_s3_bucket.logs.id", r"\1 aws_s3_bucket.archive.id", IDEAL), "utf-8")
        said = "Samples with a blocker that IDEAL has:\nb\n"
    elif condition == "worse":
        place["BASE"] = tmp_path / "earlier"
        shutil.rmtree(second)
        said = "the later run is worse"
    else:
        document.write_bytes(b"\x00")
        said = "error: b: "
    done = make(tools, "gate", **place)
    assert done.returncode == 2 and said in done.stdout + done.stderr
