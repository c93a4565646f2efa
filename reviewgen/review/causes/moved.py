"""Defects that go from one draft to another, which has their cause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.finding import Finding

from ..defects import Defect
from ..draft import Draft

Follows = Callable[[Finding], bool]


def moved(found: list[Draft], position: int, follows: Follows) -> list[Draft]:
    """Return the drafts, what Terraform says in others with the same fate and follows from one of them at that one.

    A draft all of whose defects go gives whatever goes with it, and stays without defects: positions are kept.
    """
    result = list(found)
    for other, draft in enumerate(found):
        if other == position or draft.status is not found[position].status or draft.lead is None or not tf.is_rule(draft.lead.rule):
            continue
        gone = tuple(d for d in draft.defects if follows(d.finding))
        if gone:
            result[position], result[other] = _given(result[position], draft, gone)
    return result


def _given(host: Draft, draft: Draft, gone: tuple[Defect, ...]) -> tuple[Draft, Draft]:
    rest = tuple(d for d in draft.defects if d not in gone)
    if rest:
        return replace(host, along=(*host.along, *gone)), replace(draft, defects=rest)
    empty = replace(draft, defects=(), along=(), others=())
    return replace(host, along=(*host.along, *gone, *draft.along), others=(*host.others, *draft.others)), empty
