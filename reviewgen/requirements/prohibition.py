"""The table ``prohibitions.toml``: what PROMPTs forbid, and the declarations that do it all the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from reviewgen import resources
from reviewgen.errors import DataError
from reviewgen.model.review import Category, Severity
from reviewgen.records import dataclass

from .conditions import Term, compile_condition
from .phrases import Phrase, compile_phrase

_TABLE = "prohibitions.toml"
_REQUIRED = ("id", "title", "words", "ask", "found", "category", "done", "undone", "impact")
_KNOWN = frozenset([*_REQUIRED, "unless", "attribute", "apart", "severity", "fix_class", "source"])


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

    def path(self, term: Term) -> str:
        """Return the argument that violates it in a declaration that a term finds; empty: the declaration itself does."""
        if self.attribute or not term.tests:
            return self.attribute
        return ".".join(term.tests[-1].path)


@cache
def prohibitions() -> Mapping[str, Prohibition]:
    """Return the table by id; DataError names the entry that is wrong."""
    file = files("reviewgen.requirements").joinpath(_TABLE)
    try:
        rows = resources.table(file)["prohibition"]
    except (ValueError, KeyError) as error:
        line = re.search(r"line (\d+)", str(error))
        raise DataError(f"not a table of prohibitions: {error}", path=_TABLE, line=int(line[1]) if line else 0) from error
    lines = [n for n, content in enumerate(file.read_text("utf-8").split("\n"), 1) if content.strip() == "[[prohibition]]"]
    found: dict[str, Prohibition] = {}
    for number, row in zip(lines, rows, strict=True):
        try:
            found[row["id"]] = _prohibition(row)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise DataError(f"prohibition {row.get('id', '?')}: {error}", path=_TABLE, line=number, hint="correct this entry") from error
    return found


def _prohibition(row: Mapping[str, Any]) -> Prohibition:
    missing = [key for key in _REQUIRED if key not in row]
    unknown = sorted(set(row) - _KNOWN)
    if missing or unknown:
        raise ValueError(f"missing keys: {missing}" if missing else f"unknown keys: {unknown}")
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
    )
