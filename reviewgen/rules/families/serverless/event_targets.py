"""RG370: rules with more targets than EventBridge takes."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.hcl import Traversal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import number_of, worths

from ...base import Hit, Rule
from ...places import code

# Of one rule; a quota that AWS does not raise.
_MOST = 5
_COPIES = ("count", "for_each")


def too_many_targets(graph: Graph) -> Iterator[Hit]:
    """A rule to which more targets are certainly added than it takes."""
    for rule in graph.of_type("aws_cloudwatch_event_rule"):
        if any(name in rule.block.attributes for name in _COPIES):
            continue  # which of its copies a target is for is not worked out
        numbers = {t: _number(graph, t) for t in graph.of_type("aws_cloudwatch_event_target") if _is_of(graph, t, rule)}
        number = sum(numbers.values())
        if number > _MOST:
            made = (
                f"{code(next(iter(numbers)).address)} stands for {number} targets"
                if len(numbers) == 1
                else f"{number} targets are declared"
            )
            yield Hit(
                rule.address,
                f"{made} of {code(rule.address)}, and EventBridge takes {_MOST} of one rule.",
                f"{code(rule.address)} has no more than {_MOST} targets",
                related=tuple(_place(target) for target in numbers),
            )


def _is_of(graph: Graph, target: Declaration, rule: Declaration) -> bool:
    """Whether a target is for a rule beside it: the two stand in one module, of which each copy has both."""
    named = target.block.value("rule")
    return target.module == rule.module and isinstance(named, Traversal) and graph.targets(named, target.module) == (rule,)


def _number(graph: Graph, target: Declaration) -> int:
    """Return how many targets a block stands for, at least; copies under one id are one target."""
    given = number_of(target)
    if given is None:
        return 1
    found = [_size(w) for w in (graph.constant(given, target.module), *(w for _, w in worths(graph, given, target.module)))]
    return min(*found, 1) if isinstance(graph.argument(target, "target_id"), str) else min(found)


def _size(worth: object) -> int:
    """Return how many copies a value makes; none where it is not known."""
    if isinstance(worth, bool) or not isinstance(worth, int | list | dict):
        return 0
    return worth if isinstance(worth, int) else len(worth)


def _place(target: Declaration) -> str:
    return next((f"{target.address}.{name}" for name in _COPIES if name in target.block.attributes), target.address)


RULES = (
    Rule(
        "RG370",
        "event-rule-too-many-targets",
        "More targets than an event rule takes",
        Category.BLOCKER,
        Severity.HIGH,
        too_many_targets,
        "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html",
        stage=Stage.APPLY,
        # As hashicorp/terraform-provider-aws#42196 has it, where the provider asks again and again and does not end.
        message="LimitExceededException: The requested resource exceeds the maximum number allowed.",
        impact=(("Deployment", f"EventBridge takes the first {_MOST} targets and refuses the others."),),
        lesson=f"A rule has up to {_MOST} targets; more receivers take more rules, or one target that passes events on, such as an SNS topic.",
        advice=f"Spread the targets over rules with the same pattern, {_MOST} of each at most, or let one target pass the events on.",
    ),
)
