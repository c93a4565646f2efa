"""Rubrics that deduct points for issues, such as ``failures@1``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from reviewgen.errors import DataError
from reviewgen.model.review import Adjustment, Category, Issue, Score, Status


@dataclass(frozen=True, slots=True)
class Deduction:
    """One row: the points of an issue of some categories, with or without a requirement of PROMPT behind it."""

    points: float
    reason: str
    categories: frozenset[Category]
    requirement: bool | None

    def fits(self, issue: Issue) -> bool:
        """Whether the row is about an issue."""
        return issue.category in self.categories and self.requirement in (None, issue.requirement is not None)


@dataclass(frozen=True, slots=True)
class Rubric:
    """A rubric as read from its file.

    Attributes:
        name: ``failures@1``.
        base: Points before any deduction.
        minimum: Lower bound of a score.
        maximum: Upper bound of a score.
        deductions: Rows; the first that fits an issue counts.
        before: Statuses that count before the corrections.
        after: Statuses that count after them.
        bases: (base, reason) that replaces the base, by sample class.
    """

    name: str
    base: float
    minimum: float
    maximum: float
    deductions: tuple[Deduction, ...]
    before: frozenset[Status]
    after: frozenset[Status]
    bases: Mapping[str, tuple[float, str]]


@cache
def load(name: str = "failures@1") -> Rubric:
    """Return a shipped rubric.

    Raises:
        DataError: There is no such rubric, or its file is not valid.
    """
    path = files("reviewgen.score").joinpath("rubrics", f"{name}.toml")
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        rows = tuple(
            Deduction(row["points"], row["reason"], frozenset(map(Category, row["categories"])), row.get("requirement"))
            for row in data["deduction"]
        )
        bases = {k: (v["base"], v["reason"]) for k, v in data.get("replaces_base", {}).items()}
        before, after = (frozenset(map(Status, data["counts"][k])) for k in ("before", "after"))
        return Rubric(data["name"], data["base"], data["minimum"], data["maximum"], rows, before, after, bases)
    except FileNotFoundError:
        raise DataError(f"no rubric {name!r}", hint="use failures@1") from None
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
        raise DataError(f"the rubric is not valid: {error}", path=f"{name}.toml") from error


def score(issues: Sequence[Issue], rubric: Rubric, sample_class: str) -> tuple[tuple[Issue, ...], Score]:
    """Return the issues with their points, and the score.

    Args:
        issues: Numbered issues.
        rubric: The rubric.
        sample_class: Value of ``SampleClass``; some classes replace the base.
    """
    pointed = tuple(replace(issue, points=_points(issue, rubric)) for issue in issues)
    base, why = rubric.bases.get(sample_class, (rubric.base, ""))
    before = _adjustments(pointed, rubric, rubric.before)
    after = _adjustments(pointed, rubric, rubric.after)
    if why:
        return pointed, Score(rubric.name, base, (Adjustment(0, why),), base, None)
    return pointed, Score(rubric.name, base, before, _total(base, before, rubric), _total(base, after, rubric), after)


def _row(issue: Issue, rubric: Rubric) -> Deduction | None:
    return next((row for row in rubric.deductions if row.fits(issue)), None)


def _points(issue: Issue, rubric: Rubric) -> float:
    row = _row(issue, rubric)
    return row.points if row else 0


def _adjustments(issues: Iterable[Issue], rubric: Rubric, statuses: frozenset[Status]) -> tuple[Adjustment, ...]:
    """One row for each issue that costs points, in the order of the issues."""
    return tuple(
        Adjustment(row.points, f"{row.reason}: {issue.title}", (issue.id,))
        for issue in issues
        if issue.status in statuses and (row := _row(issue, rubric)) is not None and row.points
    )


def _total(base: float, adjustments: Iterable[Adjustment], rubric: Rubric) -> float:
    return max(rubric.minimum, min(rubric.maximum, base + sum(a.points for a in adjustments)))
