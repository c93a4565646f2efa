"""``reviewgen explain``: the chain of evidence behind one issue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reviewgen.errors import InputError
from reviewgen.model.review import Check, Issue, Review
from reviewgen.render import words
from reviewgen.render.outcome import outcome, seen

from . import console, exits
from .inputs import settings
from .report import given_sample, reviewed

_NONE = {"model": None, "ideal": None, "prompt": None}


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
        "status_because": outcome(issue, review),
        "requirement": issue.requirement and {"id": issue.requirement.id, "line": issue.requirement.line, "text": issue.requirement.text},
        "places": [f"{p.side}: {p.file}:{p.line} {a}" for a in issue.where for p in review.places.get(a, ())],
        "evidence": [{"kind": e.kind, "text": e.text} for e in issue.evidence],
        "assertions": [_asked(check, issue, review) for check in issue.verification],
        "points": issue.points,
        "source": issue.source,
        "curator": issue.curator,
    }


def _asked(check: Check, issue: Issue, review: Review) -> dict[str, Any]:
    """Return an assertion with its results; of a tree that does not show it the result is null."""
    results = seen(check, issue, review)
    return {"check": check.check, "model": results.get("MODEL"), "ideal": results.get("IDEAL")}


def _lines(issue: Issue, review: Review) -> Iterator[str]:
    yield f"#{issue.id} {issue.title}"
    yield f"fingerprint  {issue.fingerprint}"
    yield f"category     {issue.category.value} ({issue.severity.value})"
    yield f"status       {outcome(issue, review)}"
    if issue.requirement:
        yield f"requirement  {issue.requirement.id}, PROMPT line {issue.requirement.line}: {issue.requirement.text}"
    if issue.curator:
        yield f"curator      {issue.curator}"
    yield from _section("evidence", [f"{e.kind}: {e.text}" for e in issue.evidence])
    yield from _section("places", [f"{p.side.upper()} {p.file}:{p.line}  {a}" for a in issue.where for p in review.places.get(a, ())])
    yield from _section("assertions", _assertions(issue, review))
    yield from _section("points", [f"{issue.points:g} ({review.score.rubric})"] if issue.points else [])
    yield from _section("source", [issue.source] if issue.source else [])


def _assertions(issue: Issue, review: Review) -> list[str]:
    """Return the assertions with what each tree says to them; a tree says nothing of what it does not show."""
    return [
        f"{check.check}: {', '.join(f'{tree} {words.yes(result)}' for tree, result in seen(check, issue, review).items())}"
        for check in issue.verification
    ]


def _section(name: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield f"{name}:"
        yield from (f"  {row}" for row in rows)
