"""Amounts in the words of PROMPT: "30-day", "five minutes", "at least 2 GB", "t3.micro"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache

from reviewgen.records import dataclass

from .words import LINES, normal


class Bound(Enum):
    """How an amount is meant."""

    EXACT = "exact"
    LEAST = "least"
    MOST = "most"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as PROMPT has it.

    Attributes:
        low: The smallest value in the unit of its kind (seconds, megabytes, plain numbers); for words the word itself.
        high: The largest value that is meant ("a year" is 365 or 366 days).
        bound: Whether it is a limit.
        words: How PROMPT writes it, normalised.
    """

    low: float | str
    high: float | str
    bound: Bound
    words: str


_DAY = 86_400
_SECONDS: Mapping[str, tuple[float, float]] = {
    "s": (1, 1),
    "sec": (1, 1),
    "second": (1, 1),
    "min": (60, 60),
    "minute": (60, 60),
    "h": (3600, 3600),
    "hr": (3600, 3600),
    "hour": (3600, 3600),
    "day": (_DAY, _DAY),
    "week": (7 * _DAY, 7 * _DAY),
    "month": (28 * _DAY, 31 * _DAY),
    "year": (365 * _DAY, 366 * _DAY),
}
# Both readings of the prefixes: PROMPTs write GB where AWS counts GiB.
_MEGABYTES: Mapping[str, tuple[float, float]] = {
    "kb": (1 / 1024, 1 / 1000),
    "mb": (1, 1),
    "mib": (1, 1),
    "megabyte": (1, 1),
    "gb": (1000, 1024),
    "gib": (1024, 1024),
    "gigabyte": (1000, 1024),
    "tb": (1_000_000, 1_048_576),
    "tib": (1_048_576, 1_048_576),
}
_SCALES: Mapping[str, Mapping[str, tuple[float, float]]] = {"time": _SECONDS, "size": _MEGABYTES}
_NUMBER = r"(?P<number>\d+(?:\.\d+)?)"


def _scaled(scale: Mapping[str, object]) -> str:
    words = "|".join(sorted(scale, key=len, reverse=True))
    return rf"{_NUMBER} ?(?P<unit>{words})s?(?![\w])"


# What an amount of each kind looks like in normalised text; the group ``number`` (and ``unit``), or ``word``.
PATTERNS: Mapping[str, str] = {
    "time": _scaled(_SECONDS),
    "size": _scaled(_MEGABYTES),
    "count": _NUMBER + r"(?![\w%]|\.\d| ?%| ?\$| ?(?:days?|hours?|minutes?|seconds?|percent|[kmgt]i?b|az)\b| / \d)",
    "percent": _NUMBER + r" ?(?:%|percent)(?![\w])",
    "dollars": r"\$ ?" + _NUMBER + r"(?![\w])",
    "cidr": r"(?P<word>\d{1,3}(?:\.\d{1,3}){3} / \d{1,2})(?![\d.])",
    "instance-type": r"(?P<word>(?:db\.|cache\.)?[a-z]\d{1,2}[a-z]{0,3}\.(?:nano|micro|small|medium|large|\d{0,2}xlarge))(?![\w.])",
    "version": r"(?P<word>\d{1,2}(?:\.\d+){0,2})(?:\.x)?(?![\w%]|\.\d)",
    "runtime": r"(?P<word>(?:python ?3\.\d{1,2}|node(?:\.?js)? ?\d{2}(?:\.x)?|java ?\d{2}|ruby ?3\.\d|dotnet ?\d))(?![\w])",
    "email": r"(?P<word>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)",
    "ami": r"(?P<word>ami [0-9a-f]{8,17})(?![\w])",
}

