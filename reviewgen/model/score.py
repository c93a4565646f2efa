"""The rubrics' results, each a sum with its rows."""

from __future__ import annotations

from reviewgen.records import dataclass


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One row of the sum: points, why, the issues that cause it, and the rubric's rule that says so."""

    points: float
    reason: str
    issues: tuple[str, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class LearningValue:
    """The second rubric's result. ``final`` is None when it was not judged."""

    rubric: str
    base: float
    adjustments: tuple[Adjustment, ...]
    final: float | None
    threshold: float
    accepted: bool


@dataclass(frozen=True, slots=True)
class Score:
    """The first rubric's result: ``before`` and ``after`` are None when it was not judged; ``after_adjustments`` explains ``after``."""

    rubric: str
    base: float
    adjustments: tuple[Adjustment, ...]
    before: float | None
    after: float | None
    after_adjustments: tuple[Adjustment, ...] = ()
    learning_value: LearningValue | None = None
