"""Our own advice, held against PROMPT (``advised.toml``): nothing is recommended that PROMPT's own words rule out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from reviewgen import resources
from reviewgen.model.review import Issue
from reviewgen.records import dataclass

_TABLE = "review/issues/advised.toml"
_KEYS = frozenset(["id", "asked", "unless", "named", "yields"])
_EMPHASIS = re.compile(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")


@dataclass(frozen=True, slots=True)
class Yielding:
    """Something that PROMPTs rule out or lay down, and the advice that yields to it.

    Attributes:
        id: Stable name.
        asked: Patterns of PROMPT's words, of which one suffices.
        unless: Patterns with which it is not so meant.
        named: What was found in PROMPT must stand in the issue's problem.
        yields: Patterns of advice, with what stands in their place; without strokes, which would be groups.
    """

    id: str
    asked: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    named: bool
    yields: tuple[tuple[re.Pattern[str], str], ...]

    def holds(self, prompt: str, problem: str) -> bool:
        """Whether PROMPT says it, and of what the issue is about."""
        if any(pattern.search(prompt) for pattern in self.unless):
            return False
        found = (match[0] for pattern in self.asked for match in pattern.finditer(prompt))
        return any(not self.named or f"`{words}`" in problem for words in found)


def yielded(issue: Issue, prompt: str) -> Issue:
    """Return an issue whose advice leaves out what PROMPT, in lower case, does not want."""
    advice = issue.recommendation
    if advice is None:
        return issue
    text, plain = advice.text, _plain(prompt)
    for known in classes():
        found = [(pattern, instead) for pattern, instead in known.yields if pattern.search(text)]
        if found and known.holds(plain, issue.problem):
            for pattern, instead in found:
                text = pattern.sub(instead, text)
    return issue if text == advice.text else replace(issue, recommendation=replace(advice, text=text))


@lru_cache(maxsize=1)  # one PROMPT has many issues
def _plain(prompt: str) -> str:
    return _EMPHASIS.sub("", prompt)


@cache
def classes() -> tuple[Yielding, ...]:
    """Return the table.

    Raises:
        DataError: It has an entry that is not one.
    """
    return resources.built(resources.shipped(_TABLE), "advice that yields", lambda table: resources.each(table, "class", _class))


def _class(row: Mapping[str, Any]) -> Yielding:
    if unknown := sorted(set(row) - _KEYS):
        raise ValueError(f"unknown keys {unknown}")
    return Yielding(
        row["id"],
        tuple(map(re.compile, row["asked"])),
        tuple(map(re.compile, row.get("unless", ()))),
        row.get("named", False),
        tuple((re.compile(pattern), instead) for pattern, instead in row["yields"]),
    )
