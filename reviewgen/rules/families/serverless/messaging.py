"""RG351 to RG358: SNS topics and SQS queues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypedDict

from reviewgen.model.hcl import Conditional, Template
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...keys import created
from ...messages import deliveries
from ...places import code, is_true, listed
from ...values import known_at

_SQS_DOCS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
_SNS_DOCS = "https://docs.aws.amazon.com/sns/latest/dg/"
_ACTIONS = {"aws_sqs_queue": "sqs:SendMessage", "aws_sns_topic": "sns:Publish"}


@dataclass(frozen=True, eq=False)
class _Sender:
    """A place where an AWS service is told to send to a queue or topic."""

    declaration: Declaration
    argument: str
    target: Declaration
    service: str


# Resource type, argument path, service, whether it checks the policy when it is told.
_SENDERS = (
    ("aws_sns_topic_subscription", ("endpoint",), "sns", False),
    ("aws_cloudwatch_event_target", ("arn",), "events", False),
    ("aws_cloudwatch_metric_alarm", ("alarm_actions",), "cloudwatch", False),
    ("aws_s3_bucket_notification", ("queue", "queue_arn"), "s3", True),
    ("aws_s3_bucket_notification", ("topic", "topic_arn"), "s3", True),
    ("aws_budgets_budget", ("notification", "subscriber_sns_topic_arns"), "budgets", False),
)


# Which page says what a service needs in order to send.
_PAGES = {
    "sns": _SNS_DOCS + "subscribe-sqs-queue-to-sns-topic.html",
    "events": "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
    "cloudwatch": _SNS_DOCS + "sns-access-policy-use-cases.html",
    "budgets": "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html",
}


def _senders(graph: Graph, *, checked: bool) -> Iterator[_Sender]:
    for type_, path, service, at_once in _SENDERS:
        for declaration in graph.of_type(type_) if at_once is checked else ():
            for block in declaration.block.nested(*path[:-1]):
                value = block.value(path[-1])
                targets = graph.targets(value, declaration.module)
                # Of what a condition chooses between, nobody knows which it is.
                for target in () if isinstance(value, Conditional) and len(targets) > 1 else targets:
                    # A target that EventBridge reaches with a role of its own needs no policy.
                    if "role_arn" not in block.attributes and target.type in _ACTIONS and target.kind == "resource":
                        yield _Sender(declaration, ".".join(path), target, service)


def sender_not_admitted(graph: Graph) -> Iterator[Hit]:
    """A service that sends to a queue or topic whose policy does not admit it, which shows at the first message."""
    yield from _shut_out(graph, checked=False)


def sender_refused(graph: Graph) -> Iterator[Hit]:
    """The same for services that check the policy when they are told of the target."""
    yield from _shut_out(graph, checked=True)


def _shut_out(graph: Graph, *, checked: bool) -> Iterator[Hit]:
    alike: dict[tuple[str, str], list[_Sender]] = {}
    for sender in _senders(graph, checked=checked):
        if _admits(graph, sender) is False:
            alike.setdefault((sender.target.address, sender.service), []).append(sender)
    for senders in alike.values():
        sender = senders[0]
        policy = graph.policies.on(sender.target)
        has = "has no policy of its own" if policy is None else "has a policy that does not admit it"
        yield Hit(
            sender.target.address,
            f"{code(sender.declaration.address)} lets `{sender.service}.amazonaws.com` send to {code(sender.target.address)}, which {has}.",
            f"the policy of {code(sender.target.address)} lets `{sender.service}.amazonaws.com` send",
            attribute="policy",
            key=sender.service,
            related=(*(policy.origins[:2] if policy else ()), f"{sender.declaration.address}.{sender.argument}"),
            source=_PAGES.get(sender.service, ""),
            needs=tuple(s.declaration.address for s in senders),
        )


def _admits(graph: Graph, sender: _Sender) -> bool | None:
    """Whether a target admits a sender. The default policy of a topic admits what acts for its own account, as alarms do."""
    policy = graph.policies.on(sender.target)
    if policy is None:
        return sender.target.type == "aws_sns_topic" and sender.service == "cloudwatch"
    return policy.allows(_ACTIONS[sender.target.type], service=sender.service)


def action_out_of_scope(graph: Graph) -> Iterator[Hit]:
    """``sns:*`` in a topic policy covers actions that are none of a topic."""
    for topic in graph.of_type("aws_sns_topic"):
        policy = graph.policies.on(topic)
        for statement in policy.statements if policy else ():
            wide = next((a.text for a in statement.actions if a.text.lower() == "sns:*"), "")
            if wide:
                lead = policy.origins[0] if policy and policy.origins else topic.address
                address, _, attribute = lead.rpartition(".")
                yield Hit(
                    address if attribute == "policy" else topic.address,
                    f"The policy of {code(topic.address)} names the action {code(wide)}; a topic policy may only name actions on topics.",
                    f"the policy of {code(topic.address)} does not name {code(wide)}",
                    attribute="policy",
                    related=(topic.address,),
                )
                break


def fifo_name(graph: Graph) -> Iterator[Hit]:
    """The name of a FIFO queue or topic ends in ``.fifo``, and no other does."""
    for declaration in graph.of_type("aws_sqs_queue", "aws_sns_topic"):
        switch = "fifo_queue" if declaration.type == "aws_sqs_queue" else "fifo_topic"
        end, fifo = _ending(graph, declaration), is_true(graph, declaration, switch)
        off = declaration.block.value(switch) is None or graph.argument(declaration, switch) in (False, "false")
        if end is None or (fifo and end.endswith(".fifo")) or (off and not end.endswith(".fifo")) or not (fifo or off):
            continue
        text = f"sets `{switch}`, but its name does not end in `.fifo`" if fifo else f"has a name that ends in `.fifo` without `{switch}`"
        yield Hit(
            declaration.address,
            f"{code(declaration.address)} {text}.",
            f"the name of {code(declaration.address)} ends in `.fifo` where `{switch}` is set, and only there",
            attribute="name",
            **_refused(graph, declaration),
            source=_NAMES[declaration.type],
        )


# Which page says how names of the type are made.
_NAMES = {
    "aws_sqs_queue": "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
    "aws_sns_topic": "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html",
}


class _Refused(TypedDict):
    message: str
    stage: Stage


def _refused(graph: Graph, declaration: Declaration) -> _Refused:
    """Return the provider's message about a name, when it plans; what is drawn at random AWS sees first, whose words are others."""
    if known_at(graph, declaration, "name") is Stage.APPLY:
        return {"message": "", "stage": Stage.APPLY}
    name = graph.argument(declaration, "name")
    kind = "queue" if declaration.type == "aws_sqs_queue" else "topic"
    return {"message": f"invalid {kind} name" + (f": {name}" if isinstance(name, str) else ""), "stage": Stage.PLAN}


