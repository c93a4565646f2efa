"""``reviewgen explain``: the chain of evidence behind one issue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reviewgen.errors import InputError
from reviewgen.model.review import Issue, Review, Status

from . import console, exits
from .inputs import settings
from .report import given_sample, reviewed

_NONE = {"model": None, "ideal": None, "prompt": None}
_STATUS = {
    Status.FIXED: "MODEL has the defect, IDEAL does not",
    Status.LEFT: "both trees have the defect",
    Status.UNMET: "PROMPT asks for it, and neither tree has anything that answers it",
    Status.INTRODUCED: "IDEAL has the defect, MODEL does not",
}


def explain(folder: str, name: str, format: str, overrides: str | None) -> int:
    """Print what led to an issue; see ``app.explain``."""
    review = reviewed(given_sample(folder, _NONE, overrides), settings(), folder, ())
    issue = _found(review, name)
    if format == "json":
        console.data(json.dumps(_mapping(issue, review), ensure_ascii=False, indent=1) + "\n")
    else:
        console.data("\n".join(console.plain(line) for line in _lines(issue, review)) + "\n")
    return exits.DONE


def _found(review: Review, name: str) -> Issue:
    found = [i for i in review.issues if name.removeprefix("#") == i.id or name == i.fingerprint]
    if not found:
        known = ", ".join(f"{i.id} ({i.fingerprint})" for i in review.issues) or "none"
        raise InputError(f"the review of {review.sample.id} has no issue {name!r}", hint=f"its issues: {known}")
    return found[0]


def _mapping(issue: Issue, review: Review) -> dict[str, Any]:
    return {
        "sample": review.sample.id,
        "id": issue.id,
        "fingerprint": issue.fingerprint,
        "rule": issue.rule,
        "title": issue.title,
        "category": issue.category.value,
        "severity": issue.severity.value,
        "status": issue.status.value,
        "status_because": _STATUS[issue.status],
        "requirement": issue.requirement and {"id": issue.requirement.id, "line": issue.requirement.line, "text": issue.requirement.text},
        "places": [f"{p.side}: {p.file}:{p.line} {a}" for a in issue.where for p in review.places.get(a, ())],
        "evidence": [{"kind": e.kind, "text": e.text} for e in issue.evidence],
        "assertions": [{"check": c.check, "model": c.model, "ideal": c.ideal} for c in issue.verification],
        "points": issue.points,
        "source": issue.source,
        "curator": issue.curator,
    }


def _lines(issue: Issue, review: Review) -> Iterator[str]:
    yield f"#{issue.id} {issue.title}"
    yield f"fingerprint  {issue.fingerprint}"
    yield f"category     {issue.category.value} ({issue.severity.value})"
    yield f"status       {issue.status.value}: {_STATUS[issue.status]}"
    if issue.requirement:
        yield f"requirement  {issue.requirement.id}, PROMPT line {issue.requirement.line}: {issue.requirement.text}"
    if issue.curator:
        yield f"curator      {issue.curator}"
    yield from _section("evidence", [f"{e.kind}: {e.text}" for e in issue.evidence])
    yield from _section("places", [f"{p.side.upper()} {p.file}:{p.line}  {a}" for a in issue.where for p in review.places.get(a, ())])
    yield from _section("assertions", [f"{c.check}: MODEL {_yes(c.model)}, IDEAL {_yes(c.ideal)}" for c in issue.verification])
    yield from _section("points", [f"{issue.points:g} ({review.score.rubric})"] if issue.points else [])
    yield from _section("source", [issue.source] if issue.source else [])


def _section(name: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield f"{name}:"
        yield from (f"  {row}" for row in rows)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
