"""RG834: alarms whose action lies in another region."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import arguments, once

from ...base import Hit, Rule
from ...keys import created
from ...metrics import word
from ...places import code, region
from ...texts import known, pieces

ALARMS = ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
ACTIONS = ("alarm_actions", "ok_actions", "insufficient_data_actions")


def topic_of_another_region(graph: Graph) -> Iterator[Hit]:
    """An alarm that notifies a topic of another region: CloudWatch takes actions of the alarm's own region only."""
    for alarm in graph.of_type(*ALARMS):
        here = region(graph, alarm)
        found = next(((a, t, there) for a, t in topics(graph, alarm) if (there := region(graph, t)) and there != here), None)
        if here is not None and found is not None and created(graph, alarm):
            argument, topic, there = found
            yield Hit(
                alarm.address,
                f"{code(alarm.address)} is created in `{here}` and names {code(topic.address)} under {code(argument)}, a topic in `{there}`; "
                "CloudWatch takes actions of the alarm's own region only.",
                f"{code(alarm.address)} names no topic of another region than `{here}`",
                attribute=argument,
                related=(topic.address,),
                message=f"ValidationError: Invalid region {there} specified. Only {here} is supported.",
            )


def topics(graph: Graph, alarm: Declaration) -> Iterator[tuple[str, Declaration]]:
    """Yield the topics of the tree that an alarm notifies, each with the argument that names it."""
    for argument in ACTIONS:
        for target in graph.targets(alarm.block.value(argument), alarm.module):
            if target.type == "aws_sns_topic" and target.kind == "resource":
                yield argument, target


# Arguments in which others name the alarms that they follow: services of ECS, deployment groups, health checks.
_NAMING = frozenset(["alarms", "alarm_names", "cloudwatch_alarm_name"])


@once
def acted_on(graph: Graph) -> set[str]:
    """Return the alarms on which something else acts: a composite alarm, a health check, a deployment that is rolled back."""
    alarms = graph.of_type(*ALARMS)
    names = {name: a.address for a in alarms if (name := word(graph, a.block, "alarm_name", a.module))}
    found: set[str] = set()
    for user in graph.of_kind("resource"):
        if user.type == "aws_cloudwatch_dashboard":
            continue
        for path, _, attribute in arguments(user.block):
            if path != "depends_on":
                found |= {t.address for t in graph.targets(attribute.expr, user.module)}
            if path.rpartition(".")[2] in _NAMING:
                value = graph.constant(attribute.expr, user.module)
                found |= {names[n] for n in (value if isinstance(value, list) else [value]) if isinstance(n, str) and n in names}
    for composite in graph.of_type("aws_cloudwatch_composite_alarm"):
        said = known(pieces(graph, composite.block.value("alarm_rule"), composite.module))
        found |= {address for name, address in names.items() if name in said}
    return found


MOVED = "Let it notify a topic of that region: CloudWatch takes actions of the alarm's own region only."


def stays_behind(graph: Graph, alarm: Declaration, here: str | None) -> bool:
    """Whether an alarm that leaves a region would name a topic in it."""
    return here is not None and any(region(graph, topic) == here for _, topic in topics(graph, alarm))


RULES = (
    Rule(
        "RG834",
        "alarm-action-region",
        "Alarm with a topic of another region",
        Category.BLOCKER,
        Severity.CRITICAL,
        topic_of_another_region,
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The alarm is not created."),),
        lesson="An alarm and the topic that it notifies live in one region; topics of the other region need a topic beside the alarm.",
        advice="Create a topic with the alarm's provider, and name it as the action.",
    ),
)
