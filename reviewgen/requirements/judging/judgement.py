"""What a tree says to something that PROMPT asks in particular: an amount, a prohibition, a set of tags."""

from __future__ import annotations

from dataclasses import replace

from reviewgen.model.finding import Finding
from reviewgen.model.prose import code, of_each
from reviewgen.model.requirement import Requirement, Verdict
from reviewgen.model.review import Severity
from reviewgen.records import dataclass

_LONGEST_TITLE = 90


@dataclass(frozen=True, slots=True)
class Judgement:
    """One tree's answer.

    Attributes:
        requirement: What PROMPT asks.
        subject: Id of the amount, prohibition or tag that it is about; the same in both trees.
        verdict: The answer; ``unmet`` only when it is certain.
        addresses: Declarations that answer it, rightly or wrongly.
        finding: What is wrong; None when nothing is.
        silent: The tree certainly says nothing to it: what it does not answer, it does not answer wrongly.
    """

    requirement: Requirement
    subject: str
    verdict: Verdict
    addresses: tuple[str, ...] = ()
    finding: Finding | None = None
    silent: bool = False


def paired(model: Judgement, ideal: Judgement) -> tuple[Finding | None, Finding | None]:
    """Return the findings of both trees that can be told as fixed, left or introduced.

    A wrong answer counts as repaired, or as newly wrong, only when the other tree certainly answers rightly; it is new, too, where MODEL says
    nothing. What both answer wrongly is one defect at one place, that of IDEAL when they have none in common.
    """
    ours, theirs = model.finding, ideal.finding
    if ours is not None and theirs is not None and _says(theirs, ours):
        return ours, ours
    if ours is not None and theirs is not None:
        common = next((a for a in places(theirs) if a in places(ours)), theirs.address)
        left = _at(_of_both(ours, theirs), common)
        return left, left
    if ours is not None and ideal.verdict is not Verdict.MET:
        return None, None
    if theirs is not None and model.verdict is not Verdict.MET and not model.silent:
        return None, None
    return ours, theirs


def _says(finding: Finding, of_variable: Finding) -> bool:
    """Whether a finding about a use of a variable says what one about the variable's default does: the same value by the same default."""
    same = finding.rule != of_variable.rule and finding.key == of_variable.key and of_variable.address in finding.related
    return same and f"the default of {code(of_variable.address)}" in finding.problem


def _of_both(ours: Finding, theirs: Finding) -> Finding:
    """Return IDEAL's finding with what is true of MODEL, too: counts, files and names may be others there, and more may be wrong."""
    if ours.problem == theirs.problem:
        return theirs
    return replace(
        theirs,
        severity=min(ours.severity, theirs.severity, key=list(Severity).index),
        title=_title_of_both(ours.title, theirs.title),
        problem=of_each(ours.problem, theirs.problem),
        check=theirs.check if ours.check == theirs.check else f"{ours.check}, and {theirs.check}",
        present=tuple(p for p in theirs.present if p in ours.present),
        absent=tuple(a for a in theirs.absent if a in ours.absent),
    )


def _title_of_both(ours: str, theirs: str) -> str:
    """Return a title that is true of both trees, or says of which it is."""
    if ours == theirs:
        return ours
    word = theirs.split(" ")[0]
    both = f"{ours}; in IDEAL {word.lower() if word.istitle() else word}{theirs.removeprefix(word)}"
    return both if len(both) <= _LONGEST_TITLE else f"{ours} (in MODEL)"


def places(finding: Finding) -> tuple[str, ...]:
    """Return the declarations that a finding is about, the leading one first."""
    suffix = f".{finding.attribute}" if finding.attribute else ""
    return (finding.address, *(a.removesuffix(suffix) for a in finding.related if a.endswith(suffix)))


def _at(finding: Finding, address: str) -> Finding:
    """Return a finding with another of its places in the lead."""
    if address == finding.address:
        return finding
    suffix = f".{finding.attribute}" if finding.attribute else ""
    rest = [f"{finding.address}{suffix}", *(r for r in finding.related if r != f"{address}{suffix}")]
    return replace(finding, address=address, related=tuple(rest))
