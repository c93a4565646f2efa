"""What ends Terraform before the message of a plan, an apply or a run comes: an error of an earlier step, or a refusal of what the block needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Stage, Turn
from reviewgen.records import dataclass
from reviewgen.rules.places import type_of
from reviewgen.terraform import Graph

from ..draft import Draft
from ..inputs import Inputs
from .needed import SIDES, awaited, graph_of, met_in, of_tree

_ORDER: Mapping[Stage | None, int] = {
    stage: position for position, stage in enumerate((Stage.INIT, Stage.VALIDATE, Stage.PLAN, Stage.APPLY, Stage.RUNTIME))
}
# Steps at which one resource is refused by itself, while Terraform goes on with those that do not need it (tried with Terraform 1.11).
REFUSED_AT = (Stage.PLAN, Stage.APPLY)
# What the provider refuses of its own at apply, before it asks AWS for the resource (tried with Terraform 1.11).
_OF_THE_PROVIDER = ("RG324", "RG640")
# What AWS is asked for only once it has created the resource: event selectors are put on a trail that is there.
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
_AFTERWARDS = ("RG704", "RG707", "RG708")
# What grants rights or gives a value, and is created whether these are enough for what uses it or not.
_GIVING = re.compile(r"random_\w+|aws_(?:kms_key|kms_key_policy|iam_\w+|(?:s3_bucket|sns_topic|sqs_queue|secretsmanager_secret)_policy)")

# Rules whose defect stands in a block that is created all the same, and what of those that take part is refused for it.
_REFUSED_FOR_IT: Mapping[str, str] = {
    "RG104": "aws_autoscaling_group",
    "RG218": "aws_rds_cluster",
    "RG306": "aws_api_gateway_stage",
    "RG329": "aws_lambda_provisioned_concurrency_config",
    "RG349": "aws_cloudfront_distribution",
    "RG477": r"aws_\w+",
    "RG479": "aws_cloudfront_distribution",
    "RG486": "aws_wafv2_web_acl_logging_configuration",
    "RG491": "aws_cloudfront_distribution",
    "RG529": "aws_autoscaling_group",
    "RG534": "aws_ecs_service",
    "RG631": r"aws_\w+",
    "RG712": "aws_config_delivery_channel",
    "RG722": "aws_a?lb",
}


@dataclass(frozen=True, slots=True)
class _Failure:
    """What ends a step of Terraform in a tree: whose finding it is, with an address of the tree, and at which resource it is refused."""

    draft: Draft
    finding: Finding
    at: str


def first_refused(inputs: Inputs, draft: Draft, said: Finding) -> Finding | None:
    """Return the place of a refusal that Terraform comes to, where that whose message counts needs another of the places."""
    alike = [d.finding for d in draft.defects if d.finding.rule == said.rule and d.finding.stage is said.stage and d.finding.message]
    refused = {f.address for f in alike}
    graphs = [graph_of(inputs, side) for side in draft.status.sides]

    def waits(finding: Finding) -> bool:
        return any(not refused.isdisjoint(awaited(graph, finding.address)) for graph in graphs)

    return next((f for f in alike if not waits(f)), None) if waits(said) else None


def marked(inputs: Inputs, found: list[Draft]) -> list[Draft]:
    """Mark when the message of each draft comes among those of the others, in the tree where it comes last."""
    failing = {side: [f for d in found if side in d.status.sides for f in _failures(d, graph_of(inputs, side))] for side in SIDES}
    unsure = {side: frozenset(a for d in found if side in d.status.sides for a in _may_fail(d, graph_of(inputs, side))) for side in SIDES}

    def turn(draft: Draft) -> Turn:
        said = draft.said
        if said is None or not said.message or said.observed or said.stage is Stage.INIT:
            return draft.turn
        if said.stage is Stage.VALIDATE:  # the order among its own messages is known by now
            earlier = any(_is_earlier(other.finding, said) for side in met_in(inputs, draft) for other in failing[side])
            return Turn.LATER if earlier else draft.turn
        turns = {_turn(graph_of(inputs, side), draft, said, failing[side], unsure[side]) for side in met_in(inputs, draft)}
        return next(turn for turn in (Turn.LATER, Turn.UNDECIDED, Turn.FIRST) if turn in turns)

    return [replace(draft, turn=turn(draft)) for draft in found]


def _failures(draft: Draft, graph: Graph) -> Iterator[_Failure]:
    every = (*(d.finding for d in draft.told), *draft.others)
    ours = (of_tree(graph, f) for f in every if f.category is Category.BLOCKER and f.stage in _ORDER)
    yield from (_Failure(draft, finding, _refused(graph, finding)) for finding in ours)


def _may_fail(draft: Draft, graph: Graph) -> Iterator[str]:
    """Yield the resources whose creation a draft may end without being sure to: an order that Terraform is free to choose."""
    every = (*(d.finding for d in draft.told), *draft.others)
    unsure = (of_tree(graph, f) for f in every if f.category is not Category.BLOCKER and f.stage is Stage.APPLY and f.message)
    yield from (f.address for f in unsure if f.rule not in _AFTERWARDS)


def _turn(graph: Graph, draft: Draft, said: Finding, failing: list[_Failure], unsure: frozenset[str]) -> Turn:
    """Return when the message of a draft comes in a tree, of which all failures are given, and what may fail beside them."""
    if any(_is_earlier(other.finding, said) for other in failing):
        return Turn.LATER
    own = _refused(graph, of_tree(graph, said))
    needs = awaited(graph, own)
    beside = [other for other in failing if other.finding.stage is said.stage]
    if any(other.at in needs for other in beside if other.at != own):
        return Turn.LATER
    others = [other for other in beside if other.at == own and other.draft is not draft]
    same = [other for other in others if other.finding.rule not in _AFTERWARDS or said.rule in _AFTERWARDS]
    if said.rule in _OF_THE_PROVIDER or not same:
        return Turn.UNDECIDED if said.rule in _AFTERWARDS and own in unsure else Turn.FIRST
    return Turn.LATER if any(_comes_before(other.finding, said) for other in same) else Turn.UNDECIDED


def _comes_before(other: Finding, said: Finding) -> bool:
    """Whether one refusal of a resource comes before another one for certain."""
    if other.rule in _OF_THE_PROVIDER:
        return True
    return said.rule in _AFTERWARDS and other.rule not in _AFTERWARDS


def _refused(graph: Graph, finding: Finding) -> str:
    """Return the resource at which a refusal comes: what lacks a right or makes a value is created, and what uses it is refused."""
    own = finding.address
    using = [a for place in finding.related if _is_managed(graph, a := graph.owner(place)[0])]
    if finding.rule in _REFUSED_FOR_IT:
        return next((a for a in using if re.fullmatch(_REFUSED_FOR_IT[finding.rule], type_of(a))), own)
    if not _GIVING.fullmatch(type_of(own)):
        return own
    before = awaited(graph, own)
    return next((a for a in using if a not in before and not _GIVING.fullmatch(type_of(a))), own)


def _is_managed(graph: Graph, address: str) -> bool:
    declared = graph.get(address)
    return declared is not None and declared.kind == "resource"


def _is_earlier(other: Finding, said: Finding) -> bool:
    """Whether a failure is of an earlier step than a message; one without a step is of the time after the apply."""
    after = len(_ORDER)
    return _ORDER.get(other.stage, after) < _ORDER.get(said.stage, after)
