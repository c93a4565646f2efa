"""How the scores of a run are spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from reviewgen.records import dataclass
from reviewgen.runs import MEASURES, SampleRow


@dataclass(frozen=True, slots=True)
class Spread:
    """The values of one score over many samples.

    Attributes:
        judged: Number of samples that have it.
        missing: Number of samples in which it was not judged.
        mean: Mean of the values; None when there is none.
        quartiles: The lowest value, the three quartiles and the highest: each a value that occurs; empty when there is none.
        counts: (whole number, how many values lie from it to the next), those that occur, sorted.
    """

    judged: int
    missing: int
    mean: float | None
    quartiles: tuple[float, ...]
    counts: tuple[tuple[int, int], ...]


class Scores:
    """Counts each value of each score."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self._values: Mapping[str, Counter[float | None]] = {measure: Counter() for measure in MEASURES}
        self.accepted = 0

    def add(self, row: SampleRow) -> None:
        """Count a sample."""
        self.accepted += row.accepted
        for measure, counter in self._values.items():
            counter[row.scores[measure]] += 1

    def spreads(self) -> dict[str, Spread]:
        """Return what was counted, by score."""
        return {measure: _spread(counter) for measure, counter in self._values.items()}


def _spread(counter: Counter[float | None]) -> Spread:
    values = sorted((value, number) for value, number in counter.items() if value is not None)
    judged = sum(number for _, number in values)
    if not judged:
        return Spread(0, counter[None], None, (), ())
    whole: Counter[int] = Counter()
    for value, number in values:
        whole[int(value)] += number
    mean = sum(value * number for value, number in values) / judged
    return Spread(judged, counter[None], mean, tuple(_ranked(values, judged, part) for part in range(5)), tuple(sorted(whole.items())))


def _ranked(values: list[tuple[float, int]], judged: int, part: int) -> float:
    """Return the value below or at which the given quarter of all values lies."""
    rank = max(1, -(-judged * part // 4))
    for value, number in values:
        rank -= number
        if rank <= 0:
            return value
    raise AssertionError("there are as many values as were counted")
