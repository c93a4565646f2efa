"""From what a provider said of the probes of one argument to rows of the table of facts.

Candidates come from the words of the messages; what counts is that a row says the same as the provider of every probe. A row that does not is
left out: what is not certain is not said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reviewgen.terraform.validate.measured import predicates
from reviewgen.terraform.validate.measured.facts import Row
from reviewgen.terraform.validate.measured.predicates import Place

from .patterns import rejecting

Message = tuple[str, str]
Lists = list[tuple[str, ...]]

_PLAIN = (
    *("arn", "json", "policy", "account", "region", "rfc3339", "port", "port0", "cidr_value", "cidr_network", "ipv4", "ipv6", "ip"),
    *("fw_arn", "fw_rfc3339", "never"),
)
_ENOUGH = 24  # messages that no row explained: further ones are in the same words
_NUMBER = r"(-?[\d.]+)"
_WORDED = (
    ("range", rf"expected \S+ to be in the range \({_NUMBER} - {_NUMBER}\), got"),
    ("min", rf"expected \S+ to be at least \({_NUMBER}\), got"),
    ("max", rf"expected \S+ to be at most \({_NUMBER}\), got"),
    ("above", rf"expected \S+ to be greater than \({_NUMBER}\), got"),
    ("divisible", rf"expected \S+ to be divisible by {_NUMBER}, got"),
    ("between", rf"expected \S+ to be at between \({_NUMBER}\) and \({_NUMBER}\), got"),
)
_SIZED = (
    ("length", r"expected length of \S+ to be in the range \((\d+) - (\d+)\), got"),
    ("minlength", r"expected length of \S+ to be at least \((\d+)\), got"),
    ("maxlength", r"expected length of \S+ to be at most \((\d+)\), got"),
    ("cidr_bits", r'expected "\S+" to contain a network Value with between (\d+) and (\d+) significant bits'),
)


@dataclass(frozen=True, slots=True)
class Probe:
    """A probed value as text, with the errors that the provider reported: as they are, and without the value."""

    value: str
    said: frozenset[Message]
    plain: frozenset[Message]

    @classmethod
    def of(cls, value: str, said: Iterable[Message]) -> Probe:
        """Return a probe."""
        raw = frozenset(said)
        return cls(value, raw, frozenset(plain(message, value) for message in raw))


def candidates(probes: Iterable[Probe], place: Place, lists: Lists) -> list[Row]:
    """Return rows of known kinds that say one of the messages word for word."""
    found: dict[Row, None] = {}
    others = 0
    for probe in probes:
        for message in sorted(probe.said):
            if others > _ENOUGH or any(says(row, probe.value, place, lists) == plain(message, probe.value) for row in found):
                continue
            for row in _rows(message, lists):
                if row not in found and says(row, probe.value, place, lists) == plain(message, probe.value):
                    found[row] = None
            others += 1
    return list(found)


@lru_cache(maxsize=1 << 16)
def plain(message: Message, value: str) -> Message:
    """Return a message without the value, which some quote; what exactly makes a text no JSON is left out too."""
    summary, detail = message
    if value:
        quoted = json.dumps(value, ensure_ascii=False)[1:-1]
        summary, detail = (text.replace(quoted, "\0").replace(value, "\0") for text in message)
    if "JSON" in summary:
        summary = re.sub(r"(invalid JSON(?: policy)?): .*", r"\1", summary, flags=re.DOTALL)
    return summary, detail


def says(row: Row, value: str, place: Place, lists: Lists) -> Message | None:
    """Return what a row says of a value, without the value."""
    said = predicates.message(row, value, place, tuple(lists))
    return plain(said, value) if said else None


def _rows(message: Message, lists: Lists) -> Iterator[Row]:
    summary, detail = message
    for style in ("f", "l"):
        for kind in _PLAIN:
            yield (kind, style)
        for kind, pattern in _WORDED:
            if match := re.match(pattern, summary):
                yield (kind, style, *match.groups())
        for kind, pattern in _SIZED:
            if match := re.match(pattern, summary):
                yield (kind, style, *map(int, match.groups()))
        for kind in ("boolean", "int", "float"):
            yield ("number", style, kind)
        if match := re.match(r"expected \S+ to be one of \[(.*)\], got ", summary, re.DOTALL):
            yield from _enums(style, match[1], lists)
        if match := re.match(r'expected value of \S+ to match regular expression "(.*)", got ', summary, re.DOTALL):
            yield ("regex", style, match[1].replace('\\"', '"').replace("\\\\", "\\"))
        if match := re.match(r'".*" is not a valid (.+): ', summary):
            yield ("cidr", style, match[1])
    yield from _framework(detail, lists)


def _enums(style: str, listed: str, lists: Lists) -> Iterator[Row]:
    quoted = tuple(re.findall(r'"((?:[^"\\]|\\.)*)"', listed))
    allowed = quoted or tuple(listed.split())
    flags = "" if quoted else "n"
    for more in ("", "e", "i", "ei"):
        yield ("enum", style, number_of(allowed, lists), *([flags + more] if flags + more else []))


def number_of(allowed: tuple[str, ...], lists: Lists) -> int:
    """Return the number of a list of allowed values, which is added when it is new."""
    if allowed not in lists:
        lists.append(allowed)
    return lists.index(allowed)


def _framework(detail: str, lists: Lists) -> Iterator[Row]:
    if match := re.search(r"Valid Values: \[(.*)\]\Z", detail, re.DOTALL):
        number = number_of(tuple(match[1].split(" ")), lists)
        yield from (("fw_enum", style, number) for style in ("w", "l"))
    if match := re.match(r"Attribute \S+ value must be one of: \[(.*)\], got: ", detail, re.DOTALL):
        yield ("fw_one_of", "w", number_of(tuple(re.findall(r'"((?:[^"\\]|\\.)*)"', match[1])), lists))
    bounds = r"must be (?:at least (?P<low>-?\d+)|at most (?P<high>-?\d+)|between (?P<from>-?\d+) and (?P<to>-?\d+)), got: "
    if match := re.match(rf"Attribute \S+ (?P<unit>.*?) {bounds}", detail):
        low, high = match["low"] or match["from"], match["high"] or match["to"]
        pair = (int(low) if low else None, int(high) if high else None)
        yield ("fw_range", "w", *pair) if match["unit"] == "value" else ("fw_length", "w", match["unit"], *pair)


def worded(probes: list[Probe], known: list[Row], place: Place, lists: Lists) -> Iterator[Row]:
    """Yield a ``text`` row for each other message whose rejected values have a pattern."""
    explained = {m for probe in probes for row in known if (m := says(row, probe.value, place, lists))}
    templates: dict[str, None] = {}
    for probe in probes:
        for summary, detail in sorted(probe.said):
            if not detail and plain((summary, detail), probe.value) not in explained:
                templates.update(dict.fromkeys(_templates(summary, probe.value, place)))
    broken = {p.value for p in probes if all(says(row, p.value, place, lists) for row in known)}
    taken: set[Message] = set()
    rejections = {t: {p.value for p in probes if plain((_fill(t, p.value, place), ""), p.value) in p.plain} for t in templates}
    for template, rejected in sorted(rejections.items(), key=lambda item: (-len(item[1]), -len(item[0]), item[0])):
        fresh = {(_fill(template, value, place), "") for value in rejected}
        if fresh <= taken or rejected == {"\u00e9"} or (len(rejected) == 1 and any(v and v in template for v in rejected)):
            continue
        accepted = [p.value for p in probes if p.value not in rejected]
        pattern = rejecting(template, rejected, accepted) or rejecting(template, rejected, [v for v in accepted if v in broken])
        if pattern:
            taken |= fresh
            yield ("text", "f", pattern, template)


def _templates(summary: str, value: str, place: Place) -> list[str]:
    """Return the ways to read a message as fixed words around the argument's name and value."""
    named = summary.replace(place.dotted, "{path}")
    found = [named]
    if value:
        for given, mark in ((value, "value"), (value.lower(), "lower")):
            quoted = named.replace(f'"{given}"', "{quoted}") if mark == "value" else named
            border = r"(?<![\w{])%s(?![\w}])" if len(given) < 6 else "%s"
            found.append(re.sub(border % re.escape(given), f"{{{mark}}}", quoted))
    return found


