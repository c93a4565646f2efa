"""The table ``words.toml``: what the headings and labels of documents mean, as compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from reviewgen import resources
from reviewgen.model import Category, Severity, Status
from reviewgen.records import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """What stands under a label: its role, and the tree that it speaks of (``model``, ``ideal``, empty for neither)."""

    role: str
    side: str


@dataclass(frozen=True)
class Words:
    """The table's patterns; the table explains each."""

    categories: tuple[tuple[re.Pattern[str], Category], ...]
    severities: tuple[tuple[re.Pattern[str], Severity], ...]
    statuses: tuple[tuple[re.Pattern[str], Status], ...]
    roles: tuple[tuple[re.Pattern[str], Role], ...]
    elsewhere: re.Pattern[str]
    severe: re.Pattern[str]
    none: re.Pattern[str]
    title: re.Pattern[str]
    task: re.Pattern[str]
    answer: re.Pattern[str]
    fix: re.Pattern[str]
    nothing: re.Pattern[str]

    def category(self, text: str) -> Category | None:
        """Return the category that a label means; in ``CRITICAL - Warning`` the words behind the dash decide."""
        for part in (text.partition(" - ")[2], text):
            for pattern, category in self.categories:
                if part and pattern.search(part):
                    return category
        return None

    def severity(self, text: str) -> Severity | None:
        """Return the severity whose word stands first in a label."""
        found = [(match.start(), severity) for pattern, severity in self.severities if (match := pattern.search(text))]
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def status(self, text: str) -> Status | None:
        """Return what a label says became of an issue."""
        return next((status for pattern, status in self.statuses if pattern.match(text)), None)

    def role(self, label: str) -> Role | None:
        """Return what stands under a label or heading; None when it is none that the table knows."""
        plain = label.strip(" :*`#")
        return next((role for pattern, role in self.roles if pattern.fullmatch(plain)), None)


@cache
def words() -> Words:
    """Return the table.

    Raises:
        DataError: It is not valid.
    """
    return resources.built(resources.shipped("documents/words.toml"), "words", _compiled)


def _compiled(table: Mapping[str, Any]) -> Words:
    return Words(
        resources.each(table, "category", lambda row: (_any(row["words"]), Category(row["category"]))),
        resources.each(table, "severity", lambda row: (_any(row["words"]), Severity(row["severity"]))),
        resources.each(table, "status", lambda row: (_any(row["words"]), Status(row["status"]))),
        resources.each(table, "role", lambda row: (_any(row["words"]), Role(row["role"], row.get("side", "")))),
        re.compile(rf"^\W*(?:\d+[.)]\s*)?{_any(table['sections']['elsewhere']).pattern}", re.I),
        re.compile(table["sections"]["severe"], re.I),
        _any(table["sections"]["none"]),
        *(_any(table["kind"][name]) for name in ("title", "task", "answer", "fix", "nothing")),
    )


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(patterns) + ")", re.I)
