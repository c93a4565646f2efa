"""RG540: ECS services that say twice where their tasks run."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...keys import created
from ...places import code

_TYPE, _STRATEGY = "launch_type", "capacity_provider_strategy"


def type_and_strategy(graph: Graph) -> Iterator[Hit]:
    """A launch type beside capacity providers; a strategy that a ``dynamic`` block may leave out is none for certain."""
    for service in graph.of_type("aws_ecs_service"):
        blocks = [b for b in service.block.blocks if b.type == _STRATEGY]
        kind = graph.argument(service, _TYPE)
        if blocks and isinstance(kind, str) and kind and created(graph, service):
            yield Hit(
                service.address,
                f"{code(service.address)} sets `{_TYPE}` to {code(kind)} and has a block `{_STRATEGY}` as well; ECS takes one of the two.",
                f"{code(service.address)} does not have both a `{_TYPE}` and a `{_STRATEGY}`",
                attribute=_TYPE,
                related=(f"{service.address}.{_STRATEGY}",),
            )


RULES = (
    Rule(
        "RG540",
        "ecs-launch-type-and-strategy",
        "ECS service with a launch type and a capacity provider strategy",
        Category.BLOCKER,
        Severity.HIGH,
        type_and_strategy,
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html",
        fix_class="C",
        stage=Stage.APPLY,
        message="InvalidParameterException: Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
        impact=(("Deployment", "The service is not created."),),
        lesson="A capacity provider strategy says where tasks run; a launch type beside it says it a second time, and ECS refuses both.",
        advice="Remove `launch_type` where a strategy is meant.",
    ),
)
