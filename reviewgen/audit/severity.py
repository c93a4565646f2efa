"""Issues whose heading says one severity and whose label says another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.documents.words import words

from .finding import Case, Finding, Kind
from .texts import worded

_WORDS = re.compile(r"\b(critical|high|medium|low)\b", re.I)
_HEADING = re.compile(r"\s*#{1,6}\s*(.+)")
_OTHERWISE = re.compile(r"\bblock(?:er|ing)\b|\bvery low\b", re.I)


def check(case: Case) -> Iterator[Finding]:
    """Yield the issues under a heading of one severity that give themselves another."""
    for issue in case.reading.issues:
        heading, label = only(issue.section), only(issue.label)
        if heading and label and heading != label and _nearest(issue.line, case) == worded(issue.section):
            says = f'severity {label.lower()}, under the heading "{issue.section}"'
            line = next((piece.line for piece in case.reading.pieces if piece.line >= issue.line and issue.label in piece.text), issue.line)
            yield Finding(Kind.SEVERITY, line, issue.id or issue.title, says, (f"The heading counts it as {heading.lower()}.",))


def _nearest(line: int, case: Case) -> str:
    """Return the words of the nearest heading of a severity above a line, be it in a block of code that a person forgot to close."""
    lines = case.document.split("\n")
    found = (match[1] for text in reversed(lines[: line - 1]) if (match := _HEADING.match(text)))
    return worded(next((text for text in found if words().severe.match(text.strip())), ""))


def only(text: str) -> str:
    """Return the one severity that a label names, in capitals; empty where it names none, several, or another besides."""
    found = {word.upper() for word in _WORDS.findall(text)}
    return found.pop() if len(found) == 1 and not _OTHERWISE.search(text) else ""
