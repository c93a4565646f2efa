"""What Terraform's messages mean for a reader: the table ``diagnosed.toml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from reviewgen import resources
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.review import Stage
from reviewgen.records import dataclass
from reviewgen.rules import CATALOGUE

_SCOPES = ("kind", "name", "type", "file", "place")
_KEYS = frozenset(
    [
        "id",
        "summary",
        "detail",
        "target",
        "argument",
        "subject",
        "title",
        "says",
        "many",
        "one",
        "stage",
        "message",
        "lesson",
        "advice",
        "of",
    ]
)


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of some messages of a kind: of those whose name fits a pattern, in blocks of some kinds where ``kinds`` names any."""

    name: str
    lesson: str
    advice: str
    kinds: tuple[str, ...] = ()
    title: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message (head of ``diagnosed.toml``)."""

    id: str
    summary: str
    detail: str
    title: str
    one: str
    target: str = ""
    argument: str = ""
    subject: str = ""
    stage: Stage = Stage.VALIDATE
    lesson: str = ""
    advice: str = ""
    many: str = ""
    says: str = ""
    message: str = ""
    source: str = ""
    of: tuple[Words, ...] = ()

    def about(self, name: str, block: str) -> Kind:
        """Return the kind with what it says of messages about a name, in a block of a kind."""
        words = next((w for w in self.of if _pattern(w.name).search(name) and (not w.kinds or block in w.kinds)), None)
        if words is None:
            return self
        title = words.title or self.title
        return replace(
            self, lesson=words.lesson, advice=words.advice, title=title, source=words.source, many="" if words.title else self.many
        )

    def match(self, diagnostic: Diagnostic) -> Mapping[str, str] | None:
        """Return the names that a message of this kind gives; None for a message of another kind."""
        head = _pattern(self.summary).fullmatch(diagnostic.summary)
        if head is None:
            return None
        body = _pattern(self.detail).search(diagnostic.detail) if self.detail else None
        if self.detail and body is None and not _pattern(self.detail).search(diagnostic.summary):
            return None
        groups = {**head.groupdict(), **(body.groupdict() if body else {})}
        found: dict[str, str] = {}
        for key, value in groups.items():
            if value:
                name = key.rstrip("2")
                found[name] = f"{found[name]},{value}" if name == "arguments" and name in found else value
        return found

    def address(self, names: Mapping[str, str]) -> str:
        """Return the address that a message refers to, inside its module; empty when there is none."""
        if "label" in names:
            return f"{'data.' if names.get('kind') == 'data' else ''}{names['type']}.{names['label']}"
        return self.target.format(**names) if self.target and "name" in names else ""


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


@cache
def kinds() -> tuple[Kind, ...]:
    """Return the kinds in the table's order.

    Raises:
        DataError: The table has an entry that is not one.
    """
    return resources.built(
        resources.shipped("review/diagnostics/diagnosed.toml"), "messages", lambda table: resources.each(table, "kind", _kind)
    )


def _kind(row: Mapping[str, Any]) -> Kind:
    if unknown := sorted(set(row) - _KEYS):
        raise ValueError(f"unknown keys {unknown}")
    if row["one"] not in _SCOPES:
        raise ValueError(f"one = {row['one']!r} is none of {', '.join(_SCOPES)}")
    given = {key: row[key] for key in ("target", "argument", "subject", "lesson", "advice", "many", "says", "message") if key in row}
    stage = Stage(row.get("stage", "validate"))
    of = tuple(_words(inner) for inner in row.get("of", ()))
    return Kind(row["id"], row["summary"], row.get("detail", ""), row["title"], row["one"], stage=stage, of=of, **given)


def _words(row: Mapping[str, Any]) -> Words:
    if "rule" not in row:
        return Words(row.get("name", ""), row["lesson"], row["advice"], tuple(row.get("kinds", ())))
    rule = next((r for r in CATALOGUE if r.id == row["rule"]), None)
    if rule is None:
        raise ValueError(f"there is no rule {row['rule']!r}")
    return Words(row["name"], rule.lesson, rule.advice, (), rule.title, rule.source)
