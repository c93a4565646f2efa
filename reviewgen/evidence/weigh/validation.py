"""Terraform's own verdict in the place of ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reviewgen.model.evidence import Evidence, Outcome, Step
from reviewgen.model.review import Diagnostic, Validation
from reviewgen.terraform import Graph

from .places import key, placed

_BEFORE_AND_AFTER = (Step.INIT, Step.PLAN)


def of(evidence: Evidence, side: str, graph: Graph, own: Validation) -> Validation:
    """Return what ``terraform validate`` said of a tree; where no run tells, what our own check says, marked where a run said it, too.

    Where Terraform found errors, it stopped there: what our own check says beyond them is kept as ``further``. Where it found none, ours were wrong.

    Args:
        evidence: The records.
        side: The tree.
        graph: Its graph.
        own: What our own check says.
    """
    ran = evidence.step(side, Step.VALIDATE)
    if ran is not None and ran[1].outcome in (Outcome.PASSED, Outcome.FAILED):
        failed = ran[1].outcome is Outcome.FAILED
        if failed == bool(ran[1].errors):
            return _real(own, [placed(graph, d) for d in ran[1].diagnostics], failed)
    said = {key(placed(graph, d)) for step in _BEFORE_AND_AFTER for d in _errors(evidence, side, step)}
    return replace(own, diagnostics=tuple(replace(d, observed=True) if key(d) in said else d for d in own.diagnostics)) if said else own


def _errors(evidence: Evidence, side: str, step: Step) -> tuple[Diagnostic, ...]:
    ran = evidence.step(side, step)
    return ran[1].errors if ran is not None and ran[1].outcome is Outcome.FAILED else ()


def _real(own: Validation, said: Iterable[Diagnostic], failed: bool) -> Validation:
    """Return Terraform's words; of a message that we have as well ours, which is the same with all of its places."""
    ours = {key(d): d for d in own.diagnostics}
    real = tuple(replace(ours.pop(key(d)), observed=True) if key(d) in ours else d for d in said)
    further = tuple(d for d in own.diagnostics if key(d) in ours) if failed else ()
    return replace(own, diagnostics=real, unchecked=(), source="terraform", further=further)
