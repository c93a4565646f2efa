from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

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
