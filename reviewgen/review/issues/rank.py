"""The order of issues, their numbers, and which of them are too small for one."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from reviewgen.model.diff import Diff
from reviewgen.model.review import Category, Issue, Minor, Severity, Status

from .doubts import doubtful_title, with_doubts

_CATEGORIES = list(Category)
_SEVERITIES = list(Severity)
# What nobody repaired although PROMPT asks for it must not fall off the end of a crowded page.
_STATUSES = [Status.UNMET, Status.FIXED, Status.INTRODUCED, Status.LEFT]
# From this many issues on, those of the lowest severity that PROMPT does not ask about go to the closing table.
_FULL = 8
# From here on only warnings that PROMPT asks about are numbered.
_CROWDED = 12
_SAME = Diff()


def _rank(issue: Issue) -> tuple[int, int, int, int, bool, str]:
    """Blockers first; what PROMPT asks by a number of its own before the rest; then larger corrections."""
    numbered = issue.requirement is not None and issue.requirement.number is not None
    return (
        _CATEGORIES.index(issue.category),
        _SEVERITIES.index(issue.severity),
        _STATUSES.index(issue.status),
        not numbered,
        not issue.solution,
        issue.fingerprint,
    )


def _small(issue: Issue, before: int) -> bool:
    """Whether an issue is too small to be numbered behind so many others: what nobody asked for counts less the more there are."""
    if issue.curator:
        return False  # what a curator said about it has no place in a table
    if issue.severity is Severity.LOW:
        room = _FULL if issue.requirement is None else _CROWDED
        return before >= room and "validate" not in issue.signals  # what Terraform itself prints in every run keeps its number
    return before >= _CROWDED and issue.category is Category.WARNING and issue.requirement is None


def ranked(
    issues: Iterable[Issue], most: int, aside: Container[str] = (), diff: Diff = _SAME
) -> tuple[tuple[Issue, ...], tuple[Minor, ...]]:
    """Return the issues in order with their numbers, and what is left for the closing table.

    Args:
        issues: All issues of the sample.
        most: How many a document may have.
        aside: Fingerprints of those for the table whatever their rank, as long as the curator says nothing about them.
        diff: The difference of the two trees.
    """
    found = sorted(issues, key=_rank)
    large: list[Issue] = []
    for candidate in found:
        beside = candidate.fingerprint in aside and not candidate.curator
        if not beside and not _small(candidate, len(large)):
            large.append(candidate)
    kept = large[:most]
    rest = [i for i in found if i not in kept]
    numbered = tuple(replace(issue, id=str(number)) for number, issue in enumerate(kept, 1))
    told = (*numbered, *rest)
    minor = tuple(Minor(doubtful_title(i, told, diff), i.where, i.status, i.rule, i.removed, i.requirements) for i in rest)
    return tuple(with_doubts(issue, told, diff) for issue in numbered), minor
