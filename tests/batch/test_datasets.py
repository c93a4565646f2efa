"""Rows of datasets through a batch: what folders get, they get."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.batch.test_again import files, of_samples, reviews_made
from tests.command_line import IDEAL, MODEL, PROMPT, Cli, MakeSample


def dataset(path: Path, *ids: str, **other: str) -> Path:
    """Write a dataset; ``other`` are MODELs by id."""
    rows = [{"id": id, "prompt": PROMPT, "model": other.get(id, MODEL), "ideal": IDEAL} for id in ids]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def test_rows_get_what_folders_with_their_texts_get(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        make_sample(name)
    assert cli("batch", tmp_path / "samples", "-o", tmp_path / "folders", "-j", 1).code == 0
    source = dataset(tmp_path / "data.jsonl", "c", "a", "b")
    for jobs in (1, 2):
        found = cli("batch", source, "-o", tmp_path / f"rows{jobs}", "-j", jobs)
        assert found.code == 0 and files(tmp_path / f"rows{jobs}") == files(tmp_path / "folders")
    listed = cli("batch", "-", "-o", tmp_path / "listed", "-j", 1, stdin=f"{tmp_path / 'samples' / 'a'}\n\n{tmp_path / 'samples' / 'b'}\n")
    assert listed.code == 0 and sorted(p.name for p in (tmp_path / "listed").iterdir()) == [".reviewgen", "SUMMARY.md", "a", "b"]


def test_only_rows_that_changed_are_done_again(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWGEN_CACHE", str(tmp_path / "cache"))
    made = reviews_made(monkeypatch)
    source = dataset(tmp_path / "data.jsonl", "a", "b")
    assert cli("batch", source, "-o", tmp_path / "out", "-j", 1).code == 0
    dataset(tmp_path / "data.jsonl", "new", "b", "a", a=MODEL.replace("audit-logs", "other-logs"))
    assert "1 of them as they were" in cli("batch", source, "-o", tmp_path / "out", "-j", 1).err
    assert made == ["a", "b", "new", "a"]
    assert "3 of them as they were" in cli("batch", source, "-o", tmp_path / "other", "-j", 1).err


def test_a_run_goes_on_with_its_dataset_and_columns(cli: Cli, tmp_path: Path) -> None:
    rows = [{"task": "a", "answer": MODEL, "right": IDEAL}, {"task": "b", "answer": MODEL}]
    source = tmp_path / "data.jsonl"
    source.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    found = cli("batch", source, "-o", tmp_path / "out", "-j", 1, "--column", "model=answer", "ideal=right", "id=task")
    assert found.code == 3
    place = f"{source}:2"
    assert f"error: data.jsonl:2: no text in the column 'right' (input: {place})" in found.err
    again = cli("batch", "--resume", "-o", tmp_path / "out", "-j", 1)
    assert again.code == 3 and again.out == found.out and "1 of 2 samples reviewed, 2 of them as they were" in again.err
    rows[1]["right"] = IDEAL
    source.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    assert cli("batch", "--retry-failed", "-o", tmp_path / "out", "-j", 1).code == 0
    assert sorted(of_samples(tmp_path / "out")) == [f"{id}/{name}" for id in "ab" for name in ("MODEL_FAILURES.md", "review.json")]


def test_shards_of_a_dataset_make_the_whole(cli: Cli, tmp_path: Path) -> None:
    source = dataset(tmp_path / "data.jsonl", *"abcdefgh")
    with source.open("a", encoding="utf-8") as stream:
        stream.write("{\n")
    whole = cli("batch", source, "-o", tmp_path / "whole", "-j", 1)
    for number in (1, 2):
        cli("batch", source, "-o", tmp_path / f"part{number}", "-j", 1, "--shard", f"{number}/2")
    merged = cli("merge", tmp_path / "part1", tmp_path / "part2", "-o", tmp_path / "merged")
    assert (merged.code, merged.out) == (3, whole.out) and files(tmp_path / "merged") == files(tmp_path / "whole")


@pytest.mark.parametrize("arguments", [["-", "-"], ["-"]])
def test_lists_that_cannot_be_read(cli: Cli, tmp_path: Path, arguments: list[str]) -> None:
    found = cli("batch", *arguments, "-o", tmp_path / "out", stdin="absent\n")
    assert found.code == 2 and ("only one argument" in found.err or "absent: no such folder or dataset" in found.err)
    assert not (tmp_path / "out").exists()
