"""The arithmetic of rubrics that deduct points for issues, such as ``failures@1``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reviewgen.model.review import Issue, Status
from reviewgen.model.score import Adjustment, Score

from .facts import Facts
from .hard import lowest
from .rubric import Deduction, Deductions


def pointed(issues: Iterable[Issue], rubric: Deductions) -> tuple[Issue, ...]:
    """Return the issues with their points."""
    return tuple(replace(issue, points=row.points if (row := _row(issue, rubric)) else 0) for issue in issues)


def deducted(issues: Sequence[Issue], rubric: Deductions, facts: Facts) -> Score:
    """Return the score; a hard blocker replaces the base. Without IDEAL's code there is no score after the corrections.

    Args:
        issues: Numbered issues.
        rubric: The rubric.
        facts: What was counted.
    """
    hard = lowest(facts.flaws, rubric.hard)
    base, replaced = (hard.base, (hard.row,)) if hard else (rubric.base, ())
    before = (*replaced, *_adjustments(issues, rubric, rubric.before))
    after = (*replaced, *_adjustments(issues, rubric, rubric.after))
    result = _total(base, after, rubric) if facts.corrected else None
    return Score(rubric.name, base, before, _total(base, before, rubric), result, after if facts.corrected else ())


def _row(issue: Issue, rubric: Deductions) -> Deduction | None:
    return next((row for row in rubric.rows if row.fits(issue)), None)


def _adjustments(issues: Iterable[Issue], rubric: Deductions, statuses: frozenset[Status]) -> tuple[Adjustment, ...]:
    """One row for each issue that costs points, in the order of the issues."""
    return tuple(
        Adjustment(row.points, f"{row.reason}: {issue.title}", (issue.id,), row.id)
        for issue in issues
        if issue.status in statuses and (row := _row(issue, rubric)) is not None and row.points
    )


def _total(base: float, adjustments: Iterable[Adjustment], rubric: Deductions) -> float:
    return max(rubric.minimum, min(rubric.maximum, base + sum(a.points for a in adjustments)))
