"""Which samples of a run fit what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reviewgen.records import dataclass

from .reading import IssueRow, SampleRow


@dataclass(frozen=True, slots=True)
class Wish:
    """What a sample must be; each part that is given must hold, and of several values of one part any.

    Attributes:
        score: The measure that the bounds are about.
        least: Lowest score that fits; a score that was not judged never fits.
        most: Highest score that fits.
        classes: Classes of samples.
        categories: It has an issue of one of these categories.
        rules: It has an issue of one of these rules, by id.
        statuses: It has an issue of one of these statuses.

    Categories, rules and statuses are asked of one and the same issue.
    """

    score: str = "learning"
    least: float | None = None
    most: float | None = None
    classes: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()


def select(rows: Iterable[SampleRow], wish: Wish, *, others: bool = False) -> Iterator[str]:
    """Yield the ids of the samples that fit, or with ``others`` of all that do not."""
    return (row.id for row in rows if _fits(row, wish) is not others)


def _fits(row: SampleRow, wish: Wish) -> bool:
    if wish.classes and row.class_ not in wish.classes:
        return False
    if not _in_bounds(row.scores[wish.score], wish):
        return False
    asked = wish.categories or wish.rules or wish.statuses
    return not asked or any(_has(issue, wish) for issue in row.issues)


def _in_bounds(score: float | None, wish: Wish) -> bool:
    if wish.least is None and wish.most is None:
        return True
    return score is not None and (wish.least is None or score >= wish.least) and (wish.most is None or score <= wish.most)


def _has(issue: IssueRow, wish: Wish) -> bool:
    parts = ((issue.category, wish.categories), (issue.rule, wish.rules), (issue.status, wish.statuses))
    return all(not wanted or value in wanted for value, wanted in parts)
