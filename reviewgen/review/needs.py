"""Requirements of PROMPT that a tree does not meet, as findings: one for each capability, whatever number of lines ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reviewgen.model.requirement import Coverage, Requirement, Verdict
from reviewgen.model.review import Category, Status
from reviewgen.model.source import SampleClass
from reviewgen.records import dataclass
from reviewgen.requirements import Capability, capability

from .inputs import Inputs

_CATEGORIES = list(Category)
# Further things that answer a requirement add nothing to what a correction shows.
_MOST_ANSWERS = 12


@dataclass(frozen=True)
class Need:
    """A capability that PROMPT asks for and a tree lacks.

    Attributes:
        capability: What is asked.
        requirement: The line of PROMPT that asks for it most plainly: one with a number before others, then the first.
        requirements: Ids of all lines that ask for it.
        status: ``fixed``, ``unmet`` or ``introduced``.
        answers: Addresses that answer it in the tree that has it.
        gaps: What lacks it, with the argument where one would do.
    """

    capability: Capability
    requirement: Requirement
    requirements: tuple[str, ...]
    status: Status
    answers: tuple[str, ...]
    gaps: tuple[str, ...] = ()


def needs(inputs: Inputs) -> list[Need]:
    """Return the capabilities that PROMPT asks for and that one or both trees certainly lack, the worst and most particular first."""
    groups: dict[str, list[Coverage]] = {}
    alone = inputs.class_ is SampleClass.NO_IDEAL_CODE
    for row in inputs.coverage:
        if row.capability:
            # A correction without code answers nothing of what MODEL leaves open, and takes nothing away.
            groups.setdefault(row.capability, []).append(replace(row, ideal=row.model) if alone else row)
    found = [need for rows in groups.values() if (need := _need(rows, inputs.refuted)) is not None]
    return sorted(found, key=lambda n: (_CATEGORIES.index(n.capability.category), n.capability.core, n.requirement.line, n.capability.id))


def _need(rows: list[Coverage], refuted: frozenset[str]) -> Need | None:
    """Return what some lines ask for; one that IDEAL answers and answers wrongly in a particular (``refuted``) is not repaired."""
    status = _status(rows)
    if status is Status.FIXED:
        rows = [row for row in rows if row.requirement.id not in refuted]
        status = _status(rows)
    known = capability(rows[0].capability) if rows else None
    if status is None or known is None:
        return None
    words = {w for w in known.title.lower().split() if len(w) > 2}

    def order(r: Requirement) -> tuple[bool, bool, int, bool, bool, int]:
        """The line that names it most fully; of equals, not the heading that names the topic but the line below it that asks."""
        return (
            not r.binding,
            r.text.rstrip("* ").endswith(":"),
            -sum(w in r.text.lower() for w in words),
            r.number is None,
            not r.parent,
            r.line,
        )

    asked = min((r.requirement for r in rows if Verdict.UNMET in (r.model, r.ideal)), key=order)
    answers = {Status.FIXED: rows[0].ideal_addresses, Status.INTRODUCED: rows[0].model_addresses}.get(status, ())[:_MOST_ANSWERS]
    gaps = next((g for r in rows if (g := r.model_gaps if status is Status.FIXED else r.ideal_gaps or r.model_gaps)), ())
    return Need(known, asked, tuple(dict.fromkeys(r.requirement.id for r in rows)), status, answers, gaps)


def _status(rows: Iterable[Coverage]) -> Status | None:
    verdicts = {(r.model, r.ideal) for r in rows}
    if (Verdict.UNMET, Verdict.MET) in verdicts:
        return Status.FIXED
    if (Verdict.MET, Verdict.UNMET) in verdicts:
        return Status.INTRODUCED
    return Status.UNMET if (Verdict.UNMET, Verdict.UNMET) in verdicts else None
