"""Scores: rubrics as data files, facts counted in the trees, arithmetic as pure functions.

Every adjustment names its issues and its rule of the rubric, and the sums add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reviewgen.model.review import Issue
from reviewgen.model.score import Score

from .catalogue import Rubrics, load
from .facts import Facts, Flaw, facts
from .failures import deducted, pointed
from .learning import learned
from .services import services

__all__ = ["Facts", "Flaw", "Rubrics", "deducted", "facts", "learned", "load", "pointed", "score", "services"]


def score(issues: Sequence[Issue], rubrics: Rubrics, counted: Facts) -> tuple[tuple[Issue, ...], Score]:
    """Return the issues with their points, and both rubrics' results.

    Args:
        issues: Numbered issues.
        rubrics: The rubrics.
        counted: What ``facts`` counted.
    """
    result = deducted(issues, rubrics.failures, counted)
    return pointed(issues, rubrics.failures), replace(result, learning_value=learned(issues, rubrics.learning, counted))
