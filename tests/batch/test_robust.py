"""Nothing that ends a run, or takes its disk away, costs a result or leaves half of one."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.batch.test_again import files, of_samples, run
from tests.command_line import IDEAL, MODEL, Cli, MakeSample

resource = pytest.importorskip("resource")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what becomes of processes and disks is looked at as Linux shows it")

# `make robust` tries more.
MOMENTS = int(os.environ.get("MOMENTS", "4"))


class Batch:
    """Batches over the samples of a folder as processes of their own, without a cache."""

    def __init__(self, place: Path, number: int) -> None:
        self.place = place
        for n in range(number):
            folder = place / "samples" / f"s{n:02}"
            folder.mkdir(parents=True)
            (folder / "MODEL_RESPONSE.md").write_text(MODEL.replace("audit", f"audit-{n}"), "utf-8")
            (folder / "IDEAL_RESPONSE.md").write_text(IDEAL.replace("audit", f"audit-{n}") if n % 5 else "\x00", "utf-8")

    def start(self, out: Path, *options: str, most_bytes: int = 0) -> subprocess.Popen[str]:
        def bound() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

        command = [sys.executable, "-m", "reviewgen", "batch", str(self.place / "samples"), "-o", str(out), *options]
        return subprocess.Popen(
            [*command, "-j", "2"],
            env={**os.environ, "REVIEWGEN_CACHE": "off"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=bound if most_bytes else None,
        )

    def run(self, out: Path, *options: str, most_bytes: int = 0) -> tuple[int, str, str]:
        process = self.start(out, *options, most_bytes=most_bytes)
        said = process.communicate(timeout=60)
        return process.returncode, *said


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    return Batch(tmp_path_factory.mktemp("batch"), 24)


@pytest.fixture(scope="module")
def undisturbed(batch: Batch) -> tuple[Path, str, float]:
    """Return folder and table of a run that nothing disturbs, and how long it works."""
    process = batch.start(batch.place / "whole")
    begun = at_work(process, batch.place / "whole")
    table, _ = process.communicate(timeout=60)
    assert process.returncode == 3
    return batch.place / "whole", table, time.monotonic() - begun


def at_work(process: subprocess.Popen[str], out: Path) -> float:
    """Wait until a run has started up; return the time."""
    while not (out / ".reviewgen" / "journal.jsonl").exists() and process.poll() is None:
        time.sleep(0.001)
    return time.monotonic()


def everything(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def living(group: int) -> list[int]:
    """Return the processes of a group that still do something."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, _, of = (entry / "stat").read_text("ascii", "replace").rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(of) == group and state != "Z":
            found.append(int(entry.name))
    return found


@contextmanager
def disk(place: Path, options: str) -> Iterator[None]:
    """Mount a disk of memory, where that is allowed."""
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a disk")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_killed_at_any_moment_a_run_goes_on_to_the_same_end(
    batch: Batch, undisturbed: tuple[Path, str, float], tmp_path: Path, moment: int
) -> None:
    whole, table, duration = undisturbed
    broken = batch.start(tmp_path / "out")
    at_work(broken, tmp_path / "out")
    time.sleep(random.Random(moment).random() * duration)
    if moment % 2:
        os.kill(broken.pid, signal.SIGKILL)  # its workers may still write while the next run goes on
    else:
        os.killpg(broken.pid, signal.SIGKILL)
    code, out, err = batch.run(tmp_path / "out", "--resume")
    broken.communicate()
    assert (code, out) == (3, table), err
    assert everything(tmp_path / "out") == everything(whole)


def test_workers_end_with_the_run_that_was_killed(batch: Batch, tmp_path: Path) -> None:
    process = batch.start(tmp_path / "out")
    while not list((tmp_path / "out").glob("*/review.json")) and process.poll() is None:
        time.sleep(0.005)
    assert len(living(process.pid)) == 3
    process.kill()
    process.communicate()
    end = time.monotonic() + 10
    while living(process.pid) and time.monotonic() < end:
        time.sleep(0.02)
    assert not living(process.pid)


def test_a_full_disk_loses_nothing(batch: Batch, undisturbed: tuple[Path, str, float], tmp_path: Path) -> None:
    whole, table, _ = undisturbed
    right = everything(whole)
    with disk(tmp_path / "disk", "size=128k"):
        out = tmp_path / "disk" / "out"
        code, _, err = batch.run(out)
        assert code in (2, 3) and "No space left on device (make room and run it again)" in err
        written = files(out)
        assert 0 < len(written) < len(files(whole)) and all(right[name] == data for name, data in of_samples(out).items())
        subprocess.run(["mount", "-o", "remount,size=10m", str(tmp_path / "disk")], check=True)
        assert batch.run(out, "--resume")[:2] == (3, table)
        assert everything(out) == right


