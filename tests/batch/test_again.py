"""Runs that are repeated, broken off and taken up again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from reviewgen.batch.cache import Cache, Kept
from reviewgen.batch.results import Result
from tests.batch import fatal
from tests.command_line import IDEAL, MODEL, Cli, MakeSample


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Switch the cache on, in a folder of the test."""
    monkeypatch.setenv("REVIEWGEN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def run(cli: Cli, tmp_path: Path, *options: object, out: str = "out", code: int = 0) -> str:
    """Run a batch of all samples in this process; return what it says at the end."""
    found = cli("batch", tmp_path / "samples", "-o", tmp_path / out, "-j", 1, *options)
    assert found.code == code, found.err
    return found.err.splitlines()[-1]


def files(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and ".reviewgen" not in p.parts
    }


def of_samples(folder: Path) -> dict[str, bytes]:
    """Return what stands in the folders of samples."""
    return {name: data for name, data in files(folder).items() if name != "SUMMARY.md"}


def times(folder: Path) -> dict[str, int]:
    return {name: (folder / name).stat().st_mtime_ns for name in files(folder)}


def reviews_made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that gets the id of each sample that is really reviewed."""
    from reviewgen import pipeline

    made: list[str] = []
    review = pipeline.review_sample

    def counted(sample: Any, *more: Any) -> Any:
        made.append(sample.id)
        return review(sample, *more)

    monkeypatch.setattr(pipeline, "review_sample", counted)
    return made


def test_only_what_changed_is_done_again(cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _, third = make_sample("a"), make_sample("b"), make_sample("c")
    made = reviews_made(monkeypatch)
    run(cli, tmp_path)
    before = times(tmp_path / "out")
    assert made == ["a", "b", "c"]
    assert run(cli, tmp_path) == f"3 of 3 samples reviewed, 3 of them as they were: {tmp_path / 'out'}"
    assert made == ["a", "b", "c"] and times(tmp_path / "out") == before
    (first / "MODEL_RESPONSE.md").write_text(MODEL.replace("audit-logs", "other-logs"), "utf-8")
    (third / "review.overrides.toml").write_text("", "utf-8")
    assert "1 of them as they were" in run(cli, tmp_path)
    assert made[3:] == ["a", "c"]
    changed = {name for name, time in times(tmp_path / "out").items() if time != before[name]}
    assert changed == {"SUMMARY.md", "a/MODEL_FAILURES.md", "a/review.json"}


@pytest.mark.parametrize("option", [("--redact",), ("--template", "failure-analysis")])
def test_other_settings_are_other_reviews(
    cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cached: Path, option: tuple[str, ...]
) -> None:
    make_sample("a")
    made = reviews_made(monkeypatch)
    run(cli, tmp_path)
    run(cli, tmp_path, *option)
    run(cli, tmp_path, "--jobs", 2)
    assert made == ["a", "a"]


def test_a_file_that_somebody_changed_is_written_anew(cli: Cli, make_sample: MakeSample, tmp_path: Path, cached: Path) -> None:
    make_sample("a")
    run(cli, tmp_path)
    right = files(tmp_path / "out")
    (tmp_path / "out" / "a" / "MODEL_FAILURES.md").write_text("mine", "utf-8")
    (tmp_path / "out" / "a" / "review.json").unlink()
    run(cli, tmp_path)
    assert files(tmp_path / "out") == right


def test_another_folder_gets_what_is_kept(
    cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cached: Path
) -> None:
    make_sample("a")
    made = reviews_made(monkeypatch)
    run(cli, tmp_path)
    run(cli, tmp_path, out="other")
    assert made == ["a"] and files(tmp_path / "out") == files(tmp_path / "other") and "SUMMARY.md" in files(tmp_path / "out")
    make_sample("b")
    run(cli, tmp_path, "--no-cache", out="third")
    assert made == ["a", "a", "b"] and not (tmp_path / "third" / ".reviewgen").exists()


def test_failures_are_tried_again_unless_a_run_only_goes_on(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("a")
    bad = make_sample("b")
    (bad / "IDEAL_RESPONSE.md").write_bytes(b"\x00")
    run(cli, tmp_path, code=3)
    found = cli("batch", "--resume", "-o", tmp_path / "out", "-j", 1)
    assert found.code == 3 and "error: b: " in found.err and f"(input: {bad})" in found.err
    assert found.err.splitlines()[-1].startswith("1 of 2 samples reviewed, 2 of them as they were")
    assert "1 of them as they were" in cli("batch", "--retry-failed", "-o", tmp_path / "out", "-j", 1).err
    (bad / "IDEAL_RESPONSE.md").write_text(IDEAL, "utf-8")
    assert cli("batch", "--resume", "-o", tmp_path / "out", "-j", 1).code == 0


def test_what_cannot_go_on_is_said(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("a")
    for options, message in (
        (("--resume",), "no run to go on with"),
        (("--retry-failed",), "no run to go on with"),
        ((), "no samples are named"),
        (("--resume", "--no-cache"), "exclude each other"),
    ):
        found = cli("batch", *options, "-o", tmp_path / "out")
        assert found.code == 2 and message in found.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("damage", [b"", b"{}", b"garbage\n\x00", b'{"format": "reviewgen-journal-0"}\n{"key": 1}\n'])
def test_a_journal_of_another_kind_is_none(cli: Cli, make_sample: MakeSample, tmp_path: Path, damage: bytes) -> None:
    make_sample("a")
    run(cli, tmp_path)
    (tmp_path / "out" / ".reviewgen" / "journal.jsonl").write_bytes(damage)
    assert "as they were" not in run(cli, tmp_path)
    assert "1 of them as they were" in run(cli, tmp_path)


def test_a_line_that_was_cut_is_left_out(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    make_sample("a")
    make_sample("b")
    run(cli, tmp_path)
    journal = tmp_path / "out" / ".reviewgen" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-20])
    assert "1 of them as they were" in run(cli, tmp_path)


def test_the_cache_is_shown_and_cleared(cli: Cli, make_sample: MakeSample, tmp_path: Path, cached: Path) -> None:
    make_sample("a")
    run(cli, tmp_path)
    assert json.loads(cli("cache", "info", "--format", "json").out)["entries"] == 2  # the review, and the summary of the run
    assert f"folder: {cached}\nentries: 2\n" in cli("cache", "info").out
    assert cli("cache", "clear").err == "2 entries removed\n"
    assert json.loads(cli("cache", "info", "--format", "json").out) == {
        "folder": str(cached), "entries": 0, "size": 0, "most": 1_000_000_000,
    }  # fmt: skip


def test_a_cache_that_is_off_cannot_be_shown(cli: Cli) -> None:
    found = cli("cache", "info")
    assert found.code == 2 and "the cache is switched off" in found.err


def test_entries_that_are_damaged_are_none(cli: Cli, make_sample: MakeSample, tmp_path: Path, cached: Path) -> None:
    make_sample("a")
    run(cli, tmp_path)
    right = files(tmp_path / "out")
    for entry in cached.glob("*/*"):
        whole = entry.read_bytes()
        for damage in (b"", whole[:100], whole[:-5], whole.replace(b"reviewgen-cache-2", b"reviewgen-cache-1"), b"\xff" * 500):
            entry.write_bytes(damage)
            run(cli, tmp_path, out="other")
            assert files(tmp_path / "other") == right
            assert entry.read_bytes() == whole
            for name in right:
                (tmp_path / "other" / name).unlink()


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_cache_that_cannot_be_written_costs_no_review(cli: Cli, make_sample: MakeSample, tmp_path: Path, cached: Path) -> None:
    make_sample("a")
    cached.mkdir(mode=0o500)
    run(cli, tmp_path)


def test_a_cache_in_the_place_of_a_file_costs_no_review(cli: Cli, make_sample: MakeSample, tmp_path: Path, cached: Path) -> None:
    make_sample("a")
    cached.write_text("a file", "utf-8")
    run(cli, tmp_path)


def test_the_oldest_go_first_when_the_cache_is_full(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 1)
    data = random.Random(1).randbytes(300_000)
    for number in range(5):
        cache.put(f"{number:064}", Kept(Result(str(number)), data, data[:number]))
        os.utime(cache._place(f"{number:064}"), (number, number))
    assert cache.get(f"{0:064}") is not None  # used just now
    cache.prune()
    left = [number for number in range(5) if cache._place(f"{number:064}").exists()]
    assert left == [0, 4] and cache.info().size <= 0.9 * cache.most


def test_a_sample_that_takes_too_long_is_one_failure(
    cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reviewgen import pipeline

    review = pipeline.review_sample

    def slow(sample: Any, *more: Any) -> Any:
        if sample.id == "a":
            time.sleep(30)
        return review(sample, *more)

    monkeypatch.setattr(pipeline, "review_sample", slow)
    monkeypatch.setenv("REVIEWGEN_SAMPLE_SECONDS", "1")
    first = make_sample("a")
    make_sample("b")
    begun = time.monotonic()
    found = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "-j", 1)
    assert found.code == 3 and time.monotonic() - begun < 15
    assert f"error: a: took longer than 1 s (sample_seconds) (time: {first})" in found.err
    assert (tmp_path / "out" / "b" / "review.json").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux")
def test_a_sample_that_needs_too_much_memory_is_one_failure(
    cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("reviewgen.batch.run"), "review_to", fatal.greedy)
    greedy = make_sample("greedy")
    make_sample("modest")
    found = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "-j", 2)
    assert found.code == 3
    assert f"error: greedy: needs more than 4000 MB (sample_megabytes) (memory: {greedy})" in found.err
    assert (tmp_path / "out" / "modest" / "review.json").exists()


def test_a_run_that_is_killed_goes_on_to_the_same_end(make_sample: MakeSample, tmp_path: Path) -> None:
    for number in range(30):
        make_sample(f"s{number:02}")
    environment = {**os.environ, "REVIEWGEN_CACHE": "off"}

    def batch(out: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "reviewgen", "batch", *options, "-o", str(tmp_path / out), "-j", "2"]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    whole = batch("whole", str(tmp_path / "samples"))
    table, _ = whole.communicate()
    broken = batch("broken", str(tmp_path / "samples"))
    while len(list((tmp_path / "broken").glob("*/review.json"))) < 5 and broken.poll() is None:
        time.sleep(0.005)
    os.killpg(broken.pid, signal.SIGKILL)
    broken.communicate()
    again = batch("broken", str(tmp_path / "samples"), "--resume")
    out, err = again.communicate()
    assert again.returncode == 0 and out == table, err.decode()
    assert files(tmp_path / "broken") == files(tmp_path / "whole")
