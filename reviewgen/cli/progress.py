"""How far a batch is: one line that is overwritten on a terminal, and a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable

from reviewgen.batch.results import Result
from reviewgen.config import CATEGORIES

from . import console

# Seconds between two lines; people read no faster, and a log is read later.
_TERMINAL = 0.1
_LOG = 10.0
# The rate is that of the last seconds: what an earlier run has done already is taken over much faster than samples are reviewed.
_WINDOW = 30.0


class Progress:
    """Counts results as they come."""

    def __init__(self, number: int, clock: Callable[[], float] = time.monotonic) -> None:
        """``number``: of all samples."""
        self._number = number
        self._clock = clock
        self._done = 0
        self._counts: Counter[str] = Counter()
        self._failed = 0
        self._every = _TERMINAL if console.on_terminal() else _LOG
        self._told = clock()
        self._marks = deque([(self._told, 0)])

    def add(self, result: Result) -> None:
        """Count a result, and tell when it is time to."""
        self._done += 1
        self._counts.update(result.issues)
        self._failed += bool(result.error)
        now = self._clock()
        last = self._done == self._number and self._every == _TERMINAL
        if now - self._told < self._every and not last:
            return
        self._told = now
        while len(self._marks) > 1 and now - self._marks[0][0] > _WINDOW:
            self._marks.popleft()
        then, before = self._marks[0]
        self._marks.append((now, self._done))
        line = self.line((self._done - before) / (now - then) if now > then else 0.0)
        if self._every == _TERMINAL:
            console.progress(line)
        else:
            console.say(line)

    def line(self, rate: float) -> str:
        """Return how far it is, at some number of samples a second: with what is left of the time, and issues by category."""
        left = f", {_clock((self._number - self._done) / rate)} left" if rate else ""
        counts = ", ".join(f"{self._counts[category]} {category}" for category in CATEGORIES)
        more = f", {self._failed} failed" if self._failed else ""
        return f"{self._done}/{self._number} ({rate:.{0 if rate >= 10 else 1}f}/s{left}) {counts}{more}"

    def end(self) -> None:
        """Take the line away."""
        console.progress("")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
