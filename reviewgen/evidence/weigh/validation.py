"""Terraform's own verdict in the place of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from reviewgen.model.diagnostic import Diagnostic, Validation
from reviewgen.model.evidence import Evidence, Outcome, Step
from reviewgen.terraform import Graph

from .places import key, placed

_BEFORE_AND_AFTER = (Step.INIT, Step.PLAN)


def of(evidence: Evidence, side: str, graph: Graph, own: Validation) -> Validation:
    """Return what ``terraform validate`` said of a tree; where no run tells, what our own check says, marked where a run said it, too.

    Where Terraform found errors, it stopped there, and issues are made of what our own check says beyond them as well. Where it found none, ours
    were wrong.

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
    errors = [d for step in _BEFORE_AND_AFTER for d in _errors(evidence, side, step)]
    said = {key(placed(graph, d)) for d in errors} | {place for d in errors for place in _calls(d)}
    if not said:
        return own
    return replace(own, diagnostics=tuple(replace(d, observed=True) if said & {key(d), _call(d)} else d for d in own.diagnostics))


# `init` names the call of a module that it cannot read in its detail; `validate` has another message at that place.
_UNREADABLE = re.compile(r'for module "[^"]+" at (\S+):(\d+)')
_Call = tuple[str, int]


def _calls(diagnostic: Diagnostic) -> list[_Call]:
    return [(file, int(line)) for file, line in _UNREADABLE.findall(diagnostic.detail)]


def _call(diagnostic: Diagnostic) -> _Call:
    where = diagnostic.range
    return (where.filename, where.start.line) if where is not None and diagnostic.summary == "Module not installed" else ("", 0)


def _errors(evidence: Evidence, side: str, step: Step) -> tuple[Diagnostic, ...]:
    ran = evidence.step(side, step)
    return ran[1].errors if ran is not None and ran[1].outcome is Outcome.FAILED else ()


def _real(own: Validation, said: Iterable[Diagnostic], failed: bool) -> Validation:
    """Return Terraform's words; of a message that we have as well ours, which is the same with all of its places."""
    ours = {key(d): replace(d, observed=True) for d in own.diagnostics}
    real = tuple(dict.fromkeys(ours.get(key(d), d) for d in said))
    seen = {key(d) for d in real}
    first = [ours[key(d)] if key(d) in seen else d for d in own.diagnostics if failed or key(d) in seen]
    known = {key(d) for d in first}
    joined = (*first, *(d for d in real if key(d) not in known))
    return replace(own, diagnostics=real, unchecked=(), source="terraform", joined=joined)
