"""Read a rendered document back, to prove that it says what the review says.

The reader knows the headings of the shipped ``failures`` template; a document of a template that changes them reads back with less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from reviewgen.model import Category, Review
from reviewgen.records import dataclass

from .hygiene import visible

if TYPE_CHECKING:
    from markdown_it.token import Token

_ISSUE = re.compile(r"(?:Critical Issue|Issue) #(\S+): (.*) \((BLOCKER|CRITICAL|WARNING)\)", re.DOTALL)
_GROUP = re.compile(r"(Fixed by IDEAL|Left as it is|Open|Unmet|Introduced by IDEAL|Found in IDEAL): (\d+) ")
_SCORE = re.compile(r"(Base score|Before fixes|After fixes): (\d+(?:\.\d+)?)/10")
_IDEAL_CODE = ("Solution Applied", "What IDEAL Changed", "Solution")
# What no template prints and no input may bring in; links to sources are written as <https://...>.
_FOREIGN = ("html_block", "html_inline", "image", "link_open", "code_block", "blockquote_open")


@dataclass(frozen=True, slots=True)
class ReadIssue:
    """One issue as a reader finds it: ``title`` as visible text, ``code`` the blocks of IDEAL's code under its solution."""

    id: str
    title: str
    category: Category
    code: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a document says.

    Attributes:
        issues: Its issues, in the order of the page.
        counts: How many issues the summary names, by the title of the group.
        scores: ``Base score``, ``Before fixes``, ``After fixes``, those that are judged.
        columns: The numbers of columns of each table's rows, one tuple a table.
        foreign: Kinds of markup that only an input can have brought in; empty in a safe document.
    """

    issues: tuple[ReadIssue, ...]
    counts: Mapping[str, int]
    scores: Mapping[str, float]
    columns: tuple[tuple[int, ...], ...]
    foreign: tuple[str, ...]


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    issues: list[tuple[str, str, Category, list[str]]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    tables: list[list[int]] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


def read_back(markdown: str) -> ReadBack:
    """Parse a document of the ``failures`` template."""
    from markdown_it import MarkdownIt

    reading, section = _Reading(), ""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            section = _heading(_text(tokens[index + 1]), token.tag, reading)
        elif token.type == "fence" and reading.issues and section in _IDEAL_CODE and token.info == "hcl":
            reading.issues[-1][3].append(token.content.removesuffix("\n"))
        elif token.type == "inline":
            reading.foreign.extend(_foreign(token))
            if score := _SCORE.match(_text(token)):
                reading.scores[score[1]] = float(score[2])
        elif token.type == "table_open":
            reading.tables.append([])
        elif token.type == "tr_open":
            reading.tables[-1].append(0)
        elif token.type in ("td_open", "th_open"):
            reading.tables[-1][-1] += 1
        elif token.type in _FOREIGN:
            reading.foreign.append(token.type)
    return ReadBack(
        tuple(ReadIssue(id_, title, category, tuple(code)) for id_, title, category, code in reading.issues),
        reading.counts,
        reading.scores,
        tuple(map(tuple, reading.tables)),
        tuple(reading.foreign),
    )


def mismatches(review: Review, markdown: str) -> tuple[str, ...]:
    """Return in which points a document of the ``failures`` template does not say what the review says; empty when it does."""
    found = read_back(markdown)
    order = sorted(review.issues, key=lambda issue: issue.category is Category.WARNING)
    wanted = [(issue.id, visible(issue.title), issue.category) for issue in order]
    points: tuple[tuple[str, object, object], ...] = (
        ("issues", [(issue.id, issue.title, issue.category) for issue in found.issues], wanted),
        ("number of issues in the summary", sum(found.counts.values()), len(review.issues)),
        ("base score", found.scores.get("Base score"), review.score.base),
        ("score before fixes", found.scores.get("Before fixes"), review.score.before),
        ("score after fixes", found.scores.get("After fixes"), review.score.after),
        ("foreign markup", list(found.foreign), []),
    )
    return tuple(f"{name}: the document has {got!r}, the review {want!r}" for name, got, want in points if got != want)


def _heading(text: str, tag: str, reading: _Reading) -> str:
    """Take in a heading; returns the section that begins."""
    if (issue := _ISSUE.fullmatch(text)) and tag in ("h2", "h3"):
        reading.issues.append((issue[1], issue[2], Category(issue[3].lower()), []))
    elif group := _GROUP.match(text):
        reading.counts[group[1]] = int(group[2])
    return text


def _text(token: Token) -> str:
    """Return the text of an inline token as a reader sees it."""
    return "".join(" " if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or ())


def _foreign(token: Token) -> Iterator[str]:
    """Yield the kinds of markup inside a paragraph that no template prints."""
    for child in token.children or ():
        source = child.type == "link_open" and child.markup == "autolink" and str(child.attrs.get("href", "")).startswith("https://")
        if child.type in (*_FOREIGN, "em_open", "s_open") and not source:
            yield child.type
