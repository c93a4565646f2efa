"""Who sends messages to topics and queues: alarms, event rules, buckets, budgets, topics."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph, arguments

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
            for path, _, attribute in arguments(sender.block):
                if path in names:
                    named = (t for t in graph.targets(attribute.expr, sender.module) if t.type in _TARGETS and t.kind == "resource")
                    found |= {t.address: (t, path == _DEAD) for t in named}
            for address in sorted(found):
                yield Delivery(sender, service, *found[address])
