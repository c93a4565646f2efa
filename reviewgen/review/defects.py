"""Findings of two trees to defects with a status.

The same finding in both trees is left, one of MODEL alone is fixed, one of IDEAL alone introduced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reviewgen.model.finding import Finding
from reviewgen.model.review import Check, Status
from reviewgen.model.source import SampleClass

from .inputs import Inputs

# Rule, IDEAL's address, argument path, and what tells findings at one place apart.
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Defect:
    """A finding and what became of it. ``finding`` is of the tree that has the defect, for ``left`` of IDEAL."""

    finding: Finding
    status: Status
    check: Check


def defects(inputs: Inputs, model: Iterable[Finding], ideal: Iterable[Finding]) -> Iterator[Defect]:
    """Yield the defects of a pair, under IDEAL's address where both trees have one.

    Which tiers of findings are reported depends on the status and on what PROMPT asks.
    """
    theirs = {_key(f, {}): f for f in ideal}
    ours = _followed(inputs, {_key(f, inputs.names): f for f in model}, theirs)
    for key, finding in ours.items():
        status = Status.LEFT if key in theirs else Status.FIXED
        if status is Status.FIXED and not _can_be_fixed(inputs):
            status = Status.LEFT
        chosen = _weighed(theirs.get(key, finding), status, inputs)
        if _reported(chosen, status, inputs):
            yield Defect(chosen, status, _check(chosen, status, inputs))
    for key, finding in theirs.items():
        if key not in ours and _can_be_fixed(inputs) and _reported(finding, Status.INTRODUCED, inputs):
            yield Defect(_weighed(finding, Status.INTRODUCED, inputs), Status.INTRODUCED, _check(finding, Status.INTRODUCED, inputs))


def _key(finding: Finding, names: dict[str, str]) -> Key:
    # Some rules tell their findings apart by a further address, which may be renamed too.
    key = ":".join(names.get(part, part) for part in finding.key.split(":"))
    return finding.rule, names.get(finding.address, finding.address), finding.attribute, key


def _followed(inputs: Inputs, ours: dict[Key, Finding], theirs: dict[Key, Finding]) -> dict[Key, Finding]:
    """Return MODEL's findings, each of a block that IDEAL replaced by another one with the same defect under that one's key.

    A block of the same type that takes over the task takes over the defect: it is left, not repaired and made anew.
    """
    free = [k for k in theirs if k not in ours and k[0].startswith("RG") and inputs.model.get(k[1]) is None]
    found: dict[Key, Finding] = {}
    for key, finding in ours.items():
        heir = None
        if key not in theirs and inputs.ideal.get(key[1]) is None:
            heir = next((k for k in free if k[0] == key[0] and k[2] == key[2] and _type(k[1]) == _type(key[1])), None)
        if heir is not None:
            free.remove(heir)
        found[heir or key] = finding
    return found


def _type(address: str) -> str:
    """``module.a.aws_vpc.main`` to ``aws_vpc``."""
    return address.split(".")[-2] if "." in address else ""


def _can_be_fixed(inputs: Inputs) -> bool:
    """Without a corrected tree nothing is known to be repaired."""
    return inputs.class_ not in (SampleClass.NO_IDEAL_CODE, SampleClass.NO_MODEL_CODE, SampleClass.WRONG_TASK)


def _asked(finding: Finding, inputs: Inputs) -> bool:
    return any(topic in inputs.prompt for topic in finding.topics)


def _weighed(finding: Finding, status: Status, inputs: Inputs) -> Finding:
    """Return the finding with the category that it has in this sample: what PROMPT asks and IDEAL repairs or takes away weighs more."""
    weighs = finding.asked and status in (Status.FIXED, Status.INTRODUCED) and _asked(finding, inputs)
    return replace(finding, category=finding.asked) if finding.asked and weighs else finding


def _reported(finding: Finding, status: Status, inputs: Inputs) -> bool:
    changed = status in (Status.FIXED, Status.INTRODUCED)
    asked = _asked(finding, inputs)
    return {1: True, 2: changed or asked, 3: changed and asked, 4: asked}[finding.tier]


def _check(finding: Finding, status: Status, inputs: Inputs) -> Check:
    """Return the finding's assertion with its results; where the other tree has no such declaration the assertion says so."""
    name = f"`{finding.address}`"
    if status is Status.FIXED:
        gone = finding.address and inputs.ideal.get(inputs.names.get(finding.address, finding.address)) is None
        return Check(f"{name} is no longer declared" if gone else finding.check, False, True)
    if status is Status.INTRODUCED:
        new = finding.address and inputs.model.get(finding.address) is None
        return Check(f"{name} is not declared, or {finding.check}" if new else finding.check, True, False)
    return Check(finding.check, False, False)
