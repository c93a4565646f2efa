"""Points in time, durations and formats of dates: RFC 3339 as Go reads it, in the words of Terraform's functions."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Callable

from reviewgen.terraform.validate.evaluation.refusal import Refused

_INVALID = "not a valid RFC3339 timestamp"
_FRACTION = re.compile(r"[.,]\d+")
_OFFSET = re.compile(r"[+-](\d\d):(\d\d)")
_DURATION = re.compile(r"(?P<number>\d+\.?\d*|\.\d+)(?P<unit>[^\d.]*)")
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_LONGEST = 1 << 63  # nanoseconds
_TOKEN = re.compile(r"'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'.*", re.DOTALL)
# Letters of a format of dates: the numbers in which each may stand, and what is said of others.
_VERBS: dict[str, tuple[tuple[int, ...], str]] = {
    "Y": ((2, 4), 'year must either be "YY" or "YYYY"'),
    "M": ((1, 2, 3, 4), 'month must be "M", "MM", "MMM", or "MMMM"'),
    "D": ((1, 2), 'day of month must either be "D" or "DD"'),
    "E": ((3, 4), 'day of week must either be "EEE" or "EEEE"'),
    "h": ((1, 2), '24-hour must either be "h" or "hh"'),
    "H": ((1, 2), '12-hour must either be "H" or "HH"'),
    "A": ((2,), 'must be "AA"'),
    "a": ((2,), 'must be "aa"'),
    "m": ((1, 2), 'minute must either be "m" or "mm"'),
    "s": ((1, 2), 'second must either be "s" or "ss"'),
    "Z": ((1, 3, 4, 5), "timezone must be Z, ZZZZ, or ZZZZZ"),
}


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def timestamp(text: str) -> str:
    """Return why a text is no point in time; empty when it is one."""
    try:
        _Timestamp(text).read()
    except _BadTime as bad:
        return f"{_INVALID}: {bad}"
    return ""


class _BadTime(Exception):
    """Why a text is no point in time."""


class _Timestamp:
    """Reads a point in time part by part; ``rest`` is what is left."""

    def __init__(self, text: str) -> None:
        self.rest = text

    def read(self) -> None:
        year = self._number("year", 4)
        self._mark("-")
        month = self._number("month", 2, least=1, most=12)
        self._mark("-")
        day = self._number("day of month", 2)
        self._mark("T")
        self._hour()
        self._mark(":")
        self._minute()
        self._mark(":")
        self._number("second", 2, most=59)
        fraction = _FRACTION.match(self.rest)
        comma = fraction is not None and fraction[0].startswith(",")
        self.rest = self.rest[fraction.end() :] if fraction else self.rest
        self._offset()
        if self.rest:
            raise _BadTime(f"cannot use {_quoted(self.rest)} as timestamp segment")
        if not 1 <= day <= calendar.monthrange(max(year, 1), month)[1]:
            raise _BadTime("day out of range")
        if comma:
            raise _BadTime('cannot use "," as timestamp segment')

    def _fail(self, what: str) -> _BadTime:
        return _BadTime(f"cannot use {_quoted(self.rest)} as {what}" if self.rest else f"end of string before {what}")

    def _number(self, what: str, digits: int, least: int = 0, most: int = 9999) -> int:
        number = self.rest[:digits]
        if len(number) < digits or not (number.isascii() and number.isdigit()):
            raise self._fail(what)
        self.rest = self.rest[digits:]
        if not least <= int(number) <= most:
            raise self._fail(what)  # what is left is shown, not the number
        return int(number)

    def _mark(self, mark: str) -> None:
        if self.rest.startswith(mark):
            self.rest = self.rest[1:]
        elif mark == "T":
            raise _BadTime("missing required time introducer 'T'")
        elif self.rest:
            raise _BadTime(f'found {_quoted(self.rest)} where "{mark}" is expected')
        else:
            raise _BadTime(f'end of string where "{mark}" is expected')

    def _hour(self) -> None:
        digits = re.match(r"[0-9]{1,2}", self.rest)
        if digits is None:
            raise self._fail("hour")
        self.rest = self.rest[digits.end() :]
        if int(digits[0]) > 23:
            raise _BadTime("hour must be between 0 and 23 inclusive") if ":" in self.rest else self._fail("hour")
        if digits.end() == 1 and self.rest.startswith(":"):
            raise _BadTime("hour must have exactly two digits")

    def _minute(self) -> None:
        try:
            self._number("minute", 2, most=59)
        except _BadTime:
            if not self.rest or len(self.rest.encode()) == 2:
                raise
            raise _BadTime("minute must have exactly two digits") from None

    def _offset(self) -> None:
        if self.rest.startswith("Z"):
            self.rest = self.rest[1:]
            return
        offset = _OFFSET.match(self.rest)
        if offset is None:
            raise self._fail("UTC offset")
        self.rest = self.rest[offset.end() :]
        if int(offset[1]) > 24 or int(offset[2]) > 60:
            raise self._fail("UTC offset")


def duration(text: str) -> str:
    """Return why a text is no duration; empty when it is one."""
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return ""
    if not rest:
        return f"time: invalid duration {_quoted(text)}"
    total = 0.0
    while rest:
        part = _DURATION.match(rest)
        if part is None:
            return f"time: invalid duration {_quoted(text)}"
        if not part["unit"]:
            return f"time: missing unit in duration {_quoted(text)}"
        if part["unit"] not in _UNITS:
            return f"time: unknown unit {_quoted(part['unit'])} in duration {_quoted(text)}"
        total += float(part["number"]) * _UNITS[part["unit"]]
        rest = rest[part.end() :]
    return f"time: invalid duration {_quoted(text)}" if total > _LONGEST else ""


def _timeadd(point: str, added: str) -> None:
    if why := timestamp(point) or duration(added):
        raise Refused(why)


def _timecmp(one: str, other: str) -> None:
    for position, point in enumerate((one, other)):
        if why := timestamp(point):
            raise Refused(why, position)


def _formatdate(template: str, point: str) -> None:
    if why := timestamp(point):
        raise Refused(why, 1)
    for token in _TOKEN.finditer(template):
        verb = token[0]
        if verb.startswith("'") and not (len(verb) > 1 and verb.endswith("'")):
            raise Refused("unterminated literal '", 0)
        if token[1] is None:
            continue
        numbers, words = _VERBS.get(token[1], ((), ""))
        if len(verb) not in numbers:
            raise Refused(f"invalid date format verb {_quoted(verb)}{f': {words}' if words else ''}", 0)


CHECKS: dict[str, Callable[..., None]] = {"formatdate": _formatdate, "timeadd": _timeadd, "timecmp": _timecmp}
