"""``reviewgen read``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reviewgen.documents import Reading, ReadIssue
from reviewgen.documents.file import load_text, read_failures

from . import console, exits
from .inputs import STREAM, stdin


def read(argument: str, format: str) -> int:
    """Show what a document says; see ``app.read``."""
    text = stdin()[0] if argument == STREAM else load_text(Path(argument))
    name = "standard input" if argument == STREAM else argument
    found = read_failures(text, name)
    if format == "json":
        console.data(json.dumps(as_json(found), indent=2, ensure_ascii=False) + "\n")
    else:
        console.data(console.plain("".join(f"{line}\n" for line in _lines(found))))
    return exits.DONE


def as_json(found: Reading) -> dict[str, Any]:
    """Return a reading as a mapping; what a document does not say is null or empty."""
    return {"title": found.title, "issues": [_issue(issue) for issue in found.issues]}


def _issue(issue: ReadIssue) -> dict[str, Any]:
    asked = issue.requirement
    return {
        "id": issue.id,
        "title": issue.title,
        "line": issue.line,
        "category": issue.category,
        "severity": issue.severity,
        "label": issue.label,
        "section": issue.section,
        "status": issue.status,
        "fix_class": issue.fix_class,
        "requirement": {"text": asked.text, "number": asked.number, "line": asked.line} if asked else None,
        "where": list(issue.where),
        "more": issue.more,
        "problem": issue.problem,
        "code": [
            {
                "line": code.line,
                "side": code.side,
                "file": code.file,
                "start_line": code.first_line,
                "end_line": code.last_line,
                "language": code.language,
                "text": code.text,
            }
            for code in issue.code
        ],
        "claims": [
            {"line": c.line, "kind": c.kind, "text": c.text, "side": c.side, "model": c.model, "ideal": c.ideal} for c in issue.claims
        ],
    }


def _lines(found: Reading) -> Iterator[str]:
    yield f"{found.title or 'no title'}: {len(found.issues)} issue{'' if len(found.issues) == 1 else 's'}"
    for issue in found.issues:
        words = ", ".join(filter(None, [issue.category or "no category", issue.severity, issue.status]))
        yield f"\n{issue.id + '. ' if issue.id else ''}{issue.title}  ({words}; line {issue.line})"
        if issue.where:
            yield f"   where: {', '.join(issue.where)}" + (f" and {issue.more} more" if issue.more else "")
        for code in issue.code:
            place = f", {code.file} lines {code.first_line} to {code.last_line}" if code.file else ""
            yield f"   code of {code.side.upper() or 'nobody named'} on line {code.line}{place}"
        counted = [(kind, sum(claim.kind == kind for claim in issue.claims)) for kind in ("tick", "cross", "text")]
        if any(number for _, number in counted):
            names = {"tick": "ticked", "cross": "crossed", "text": "other"}
            yield "   claims: " + ", ".join(f"{number} {names[kind]}" for kind, number in counted if number)
