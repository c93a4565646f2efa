"""The table ``values.toml``: which amounts in PROMPT's words are answered by which arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from reviewgen.model.review import Category, Severity
from reviewgen.records import dataclass

from ..prompt.phrases import Phrase, compile_phrase
from ..prompt.quantities import PATTERNS, Bound
from ..tree.conditions import Term, compile_condition
from .entries import Entries, Row, checked, table

_TABLE = "values.toml"
_REQUIRED = ("id", "title", "kind", "ask", "arguments", "impact")
_KNOWN = frozenset([*_REQUIRED, "bound", "category", "severity", "fix_class", "unset", "source"])
# What one of an argument's unit is in the unit of its kind (``quantities.py``): seconds and megabytes.
_UNITS: Mapping[str, float] = {
    "": 1,
    "seconds": 1,
    "minutes": 60,
    "hours": 3600,
    "days": 86_400,
    "MB": 1,
    "GB": 1024,
    "KB": 1 / 1024,
    "bytes": 1 / 1024**2,
    "percent": 1,
    "milliseconds": 1 / 1000,
}
_ARGUMENT = re.compile(r"(?P<type>[\w.]+?)(?P<tests>\[[^\]]*\])? (?P<path>[\w.]+?)(?:\[(?P<only>[\w.]+=[^\]]+)\]\.(?P<last>\w+))?$")


@dataclass(frozen=True, slots=True)
class Argument:
    """Where a tree says the amount.

    Attributes:
        term: The declarations, with tests that they must pass.
        path: Nested blocks and the argument.
        only: (argument, value) that the innermost block must have; None: any block.
        scale: What one of its unit is in the unit of the kind.
        unit: Its unit as documents write it behind the number.
        unset: What AWS takes when the argument is absent; None when nothing follows from its absence.
    """

    term: Term
    path: tuple[str, ...]
    only: tuple[str, str] | None
    scale: float
    unit: str
    unset: float | None


@dataclass(frozen=True, slots=True)
class Value:
    """Something that PROMPTs give an amount of.

    Attributes:
        id: Stable name.
        title: Noun phrase that fits before "is": ``retention of the log groups``.
        kind: Kind of amount.
        phrases: Words that give it; ``#`` is the amount.
        arguments: Where a tree answers it; the first that a tree has decides.
        bound: How an amount is meant that PROMPT gives without limit; None: exactly, whatever words stand around it ("over 80 %").
        category: How bad another amount is.
        severity: Rank.
        fix_class: Of the correction.
        impact: (aspect, sentence): what another amount means.
        source: Documentation.
    """

    id: str
    title: str
    kind: str
    phrases: tuple[Phrase, ...]
    arguments: tuple[Argument, ...]
    bound: Bound | None
    category: Category
    severity: Severity
    fix_class: str
    impact: tuple[tuple[str, str], ...]
    source: str = ""


@cache
def values() -> Entries[Value]:
    """Return the table."""
    return Entries([table(_TABLE)], "value", _value)


def _value(row: Row) -> Value:
    checked(row, _REQUIRED, _KNOWN)
    category = Category(row.get("category", "warning"))
    usual = {Category.BLOCKER: "CRITICAL", Category.CRITICAL: "HIGH", Category.WARNING: "MEDIUM"}[category]
    unset = row.get("unset", {})
    return Value(
        id=row["id"],
        title=row["title"],
        kind=row["kind"],
        phrases=tuple(compile_phrase(p, PATTERNS[row["kind"]]) for p in row["ask"]),
        arguments=tuple(_argument(text, unit, unset.get(text)) for text, unit in row["arguments"].items()),
        bound=None if row.get("bound") == "fixed" else Bound(row.get("bound", "exact")),
        category=category,
        severity=Severity(row.get("severity", usual)),
        fix_class=row.get("fix_class", "B"),
        impact=tuple(row["impact"].items()),
        source=row.get("source", ""),
    )


def _argument(text: str, unit: str, unset: float | None) -> Argument:
    match = _ARGUMENT.match(text)
    if not match:
        raise ValueError(f"not an argument: {text!r}")
    only = match["only"].partition("=") if match["only"] else None
    path = tuple(match["path"].split(".")) + ((match["last"],) if match["last"] else ())
    (term,) = compile_condition(match["type"] + (match["tests"] or "")).terms
    return Argument(term, path, (only[0], only[2].lower()) if only else None, _UNITS[unit], unit, unset)
