"""The tables ``fields.toml`` and ``topics.toml``: what labels and headings of an example ask for, and what a review has for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from reviewgen import resources
from reviewgen.records import dataclass

MOST_WORDS = 4
"""Words of a heading or label that may stay: a line of more is one that somebody wrote."""
SEVERITY = re.compile(r"\b(?:critical|high|medium|moderate|low|minor|major|severe|blockers?)\b", re.IGNORECASE)
NOUNS = re.compile(r"\b(?:issue|error|fix|failure|problem|bug|mistake|gap|finding|defect|deviation|flaw|fault)(?:e?s)?\b", re.IGNORECASE)
CIRCLES = "🔴🟠🟡🟢"
"""By which people mark severities, the worst first."""
_WORD = re.compile(r"[A-Za-z_][A-Za-z_.]*")
_LETTERS = re.compile(r"(?:[^\W\d]|[ .,;/()&'+?\u2019-])+")
_PIECE = re.compile(r"\w+")
_NUMBER = re.compile(r"^\W*(?:\d+(?:\.\d+)*[.):]?\s+)?")


@dataclass(frozen=True, slots=True)
class Content:
    """What a review has for a label or a heading, as Jinja text; see the tables. An empty text or list means that it has no such form."""

    name: str
    title: str
    text: str
    loop: str
    each: str
    none: str
    lead: bool
    code: str
    caption: bool
    nothing: str
    head: tuple[str, ...]
    rows: str
    row: tuple[str, ...]


@dataclass(frozen=True)
class Tables:
    """Both tables."""

    fields: tuple[tuple[re.Pattern[str], Content], ...]
    topics: tuple[tuple[re.Pattern[str], Content], ...]
    general: frozenset[str]

    def field(self, label: str) -> Content | None:
        """Return what a label within an issue asks for; None when it is none that the table knows."""
        return _first(self.fields, label)

    def topic(self, heading: str) -> Content | None:
        """Return what a heading around the issues announces."""
        return _first(self.topics, heading)

    def kept(self, text: str, otherwise: str) -> str:
        """Return a heading or label when all of its words are general and few enough, else what takes its place."""
        for part in (text, text.split(":")[0], text.split(" - ")[0]):
            said = _WORD.findall(part)
            if said and few(part) and all(word.lower().removesuffix(".md") in self.general for word in said):
                return part.strip()
        return otherwise


def few(text: str) -> bool:
    """Whether a heading or label has few enough words, no figures and no marks that Markdown or Jinja would read."""
    return len(_PIECE.findall(text)) <= MOST_WORDS and _LETTERS.fullmatch(text) is not None


def plain(text: str) -> str:
    """Return a heading or label without number and signs, and without what stands behind a colon."""
    return _NUMBER.sub("", text.strip("* :`").split(":")[0]).strip("* `")


@cache
def tables() -> Tables:
    """Return both tables."""
    fields = resources.built(resources.shipped("templating/fields.toml"), "fields", lambda table: _rows(table["field"], "labels"))
    topics = resources.built(resources.shipped("templating/topics.toml"), "topics", lambda table: _rows(table["topic"], "headings"))
    general = resources.built(resources.shipped("templating/topics.toml"), "topics", lambda table: str(table["words"]["general"]))
    return Tables(fields, topics, frozenset(general.split()))


def _rows(table: list[Mapping[str, Any]], key: str) -> tuple[tuple[re.Pattern[str], Content], ...]:
    return tuple((re.compile("|".join(f"(?:{pattern})" for pattern in row[key]), re.IGNORECASE), _content(row)) for row in table)


def _content(row: Mapping[str, Any]) -> Content:
    title = row.get("label") or row["title"]
    loop = row.get("loop", "")
    return Content(
        name=row.get("name", title),
        title=title,
        text=row["text"],
        loop=loop,
        each=row.get("each", ""),
        none=row.get("none", ""),
        lead=row.get("lead", False),
        code=row.get("code", ""),
        caption=row.get("caption", True),
        nothing=row.get("nothing", ""),
        head=tuple(row.get("head", ())),
        rows=row.get("rows", loop),
        row=tuple(row.get("row", ())),
    )


def _first(rows: tuple[tuple[re.Pattern[str], Content], ...], text: str) -> Content | None:
    said = plain(text)
    return next((content for pattern, content in rows if said and pattern.fullmatch(said)), None)
