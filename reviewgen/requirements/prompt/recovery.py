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
# What makes a figure a limit, directly before or behind it; all words for "no more" are told as one.
_LESS = re.compile(r"\b(under|below|less than)(?: an?| the)? $")
_MOST = re.compile(r"\b(?:at most|within|up to|exceed|(?:no|not) (?:more|longer|greater) than|maximum(?: of)?|max(?: of)?)(?: an?| the)? $")
_MOST_BEHIND = re.compile(r" (?:or (?:less|shorter|lower|under|better|faster)|at most|maximum|max)\b")
_LESS_SIGN = re.compile(r"<(?= ?\d)")


@dataclass(frozen=True, slots=True)
class Objective:
    """A bound on a recovery.

    Attributes:
        name: ``RTO`` or ``RPO``.
        words: The figure, with the words that make it a limit: ``15 minutes``, ``under 2 minutes``, ``at most 1 hour``.
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
    plain = measured(_LESS_SIGN.sub(" under ", text))
    for name, words in _LONG.items():
        plain = words.sub(name, plain)
    for pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            given = amount("time", match)
            yield (
                (given.low, given.high),
                Objective(match["name"].upper(), _limit(plain[: match.start("number")], plain[match.end("unit") :]) + given.words, line),
            )


def _limit(before: str, behind: str) -> str:
    """Return the words to put before a figure between two texts: an RTO of less than two minutes is none of two."""
    if less := _LESS.search(before):
        return f"{less[1]} "
    behind = behind.removeprefix("s")
    return "at most " if _MOST.search(before) or _MOST_BEHIND.match(behind) else ""
