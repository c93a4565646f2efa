"""What became of one sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, field
from typing import Any

from reviewgen.model.review import Review
from reviewgen.records import dataclass

OUTPUT = "output"
"""The failure of a sample that was reviewed and could not be written."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one sample.

    Attributes:
        id: The sample.
        class_: Its class; empty when it failed.
        issues: Number of issues by category.
        before: Score before the corrections, None when not judged.
        after: Score after them, None when not judged.
        learning: Learning value, None when not judged.
        error: Why there is no review; empty when there is one.
        failure: What kind of failure that was: ``input``, ``output`` (its files cannot be written), ``time``, ``memory``, ``worker`` (it
            died) or ``bug``; empty for a review.
        details: Traceback when the failure is a bug of ours; empty otherwise.
        place: Where the sample stands, as the user named it; this is never kept, for another run may find it elsewhere.
    """

    id: str
    class_: str = ""
    issues: Mapping[str, int] = field(default_factory=dict)
    before: float | None = None
    after: float | None = None
    learning: float | None = None
    error: str = ""
    failure: str = ""
    details: str = ""
    place: str = ""


def of_review(id: str, review: Review) -> Result:
    """Return the result of a review."""
    counts = Counter(str(issue.category) for issue in review.issues)
    points, learning = review.score, review.score.learning_value
    return Result(id, review.sample.class_, dict(sorted(counts.items())), points.before, points.after, learning.final if learning else None)


def to_json(result: Result) -> dict[str, Any]:
    """Return a result as a mapping."""
    return {name: value for name, value in asdict(result).items() if name != "place"}


def from_json(data: Mapping[str, Any]) -> Result:
    """Return the result that ``to_json`` gave; TypeError or KeyError for what is none."""
    return Result(**data)
