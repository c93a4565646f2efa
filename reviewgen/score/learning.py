"""The arithmetic of rubrics that count fixes, such as ``learning-value@1``: what can be learned from a correction."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from reviewgen.model.review import Issue, Status
from reviewgen.model.score import Adjustment, LearningValue

from .facts import Facts
from .hard import lowest
from .rubric import ComplexityRow, Fixes

_WORDS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def learned(issues: Sequence[Issue], rubric: Fixes, facts: Facts) -> LearningValue:
    """Return the learning value; not judged when IDEAL holds no code that could fix anything.

    Args:
        issues: Numbered issues.
        rubric: The rubric.
        facts: What was counted.
    """
    if not facts.corrected:
        return LearningValue(rubric.name, rubric.base, (), None, rubric.threshold, False)
    fixed = [issue for issue in issues if issue.status is Status.FIXED]
    if not fixed:
        reason = rubric.identical if facts.identical else rubric.nothing
        return _value(rubric, rubric.no_fix, (Adjustment(0, reason, (), "no-fix"),))
    hard = lowest(facts.flaws, rubric.hard)
    if hard:
        return _value(rubric, hard.base, (hard.row,))
    return _value(rubric, rubric.base, (*_fixes(fixed, rubric), *_complexity(rubric, facts)))


def _value(rubric: Fixes, base: float, adjustments: tuple[Adjustment, ...]) -> LearningValue:
    """Clamp and round half up; what rounding adds is a row of its own, so that the sum adds up."""
    limited = max(rubric.minimum, min(rubric.maximum, base + sum(a.points for a in adjustments)))
    final = math.floor(limited + 0.5)
    if final != limited:
        adjustments = (*adjustments, Adjustment(final - limited, "rounded half up", (), "rounding"))
    return LearningValue(rubric.name, base, adjustments, final, rubric.threshold, final >= rubric.threshold)


def _fixes(fixed: Sequence[Issue], rubric: Fixes) -> Iterator[Adjustment]:
    """Yield the row of the fixes that count."""
    for row in rubric.rows:
        ids = tuple(issue.id for issue in fixed if issue.fix_class == row.class_)
        if len(ids) >= row.least:
            yield Adjustment(
                row.points, f"{_WORDS.get(len(ids), str(len(ids)))} category {row.class_} fix{'es' if len(ids) > 1 else ''}", ids, row.id
            )
            return


def _complexity(rubric: Fixes, facts: Facts) -> Iterator[Adjustment]:
    """Yield what IDEAL's complexity adds, in the rubric's order up to its limit, and what simplicity takes away."""
    room = rubric.most_complexity
    for row in rubric.complexity:
        points = min(row.points, room) if row.points > 0 else row.points
        reason = _reason(row, facts) if points else ""
        if reason:
            room -= max(points, 0)
            yield Adjustment(points, f"complexity: {reason}", (), f"complexity.{row.id}")


def _reason(row: ComplexityRow, facts: Facts) -> str:
    """Return what IDEAL has that a row asks for, counted; empty when it has not."""
    number = len(facts.services)
    if row.any:
        found = facts.practices.get(row.id, ())
        more = f" and {len(found) - 2} more" if len(found) > 2 else ""
        return f"{row.reason} ({', '.join(f'`{address}`' for address in found[:2])}{more})" if found else ""
    if row.least_services:
        return f"{number} integrated services ({', '.join(facts.services)})" if number >= row.least_services else ""
    if not facts.whole or not 0 < number <= row.most_services:
        return ""
    return f"a single service ({facts.services[0]})" if number == 1 else f"{number} services only ({', '.join(facts.services)})"
