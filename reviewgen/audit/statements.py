"""The table ``statements.toml``: statements that need a check of their own, as compiled patterns."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from reviewgen import resources
from reviewgen.records import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """A kind of value that may be hardcoded: what it is, how that is said, how one looks."""

    name: str
    claimed: re.Pattern[str]
    code: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Described:
    """A description, and the argument of some types that says the opposite of it: of each resource, or of ``any``."""

    words: re.Pattern[str]
    types: re.Pattern[str]
    argument: str
    value: re.Pattern[str]
    any: bool


@dataclass(frozen=True, slots=True)
class Platform:
    """Another platform: its name, what a document says of failures there, and by what a sample shows that it is meant."""

    name: str
    claimed: re.Pattern[str]
    known: re.Pattern[str]


@dataclass(frozen=True)
class Statements:
    """The table's rows and patterns; the table explains each."""

    literals: tuple[Literal, ...]
    described: tuple[Described, ...]
    platforms: tuple[Platform, ...]
    other_heading: re.Pattern[str]
    no_claim: re.Pattern[str]
    of_model: re.Pattern[str]
    tags: re.Pattern[str]
    valid: re.Pattern[str]
    valid_if: re.Pattern[str]
    valid_model: re.Pattern[str]
    valid_ideal: re.Pattern[str]
    elsewhere: re.Pattern[str]
    strengths: re.Pattern[str]
    praised: re.Pattern[str]
    praise: re.Pattern[str]
    no_praise: re.Pattern[str]
    asked: re.Pattern[str]
    one_file: re.Pattern[str]
    many_files: re.Pattern[str]
    no_answer: re.Pattern[str]
    buckets: re.Pattern[str]


@cache
def statements() -> Statements:
    """Return the table.

    Raises:
        DataError: It is not valid.
    """
    return resources.built(resources.shipped("audit/statements.toml"), "statements", _compiled)


def _compiled(table: dict[str, Any]) -> Statements:
    return Statements(
        literals=resources.each(table, "literal", _literal),
        described=resources.each(table, "described", _described),
        platforms=resources.each(table, "platform", _platform),
        **{name: re.compile(pattern, re.I) for name, pattern in table["statements"].items()},
    )


def _literal(row: dict[str, Any]) -> Literal:
    between = r"(?:(?!instead|in|of|for|to|from|with|by|not|values?|names?)[\w/,-]+ ){0,3}"
    words = rf"(?:{row['words']})\b"
    claimed = rf"\bhard-?cod(?:ed?|es|ing) {between}{words}|\b{words}(?: \w+)? (?:is|are|was|were|being) hard-?coded"
    return Literal(row["name"], re.compile(claimed, re.I), re.compile(row["code"]))


def _described(row: dict[str, Any]) -> Described:
    return Described(
        re.compile(row["words"], re.I),
        re.compile(rf"(?:{row['types']})\Z"),
        row["argument"],
        re.compile(row["value"]),
        row["any"],
    )


def _platform(row: dict[str, Any]) -> Platform:
    return Platform(row["name"], re.compile(row["claimed"]), re.compile(row["known"], re.I))