_ONES = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fourteen": 14, "fifteen": 15, "eighteen": 18,
}  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SMALL = rf"(?:(?:{'|'.join(_TENS)})(?: (?:{'|'.join(_ONES)}))?|{'|'.join(_ONES)})"
_NUMBER_WORDS = re.compile(rf"\b(?:(?P<hundreds>{'|'.join(_ONES)}) hundred(?: (?:and )?(?P<rest>{_SMALL}))?|(?P<small>{_SMALL}))\b")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_OPEN_END = re.compile(r"(?<=[\dx])\+")
_SIGNS = (("\u2265", " at least "), (">=", " at least "), ("\u2264", " at most "), ("<=", " at most "), ("=", " "), ("e.g. ", "e.g "))
_DIGIT = re.compile(r"\d")
# "20-50 GB" is a range and no amount; only the hyphen tells, which normal() takes away.
_RANGE = re.compile(r"\d\s*[-\u2013\u2014]\s*\d|\bbetween\b")
# Words of a limit up to three words before an amount, with no other amount between; the last one counts.
_LEAST = r"at least|minimum|min|no less than|not less than|more than|over"
_MOST = r"at most|maximum|max|no more than|not more than|less than|under|up to|within"
_LIMIT_BEFORE = re.compile(rf".*\b(?:(?P<least>{_LEAST})|(?P<most>{_MOST}))(?: [a-z]+){{0,3}} ?$")
_LEAST_BEHIND = re.compile(r" ?(?:\w+ ){0,2}(?:minimum|or (?:more|longer|higher|greater|later|above|newer)|at least)\b")
_MOST_BEHIND = re.compile(r" ?(?:\w+ ){0,2}(?:maximum|at most|or (?:less|fewer|shorter|lower))\b")
_LONG = {"s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour"}


@lru_cache(maxsize=LINES)
def measured(text: str) -> str:
    """Return the form in which amounts are looked for: normalised, with numbers in digits and limits in words."""
    for sign, words in _SIGNS:
        text = text.replace(sign, words)
    text = _OPEN_END.sub(" or more", text)
    plain = _THOUSANDS.sub("", normal(text)).replace(": ", " ").replace("( ", "").replace(" )", "")
    return _NUMBER_WORDS.sub(_digits, plain)


def _digits(match: re.Match[str]) -> str:
    words = (match["rest"] or match["small"] or "").split()
    number = sum({**_ONES, **_TENS}[word] for word in words) + 100 * _ONES.get(match["hundreds"] or "", 0)
    return str(number)


def has_number(text: str) -> bool:
    """Whether a measured text has a digit at all: without one it gives no amount."""
    return bool(_DIGIT.search(text))


def has_range(text: str) -> bool:
    """Whether a text has amounts that are ranges."""
    return bool(_RANGE.search(text))


def amount(kind: str, match: re.Match[str]) -> Amount:
    """Return the amount that a match of a phrase with an amount of this kind names."""
    found = re.search(PATTERNS[kind], match[0])
    assert found is not None, "a phrase with an amount matches only with it"
    text = match.string
    start, end = match.start() + found.start(), match.start() + found.end()
    bound = _bound(text[:start], text[end:])
    named = found.groupdict()
    if word := named.get("word"):
        return Amount(word, word, bound, found[0])
    number = float(named["number"])
    low, high = _SCALES[kind][named["unit"]] if kind in _SCALES else (1, 1)
    words = f"{named['number']} {_unit_name(kind, named['unit'], number)}" if kind in _SCALES else found[0]
    return Amount(number * low, number * high, bound, words)


def _unit_name(kind: str, unit: str, number: float) -> str:
    if kind == "time":
        return _LONG.get(unit, unit) + ("" if number == 1 else "s")
    return unit.upper().replace("IB", "iB") if len(unit) <= 3 else f"{unit}s"


def _bound(before: str, behind: str) -> Bound:
    limit = _LIMIT_BEFORE.match(before)
    if _LEAST_BEHIND.match(behind) or (limit and limit["least"]):
        return Bound.LEAST
    return Bound.MOST if _MOST_BEHIND.match(behind) or limit else Bound.EXACT