def _ending(graph: Graph, declaration: Declaration) -> str | None:
    """The constant end of a name."""
    value = graph.argument(declaration, "name")
    if isinstance(value, str):
        return value
    expr = declaration.block.value("name")
    last = graph.constant(expr.parts[-1], declaration.module) if isinstance(expr, Template) and expr.parts else None
    return last if isinstance(last, str) and len(last) >= len(".fifo") else None


def queue_name(graph: Graph) -> Iterator[Hit]:
    """Names of queues and topics have letters, digits, hyphens and underscores."""
    for declaration in graph.of_type("aws_sqs_queue", "aws_sns_topic"):
        expr = declaration.block.value("name")
        parts = [graph.constant(p, declaration.module) for p in (expr.parts if isinstance(expr, Template) else (expr,))]
        text = "".join(p for p in parts if isinstance(p, str)).removesuffix(".fifo")
        odd = sorted(set(re.findall(r"[^A-Za-z0-9_-]", text)))
        if odd:
            yield Hit(
                declaration.address,
                f"The name of {code(declaration.address)} contains {' and '.join(code(c) if c != '`' else 'a backtick' for c in odd)}; names of "
                "queues and topics have only letters, digits, hyphens and underscores, and FIFO ones end in `.fifo`.",
                f"the name of {code(declaration.address)}, but for the ending `.fifo`, has only letters, digits, hyphens and underscores",
                attribute="name",
                **_refused(graph, declaration),
                source=_NAMES[declaration.type],
                prescribed="".join(parts) if all(isinstance(p, str) for p in parts) else "",
            )


