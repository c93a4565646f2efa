"""RG55x: policies of Application Auto Scaling that the service refuses."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.hcl import text_of
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code, provider

_METRIC = ("target_tracking_scaling_policy_configuration", "predefined_metric_specification")
# What has to be the same for two policies to scale the same thing, in the same copies of it.
_TARGET = ("count", "for_each", "resource_id", "scalable_dimension", "service_namespace")


def metric_twice(graph: Graph) -> Iterator[Hit]:
    """Two policies that track one predefined metric of one scalable target."""
    first: dict[tuple[str, ...], Declaration] = {}
    for policy in graph.of_type("aws_appautoscaling_policy"):
        for metric, label in _tracked(graph, policy):
            key = (policy.module, provider(policy), metric, label, *_aim(policy))
            other = first.setdefault(key, policy)
            if other is not policy:
                yield Hit(
                    policy.address,
                    f"{code(policy.address)} tracks `{metric}` of the same scalable target as {code(other.address)}: of one metric a target has "
                    "one such policy.",
                    f"{code(policy.address)} and {code(other.address)} do not track `{metric}` of one scalable target",
                    attribute=".".join((*_METRIC, "predefined_metric_type")),
                    related=(other.address,),
                )


def _tracked(graph: Graph, policy: Declaration) -> Iterator[tuple[str, str]]:
    """Yield the predefined metrics that a policy tracks, each with its label."""
    for block in policy.block.nested(*_METRIC):
        metric, label = graph.constant(block.value("predefined_metric_type"), policy.module), block.value("resource_label")
        if isinstance(metric, str):
            yield metric, text_of(label) if label is not None else ""


def _aim(policy: Declaration) -> tuple[str, ...]:
    """Return the texts that say which scalable target a policy belongs to."""
    values = (policy.block.value(name) for name in _TARGET)
    return tuple(text_of(value) if value is not None else "" for value in values)


RULES = (
    Rule(
        "RG551",
        "scaling-metric-twice",
        "Two target tracking policies for one metric of one target",
        Category.BLOCKER,
        Severity.HIGH,
        metric_twice,
        "https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html",
        stage=Stage.APPLY,
        message="ValidationException: Only one TargetTrackingScaling policy for a given metric specification is allowed.",
        impact=(("Deployment", "The policy that comes second is refused."),),
        lesson="One target tracking policy scales out above its value and in below it: a second one with another value is no lower threshold.",
        advice="Keep one policy for the metric; where scaling in is to begin at another value, use step scaling with alarms of its own.",
    ),
)
