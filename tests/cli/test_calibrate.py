"""``reviewgen calibrate``: scores beside labels of people."""

from __future__ import annotations

import json
from pathlib import Path

from tests.command_line import MODEL, Cli, MakeSample


def label(folder: Path, value: object) -> Path:
    (folder / "metadata.json").write_text(json.dumps({"training_quality": value}), "utf-8")
    return folder


def corpus(make_sample: MakeSample, tmp_path: Path) -> Path:
    label(make_sample("good"), 9)
    label(make_sample("again"), 7)
    label(make_sample("same", ideal=MODEL), 9)
    label(make_sample("none", ideal="# All is well\n"), 5)
    label(make_sample("wordy"), "excellent")
    make_sample("unlabelled")
    return tmp_path / "samples"


def test_what_the_labels_say_of_the_scores(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    samples = corpus(make_sample, tmp_path)
    run = cli("calibrate", samples, "--format", "json", "--jobs", 1)
    assert (run.code, run.err) == (0, "")
    found = json.loads(run.out)
    assert (found["samples"], found["unlabelled"], found["failed"], found["threshold"]) == (6, 2, 0, 8)
    assert (found["baseline"], found["baseline_count"]) == (9, 2)
    value = json.loads(cli("score", samples / "good", "--format", "json").out)["score"]["learning_value"]["final"]
    learning = next(s for s in found["standings"] if s["name"] == "learning value")
    assert (learning["samples"], learning["not_judged"]) == (3, 1)
    assert learning["error"] == (abs(9 - value) + abs(7 - value) + 9) / 3
    assert learning["baseline_error"] == 2 / 3
    assert learning["agreement"] == ((value >= 8) + (value < 8)) / 3
    assert found["noise"] == [
        {"same": "MODEL", "pairs": 6, "difference": (2 + 0 + 4 + 2 + 2 + 4) / 6},
        {"same": "MODEL and IDEAL", "pairs": 1, "difference": 2},
    ]


def test_a_run_of_batch_gives_the_same_table(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    samples = corpus(make_sample, tmp_path)
    assert cli("batch", samples, "-o", tmp_path / "run", "--jobs", 1).code == 0
    table = cli("calibrate", samples, "--jobs", 1)
    assert cli("calibrate", samples, "--run", tmp_path / "run") == table
    assert "samples: 6 reviewed, 2 of them without a label; 0 failed" in table.out
    assert "baseline: always the most frequent label, 9 (2 of 4 labels), on the same samples" in table.out
    (tmp_path / "run" / "good" / "review.json").unlink()
    (tmp_path / "run" / "same" / "review.json").write_text("{}", "utf-8")
    run = cli("calibrate", samples, "--run", tmp_path / "run")
    assert run.code == 3 and "2 failed" in run.out
    assert run.err == "error: good: no review.json in the run\nerror: same: its review.json in the run cannot be used: this is no review\n"


def test_samples_without_labels_and_runs_that_are_none(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("a")
    run = cli("calibrate", tmp_path / "samples", "--jobs", 1)
    assert run.code == 0 and "no sample has a label" in run.out
    assert cli("calibrate", tmp_path / "samples", "--run", tmp_path / "nowhere").code == 2
    assert cli("calibrate", tmp_path / "nowhere").code == 2
