"""``reviewgen explain``: the chain of evidence behind one issue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reviewgen.errors import InputError
from reviewgen.model.review import Check, Issue, Review, Status
from reviewgen.model.sight import Sight
from reviewgen.model.source import SampleClass

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
        "status_because": _because(issue, review),
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
    yield f"status       {issue.status.value}: {_because(issue, review)}"
    if issue.requirement:
        yield f"requirement  {issue.requirement.id}, PROMPT line {issue.requirement.line}: {issue.requirement.text}"
    if issue.curator:
        yield f"curator      {issue.curator}"
    yield from _section("evidence", [f"{e.kind}: {e.text}" for e in issue.evidence])
    yield from _section("places", [f"{p.side.upper()} {p.file}:{p.line}  {a}" for a in issue.where for p in review.places.get(a, ())])
    yield from _section("assertions", _assertions(issue, review))
    yield from _section("points", [f"{issue.points:g} ({review.score.rubric})"] if issue.points else [])
    yield from _section("source", [issue.source] if issue.source else [])


def _because(issue: Issue, review: Review) -> str:
    """Return what the status says of the trees; of what one of them does not show it says no more than the document does."""
    if issue.status is not Status.LEFT:
        return _STATUS[issue.status]
    sight = Sight.of(review)
    if review.sample.class_ == SampleClass.NO_IDEAL_CODE:
        return "MODEL has the defect, and IDEAL declares no resource or module"
    if review.sample.class_ == SampleClass.NO_MODEL_CODE:
        return "IDEAL has the defect, and MODEL declares no resource or module"
    if sight.loses(issue):
        return "MODEL has the defect, and what became of it in IDEAL is not known"
    if sight.leaves_unsaid(issue):
        return "MODEL has the defect, and what IDEAL does not show is read as unchanged"
    if review.diff.leaves_out(issue.where):
        return "MODEL has the defect, and IDEAL leaves out at least some of what it is about"
    return _STATUS[issue.status]


def _assertions(issue: Issue, review: Review) -> list[str]:
    """Return the assertions with what each tree says to them; a tree says nothing of what it does not show."""
    model = review.sample.class_ != SampleClass.NO_MODEL_CODE
    ideal = review.sample.class_ != SampleClass.NO_IDEAL_CODE and not Sight.of(review).loses(issue)

    def said(check: Check) -> str:
        return ", ".join([f"MODEL {_yes(check.model)}"] * model + [f"IDEAL {_yes(check.ideal)}"] * ideal)

    return [f"{check.check}: {said(check)}" for check in issue.verification]


def _section(name: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield f"{name}:"
        yield from (f"  {row}" for row in rows)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
