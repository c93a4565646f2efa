from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from reviewgen import pipeline
from reviewgen.batch.results import Result
from reviewgen.batch.run import run
from reviewgen.config import Config
from reviewgen.model.review import Review
from reviewgen.model.source import Sample
from reviewgen.sample import Folder
from tests.batch import fatal
from tests.command_line import IDEAL, MODEL, Cli, MakeSample


def contents(folder: Path) -> dict[str, bytes]:
    """Return what a run wrote, its journal apart."""
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    return {name: data for name, data in found.items() if not name.startswith(".reviewgen/")}


def test_batch_writes_what_report_writes_whatever_the_number_of_workers(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("b")
    make_sample("team/a", ideal=MODEL)
    make_sample("team/c/lib")
    for jobs in (1, 2):
        run = cli("batch", tmp_path / "samples", "-o", tmp_path / f"out{jobs}", "--jobs", jobs)
        assert run.code == 0
        assert run.err == f"3 of 3 samples reviewed: {tmp_path / f'out{jobs}'}\n"
    files = contents(tmp_path / "out1")
    assert files == contents(tmp_path / "out2")
    assert list(files) == ["SUMMARY.md"] + [
        f"{id}/{name}" for id in ("b", "team/a", "team/c") for name in ("MODEL_FAILURES.md", "review.json")
    ]
    assert files["b/MODEL_FAILURES.md"].decode() == cli("report", tmp_path / "samples" / "b").out


def test_summary(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("good")
    make_sample("same", ideal=MODEL)
    bad = make_sample("worse")
    (bad / "IDEAL_RESPONSE.md").write_bytes(b"\x00")
    result = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "-j", 1)
    assert result.code == 3
    rows = [line.split() for line in result.out.splitlines()]
    assert rows[0] == ["sample", "class", "blocker", "critical", "warning", "before", "after", "learning"]
    assert [row[:2] for row in rows[1:4]] == [["good", "pair"], ["same", "identical"], ["worse", "failed"]]
    review = json.loads((tmp_path / "out" / "good" / "review.json").read_text("utf-8"))
    categories = [issue["category"] for issue in review["issues"]]
    assert rows[1][2:5] == [str(categories.count(c)) for c in ("blocker", "critical", "warning")]
    learning = review["score"]["learning_value"]["final"]
    assert rows[1][5:] == [f"{points:g}" for points in (review["score"]["before"], review["score"]["after"], learning)]
    assert "classes: 1 identical, 1 pair" in result.out
    failures = [line for line in result.err.splitlines() if line.startswith("error: ")]
    assert len(failures) == 1 and failures[0].startswith("error: worse: ") and "the file is binary" in failures[0]
    assert result.err.splitlines()[-1] == f"2 of 3 samples reviewed: {tmp_path / 'out'}"


def test_what_was_not_judged_is_counted_and_not_averaged_in(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("good")
    make_sample("none", ideal="# Nothing to correct\n")
    make_sample("same", ideal=MODEL)
    result = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "-j", 1)
    rows = {line.split()[0]: line.split() for line in result.out.splitlines() if line}
    assert rows["none"][6:] == ["-", "-"] and rows["same"][7] == "0"
    mean = float(rows["good"][7]) / 2
    assert f"mean learning value: {mean:.2f} (2 samples, 1 not judged)" in result.out


def test_gates_of_a_batch(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("good")
    bad = make_sample("same", ideal=MODEL)
    command = ("batch", tmp_path / "samples", "-o", tmp_path / "out", "-j", 1)
    assert cli(*command, "--fail-under", 0).code == 0
    found = cli(*command, "--fail-under", 1, "--fail-on", "critical")
    said = found.err.splitlines()[1:]
    assert found.code == 1 and [line.partition(": ")[2] for line in said] == [
        "good: 1 issue of category critical or worse",
        "same: 2 issues of category critical or worse",
        "same: the learning value is 0, 1 is required",
    ]
    assert cli("merge", tmp_path / "out", "-o", tmp_path / "merged", "--fail-under", 1).code == 1
    (bad / "IDEAL_RESPONSE.md").write_bytes(b"\x00")
    assert cli(*command, "--fail-on", "critical").code == 3


WRONG = {
    "own.toml:3: 'base' must be from 0 to 10, not 12": {"RUBRICS": "own.toml", "RUBRIC": "x@1"},
    "there is no template 'none'": {"TEMPLATE": "none"},
    "broken.md.j2:1: unexpected": {"TEMPLATES": ".", "TEMPLATE": "broken"},
    "a template is no text in UTF-8": {"TEMPLATES": ".", "TEMPLATE": "binary"},
    "there is no rule 'none'": {"RULES_OFF": "none"},
    "cannot read the schema bundle": {"SCHEMAS": "none.json.gz"},
}


@pytest.mark.parametrize("message", WRONG)
def test_a_wrong_configuration_stops_before_anything_runs(
    cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    make_sample("a")
    (tmp_path / "own.toml").write_text('name = "x@1"\nextends = "failures@1"\nbase = 12\n', "utf-8")
    (tmp_path / "broken.md.j2").write_text("{% if", "utf-8")
    (tmp_path / "binary.md.j2").write_bytes(b"\xff")
    monkeypatch.chdir(tmp_path)
    for name, value in WRONG[message].items():
        monkeypatch.setenv(f"REVIEWGEN_{name}", value)
    result = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "-j", 2)
    assert result.code == 2 and message in result.err and len(result.err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_same_id_twice_stops_before_anything_runs(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    first, second = make_sample("x/one"), make_sample("y/one")
    result = cli("batch", first.parent, second.parent, "-o", tmp_path / "out")
    assert result.code == 2
    assert str(first) in result.err and str(second) in result.err
    assert not (tmp_path / "out").exists()


def test_a_bug_in_one_sample_costs_that_one(cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    review = pipeline.review_sample

    def fragile(sample: Sample, config: Config, *more: Any) -> Review:
        if sample.id == "b":
            raise ZeroDivisionError("so it goes")
        return review(sample, config, *more)

    monkeypatch.setattr(pipeline, "review_sample", fragile)
    for name in ("a", "b", "c"):
        make_sample(name)
    result = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "-j", 1)
    assert result.code == 3
    place = tmp_path / "samples" / "b"
    assert f"error: b: internal error: ZeroDivisionError: so it goes (bug: {place})" in result.err.splitlines()
    assert "Traceback" not in result.err
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [".reviewgen", "SUMMARY.md", "a", "c"]
    assert "in fragile" in cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "-j", 1, "-v").err


def test_samples_that_end_their_worker_cost_those(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("reviewgen.batch.run"), "review_to", fatal.review_to)
    ids = [f"{'fatal' if n in (3, 21) else 's'}{n:02}" for n in range(40)]
    results = {r.id: r for r in run([Folder(id, tmp_path) for id in ids], tmp_path / "out", Config(), 2)}
    assert sorted(results) == sorted(ids)
    assert [id for id in ids if results[id].error] == ["fatal03", "fatal21"]
    said = "its worker process died, perhaps out of memory"
    assert results["fatal03"] == Result("fatal03", error=said, failure="worker", place=str(tmp_path))


def test_document_of_nothing_is_reviewed(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("empty", prompt="", model="", ideal="")
    make_sample("no-code", model="# I cannot help with that.\n", ideal=IDEAL)
    result = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "-j", 1)
    assert result.code == 0
    assert len(contents(tmp_path / "out")) == 5
