"""Issues whose heading says one severity and whose label says another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .finding import Case, Finding, Kind

_WORDS = re.compile(r"\b(critical|high|medium|low)\b", re.I)
_OTHERWISE = re.compile(r"\bblock(?:er|ing)\b|\bvery low\b", re.I)


def check(case: Case) -> Iterator[Finding]:
    """Yield the issues under a heading of one severity that give themselves another."""
    for issue in case.reading.issues:
        heading, label = only(issue.section), only(issue.label)
        if heading and label and heading != label:
            says = f'severity {label.lower()}, under the heading "{issue.section}"'
            line = next((piece.line for piece in case.reading.pieces if piece.line >= issue.line and issue.label in piece.text), issue.line)
            yield Finding(Kind.SEVERITY, line, issue.id or issue.title, says, (f"The heading counts it as {heading.lower()}.",))


def only(text: str) -> str:
    """Return the one severity that a label names, in capitals; empty where it names none, several, or another besides."""
    found = {word.upper() for word in _WORDS.findall(text)}
    return found.pop() if len(found) == 1 and not _OTHERWISE.search(text) else ""
