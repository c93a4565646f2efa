"""The table ``counts.toml``: of which resources PROMPTs ask for a number."""

from __future__ import annotations

import re
from functools import cache

from reviewgen.model.review import Category
from reviewgen.records import dataclass

from ..prompt.phrases import Phrase, compile_phrase
from ..prompt.quantities import PATTERNS
from ..tree.conditions import Term, compile_condition
from .entries import Entries, Row, checked, table

_TABLE = "counts.toml"
_REQUIRED = ("id", "title", "ask", "types", "impact")
_KNOWN = frozenset([*_REQUIRED, "label", "labels", "unless", "category", "source"])


@dataclass(frozen=True, slots=True)
class Count:
    """Resources of which PROMPTs ask for a number.

    Attributes:
        id: Stable name.
        title: Plural noun phrase: ``NAT gateways``.
        phrases: Words that ask for it; ``#`` is the number.
        terms: What is counted.
        label: What must stand in the name of what is counted; None where the type has one role.
        labels: What must stand in a name for its role to be known.
        unless: Types by which the number is kept in another way.
        category: How bad fewer are.
        impact: (aspect, sentence): what fewer mean.
        source: Documentation.
    """

    id: str
    title: str
    phrases: tuple[Phrase, ...]
    terms: tuple[Term, ...]
    label: re.Pattern[str] | None
    labels: re.Pattern[str] | None
    unless: tuple[str, ...]
    category: Category
    impact: tuple[tuple[str, str], ...]
    source: str = ""


@cache
def counts() -> Entries[Count]:
    """Return the table."""
    return Entries([table(_TABLE)], "count", _count)


def _count(row: Row) -> Count:
    checked(row, _REQUIRED, _KNOWN)
    return Count(
        id=row["id"],
        title=row["title"],
        phrases=tuple(compile_phrase(p, PATTERNS["count"]) for p in row["ask"]),
        terms=tuple(term for text in row["types"] for term in compile_condition(text).terms),
        label=_word(row["label"]) if "label" in row else None,
        labels=_word("|".join(row["labels"])) if "labels" in row else None,
        unless=tuple(row.get("unless", ())),
        category=Category(row.get("category", "warning")),
        impact=tuple(row["impact"].items()),
        source=row.get("source", ""),
    )


def _word(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[_\W\d])(?:{pattern})s?(?=[_\W\d]|$)", re.I)