def _fill(template: str, value: str, place: Place) -> str:
    return (
        template.replace("{path}", place.dotted)
        .replace("{quoted}", f'"{value}"')
        .replace("{lower}", value.lower())
        .replace("{value}", value)
    )


def rows_of(probes: list[Probe], place: Place, lists: Lists) -> tuple[list[Row], dict[str, int]]:
    """Return the rows that explain the probes of one argument, and counts of what was left out.

    Args:
        probes: What was observed.
        place: The argument's names in the messages.
        lists: Lists of allowed values, which may grow.
    """
    found = candidates(probes, place, lists)
    found += list(worded(probes, found, place, lists))
    table = {row: [(says(row, p.value, place, lists), p.plain) for p in probes] for row in found}
    kept, doubtful = [], []
    for row, seen in table.items():
        if any(predicted and predicted not in said for predicted, said in seen):
            doubtful.append(row)
        else:
            kept.append(row)
    kept = _without_doubles(kept, table)
    groups, left = _grouped(doubtful, kept, probes, table)
    return [*kept, *groups], {"rows": len(kept) + len(groups), "left out": left}


def _without_doubles(rows: list[Row], table: dict[Row, Any]) -> list[Row]:
    """Keep one of the rows that say the same of every probe (the flags of ``enum``, the styles): the first, which is the plainest."""
    by_words: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        by_words.setdefault(tuple(predicted for predicted, _ in table[row]), row)
    kept = list(by_words.values())
    return [r for r in kept if not any(_covers(other, r, table) for other in kept if other is not r)]


