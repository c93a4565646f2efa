"""What the rubrics count besides the issues: flaws of MODEL that block hard, and how demanding IDEAL is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from reviewgen.model import tf
from reviewgen.model.requirement import Coverage, Verdict
from reviewgen.model.review import Issue, Status
from reviewgen.model.source import SampleClass
from reviewgen.records import dataclass
from reviewgen.requirements import capability
from reviewgen.requirements.tree.conditions import Condition, Evidence, evidence_of
from reviewgen.terraform import Graph

from .rubric import Fixes
from .services import services

# Issues that stand for the whole answer, and the flaws that single issues are.
_PLATFORM = "no-terraform"
_WHOLE = (_PLATFORM, "wrong-task")
_RULES = {"wrong-region": "region", "wrong-account": "account"}
_SHARE = 0.5
# Of policies an issue says that they give too much, or too little; what is encrypted is so whatever else is wrong with it.
_RIGHTS = "aws_iam_"


@dataclass(frozen=True, slots=True)
class Flaw:
    """A flaw that may be a hard blocker: its kind (``rubric.FLAWS``), what was found, the issues that say so."""

    kind: str
    text: str
    issues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What was counted.

    Attributes:
        identical: MODEL and IDEAL hold the same code.
        corrected: IDEAL holds Terraform, and shows what it has in the place of each defect: only then can be told what it fixes.
        flaws: Flaws of MODEL.
        services: Services that IDEAL's resources belong to.
        whole: All of IDEAL's code is there, so that it has no further services.
        practices: Addresses of IDEAL that meet the conditions of a row of complexity, by the row's id; no policy that an issue calls wrong.
    """

    identical: bool = False
    corrected: bool = True
    flaws: tuple[Flaw, ...] = ()
    services: tuple[str, ...] = ()
    whole: bool = True
    practices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def facts(
    class_: SampleClass, issues: Sequence[Issue], coverage: Sequence[Coverage], ideal: Graph, rubric: Fixes, *, unseen: bool = False
) -> Facts:
    """Count what the rubrics need to know.

    Args:
        class_: Class of the sample.
        issues: Numbered issues.
        coverage: How both trees answer PROMPT, a row for each requirement and capability.
        ideal: IDEAL's graph; a set of snippets laid over MODEL.
        rubric: Names the conditions of complexity.
        unseen: What became of an issue nobody knows.
    """
    evidence = evidence_of(ideal)
    resources = [d for d in ideal.of_kind("resource") if evidence.exists(d)]
    open_ = [issue for issue in issues if issue.status is not Status.FIXED and issue.where]
    # A type that the provider does not have belongs to no service.
    unknown = {place for issue in open_ if issue.rule == tf.UNKNOWN_TYPE for place in issue.where}
    wrong = {address for address in (ideal.owner(issue.where[0])[0] for issue in open_) if _RIGHTS in address}
    return Facts(
        identical=class_ is SampleClass.IDENTICAL,
        corrected=not unseen and class_ is not SampleClass.NO_IDEAL_CODE and any(map(ideal.of_kind, ("resource", "data", "module"))),
        flaws=tuple(_flaws(issues, coverage)),
        services=services(d.type for d in resources if d.address not in unknown),
        whole=evidence.certain,
        practices={row.id: tuple(a for a in _meeting(evidence, row.any) if a not in wrong) for row in rubric.complexity if row.any},
    )


def _meeting(evidence: Evidence, conditions: Iterable[Condition]) -> Iterator[str]:
    seen: set[str] = set()
    for condition in conditions:
        answer = evidence.ask(condition)
        found = [a for a in answer.addresses if answer.holds and a not in seen]
        seen.update(found)
        yield from found


def _flaws(issues: Sequence[Issue], coverage: Sequence[Coverage]) -> Iterator[Flaw]:
    """Yield the flaws of MODEL; what IDEAL alone does wrong is none."""
    ours = [issue for issue in issues if issue.status is not Status.INTRODUCED]
    for issue in ours:
        kind = "platform" if issue.rule == _PLATFORM else _RULES.get(issue.rule)
        if kind:
            yield Flaw(kind, issue.title, (issue.id,))
    yield from _missing_services(ours, coverage)


def _missing_services(issues: Sequence[Issue], coverage: Sequence[Coverage]) -> Iterator[Flaw]:
    """Yield the flaw that half or more of the services that PROMPT asks for are missing in MODEL.

    A service is missing when MODEL lacks all its parts that PROMPT asks for, and an issue says so of each.
    """
    asked: dict[str, list[tuple[str, ...]]] = {}
    for row in coverage:
        known = capability(row.capability)
        if known is not None and known.core:
            asked.setdefault(known.service, []).append(_naming(row, issues))
    missing = {service: [id for ids in parts for id in ids] for service, parts in asked.items() if all(parts)}
    if missing and len(missing) >= _SHARE * len(asked):
        there = {known.service for row in coverage if row.model is Verdict.MET and (known := capability(row.capability)) is not None}
        # Of others nobody knows whether they are there.
        least = "at least " if asked.keys() - missing.keys() - there else ""
        share = f"{least}{len(missing)} of the {len(asked)} services" if len(asked) > 1 else "the one service"
        one = len(missing) == 1
        # Services of which PROMPT names a property only, such as Fargate of ECS, are not counted: what MODEL has of them nobody looked at.
        beside = sorted(asked.keys() - missing.keys())
        named = [", ".join(sorted(missing)), f"counted beside {'it' if one else 'them'}: {', '.join(beside)}" if beside else ""]
        counted = "; ".join(filter(None, [*named, "no other service was counted"]))
        text = f"{share} counted in PROMPT {'is' if one else 'are'} missing in MODEL ({counted})"
        ids = {id for found in missing.values() for id in found}
        yield Flaw("services", text, tuple(issue.id for issue in issues if issue.id in ids))


def _naming(row: Coverage, issues: Iterable[Issue]) -> tuple[str, ...]:
    """Return the issues that say of a row that MODEL lacks its capability."""
    if row.model is not Verdict.UNMET:
        return ()
    return tuple(
        issue.id
        for issue in issues
        if issue.rule == f"need:{row.capability}" or (issue.rule in _WHOLE and row.requirement.id in issue.requirements)
    )
