"""The number of availability zones that PROMPT asks for, against the zones of a tree's subnets."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reviewgen.model.finding import Finding
from reviewgen.model.prose import listed
from reviewgen.model.requirement import Requirement, Verdict
from reviewgen.model.review import Category, Impact, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform.instances import copies
from reviewgen.terraform.zones import Zone, zone_of

from ..prompt.hedges import is_wish, sentence_at
from ..prompt.quantities import has_range, measured
from ..tree.conditions import Evidence, compile_condition
from .judgement import Judgement

RULE = "prompt-count-mismatch:zones"
_SUBJECT = "count:zones"
_MOST_PLACES = 6
_ZONES = re.compile(r"\b(?P<number>[2-6])(?: or more)? (?:(?:different|distinct|separate|aws) )?(?:azs?|availability zones?)\b")
_ONLY = re.compile(
    r"\bonly (?P<number>[1-5]) (?:azs?|availability zones?) (?:is|are) (?:needed|required|used|allowed|necessary)\b"
    r"|\b(?:use|span|across|in) only (?P<most>[1-5]) (?:azs?|availability zones?)\b"
)
# A number for one environment, or the least that something else can do with, is not that of the network.
_APART = re.compile(r"\b(?:up to|at most|maximum|dev|development|staging|qa|test|prod|production|per environment|first)\b")
_NETWORK = re.compile(r"\b(?:subnets?|vpcs?|network)\b")
_OTHERS = re.compile(
    r"\b(?:rds|aurora|database|db|asg|auto scaling|nat|instances?|ec2|ecs|tasks?|eks|nodes?|alb|load balancers?|endpoints?|redis|elasticache|efs)\b"
)
(_SUBNET,) = compile_condition("aws_subnet").terms


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number of zones that a requirement gives; ``network``: it speaks of the network and of nothing else."""

    requirement: Requirement
    number: int
    network: bool


def named(text: str) -> list[int]:
    """Return the numbers of zones that a text names, as a requirement or in passing."""
    return [int(match["number"]) for match in _ZONES.finditer(measured(text))]


def wanted(rows: Iterable[Requirement]) -> Iterable[Wanted]:
    """Yield the requirements that give a number of zones without reservation."""
    for row in rows:
        text = measured(row.text)
        match = _ZONES.search(text)
        if match is None or not row.binding or row.forbids or has_range(row.text) or _APART.search(f"{measured(row.section)} {text}"):
            continue
        _, sentence = sentence_at(text, match.start())
        if not is_wish(text, sentence, match.start(), match.end()):
            yield Wanted(row, int(match["number"]), bool(_NETWORK.search(text)) and not _OTHERS.search(text))


def limit(row: Requirement) -> int | None:
    """Return the number of zones that are all that a requirement wants: "only two zones are needed"."""
    match = _ONLY.search(measured(row.text))
    return int(match["number"] or match["most"]) if match and row.binding else None


def judge(asked: Wanted, evidence: Evidence) -> Judgement:
    """Return a tree's answer: unmet when all its subnets certainly stand in fewer zones; met when PROMPT asks it of the network only."""
    subnets = evidence.declarations(_SUBNET)
    found = [zones(evidence, subnet) for subnet in subnets]
    known = [part for part in found if part is not None]
    if not subnets or not evidence.certain or len(known) < len(found):
        return Judgement(asked.requirement, _SUBJECT, Verdict.UNKNOWN)
    different = frozenset[Zone]().union(*known)
    addresses = tuple(subnet.address for subnet in subnets)
    if len(different) < asked.number:
        return Judgement(asked.requirement, _SUBJECT, Verdict.UNMET, addresses, _finding(asked, addresses, len(different)))
    one_list = len({zone if isinstance(zone, str) else zone[0] for zone in different}) in (1, len(different))
    return Judgement(asked.requirement, _SUBJECT, Verdict.MET if asked.network and one_list else Verdict.UNKNOWN, addresses)


def zones(evidence: Evidence, subnet: Declaration) -> frozenset[Zone] | None:
    """Return the zones of a subnet's instances; None when they are not certain."""
    expr = subnet.block.value("availability_zone") or subnet.block.value("availability_zone_id")
    if expr is None:
        return None
    found = [zone_of(expr, scope) if scope.certain else None for scope in copies(evidence.graph, subnet)]
    known = [zone for zone in found if zone is not None]
    return frozenset(known) if len(known) == len(found) else None


def _finding(asked: Wanted, subnets: tuple[str, ...], actual: int) -> Finding:
    number = f"{actual} zone{'' if actual == 1 else 's'}"
    return Finding(
        rule=RULE,
        title=f"The subnets stand in {number} instead of {asked.number}",
        category=Category.CRITICAL,
        severity=Severity.MEDIUM,
        address=subnets[0],
        problem=f"PROMPT asks for {asked.number} availability zones; {listed(subnets)} stand in {number}.",
        check=f"The subnets stand in at least {asked.number} availability zones",
        attribute="availability_zone",
        key=f"zones={asked.number}",
        related=tuple(f"{address}.availability_zone" for address in subnets[1:_MOST_PLACES]),
        stage=Stage.RUNTIME,
        impact=(Impact("Function", "The loss of one zone takes away a larger part of the stack than with the zones that PROMPT wants."),),
        lesson="Count the zones that the subnets really use against the number of the task.",
        recommendation=Recommendation(f"Spread the subnets over {asked.number} availability zones."),
        source="https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html",
        signals=("prompt",),
        requirement=asked.requirement,
    )
