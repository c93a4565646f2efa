"""Errors of real runs as findings: which resource, which rule, in which of the trees.

An issue needs proof of two things: that the tree has the defect, and what the other tree does about it. What an error of an emulator proves is less
than what AWS's own proves; where either is open, a note says so instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reviewgen.evidence import messages
from reviewgen.model.diagnostic import Diagnostic, Validation
from reviewgen.model.evidence import Evidence, Outcome, Step, Tool
from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Impact, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.review.diagnostics import plain, words
from reviewgen.rules import CATALOGUE

from .places import declared, key, placed
from .sides import SIDES, Sides

_STAGES = {Step.INIT: Stage.INIT, Step.PLAN: Stage.PLAN, Step.APPLY: Stage.APPLY}
_LONGEST_TITLE = 90
# What `init` says above, or of, errors that other messages tell with their places.
_HEADLINES = (
    "Terraform encountered problems during initialisation",
    "OpenTofu encountered problems during initialisation",
    "Unreadable module directory",
)
_OF_AWS = ("operation error", "api error", "StatusCode:")

Found = tuple[tuple[Finding, ...], tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Proof:
    """An error that says something about a tree.

    Attributes:
        rule: Id of the rule that knows such errors; empty when none does.
        finding: What it says by itself. What an emulator says is said of that emulator: it may lack what AWS has.
        step: The command that gave it.
        certain: Whether AWS, or Terraform itself, gave it; False where only an emulator did.
    """

    rule: str
    finding: Finding
    step: Step
    certain: bool


def findings(evidence: Evidence, sides: Sides, verdicts: Sequence[Validation]) -> tuple[Found, tuple[str, ...]]:
    """Return the findings of both trees with what runs prove, and notes about errors that prove nothing.

    Args:
        evidence: The records.
        sides: The trees with the findings of rules.
        verdicts: What Terraform says of each tree: what it says is no news.
    """
    proofs = {side: list(_proofs(evidence, sides, side, verdict)) for side, verdict in zip(SIDES, verdicts, strict=True)}
    found = {side: list(own) for side, own in zip(SIDES, sides.findings, strict=True)}
    open_ = 0
    for side in SIDES:
        for proof in proofs[side]:
            if not _marked(found[side], proof) and not _spread(evidence, sides, side, proof, proofs, found):
                open_ += 1
    return (tuple(found["model"]), tuple(found["ideal"])), _notes(open_)


def _notes(open_: int) -> tuple[str, ...]:
    if not open_:
        return ()
    some = "One error of a run is" if open_ == 1 else f"{open_} errors of runs are"
    return (f"{some} no issue of this review: it is not known what the other tree does about it, or only an emulator says so.",)


def _proofs(evidence: Evidence, sides: Sides, side: str, verdict: Validation) -> Iterator[Proof]:
    graph = sides.pair[SIDES.index(side)]
    told = {key(d) for d in (verdict.joined or verdict.diagnostics) if d.observed}
    for step, stage in _STAGES.items():
        ran = evidence.step(side, step)
        if ran is None or ran[1].outcome is not Outcome.FAILED:
            continue
        for error in ran[1].errors:
            at = placed(graph, error)
            known = messages.known(error, emulated=ran[0].emulator is not None)
            if key(at) in told or error.summary.startswith(_HEADLINES) or (known is not None and known.kind):
                continue
            owner = declared(graph, at)
            of_aws = any(mark in f"{error.summary} {error.detail}" for mark in _OF_AWS)
            real = ran[0].emulator is None
            finding = _finding(at, owner, known if real else None, stage, ran[0].emulator)
            yield Proof(known.rule if known is not None else "", finding, step, real or (step is not Step.APPLY and not of_aws))


def _finding(error: Diagnostic, owner: Declaration | None, known: messages.Message | None, stage: Stage, emulator: Tool | None) -> Finding:
    """Return what an error says; where the catalogue has a rule for it with that rule's lesson and source."""
    rule = next((r for r in CATALOGUE if known is not None and r.id == known.rule), None)
    said = plain(" ".join(error.summary.split()))
    code = messages.code(error)
    address, type_ = (owner.address, owner.type) if owner is not None else ("", "")
    who = emulator.name if emulator is not None else "AWS"
    what = f"{who} refuses `{type_}`: {code}" if code and type_ else f"{who} answers {code}" if code else said
    title = known.title if known is not None else what if len(what) <= _LONGEST_TITLE else f"`terraform {stage.value}` fails"
    place = f"`{address}`" if address else "the configuration"
    return Finding(
        rule.id if rule is not None else f"run:{stage.value}",
        title,
        Category.BLOCKER,
        Severity.CRITICAL,
        address,
        f"`terraform {stage.value}` failed at {place}{f' on {emulator}' if emulator is not None else ''}: {said.rstrip('.')}.",
        f'`terraform {stage.value}` of {place} gives no "{code or said[:_LONGEST_TITLE]}"',
        key="" if rule is not None else code or said[:60],
        fix_class=rule.fix_class if rule is not None else "B",
        stage=stage,
        message=words(error),
        impact=tuple(Impact(aspect, text) for aspect, text in rule.impact) if rule is not None else _IMPACT[stage],
        lesson=rule.lesson if rule is not None else "",
        source=rule.source if rule is not None else "",
        signals=("deploy",),
        group="" if rule is not None else f"{address} {code or said[:60]}",
        observed=True,
    )


_IMPACT = {
    stage: (Impact("Deployment", f"`terraform {stage.value}` ended with this error, so the stack was not created as a whole."),)
    for stage in (Stage.INIT, Stage.PLAN, Stage.APPLY)
}


def _marked(found: list[Finding], proof: Proof) -> bool:
    """Mark the finding of a rule that a run proves; False when that rule found nothing there."""
    for n, finding in enumerate(found):
        takes_part = {finding.address, *(place.rpartition(".")[0] for place in finding.related), *finding.related}
        if finding.rule == proof.rule and proof.finding.address in takes_part:
            found[n] = replace(finding, observed=True, message=proof.finding.message, stage=proof.finding.stage)
            return True
    return False


def _spread(
    evidence: Evidence, sides: Sides, side: str, proof: Proof, proofs: dict[str, list[Proof]], found: dict[str, list[Finding]]
) -> bool:
    """Add what a run proves to the tree, and to the other one where that has the same block; False where this is open."""
    other = SIDES[1 - SIDES.index(side)]
    finding = proof.finding
    there = sides.other(side, finding.address) if finding.address else None
    again = any(p.finding.rule == finding.rule and p.finding.address == there and p.finding.key == finding.key for p in proofs[other])
    passed = _passed(evidence, other, proof.step)
    gone = bool(finding.address) and there is None
    if again:
        if proof.certain:
            found[side].append(finding)
        return proof.certain  # the other tree's own error adds it there
    if not proof.certain and not (side == "model" and passed and not sides.same(side, finding.address)):
        return False
    if passed or (gone and proof.certain):
        found[side].append(finding)
        return True
    if there is not None and sides.same(side, finding.address) and proof.certain:
        found[side].append(finding)
        found[other].append(
            replace(finding, address=there, observed=False, problem=f"{finding.problem} {other.upper()} has the same block.")
        )
        return True
    return False


def _passed(evidence: Evidence, side: str, step: Step) -> bool:
    """Whether a step, or a later one that needs it, passed on a tree."""
    later = [Step.INIT, Step.PLAN, Step.APPLY][[Step.INIT, Step.PLAN, Step.APPLY].index(step) :]
    return any((ran := evidence.step(side, s)) is not None and ran[1].outcome is Outcome.PASSED for s in later)
