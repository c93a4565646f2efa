"""What IDEAL declares of the same kind where it no longer declares what had a defect: nobody knows whether that stands for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from . import prose
from .addresses import declaration
from .diff import Diff
from .review import OF_ALL_CODE, Issue

# Types of which each can do the work of another.
_OF_ONE_KIND = (("aws_instance", "aws_launch_template", "aws_launch_configuration"), ("aws_rds_cluster", "aws_db_instance"))


def stand_in(issue: Issue, diff: Diff, *, spare: bool) -> tuple[str, str, int] | None:
    """Return what is gone with a fixed issue, and the type and number of IDEAL's new blocks that may stand for it; None where none may.

    Args:
        issue: The issue.
        diff: What differs between the trees.
        spare: Whether IDEAL has modules that nothing calls.
    """
    if not issue.removed:
        return None
    of_type = Counter(type_of(a) for a in _brought(diff, spare) if "_" in type_of(a))
    gone_for_good = (a for a in issue.corrected if a in diff.removed and "_" in type_of(a) and not of_type[type_of(a)])
    if last := next(gone_for_good, ""):
        return _beside(last, of_type)
    gone = (a for place in issue.where if (a := declaration(place)[0]) in diff.removed)
    return next(((a, type_of(a), of_type[type_of(a)]) for a in dict.fromkeys(gone) if of_type[type_of(a)]), None)


def stays(issue: Issue, diff: Diff) -> bool:
    """Whether IDEAL has all the blocks of an issue: of an argument, or a part of it, nothing is left that could be wrong or right."""
    return {*(declaration(place)[0] for place in issue.where), *issue.corrected}.isdisjoint(diff.removed)


def keeps_some(issue: Issue, diff: Diff) -> bool:
    """Whether IDEAL, which leaves out some of what a defect is about, has the defect in what it keeps of it."""
    if all(map(diff.drops, issue.where)):
        return False
    return any(not check.ideal and not prose.is_wanting(check.check) for check in issue.verification)


def extent(issue: Issue) -> str:
    """Return how far IDEAL's repair goes with the values that are there, ``not with its own values``; empty where that makes no difference."""
    return "" if issue.stage in OF_ALL_CODE else prose.extent(issue.problem, issue.corrected)


def _beside(gone: str, brought: Mapping[str, int]) -> tuple[str, str, int] | None:
    """Return the type of IDEAL's new resources, of those that may do the work of what is gone, as servers do; there is none of its own type."""
    kind = next((types for types in _OF_ONE_KIND if type_of(gone) in types), ())
    other = next((t for t in kind if t in brought), "")
    return (gone, other, brought[other]) if other else None


def _brought(diff: Diff, spare: bool) -> Iterator[str]:
    """Yield the new addresses of IDEAL; where it has modules that nothing calls, those of modules whose call is new, too, and of the root only."""
    for address in diff.added:
        call = ".".join(address.split(".")[:2])
        if not (spare and address.startswith("module.")) or call in diff.added:
            yield address


def type_of(address: str) -> str:
    """``module.a.data.aws_vpc.main`` to ``data.aws_vpc``."""
    kind = "data." if f".{address}".rpartition(".data.")[1] else ""
    return kind + address.rpartition(".")[0].rpartition(".")[2]