def dead_letters_of_other_kind(graph: Graph) -> Iterator[Hit]:
    """A FIFO queue with a standard dead letter queue, or the other way round."""
    for queue in graph.of_type("aws_sqs_queue"):
        for target in graph.targets(queue.block.value("redrive_policy"), queue.module):
            if target.type == "aws_sqs_queue" and target is not queue:
                kinds = [is_true(graph, q, "fifo_queue") for q in (queue, target)]
                unknown = any(
                    "fifo_queue" in q.block.attributes and graph.argument(q, "fifo_queue") not in (True, False) for q in (queue, target)
                )
                if kinds[0] != kinds[1] and not unknown:
                    yield Hit(
                        target.address,
                        f"{code(queue.address)} is a {'FIFO' if kinds[0] else 'standard'} queue and {code(target.address)}, its dead letter queue, "
                        f"is a {'FIFO' if kinds[1] else 'standard'} one.",
                        f"{code(queue.address)} and {code(target.address)} are of one kind",
                        attribute="fifo_queue",
                        related=(f"{queue.address}.redrive_policy",),
                    )


def fifo_subscriber(graph: Graph) -> Iterator[Hit]:
    """People and functions cannot subscribe to a FIFO topic."""
    for subscription in graph.of_type("aws_sns_topic_subscription"):
        protocol = graph.argument(subscription, "protocol")
        for topic in graph.targets(subscription.block.value("topic_arn"), subscription.module):
            fifo = topic.type == "aws_sns_topic" and is_true(graph, topic, "fifo_topic")
            if fifo and isinstance(protocol, str) and protocol not in ("sqs", "firehose"):
                yield Hit(
                    subscription.address,
                    f"{code(subscription.address)} subscribes by `{protocol}` to the FIFO topic {code(topic.address)}, which does not "
                    "deliver so.",
                    f"{code(subscription.address)} does not subscribe by `{protocol}` to a FIFO topic",
                    attribute="protocol",
                    message=f"InvalidParameter: Invalid parameter: Invalid protocol type: {protocol}",
                    related=(topic.address,),
                )


# What subscribes to topics by itself.
_CHATS = ("aws_chatbot_slack_channel_configuration", "aws_chatbot_teams_channel_configuration")
_ALARMS = ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")


def no_subscription(graph: Graph) -> Iterator[Hit]:
    """A topic that alarms publish to and nobody subscribes to."""
    if graph.has_remote_modules or graph.tree.incomplete:
        return
    found = [graph.targets(s.block.value("topic_arn"), s.module) for s in graph.of_type("aws_sns_topic_subscription")]
    if not all(found) or graph.of_type(*_CHATS):
        return
    subscribed = {t.address for topics in found for t in topics}
    alarms = [(d.target.address, d.sender.address) for d in deliveries(graph) if d.sender.type in _ALARMS]
    seen = {sender for target, sender in alarms if target in subscribed}  # what another topic tells of somebody knows
    for topic in graph.of_type("aws_sns_topic"):
        senders = tuple(dict.fromkeys(sender for target, sender in alarms if target == topic.address and sender not in seen))
        if senders and topic.address not in subscribed and created(graph, topic):
            yield Hit(
                topic.address,
                f"{listed(list(senders), 2)} publish{'es' if len(senders) == 1 else ''} to {code(topic.address)}, to which "
                "nothing in the code subscribes: the stack alone delivers what goes there to nobody.",
                f"an `aws_sns_topic_subscription` refers to {code(topic.address)}, or no alarm publishes to it",
                related=senders[:3],
                users=senders,
                unless=_NOBODY_SUBSCRIBES,
            )


# Words by which PROMPT leaves the subscriptions to whoever wants to be notified.
_NOBODY_SUBSCRIBES = (
    r"\b(?:don['\u2019]?t|do not|without|never|no)(?: (?:create|add|configure|set up|include|use|any|an?|the|actual|real|e-?mail|sns|topic))*"
    r" subscri(?:ptions?|be)\b"
)


