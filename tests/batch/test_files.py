from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reviewgen.batch import files
from reviewgen.batch.files import write


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="this system ends processes without asking")
def test_who_is_told_to_end_leaves_no_half_written_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    rename = Path.replace

    def told_to_end(part: Path, target: Path) -> Path:
        os.kill(os.getpid(), signal.SIGTERM)
        return rename(part, target)

    monkeypatch.setattr(Path, "replace", told_to_end)
    before = signal.signal(signal.SIGTERM, lambda *_: seen.append([path.name for path in tmp_path.iterdir()]))
    try:
        write(tmp_path / "review.json", "{}\n")
    finally:
        signal.signal(signal.SIGTERM, before)
    assert seen == [["review.json"]]


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left, living, other = (tmp_path / name for name in (f".review.json.{gone.pid}.part", f".review.json.{os.getpid()}.part", ".mine.part"))
    for path in (left, living, other):
        path.write_bytes(b"")
    files.sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([living, other])