def test_what_cannot_be_written_is_a_failed_row_and_tried_again(batch: Batch, undisturbed: tuple[Path, str, float], tmp_path: Path) -> None:
    whole, table, _ = undisturbed
    most = max(path.stat().st_size for path in whole.rglob("*.md"))
    assert most < min(path.stat().st_size for path in whole.rglob("review.json")), "a document fits, its review does not"
    code, _, err = batch.run(tmp_path / "out", most_bytes=most)
    assert code == 3, err
    assert of_samples(tmp_path / "out") == {}
    place = tmp_path / "out" / "s01" / "review.json"
    assert f"error: s01: {place}: cannot write: File too large (make room and run it again) (output: " in err
    assert batch.run(tmp_path / "out", "--resume")[:2] == (3, table)
    assert everything(tmp_path / "out") == everything(whole)


@pytest.mark.parametrize("most", [100, 2_500])
def test_a_journal_that_cannot_be_written_stops_the_run(tmp_path: Path, most: int) -> None:
    batch = Batch(tmp_path, 12)
    for answer in tmp_path.rglob("IDEAL_RESPONSE.md"):
        answer.write_bytes(b"\x00")  # nothing but the journal is written of what fails
    code, out, err = batch.run(tmp_path / "out", most_bytes=most)
    journal = tmp_path / "out" / ".reviewgen" / "journal.jsonl"
    assert (code, out) == (2, "") and err == f"error: {journal}: cannot write: File too large (make room and run it again)\n"
    code, out, err = batch.run(tmp_path / "out", "--resume")
    assert code == 3 and out.count(" failed ") == 12


def test_an_output_that_is_read_only_stops_before_anything_is_reviewed(
    cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reviewgen import pipeline

    make_sample("a")
    monkeypatch.setattr(pipeline, "review_sample", lambda *_: pytest.fail("nothing may be reviewed"))
    with disk(tmp_path / "disk", "ro"):
        found = cli("batch", tmp_path / "samples", "-o", tmp_path / "disk", "-j", 1)
        assert found.code == 2 and found.err.endswith("cannot write: Read-only file system (choose another --output)\n")


@pytest.mark.parametrize(("options", "kept"), [("ro", 0), ("size=4k", 1)])  # the summary of the run has room, the review has none
def test_a_cache_that_takes_nothing_costs_no_review(
    cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: str, kept: int
) -> None:
    make_sample("a")
    with disk(tmp_path / "disk", options):
        monkeypatch.setenv("REVIEWGEN_CACHE", str(tmp_path / "disk"))
        run(cli, tmp_path)
        assert json.loads(cli("cache", "info", "--format", "json").out)["entries"] == kept
    assert len(of_samples(tmp_path / "out")) == 2


def test_a_cache_whose_totals_are_damaged_is_none(
    cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sample("a")
    monkeypatch.setenv("REVIEWGEN_CACHE", str(tmp_path / "cache"))
    run(cli, tmp_path)
    (entry,) = (path for path in (tmp_path / "cache").glob("*/*") if b'"id": "a"' in path.read_bytes())
    header, _, packed = entry.read_bytes().partition(b"\n")
    said = json.loads(header)
    right = said["result"]["before"]
    for change in ({"before": right + 1}, {"issues": 7}):
        entry.write_bytes(json.dumps({**said, "result": {**said["result"], **change}}).encode() + b"\n" + packed)
        table = cli("batch", tmp_path / "samples", "-o", tmp_path / "other", "-j", 1).out
        assert f"mean score before the corrections: {right:.2f} (1 samples)" in table
    entry.unlink()
    entry.mkdir()
    run(cli, tmp_path, out="third")
    assert files(tmp_path / "third") == files(tmp_path / "out")


def test_of_a_sample_that_fails_nothing_stays_that_is_no_longer_true(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    folders = [make_sample(name) for name in ("a", "b")]
    run(cli, tmp_path)
    for folder in folders:
        (folder / "IDEAL_RESPONSE.md").write_bytes(b"\x00")
    mine = tmp_path / "out" / "b" / "MODEL_FAILURES.md"
    mine.write_text("mine", "utf-8")
    run(cli, tmp_path, code=3)
    assert of_samples(tmp_path / "out") == {"b/MODEL_FAILURES.md": b"mine"}
