"""Whether a document that we rendered says what its review says: each issue read back, and the counts and scores of the summary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from reviewgen.model import Issue, Review, SampleClass
from reviewgen.model.review import Check
from reviewgen.model.sight import Sight
from reviewgen.render import hygiene, words
from reviewgen.render.issue import placed

from .page import Kind
from .reading import Reading, ReadIssue, read

_GROUP = re.compile(r"(Fixed by IDEAL|Left as they are|Left as it is|Left open|Open|Unmet|Introduced by IDEAL|Found in IDEAL): (\d+) ")
_SCORE = re.compile(r"(Base score|Before fixes|After fixes): (\d+(?:\.\d+)?)/10")


_OF_BRIEF = ("title", "category", "severity", "status", "class of the fix", "places")


def mismatches(review: Review, markdown: str, template: str = "") -> tuple[str, ...]:
    """Return in which points a document of a shipped template does not say what the review says; empty when it does.

    Args:
        review: The review.
        markdown: The document.
        template: The template that wrote it; ``brief`` has of each issue a row of its table, the first of its places, and no groups.
    """
    found, brief = read(markdown), template == "brief"
    by_id = {issue.id: issue for issue in found.issues}
    points: list[tuple[str, object, object]] = [
        ("issues", sorted(issue.id for issue in found.issues), sorted(issue.id for issue in review.issues)),
        ("number of issues in the summary", len(review.issues) if brief else sum(counts(found).values()), len(review.issues)),
        ("base score", scores(found).get("Base score"), review.score.base),
        ("score before fixes", scores(found).get("Before fixes"), review.score.before),
        ("score after fixes", scores(found).get("After fixes"), review.score.after),
        ("foreign markup", list(found.foreign), []),
    ]
    for issue in review.issues:
        if issue.id in by_id:
            named = (issue.where, 1) if brief else (placed(issue, review), words.SHOWN)
            stated = _points(issue, by_id[issue.id], review, *named)
            points.extend(point for point in stated if not brief or point[0].partition(": ")[2] in _OF_BRIEF)
    return tuple(f"{name}: the document has {got!r}, the review {want!r}" for name, got, want in points if got != want)


def counts(found: Reading) -> Mapping[str, int]:
    """Return how many issues the summary names, by the title of the group."""
    lines = [piece.text if piece.kind is Kind.HEADING else "".join(text for _, text in piece.spans) for piece in found.pieces]
    return {match[1]: int(match[2]) for line in lines if (match := _GROUP.match(line))}


def scores(found: Reading) -> Mapping[str, float]:
    """Return ``Base score``, ``Before fixes``, ``After fixes``, those that are judged."""
    lines = ["".join(text for _, text in piece.spans) for piece in found.pieces if piece.kind is Kind.ITEM]
    return {match[1]: float(match[2]) for line in lines if (match := _SCORE.match(line))}


def _points(issue: Issue, found: ReadIssue, review: Review, where: Sequence[str], most: int) -> Iterator[tuple[str, object, object]]:
    """Yield what the document, which names so many of some places, and the review say of one issue, point by point."""
    name, asked = f"issue {issue.id}: ", issue.requirement
    yield name + "title", found.title, hygiene.normal(issue.title)
    yield name + "category", found.category, issue.category
    yield name + "severity", found.severity, issue.severity
    yield name + "status", found.status, issue.status
    yield name + "class of the fix", found.fix_class, issue.fix_class if issue.status == "fixed" else None
    if asked is not None:
        got = (found.requirement.text, found.requirement.number, found.requirement.line) if found.requirement else None
        yield name + "requirement", got, (hygiene.normal(hygiene.unmarked(asked.text)), hygiene.clean(asked.number or ""), asked.line)
    if shown := where[:most]:
        yield name + "places", (found.where, found.more), (tuple(map(hygiene.named, shown)), len(where) - len(shown))
    if hygiene.clean(issue.problem):
        yield name + "problem", found.problem, hygiene.normal(issue.problem)
    passages = [(code.file, code.first_line, code.last_line, code.text) for code in found.passages]
    yield name + "code", passages, [_passage(p.file, p.start_line, p.end_line, p.code) for p in issue.solution]
    checks = [(claim.text, claim.model, claim.ideal) for claim in found.verification]
    yield name + "verification", checks, [_check(check, issue, review) for check in issue.verification]


def _passage(file: str, first: int, last: int, code: str) -> tuple[str, int, int, str]:
    """Return a passage as a document can carry it."""
    return hygiene.visible(words.tick(file) if file else ""), max(first, 0), max(first, last, 0), hygiene.carried(code)


def _check(check: Check, issue: Issue, review: Review) -> tuple[str, bool | None, bool | None]:
    """Return an assertion as the document shows it: of a tree without code, and of what may stand out of sight, it says nothing."""
    one = review.sample.class_
    model = None if one == SampleClass.NO_MODEL_CODE else check.model
    return hygiene.normal(check.check), model, None if one == SampleClass.NO_IDEAL_CODE or Sight.of(review).loses(issue) else check.ideal