def _covers(one: Row, other: Row, table: dict[Row, Any]) -> bool:
    """Whether a row says all that another says, in the same words."""
    pairs = zip(table[one], table[other], strict=True)
    return all(there[0] is None or here[0] == there[0] for here, there in pairs)


def _grouped(doubtful: list[Row], kept: list[Row], probes: list[Probe], table: dict[Row, Any]) -> tuple[list[Row], int]:
    """Return the doubtful rows as alternatives, if that explains every probe."""
    rows = [row for row in doubtful if not (row[0] == "enum" and _same_list(row, kept))]
    rows = _without_doubles(rows, table)
    if not rows:
        return [], 0
    choices = _choices(rows)
    for parts in choices:
        if _explains(parts, probes, table):
            return [("any", *(tuple(part) for part in parts))], 0
    only_empty = [
        row for row in rows if all(p.value == "" for p, (said, seen) in zip(probes, table[row], strict=True) if said and said not in seen)
    ]
    wrapped: list[Row] = [("any", (row,), (("allowed", "f", "^$"),)) for row in only_empty]
    return wrapped, len(rows) - len(only_empty)


def _same_list(row: Row, kept: list[Row]) -> bool:
    return any(other[0] == "enum" and other[2] == row[2] for other in kept)


def _choices(rows: list[Row]) -> list[list[list[Row]]]:
    """Return the ways to part a few rows into at least two alternatives, those with most alternatives first."""
    if not 2 <= len(rows) <= 6:
        return []
    ways: list[list[list[Row]]] = [[]]
    for row in rows:
        ways = [[*way[:i], [*way[i], row], *way[i + 1 :]] for way in ways for i in range(len(way))] + [[*way, [row]] for way in ways]
    return sorted((way for way in ways if len(way) > 1), key=lambda way: -len(way))


def _explains(parts: list[list[Row]], probes: list[Probe], table: dict[Row, Any]) -> bool:
    for at in range(len(probes)):
        words = [[table[row][at][0] for row in part if table[row][at][0]] for part in parts]
        predicted = {w for part in words for w in part} if all(words) else set()
        observed = {m for m in probes[at].plain if any(m == table[row][i][0] for part in parts for row in part for i in (at,))}
        if predicted != observed:
            return False
    return True