RULES = (
    Rule(
        "RG351",
        "message-sender-not-admitted",
        "Queue or topic does not admit the service that sends to it",
        Category.CRITICAL,
        Severity.HIGH,
        sender_not_admitted,
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Function", "The messages do not arrive."),),
        lesson="A service sends in its own name, which the policy of queue or topic must admit.",
        advice="Let the policy of the queue or topic admit the service's principal, limited by `aws:SourceArn`.",
        cures=("aws_sqs_queue_policy", "aws_sns_topic_policy"),
    ),
    Rule(
        "RG352",
        "message-sender-refused",
        "Bucket notification to a queue or topic that does not admit S3",
        Category.BLOCKER,
        Severity.CRITICAL,
        sender_refused,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
        fix_class="A",
        stage=Stage.APPLY,
        message="InvalidArgument: Unable to validate the following destination configurations",
        impact=(("Deployment", "The bucket notification cannot be created."),),
        lesson="S3 tries the destination when the notification is configured.",
        advice="Add a policy that lets `s3.amazonaws.com` send, and let the notification depend on it.",
        cures=("aws_sqs_queue_policy", "aws_sns_topic_policy"),
    ),
    Rule(
        "RG353",
        "sns-policy-action-wildcard",
        "Topic policy with the action `sns:*`",
        Category.BLOCKER,
        Severity.HIGH,
        action_out_of_scope,
        _SNS_DOCS + "sns-access-policy-language-api-permissions-reference.html",
        fix_class="C",
        stage=Stage.APPLY,
        message="InvalidParameter: Invalid parameter: Policy statement action out of service scope!",
        impact=(("Deployment", "The topic's policy is refused."),),
        lesson="A resource policy may only name actions on that kind of resource.",
        advice="List the actions: `sns:Publish`, `sns:Subscribe`, `sns:GetTopicAttributes`, ...",
    ),
    Rule(
        "RG354",
        "fifo-name",
        "Name does not fit the kind of queue or topic",
        Category.BLOCKER,
        Severity.HIGH,
        fifo_name,
        _NAMES["aws_sqs_queue"],
        fix_class="C",
        stage=Stage.PLAN,
        impact=(("Deployment", "The queue or topic cannot be created."),),
        lesson="Names of FIFO queues and topics end in `.fifo`, and only theirs.",
        advice="Add or remove the ending, or the FIFO switch.",
    ),
    Rule(
        "RG358",
        "queue-name-characters",
        "Queue or topic name with characters that AWS does not allow",
        Category.BLOCKER,
        Severity.CRITICAL,
        queue_name,
        _NAMES["aws_sqs_queue"],
        fix_class="C",
        stage=Stage.PLAN,
        impact=(("Deployment", "The queue or topic cannot be created."),),
        lesson="A dot stands in such a name only before `fifo`, at its end.",
        advice="Use hyphens.",
    ),
    Rule(
        "RG355",
        "dead-letter-queue-kind",
        "Dead letter queue of another kind than its queue",
        Category.BLOCKER,
        Severity.HIGH,
        dead_letters_of_other_kind,
        _SQS_DOCS + "sqs-dead-letter-queues.html",
        fix_class="C",
        stage=Stage.APPLY,
        message="InvalidParameterValue: Value for parameter RedrivePolicy is invalid. Reason: Dead letter target must be same type of queue as the source.",
        impact=(("Deployment", "The queue cannot be created with that dead letter queue."),),
        lesson="A FIFO queue has a FIFO dead letter queue, a standard queue a standard one.",
        advice="Make both queues of one kind.",
    ),
    Rule(
        "RG356",
        "fifo-topic-subscriber",
        "Subscription that a FIFO topic does not support",
        Category.BLOCKER,
        Severity.HIGH,
        fifo_subscriber,
        _SNS_DOCS + "sns-fifo-topics.html",
        stage=Stage.APPLY,
        message="InvalidParameter: Invalid parameter: Invalid protocol type",
        impact=(("Deployment", "The subscription cannot be created."),),
        lesson="FIFO topics deliver to queues; people and functions come behind a queue or use a standard topic.",
        advice="Use a standard topic for notifications.",
    ),
    Rule(
        "RG357",
        "alarm-topic-without-subscription",
        "The code subscribes nobody to the alarm topic",
        Category.WARNING,
        Severity.MEDIUM,
        no_subscription,
        _SNS_DOCS + "sns-create-subscribe-endpoint-to-topic.html",
        tier=2,
        topics=("email notif", "e-mail", "notify", "notified", "subscri"),
        stage=Stage.RUNTIME,
        impact=(("Operations", "Alarms change their state unseen, unless somebody subscribes by hand."),),
        lesson="A topic without subscriptions delivers to nobody.",
        advice="Add an `aws_sns_topic_subscription` with an address from a variable.",
        cures=("aws_sns_topic_subscription",),
    ),
)
