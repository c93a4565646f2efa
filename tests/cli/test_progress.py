"""How far a batch is, on a terminal and in a log."""

from __future__ import annotations

import pytest

from reviewgen.batch.results import Result
from reviewgen.cli import console
from reviewgen.cli.progress import Progress

DONE = Result("a", "pair", {"blocker": 2, "warning": 1})


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def told(capsys: pytest.CaptureFixture[str], seconds: list[float], number: int = 100) -> list[str]:
    clock = Clock()
    progress = Progress(number, clock)
    for taken in seconds:
        clock.now += taken
        progress.add(DONE)
    progress.end()
    return capsys.readouterr().err.splitlines()


def test_a_log_gets_a_line_every_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, [1.0] * 25) == [
        "10/100 (1.0/s, 1:30 left) 20 blocker, 0 critical, 10 warning",
        "20/100 (1.0/s, 1:20 left) 40 blocker, 0 critical, 20 warning",
    ]


def test_a_short_run_says_nothing_in_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, [0.5] * 10, 10) == []


def test_what_was_done_before_does_not_count_for_the_rate(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, [0.0] * 5000 + [10.0] * 8, 10_000)
    assert lines[0].startswith("5001/10000 (500/s, 0:10 left)")
    assert lines[-1].startswith("5008/10000 (0.1/s, 13:52:00 left)")


def test_failures_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(4)
    progress.add(Result("a", error="no"))
    assert progress.line(0.0) == "1/4 (0.0/s) 0 blocker, 0 critical, 0 warning, 1 failed"


def test_quiet_is_quiet(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console.MANNER, "level", -1)
    assert told(capsys, [20.0] * 5) == []
