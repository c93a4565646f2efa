from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import IDEAL, MODEL, Cli, MakeSample

Batch = Callable[[str], Path]


@pytest.fixture
def batch(cli: Cli, tmp_path: Path) -> Batch:
    """Return a function that reviews all samples made so far into a folder."""

    def run(name: str) -> Path:
        assert cli("batch", tmp_path / "samples", "-o", tmp_path / name, "-j", 1, "-q").code == 0
        return tmp_path / name

    return run


def edited(run: Path, sample: str, change: Callable[[dict[str, Any]], object]) -> None:
    path = run / sample / "review.json"
    review = json.loads(path.read_text("utf-8"))
    change(review)
    path.write_text(json.dumps(review), "utf-8")


def comparison(cli: Cli, before: Path, after: Path) -> dict[str, Any]:
    return dict(json.loads(cli("compare", before, after, "--format", "json").out))


def test_two_equal_runs_have_nothing_to_tell(cli: Cli, make_sample: MakeSample, batch: Batch) -> None:
    make_sample("a")
    first, second = batch("first"), batch("second")
    found = cli("compare", first, second, "--fail-on-regression")
    assert found.code == 0 and "Both runs say the same." in found.out and "| Samples in both runs | 1 |" in found.out
    assert comparison(cli, first, second)["regressed"] is False


def test_issues_are_new_changed_or_gone_by_fingerprint(cli: Cli, make_sample: MakeSample, batch: Batch) -> None:
    make_sample("a")
    first, second = batch("first"), batch("second")
    issue = json.loads((first / "a" / "review.json").read_text("utf-8"))["issues"][0]
    edited(first, "a", lambda review: review["issues"].append({**issue, "fingerprint": "old", "title": "Only before"}))
    edited(second, "a", lambda review: review["issues"].append({**issue, "fingerprint": "new", "title": "Only after | `x`"}))
    edited(second, "a", lambda review: review["issues"][0].update(category="warning", status="left"))
    found = comparison(cli, first, second)
    assert [(i["kind"], i["fingerprint"], i["worse"]) for i in found["issues"]] == [
        ("new", "new", True),
        ("changed", issue["fingerprint"], False),
        ("gone", "old", False),
    ]
    assert found["issues"][1]["before"] == {"category": issue["category"], "status": issue["status"]}
    assert found["issues"][1]["after"] == {"category": "warning", "status": "left"}
    page = cli("compare", first, second, "--fail-on-regression")
    assert page.code == 1 and "the later run is worse" in page.err
    assert "| `a` | Only after \\| `x` | `new` | - |" in page.out


def test_a_heavier_category_is_worse_and_a_lighter_one_is_not(cli: Cli, make_sample: MakeSample, batch: Batch) -> None:
    make_sample("a")
    first, second = batch("first"), batch("second")
    edited(first, "a", lambda review: review["issues"][0].update(category="warning"))
    edited(second, "a", lambda review: review["issues"][0].update(category="blocker"))
    assert comparison(cli, first, second)["regressed"] is True
    assert comparison(cli, second, first)["regressed"] is False


def test_scores_that_fall_are_worse_and_what_is_not_judged_is_no_fall(cli: Cli, make_sample: MakeSample, batch: Batch) -> None:
    make_sample("a")
    first, second = batch("first"), batch("second")
    edited(first, "a", lambda review: review["score"].update(before=8))
    edited(second, "a", lambda review: review["score"].update(before=3))
    found = comparison(cli, first, second)
    assert found["scores"] == [{"sample": "a", "measure": "before", "before": 8.0, "after": 3.0, "worse": True}]
    assert found["numbers"]["Score before the corrections: fell"] == 1
    edited(second, "a", lambda review: review["score"].update(before=None))
    assert comparison(cli, first, second)["regressed"] is False
    assert "| `a` | score before the corrections | 8 | not judged |" in cli("compare", first, second).out


def test_a_sample_that_is_gone_is_a_regression_and_one_that_is_new_is_not(cli: Cli, make_sample: MakeSample, batch: Batch) -> None:
    make_sample("a")
    first = batch("first")
    make_sample("team/b")
    second = batch("second")
    assert comparison(cli, first, second)["added"] == ["team/b"]
    assert cli("compare", first, second, "--fail-on-regression").code == 0
    assert comparison(cli, second, first)["missing"] == ["team/b"]
    assert cli("compare", second, first, "--fail-on-regression").code == 1


