"""An example document to its style: what surrounds the issues, how an issue begins, and what an issue consists of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from reviewgen.documents.outline import Found, labelled, numbered, outline
from reviewgen.documents.page import Block, Kind, page
from reviewgen.documents.said import labelled as with_labels
from reviewgen.documents.said import said
from reviewgen.errors import InputError
from reviewgen.records import dataclass

from .skeleton import Element, elements, frame, labels_of, normal, tokens, typical
from .tables import CIRCLES, SEVERITY, tables

T = TypeVar("T")
_RULE = re.compile(r"^(?:-{3,}|\*{3,}|_{3,})\s*$", re.MULTILINE)
_TICKS = re.compile(r"^\s*(?:[-*+]|\d+\.)\s+[✅✔❌✗]", re.MULTILINE)
_FEWEST = 2
_MOST_ISSUES = 60  # what more of them have in common, these have
_MOST_ELEMENTS = 100


@dataclass(frozen=True, slots=True)
class Span:
    """One issue of an example: first and last line, its elements without the heading, and the text it begins with."""

    first: int
    last: int
    found: Found
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """How an issue begins.

    Attributes:
        kind: ``heading``, ``item`` or ``paragraph``.
        level: Of a heading its level.
        prefix: What stands before the number: ``Issue #``, empty for none.
        is_numbered: Whether it has a number.
        separator: What stands between number and title.
        severity: ``upper`` or ``title`` where the severity stands in brackets behind the title, else empty.
        bold: Whether the text is bold.
    """

    kind: str
    level: int
    prefix: str
    is_numbered: bool
    separator: str
    severity: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Manner:
    """In which signs issues are written.

    Attributes:
        rule: Whether a rule separates them.
        ticks: Whether their lists have ticks.
        circles: Whether severities have coloured circles.
        capitals: Whether severities are written in capitals.
    """

    rule: bool
    ticks: bool
    circles: bool
    capitals: bool


@dataclass(frozen=True, slots=True)
class Style:
    """The style of an example.

    Attributes:
        head: How an issue begins.
        issue: The elements of a typical issue, with fields that others have as well.
        skeleton: The tokens of the typical issue as it stands.
        frame: The tokens of what surrounds the issues.
        share: Which part of all tokens stands in issues.
        labels: The labels that belong to the style, in the form in which they are compared.
        written: Each of them as it is written most often.
        section: Heading of several issues of one severity; None where they are not ordered so.
        above: Another heading that the first issue stands under; None without one.
        before: What stands before the first issue and the heading above it, the title first.
        behind: What stands behind the last one.
        manner: In which signs the issues are written.
    """

    head: Head
    issue: tuple[Element, ...]
    skeleton: tuple[str, ...]
    frame: tuple[str, ...]
    share: float
    labels: frozenset[str]
    written: dict[str, str]
    section: Element | None
    above: Element | None
    before: tuple[Element, ...]
    behind: tuple[Element, ...]
    manner: Manner


def style(text: str, path: str) -> Style:
    """Return the style of an example.

    Raises:
        InputError: It has fewer than two issues: then nobody can tell what repeats.
    """
    parsed = page(text)
    blocks = tuple(with_labels(parsed))
    spans = tuple(_spans(blocks, outline(tuple(said(parsed)))))
    if len(spans) < _FEWEST:
        counted = "no issue" if not spans else "one issue only"
        hint = "an example needs two issues that begin alike, with numbered headings or under headings such as High Failures"
        raise InputError(f"{counted} was found in the example", path=path, hint=hint)
    sections = {span.found.section for span in spans if span.found.section}
    severe = frozenset(block.line for block in blocks if block.kind is Kind.HEADING and block.prose in sections)
    section = _section(blocks, severe) if sum(bool(span.found.section) for span in spans) * 2 > len(spans) else None
    inner = frozenset(line for span in spans for line in range(span.first, span.last + 1))
    around = [block for block in blocks if block.line not in inner and not (section and block.line in severe)]
    first, last = spans[0].first, spans[-1].last
    above = None if section else _above(elements(block for block in around if block.line < first), spans[0].found.pieces[0].level)
    learned = spans[:_MOST_ISSUES]
    labels = labels_of([span.elements for span in learned])
    skeletons = [tokens(span.elements, labels) for span in learned]
    chosen, framed = typical(skeletons), frame(blocks, inner, severe)
    inside = sum(len(skeleton) + 1 for skeleton in skeletons)
    return Style(
        head=_head(learned, text.split("\n")),
        issue=_completed(learned, labels, chosen),
        skeleton=skeletons[chosen],
        frame=framed,
        share=inside / (inside + len(framed)),
        labels=labels,
        written=_written(learned),
        section=section,
        above=above,
        before=elements(block for block in around if block.line < (above.line if above else first)),
        behind=elements(block for block in around if block.line > last),
        manner=_manner(spans, text.split("\n")),
    )


def _spans(blocks: Sequence[Block], found: Iterable[Found]) -> Iterator[Span]:
    """Yield the issues with their lines."""
    lines = [block.line for block in blocks]
    for issue in found:
        first, last = issue.pieces[0].line, max(piece.line for piece in issue.pieces)
        inner = (block for block in blocks[bisect_right(lines, first) : bisect_right(lines, last)] if block.kind is not Kind.HTML)
        yield Span(first, last, issue, elements(inner)[:_MOST_ELEMENTS])


def _manner(spans: Sequence[Span], lines: Sequence[str]) -> Manner:
    """Return in which signs the issues are written."""
    first, last = spans[0].first, spans[-1].last
    between = ["\n".join(lines[one.last : two.first - 1]) for one, two in pairwise(spans)]
    severities = " ".join(span.found.title + _value(span, lines) for span in spans)
    words = [match[0] for match in SEVERITY.finditer(severities)]
    return Manner(
        rule=sum(bool(_RULE.search(text)) for text in between) * 2 >= len(between),
        ticks=bool(_TICKS.search("\n".join(lines[first - 1 : last]))),
        circles=any(circle in severities for circle in CIRCLES),
        capitals=sum(word.isupper() for word in words) * 2 > len(words),
    )


def _value(span: Span, lines: Sequence[str]) -> str:
    """Return the lines of an issue that speak of its severity."""
    severe = (e for e in span.elements if e.kind == "label" and (field := tables().field(e.text)) and field.name == "severity")
    return " ".join(lines[element.line - 1] for element in severe)


def _section(blocks: Sequence[Block], severe: frozenset[int]) -> Element | None:
    """Return the heading of one severity, of several one that has a word for it."""
    found = elements(block for block in blocks if block.line in severe)
    return next((element for element in found if SEVERITY.search(element.text)), next(iter(found), None))


def _above(before: Sequence[Element], level: int) -> Element | None:
    """Return the heading that the first issue stands under, other than the title."""
    headings = [element for element in before if element.kind == "heading"]
    return headings[-1] if len(headings) > 1 and headings[-1].level < level else None


def _completed(spans: Sequence[Span], labels: frozenset[str], chosen: int) -> tuple[Element, ...]:
    """Return the elements of one issue, and labels that it lacks and others have where they stand there."""
    usual = _usual(spans, labels)
    found = [_renamed(element, labels, usual) for element in spans[chosen].elements]
    have = {normal(element.text) for element in found} & labels
    fields = {field.name for name in have if (field := tables().field(name))}
    met = Counter(name for span in spans for name in {normal(e.text) for e in span.elements if e.kind in ("label", "heading")})
    for span in spans:
        for index, element in enumerate(span.elements):
            name = normal(element.text)
            if element.kind not in ("label", "heading") or name not in labels or name in have:
                continue
            field, often = tables().field(name), met[name] * 2 >= len(spans)
            if not often and (field is None or field.name in fields):
                continue
            have.add(name)
            fields.update([field.name] if field else [])
            before = {normal(other.text) for other in span.elements[:index]}
            at = max((place + 1 for place, other in enumerate(found) if normal(other.text) in before and other.text), default=len(found))
            found[_end(found, at) : _end(found, at)] = [element]
    return tuple(found)


def _usual(spans: Sequence[Span], labels: frozenset[str]) -> dict[str, str]:
    """Return the label that is met most often for each field."""
    met = Counter(normal(e.text) for span in spans for e in span.elements if e.kind in ("label", "heading") and normal(e.text) in labels)
    return {field.name: name for name, _ in reversed(met.most_common()) if (field := tables().field(name))}


def _renamed(element: Element, labels: frozenset[str], usual: dict[str, str]) -> Element:
    """Return a label that only this issue has as the one that the others have for the same."""
    field = tables().field(element.text) if element.kind == "label" and normal(element.text) not in labels else None
    return replace(element, text=usual[field.name]) if field and field.name in usual else element


def _end(found: Sequence[Element], at: int) -> int:
    """Return the place behind what stands under a label."""
    while at < len(found) and found[at].kind not in ("label", "heading"):
        at += 1
    return at


def _written(spans: Sequence[Span]) -> dict[str, str]:
    """Return how each label is written most often."""
    ways: dict[str, Counter[str]] = {}
    for span in spans:
        for element in span.elements:
            if element.kind in ("label", "heading"):
                ways.setdefault(normal(element.text), Counter())[element.text.strip(" :")] += 1
    return {name: _most(counted.elements()) for name, counted in ways.items()}


def _head(spans: Sequence[Span], lines: Sequence[str]) -> Head:
    """Return how most issues begin."""
    first = [span.found.pieces[0] for span in spans]
    kind = _most(piece.kind for piece in first)
    ways = []
    for piece in first:
        text = piece.text.strip("* ")
        number, title = numbered(text) or ("", text)
        bracket = labelled(title)[1]
        start = text.find(number) if number else -1
        end = text.rfind(title) if title else len(text)
        prefix = text[:start] if start > 0 else ""
        separator = text[start + len(number) : end] if 0 <= start < end else ""
        ways.append((prefix, bool(number) or kind is Kind.ITEM, separator, bracket))
    return Head(
        kind={Kind.HEADING: "heading", Kind.ITEM: "item"}.get(kind, "paragraph"),
        level=_most(piece.level for piece in first),
        prefix=_most(way[0] for way in ways),
        is_numbered=_most(way[1] for way in ways),
        separator=_most(way[2] for way in ways),
        severity=_case(_most(way[3] for way in ways)) if sum(bool(way[3]) for way in ways) * 2 > len(ways) else "",
        bold=sum("**" in lines[span.first - 1] for span in spans) * 2 > len(spans),
    )


def _case(bracket: str) -> str:
    return "upper" if bracket.isupper() else "title"


def _most(values: Iterable[T]) -> T:
    """Return the value that is met most often, of several the first."""
    return Counter(values).most_common(1)[0][0]
