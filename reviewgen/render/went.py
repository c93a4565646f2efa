"""How an issue that IDEAL fixes was fixed, where its code went: with what had it, or in favour of something else."""

from __future__ import annotations

from reviewgen.model import Issue, Review
from reviewgen.model.prose import leaves_all_out, left_out, reserves
from reviewgen.model.review import OF_ALL_CODE
from reviewgen.model.went import stand_in, stays, type_of

from . import words

_WENT = ": it went with what IDEAL no longer declares"
_WITHIN = ": IDEAL drops what was wrong, and puts nothing right in its place"
# What a function's package lacks may come with a layer, which is built elsewhere and cannot be looked into.
_LIBRARY, _BY_A_LAYER = "RG327", ": by a layer, whose content was not looked at"


def how_it_went(issue: Issue, review: Review) -> str:
    """Say how a fixed issue was fixed, where that is more or less than a repair.

    It went with what had it; where IDEAL has a new resource of that type, nobody knows whether that stands for it. Or its repair is nothing that
    IDEAL's own values create.
    """
    if issue.rule == _LIBRARY and any(change.address.endswith(".layers") for change in issue.values):
        return _BY_A_LAYER
    if not issue.removed:
        return _left_out(issue) or _reserves(issue)
    found = stand_in(issue, review.diff, spare=bool(review.ideal_facts.unreached))
    if found is None:
        return _WITHIN if stays(issue, review.diff) else _WENT
    gone, kind, number = found
    if kind == type_of(gone):
        return f": IDEAL no longer declares {words.tick(gone)}, and declares {'another' if number == 1 else 'others'} of its type"
    what = "a resource" if number == 1 else "resources"
    return f": IDEAL no longer declares {words.tick(gone)}, and declares {what} of the type {words.tick(kind)}"


def _left_out(issue: Issue) -> str:
    """Say that IDEAL's own values create nothing, or not all, of what repairs an issue; Terraform itself checks the code of all of it."""
    said = "" if issue.stage in OF_ALL_CODE else left_out(issue.problem)
    return (
        f", which leaves {'it' if leaves_all_out(issue.problem, issue.corrected) else 'some of it'} out with its own values" if said else ""
    )


def _reserves(issue: Issue) -> str:
    """Say that a repair is there under a condition only, or not for everything."""
    said = reserves(issue.problem)
    return f", but {said}" if said else ""