def test_the_comparison_goes_to_a_file(cli: Cli, make_sample: MakeSample, batch: Batch, tmp_path: Path) -> None:
    make_sample("a")
    run = batch("run")
    assert cli("compare", run, run, "-o", tmp_path / "found.json").out == ""
    assert json.loads((tmp_path / "found.json").read_text("utf-8"))["samples"] == 1


def test_select_writes_the_ids_that_fit(cli: Cli, make_sample: MakeSample, batch: Batch, tmp_path: Path) -> None:
    make_sample("a")
    make_sample("b")
    make_sample("same", model=IDEAL, ideal=IDEAL)
    run = batch("run")
    edited(run, "a", lambda review: review["score"]["learning_value"].update(final=9))
    edited(run, "b", lambda review: review["score"]["learning_value"].update(final=3))
    edited(run, "b", lambda review: review["issues"][0].update(category="blocker", status="introduced", rule="RG999"))
    ids = ["a", "b", "same"]
    for options, wanted in (
        ((), ids),
        (("--min-score", 8), ["a"]),
        (("--max-score", 3), ["b", "same"]),
        (("--min-score", 3, "--max-score", 8.5), ["b"]),
        (("--class", "identical"), ["same"]),
        (("--class", "identical", "--class", "pair"), ids),
        (("--rule", "RG999"), ["b"]),
        (("--rule", "RG999", "--category", "blocker", "--status", "introduced"), ["b"]),
        (("--rule", "RG999", "--category", "warning"), []),
        (("--rule", "RG999", "--not"), ["a", "same"]),
    ):
        assert cli("select", run, *options).out.split() == wanted, options
    assert cli("select", run, "--min-score", 8).err == "1 of 3 samples fit\n"
    assert cli("select", run, "--min-score", 8, "-o", tmp_path / "ids.txt").out == ""
    assert (tmp_path / "ids.txt").read_text("utf-8") == "a\n"


def test_a_match_may_be_a_failure(cli: Cli, make_sample: MakeSample, batch: Batch) -> None:
    make_sample("a")
    run = batch("run")
    assert cli("select", run, "--class", "pair", "--fail-on-match") == (1, "a\n", "1 of 1 samples fit\n")
    assert cli("select", run, "--class", "identical", "--fail-on-match").code == 0


def test_what_only_an_earlier_run_wrote_is_none_of_a_run(cli: Cli, make_sample: MakeSample, batch: Batch, tmp_path: Path) -> None:
    make_sample("a")
    gone = make_sample("b")
    first = batch("run")
    shutil.copytree(first, tmp_path / "first")
    shutil.rmtree(gone)
    second = batch("run")
    assert (second / "b" / "review.json").exists() and cli("select", second).out == "a\n"
    assert comparison(cli, tmp_path / "first", second)["missing"] == ["b"]
    make_sample("c")
    assert cli("batch", tmp_path / "samples", "-o", second, "-j", 1, "--no-cache").code == 0
    assert cli("select", second).out == "a\nb\nc\n"  # nothing is remembered of who asked for what


def test_a_score_that_was_not_judged_fits_no_bound(cli: Cli, make_sample: MakeSample, batch: Batch) -> None:
    make_sample("same", ideal=MODEL)
    run = batch("run")
    edited(run, "same", lambda review: review["score"].update(before=None))
    assert cli("select", run, "--score", "before", "--min-score", 0).out == ""
    assert cli("select", run, "--score", "before", "--max-score", 10).out == ""


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"format_version": "1.0", "sample": 3}', b"[" * 100_000])
def test_what_is_no_review_is_named(cli: Cli, make_sample: MakeSample, batch: Batch, content: bytes) -> None:
    make_sample("a")
    run = batch("run")
    (run / "a" / "review.json").write_bytes(content)
    for command in (("compare", run, run), ("select", run)):
        found = cli(*command)
        assert found.code == 2 and found.out == ""
        assert f"{run / 'a' / 'review.json'}: this is no review" in found.err and "run `reviewgen batch` again" in found.err


def test_a_review_of_another_format_is_named(cli: Cli, make_sample: MakeSample, batch: Batch) -> None:
    make_sample("a")
    run = batch("run")
    edited(run, "a", lambda review: review.update(format_version="0.9"))
    found = cli("select", run)
    assert found.code == 2 and "format version '0.9', not 1.0" in found.err


def test_a_folder_without_reviews_is_no_run(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no review.json in the folder" in cli("select", tmp_path / "empty").err
    assert "no such folder" in cli("compare", tmp_path / "absent", tmp_path / "empty").err
