"""Who sends messages to topics and queues: alarms, event rules, buckets, budgets, topics."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.hcl import Call, Expression, Tuple
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph, arguments
from reviewgen.terraform.instances import absent_by_default

from .values import GATHERING, chosen

_ALARM = ("alarm_actions", "ok_actions", "insufficient_data_actions")
_DEAD = "dead_letter_config.arn"
# Type of the sender, the arguments that name the topic or queue, and the service that sends.
_SENDERS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("aws_cloudwatch_metric_alarm", _ALARM, "cloudwatch"),
    ("aws_cloudwatch_composite_alarm", _ALARM, "cloudwatch"),
    ("aws_cloudwatch_event_target", ("arn", _DEAD), "events"),
    ("aws_s3_bucket_notification", ("topic.topic_arn", "queue.queue_arn"), "s3"),
    ("aws_budgets_budget", ("notification.subscriber_sns_topic_arns",), "budgets"),
    ("aws_db_event_subscription", ("sns_topic",), "events.rds"),
    ("aws_sns_topic_subscription", ("endpoint",), "sns"),
)
_TARGETS = ("aws_sns_topic", "aws_sqs_queue")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One way of messages: ``sender`` makes the service ``service`` send to ``target``; to a dead-letter queue only what it delivers nowhere else."""

    sender: Declaration
    service: str
    target: Declaration
    dead: bool = False


def deliveries(graph: Graph) -> Iterator[Delivery]:
    """Yield who sends to the tree's topics and queues in the name of an AWS service."""
    for type_, names, service in _SENDERS:
        for sender in graph.of_type(type_):
            found: dict[str, tuple[Declaration, bool]] = {}
            for path, _, attribute in arguments(sender.block) if not _is_off(graph, sender) else ():
                if path in names and not _by_role(sender, path):
                    found |= {t.address: (t, path == _DEAD) for t in _named(graph, attribute.expr, sender.module)}
            for address in sorted(found):
                yield Delivery(sender, service, *found[address])


def _is_off(graph: Graph, sender: Declaration) -> bool:
    """Whether a sender is told to send nothing: an alarm without actions, a target of a rule that is disabled."""
    if graph.argument(sender, "actions_enabled") in (False, "false"):
        return True
    rules = [d for d in graph.targets(sender.block.value("rule"), sender.module) if d.type == "aws_cloudwatch_event_rule"]
    return any(graph.argument(r, "state") == "DISABLED" or graph.argument(r, "is_enabled") in (False, "false") for r in rules)


def _by_role(sender: Declaration, path: str) -> bool:
    """Whether EventBridge sends as a role, with its rights: it may for topics and queues, but for what it cannot deliver.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
    """
    return sender.type == "aws_cloudwatch_event_target" and path != _DEAD and "role_arn" in sender.block.attributes


def _named(graph: Graph, expr: Expression, module: str) -> Iterator[Declaration]:
    """Yield the topics and queues that an argument names.

    What a condition with the values as they are does not choose is not named; it is all the same where these values do not create it either.
    """
    taken = set(_chosen(graph, expr, module))
    for target in graph.targets(expr, module):
        if target.type in _TARGETS and target.kind == "resource" and (target.address in taken or absent_by_default(graph, target)):
            yield target


def _chosen(graph: Graph, expr: Expression, module: str) -> Iterator[str]:
    for value in chosen(graph, expr, module):
        if isinstance(value, Tuple):
            parts = value.items
        elif isinstance(value, Call) and value.name in GATHERING:
            parts = value.args
        else:
            yield from (target.address for target in graph.targets(value, module))
            continue
        for part in parts:
            yield from _chosen(graph, part, module)
