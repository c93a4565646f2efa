"""The table ``prohibitions.toml``: what PROMPTs forbid, and the declarations that do it all the same."""

from __future__ import annotations

from functools import cache

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.records import dataclass

from ..prompt.phrases import Phrase, compile_phrase
from ..tree.conditions import Term, compile_condition
from .entries import Entries, Row, checked, table

_TABLE = "prohibitions.toml"
_REQUIRED = ("id", "title", "words", "ask", "found", "category", "done", "undone", "impact")
_KNOWN = frozenset([*_REQUIRED, "unless", "attribute", "apart", "severity", "fix_class", "source", "stage"])


@dataclass(frozen=True, slots=True)
class Prohibition:
    """Something that PROMPTs forbid.

    Attributes:
        id: Stable name.
        title: What a tree that violates it does; at most 90 characters.
        words: What a line that is a prohibition as a whole names.
        ask: Words that forbid it by themselves.
        unless: Words of a line with which it is meant otherwise.
        found: The declarations that violate it.
        apart: Names of files in which it is no violation.
        attribute: The argument that does; empty when the last test says it.
        category: How bad it is.
        severity: Rank.
        fix_class: Of the correction.
        done: What such a declaration does, a predicate.
        undone: What it does after the correction, a predicate.
        impact: (aspect, sentence).
        source: Documentation.
        stage: Where it shows; None for what no step before ``terraform destroy`` meets.
    """

    id: str
    title: str
    words: tuple[Phrase, ...]
    ask: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]
    found: tuple[Term, ...]
    apart: tuple[str, ...]
    attribute: str
    category: Category
    severity: Severity
    fix_class: str
    done: str
    undone: str
    impact: tuple[tuple[str, str], ...]
    source: str = ""
    stage: Stage | None = None

    def path(self, term: Term) -> str:
        """Return the argument that violates it in a declaration that a term finds; empty: the declaration itself does."""
        if self.attribute or not term.tests:
            return self.attribute
        return ".".join(term.tests[-1].path)


@cache
def prohibitions() -> Entries[Prohibition]:
    """Return the table."""
    return Entries([table(_TABLE)], "prohibition", _prohibition, phrases=("words", "ask"))


def _prohibition(row: Row) -> Prohibition:
    checked(row, _REQUIRED, _KNOWN)
    category = Category(row["category"])
    usual = {Category.BLOCKER: "CRITICAL", Category.CRITICAL: "HIGH", Category.WARNING: "MEDIUM"}[category]
    return Prohibition(
        id=row["id"],
        title=row["title"],
        words=tuple(compile_phrase(p) for p in row["words"]),
        ask=tuple(compile_phrase(p) for p in row["ask"]),
        unless=tuple(compile_phrase(p) for p in row.get("unless", ())),
        found=tuple(term for text in row["found"] for term in compile_condition(text).terms),
        apart=tuple(row.get("apart", ())),
        attribute=row.get("attribute", ""),
        category=category,
        severity=Severity(row.get("severity", usual)),
        fix_class=row.get("fix_class", "B"),
        done=row["done"],
        undone=row["undone"],
        impact=tuple(row["impact"].items()),
        source=row.get("source", ""),
        stage=Stage(row["stage"]) if "stage" in row else None,
    )
