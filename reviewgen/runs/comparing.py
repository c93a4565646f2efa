"""What became of the issues and scores between two runs over the same samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reviewgen.model.review import Category
from reviewgen.records import dataclass

from .reading import MEASURES, IssueRow, SampleRow

_WEIGHTS = {category.value: weight for weight, category in enumerate((Category.WARNING, Category.CRITICAL, Category.BLOCKER), 1)}


@dataclass(frozen=True, slots=True)
class Change:
    """An issue that only one of the runs has, or that has another category or status; identity is the fingerprint.

    Attributes:
        sample: The sample.
        title: The issue's title, in the later run where that has it.
        before: Category and status in the earlier run; empty when it had no such issue.
        after: Category and status in the later run; empty when it has no such issue.
        fingerprint: The issue's identity.
        worse: The later run has an issue that the earlier one had not, or in a heavier category.
    """

    sample: str
    title: str
    before: tuple[str, str] | None
    after: tuple[str, str] | None
    fingerprint: str
    worse: bool

    @property
    def kind(self) -> str:
        """``new``, ``gone`` or ``changed``."""
        return "new" if self.before is None else "gone" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class Movement:
    """A score that differs; None where a run did not judge it. ``worse`` when it fell."""

    sample: str
    measure: str
    before: float | None
    after: float | None

    @property
    def worse(self) -> bool:
        """Whether the score fell; a score that is judged no longer, or for the first time, did not."""
        return self.before is not None and self.after is not None and self.after < self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side.

    Attributes:
        samples: Number of samples that both runs have.
        missing: Samples of the earlier run that the later one lacks.
        added: Samples that only the later run has.
        changes: In the order of samples; within one, new issues first, then changed, then gone ones.
        movements: In the order of samples and of ``MEASURES``.
    """

    samples: int
    missing: tuple[str, ...]
    added: tuple[str, ...]
    changes: tuple[Change, ...]
    movements: tuple[Movement, ...]

    @property
    def regressed(self) -> bool:
        """Whether the later run is worse anywhere: it lacks a sample, an issue is new or heavier, a score fell."""
        return bool(self.missing) or any(c.worse for c in self.changes) or any(m.worse for m in self.movements)


def compare(before: Mapping[str, SampleRow], after: Mapping[str, SampleRow]) -> Comparison:
    """Return how a later run differs from an earlier one."""
    both = [id for id in before if id in after]
    return Comparison(
        len(both),
        tuple(id for id in before if id not in after),
        tuple(id for id in after if id not in before),
        tuple(change for id in both for change in _changes(before[id], after[id])),
        tuple(movement for id in both for movement in _movements(before[id], after[id])),
    )


def _changes(before: SampleRow, after: SampleRow) -> list[Change]:
    ours = {issue.fingerprint: issue for issue in before.issues}
    theirs = {issue.fingerprint: issue for issue in after.issues}
    found = [_change(before.id, ours.get(f), issue) for f, issue in theirs.items() if _said(ours.get(f)) != _said(issue)]
    found += [_change(before.id, issue, None) for f, issue in ours.items() if f not in theirs]
    order = ("new", "changed", "gone")
    return sorted(found, key=lambda c: (order.index(c.kind), c.fingerprint))


def _change(sample: str, before: IssueRow | None, after: IssueRow | None) -> Change:
    known = after or before
    assert known is not None, "one of the runs has the issue"
    worse = after is not None and (before is None or _WEIGHTS.get(after.category, 0) > _WEIGHTS.get(before.category, 0))
    return Change(sample, known.title, _said(before), _said(after), known.fingerprint, worse)


def _said(issue: IssueRow | None) -> tuple[str, str] | None:
    return (issue.category, issue.status) if issue is not None else None


def _movements(before: SampleRow, after: SampleRow) -> Iterator[Movement]:
    for measure in MEASURES:
        ours, theirs = before.scores[measure], after.scores[measure]
        if ours != theirs:
            yield Movement(before.id, measure, ours, theirs)
