"""RG377: queues from which nothing receives, so that nothing ever comes into their dead letter queues."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.hcl import UNKNOWN
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code
from ...rights import may
from ...statements import written

_DOCS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html"
_RECEIVE = "sqs:ReceiveMessage"
# What AWS or somebody else has written and the tree gives to people and groups; who may read by it is not worked out.
_OF_OTHERS = ("aws_iam_user_policy_attachment", "aws_iam_group_policy_attachment", "aws_iam_policy_attachment")
_READERS = (("aws_lambda_event_source_mapping", "event_source_arn"), ("aws_pipes_pipe", "source"))


def nothing_to_redrive(graph: Graph) -> Iterator[Hit]:
    """A queue that nobody in the stack may read, before a dead letter queue for which a consumer waits."""
    if graph.tree.incomplete or graph.has_remote_modules or not graph.policies.all_seen:
        return
    readers = [(r, graph.targets(r.block.value(argument), r.module)) for type_, argument in _READERS for r in graph.of_type(type_)]
    # A reader of something that is not known may read any queue.
    if any(not sources for _, sources in readers):
        return
    consumers = {source.address: reader for reader, sources in readers for source in sources}
    for queue in graph.of_type("aws_sqs_queue"):
        if queue.address in consumers or graph.tree.leaves_out(queue):
            continue
        waiting = [d for d in graph.targets(queue.block.value("redrive_policy"), queue.module) if d.address in consumers and d is not queue]
        if waiting and not _may_be_received(graph, queue):
            yield _hit(queue, waiting[0], consumers[waiting[0].address])


def _hit(queue: Declaration, dead: Declaration, consumer: Declaration) -> Hit:
    return Hit(
        queue.address,
        f"Nothing in the stack receives from {code(queue.address)}: it is the source of no mapping and of no pipe, and no policy allows "
        f"`{_RECEIVE}` on it. A message moves to {code(dead.address)}, which {code(consumer.address)} reads, only after it was received too often.",
        f"{code(queue.address)} has a consumer, or {code(dead.address)} is not read as its dead letter queue",
        attribute="redrive_policy",
        related=(dead.address, f"{consumer.address}.{dict(_READERS)[consumer.type]}"),
    )


def _may_be_received(graph: Graph, queue: Declaration) -> bool:
    """Whether somebody may receive from a queue, or it is not certain that nobody may."""
    own = graph.policies.on(queue)
    return (
        any(may(graph, role, _RECEIVE, queue.address) is not False for role in graph.of_type("aws_iam_role"))
        or any(w.kind == "identity" and w.policy.allows(_RECEIVE, on=queue.address) is not False for w in written(graph))
        or (own is not None and own.allows(_RECEIVE) is not False)
        or any(graph.constant(a.block.value("policy_arn"), a.module) is not UNKNOWN for a in graph.of_type(*_OF_OTHERS))
    )


RULES = (
    Rule(
        "RG377",
        "dead-letter-queue-never-filled",
        "Dead letter queue of a queue from which nothing receives",
        Category.CRITICAL,
        Severity.HIGH,
        nothing_to_redrive,
        _DOCS,
        stage=Stage.RUNTIME,
        impact=(
            (
                "Function",
                "Unless something else receives them, messages stay in the queue until they expire, and what is to handle those that failed sees none.",
            ),
        ),
        lesson="A queue moves a message to its dead letter queue when it was received more often than `maxReceiveCount`, and not before.",
        advice="Give the queue a consumer, or send what has failed to the queue that is read.",
    ),
)
