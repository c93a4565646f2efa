"""The rows of a run to its summary, and the summary to a document."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from reviewgen import render
from reviewgen.config import CATEGORIES
from reviewgen.model.review import Status
from reviewgen.records import dataclass
from reviewgen.runs import SampleRow

from . import likeness
from .issues import Issues
from .likeness import Likeness
from .requirements import Requirements
from .scores import Scores
from .worth import Ranking

# Rows of a table; of more there is the number. A pattern recurs when two samples have it.
_MOST = 25
_MOST_LISTED = 15
_MOST_MEMBERS = 8
_RECURS = 2

_SCORES = {"before": "Before the corrections", "after": "After the corrections", "learning": "Learning value"}
_MOST_WORTH = (
    "By learning value, then by the number of blockers, critical issues and warnings that IDEAL corrects. Of samples that are the same or "
    "nearly the same only the best is ranked."
)
_LEAST_WORTH = (
    "By learning value from below, then by the number of blockers, critical issues and warnings that IDEAL corrects; of equals, samples "
    "that are like one before them come first."
)

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Failure:
    """A sample that could not be reviewed: what kind of failure that was, and why."""

    id: str
    kind: str
    error: str


@dataclass(frozen=True, slots=True)
class Summary:
    """All that was counted; each part has its own module."""

    reviewed: int
    classes: tuple[tuple[str, int], ...]
    scores: Scores
    issues: Issues
    requirements: Requirements
    likeness: Likeness
    ranking: Ranking
    failures: tuple[Failure, ...]


def summarise(rows: Iterable[SampleRow], failures: Iterable[Failure] = ()) -> Summary:
    """Count what the rows of a run say; they are read one by one and sorted by sample."""
    parts = scores, issues, asked, alike, ranking = Scores(), Issues(), Requirements(), Likeness(), Ranking()
    classes: Counter[str] = Counter()
    for row in rows:
        classes[row.class_] += 1
        for part in parts:
            part.add(row)
    by_number = tuple(sorted(classes.items(), key=lambda item: (-item[1], item[0])))
    failed = tuple(sorted(failures, key=lambda failure: failure.id))
    return Summary(classes.total(), by_number, scores, issues, asked, alike, ranking, failed)


def page(found: Summary) -> str:
    """Return the summary as Markdown."""
    repeated = found.likeness.repeated
    rankings = (
        ("Most", found.ranking.most(repeated, _MOST_LISTED), _MOST_WORTH),
        ("Least", found.ranking.least(repeated, _MOST_LISTED), _LEAST_WORTH),
    )
    return render.page(
        "runs/summary",
        found=found,
        categories=CATEGORIES,
        totals={c: sum(n for (category, _), n in found.issues.statuses.items() if category == c) for c in CATEGORIES},
        names=_SCORES,
        percent=lambda share: math.floor(share * 100),
        statuses=[status.value for status in Status],
        spreads=found.scores.spreads(),
        services=_cut(found.issues.services()),
        rules=_cut(found.issues.rules()),
        patterns=_cut(found.issues.patterns(_RECURS)),
        lacks=_cut(found.requirements.lacks()),
        same={kind: found.likeness.same(kind) for kind in likeness.KINDS},
        near=_cut(found.likeness.near(), _MOST_LISTED),
        kinds=likeness.KINDS,
        limits={"share": likeness.ENOUGH, "blocks": likeness.FEWEST, "members": _MOST_MEMBERS, "groups": _MOST_LISTED},
        rankings=rankings,
        failures=_cut(found.failures, _MOST),
    )


def _cut(rows: Sequence[_Row], most: int = _MOST) -> tuple[Sequence[_Row], int]:
    """Return the first rows of a table, and how many are left out."""
    return rows[:most], max(0, len(rows) - most)
