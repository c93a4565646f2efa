"""Hard blockers: flaws so deep that a base of their own takes the place of the usual one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reviewgen.model.score import Adjustment
from reviewgen.records import dataclass

from .facts import Flaw


@dataclass(frozen=True, slots=True)
class Hard:
    """The base that counts instead, and the row of the sum that says why; it has no points of its own."""

    base: float
    row: Adjustment


def lowest(flaws: Iterable[Flaw], bases: Mapping[str, float]) -> Hard | None:
    """Return the hard blocker with the lowest base, so that their order never matters; None when there is none."""
    found = sorted((bases[flaw.kind], flaw.kind, flaw.issues, flaw.text) for flaw in flaws if flaw.kind in bases)
    if not found:
        return None
    base, kind, issues, text = found[0]
    return Hard(base, Adjustment(0, f"hard blocker, the base is {base:g}: {text}", issues, f"hard-blocker.{kind}"))
