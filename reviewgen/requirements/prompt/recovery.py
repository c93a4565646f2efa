"""How fast a stack has to be back, and how much data it may lose, in PROMPT's own figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.records import dataclass

from .quantities import PATTERNS, amount, measured

_LONG = {
    name: re.compile(rf"\b{name} recovery {word} objectives?\b|\brecovery {word} objectives?(?: {name}\b)?")
    for name, word in (("rto", "time"), ("rpo", "point"))
}
_SPEAKS = re.compile(r"rto|rpo|recovery", re.IGNORECASE)
_TIME = PATTERNS["time"]
_BETWEEN = "of|under|at most|less than|within|below|is|are|must|be|cannot|not|exceed|to|target|should|up|or"
# "RTO of under 15 minutes"; "within 15 minutes (RTO)", "60 seconds of lost data (RPO)".
_PATTERNS = (
    re.compile(rf"\b(?P<name>rto|rpo)(?: (?:{_BETWEEN})){{0,5}} {_TIME}"),
    re.compile(rf"{_TIME} (?:of (?:[a-z]+ ){{1,2}})?(?P<name>rto|rpo)\b(?! (?:{_BETWEEN}|\d))"),
)


@dataclass(frozen=True, slots=True)
class Objective:
    """A bound on a recovery.

    Attributes:
        name: ``RTO`` or ``RPO``.
        words: The figure, such as ``15 minutes``.
        line: PROMPT's line.
    """

    name: str
    words: str
    line: int


def objectives(prompt: str) -> tuple[Objective, ...]:
    """Return PROMPT's RTO and RPO, each with the first line that gives it; one that lines give differently is left out."""
    found: dict[str, list[tuple[tuple[float | str, ...], Objective]]] = {}
    for line, text in enumerate(prompt.split("\n"), 1):
        for value, objective in _of_line(text, line):
            found.setdefault(objective.name, []).append((value, objective))
    return tuple(told[0][1] for name in ("RTO", "RPO") if (told := found.get(name)) and len({value for value, _ in told}) == 1)


def _of_line(text: str, line: int) -> Iterator[tuple[tuple[float | str, ...], Objective]]:
    if not _SPEAKS.search(text):
        return
    plain = measured(text)
    for name, words in _LONG.items():
        plain = words.sub(name, plain)
    for pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            given = amount("time", match)
            yield (given.low, given.high), Objective(match["name"].upper(), given.words, line)
