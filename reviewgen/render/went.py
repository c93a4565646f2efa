"""How an issue that IDEAL fixes was fixed, where its code went: with what had it, or in favour of something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from reviewgen.model import Issue, Review
from reviewgen.model.addresses import declaration

from . import words

# Types of which each can do the work of another.
_OF_ONE_KIND = (("aws_instance", "aws_launch_template", "aws_launch_configuration"), ("aws_rds_cluster", "aws_db_instance"))
_WENT = ": it went with what IDEAL no longer declares"
# What a function's package lacks may come with a layer, which is built elsewhere and cannot be looked into.
_LIBRARY, _BY_A_LAYER = "RG327", ": by a layer, whose content was not looked at"


def how_it_went(issue: Issue, review: Review) -> str:
    """Say that a fixed issue went with what had it; where IDEAL has a new resource of that type, nobody knows whether that stands for it."""
    if issue.rule == _LIBRARY and any(change.address.endswith(".layers") for change in issue.values):
        return _BY_A_LAYER
    if not issue.removed:
        return ""
    diff = review.diff
    of_type = Counter(_type(a) for a in _brought(review) if "_" in _type(a))
    if last := next((a for a in issue.corrected if a in diff.removed and "_" in _type(a) and not of_type[_type(a)]), ""):
        return _beside(last, of_type)
    gone = (a for place in issue.where if (a := declaration(place)[0]) in diff.removed)
    for address in dict.fromkeys(gone):
        if others := of_type[_type(address)]:
            return f": IDEAL no longer declares {words.tick(address)}, and declares {'another' if others == 1 else 'others'} of its type"
    return _WENT


def _beside(gone: str, brought: Mapping[str, int]) -> str:
    """Name the type of IDEAL's new resources, of those that may do the work of what is gone, as servers do; there is none of its own type."""
    kind = next((types for types in _OF_ONE_KIND if _type(gone) in types), ())
    other = next((t for t in kind if t in brought), "")
    if not other:
        return _WENT
    what = "a resource" if brought[other] == 1 else "resources"
    return f": IDEAL no longer declares {words.tick(gone)}, and declares {what} of the type {words.tick(other)}"


def _brought(review: Review) -> Iterator[str]:
    """Yield the new addresses of IDEAL; where it has modules that nothing calls, those of modules whose call is new, too, and of the root only."""
    for address in review.diff.added:
        call = ".".join(address.split(".")[:2])
        if not (review.ideal_facts.unreached and address.startswith("module.")) or call in review.diff.added:
            yield address


def _type(address: str) -> str:
    """``module.a.data.aws_vpc.main`` to ``data.aws_vpc``."""
    kind = "data." if f".{address}".rpartition(".data.")[1] else ""
    return kind + address.rpartition(".")[0].rpartition(".")[2]
