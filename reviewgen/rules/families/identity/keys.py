"""RG10x and RG11x: KMS keys whose policies leave out those who must use them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import absent_by_default, copies, delivers_values

from ...base import Hit, Rule
from ...keys import Lock, created, locked, used_key
from ...messages import Delivery, deliveries
from ...order import waits_for
from ...places import code, listed, region

_ENCRYPT = ("kms:Decrypt", "kms:GenerateDataKey")
_QUEUES = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"


def _statement(lock: Lock, name: str, services: Sequence[str], actions: Iterable[str]) -> Recommendation:
    """Return the statement that lets services use a key; a policy of its own takes the place of the default one, with what that says."""
    said = f"Add a statement for {listed(services)} to the key policy; as a policy document:"
    if not lock.policy.origins:
        said = f"Give the key a policy: the account's statement, of which the default one consists, and one for {listed(services)}; the latter as a document:"
    lines = ", ".join(f'"{action}"' for action in actions)
    who = ", ".join(f'"{service}"' for service in services)
    return Recommendation(
        said,
        f'data "aws_iam_policy_document" "{name}" {{\n'
        "  statement {\n"
        f'    sid       = "Allow{"".join(w.title() for w in name.split("_"))}"\n'
        f"    actions   = [{lines}]\n"
        '    resources = ["*"]\n\n'
        "    principals {\n"
        '      type        = "Service"\n'
        f"      identifiers = [{who}]\n"
        "    }\n"
        "  }\n"
        "}",
    )


def _place(lock: Lock) -> tuple[str, str]:
    """Return address and argument of the policy that must change."""
    address, _, attribute = lock.place.rpartition(".")
    return address, attribute


def log_groups(graph: Graph) -> Iterator[Hit]:
    """A log group is encrypted with a customer managed key whose policy does not let CloudWatch Logs use it."""
    locks = list(_by_key(graph, "aws_cloudwatch_log_group", "kms_key_id", "logs", *_ENCRYPT))
    regions = {region(graph, lock.key) or "REGION" for lock, _ in locks}
    # The service's name in a policy is that of the key's region: one sketch for keys of several regions leaves it open.
    place = regions.pop() if len(regions) == 1 else "REGION"
    for lock, users in locks:
        address, attribute = _place(lock)
        verb = "is" if len(users) == 1 else "are"
        yield Hit(
            address,
            f"{listed([u.address for u in users])} {verb} encrypted with {code(lock.key.address)}, {lock.words}.",
            f"no log group is encrypted with {code(lock.key.address)} while its policy does not let CloudWatch Logs use it",
            attribute=attribute,
            key="logs",
            shut_out=("logs.",),
            related=(*(f"{u.address}.kms_key_id" for u in users), lock.key.address),
            absent=("a statement that lets CloudWatch Logs use the key",),
            needs=_waiting(graph, users),
            users=tuple(u.address for u in users),
            recommendation=_statement(
                lock,
                "logs_use_key",
                [f"logs.{place}.amazonaws.com"],
                ("kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"),
            ),
        )


def trails(graph: Graph) -> Iterator[Hit]:
    """A trail is encrypted with a customer managed key whose policy does not let CloudTrail use it."""
    for lock, users in _by_key(graph, "aws_cloudtrail", "kms_key_id", "cloudtrail", "kms:GenerateDataKey"):
        address, attribute = _place(lock)
        yield Hit(
            address,
            f"The log files of {listed([u.address for u in users])} are encrypted with {code(lock.key.address)}, {lock.words}.",
            f"no trail is encrypted with {code(lock.key.address)} while its policy does not let CloudTrail use it",
            attribute=attribute,
            key="cloudtrail",
            shut_out=("cloudtrail.",),
            related=(*(f"{u.address}.kms_key_id" for u in users), lock.key.address),
            recommendation=_statement(lock, "trail_uses_key", ["cloudtrail.amazonaws.com"], ("kms:GenerateDataKey*", "kms:DescribeKey")),
            needs=_waiting(graph, users),
            users=tuple(u.address for u in users),
        )


def _waiting(graph: Graph, users: list[Declaration]) -> tuple[str, ...]:
    """Return those who need a key where the default values create none of them."""
    return tuple(u.address for u in users) if all(absent_by_default(graph, u) for u in users) else ()


def _by_key(graph: Graph, type_: str, argument: str, service: str, *actions: str) -> Iterator[tuple[Lock, list[Declaration]]]:
    """Yield the keys that a service may not use, with the resources of a type that make it need them."""
    users: dict[str, tuple[Declaration, list[Declaration]]] = {}
    for resource in graph.of_type(type_):
        key = used_key(graph, resource, argument) if created(graph, resource) else None
        if key is not None:
            users.setdefault(key.address, (key, []))[1].append(resource)
    for key, found in users.values():
        lock = locked(graph, key, service, *actions)
        if lock is not None:
            yield lock, found


def publishers(graph: Graph) -> Iterator[Hit]:
    """An alarm, event rule or other service publishes to a topic or queue whose key does not admit it."""
    yield from _undelivered(graph, lambda delivery: delivery.service != "s3")


def bucket_notifications(graph: Graph) -> Iterator[Hit]:
    """A bucket sends its notifications to a topic or queue whose key does not admit S3."""
    yield from _undelivered(graph, lambda delivery: delivery.service == "s3")


def _undelivered(graph: Graph, wanted: Callable[[Delivery], bool]) -> Iterator[Hit]:
    found: dict[str, list[tuple[Delivery, Lock]]] = {}
    for delivery in deliveries(graph):
        if not wanted(delivery):
            continue
        key = used_key(graph, delivery.target, "kms_master_key_id")
        lock = locked(graph, key, delivery.service, *_ENCRYPT) if key is not None else None
        if lock is not None:
            found.setdefault(lock.key.address, []).append((delivery, lock))
    for pairs in found.values():
        yield _shut_out(graph, pairs)


def _senders(graph: Graph, found: Iterable[Delivery]) -> tuple[list[str], list[str], str]:
    """Return who sends, who is there with the default values first; those of whom a sentence can speak; what is to be said of the others."""
    known = {d.sender.address: d.sender for d in found}
    given = delivers_values(graph)
    idle = [a for a, sender in known.items() if (not given and not copies(graph, sender)) or absent_by_default(graph, sender)]
    made = [address for address in known if address not in idle]
    one = len(idle) == 1
    if made and idle:
        return [*made, *idle], made, f" With other values than the default ones {listed(idle)} {'does' if one else 'do'} so, too."
    others = f" With the default values of the variables {listed(idle)} {'is' if one else 'are'} not created." if idle else ""
    return [*made, *idle], made or idle, others


def _shut_out(graph: Graph, pairs: list[tuple[Delivery, Lock]]) -> Hit:
    lock = pairs[0][1]
    services = list(dict.fromkeys(f"{d.service}.amazonaws.com" for d, _ in pairs))
    targets = list(dict.fromkeys(d.target.address for d, _ in pairs))
    every, senders, others = _senders(graph, (d for d, _ in pairs))
    address, attribute = _place(lock)
    words = lock.words if len(services) == 1 else f"whose policy does not let {listed(services)} use it"
    verb = "is" if len(targets) == 1 else "are"
    what = f" what {'it' if len(senders) == 1 else 'they'} cannot deliver" if all(d.dead for d, _ in pairs) else ""
    reach = "sends to" if len(services) == 1 else "send to"
    return Hit(
        address,
        f"{listed(senders)} send{'s' if len(senders) == 1 else ''}{what} to {listed(targets)}, which {verb} encrypted with "
        f"{code(lock.key.address)}, {words}.{others}",
        f"nothing that {listed(services)} {reach} is encrypted with {code(lock.key.address)} while its policy does not let the sender use it",
        attribute=attribute,
        key="publishers",
        shut_out=tuple(dict.fromkeys(f"{d.service}." for d, _ in pairs)),
        related=(*(f"{t}.kms_master_key_id" for t in targets), lock.key.address, *every),
        recommendation=_statement(lock, "publishers_use_key", services, ("kms:Decrypt", "kms:GenerateDataKey*")),
        needs=tuple(targets),
        users=tuple(every),
        source=_QUEUES if all(d.target.type == "aws_sqs_queue" for d, _ in pairs) and services != ["s3.amazonaws.com"] else "",
    )


def managed_message_key(graph: Graph) -> Iterator[Hit]:
    """An alarm or another AWS service publishes to a topic or queue that is encrypted with the AWS managed key of SNS or SQS."""
    found: dict[str, list[Delivery]] = {}
    for delivery in deliveries(graph):
        if _managed_key(graph, delivery.target):
            found.setdefault(delivery.target.address, []).append(delivery)
    for address, pairs in found.items():
        every, senders, others = _senders(graph, pairs)
        queue = pairs[0].target.type == "aws_sqs_queue"
        alias = "alias/aws/sqs" if queue else "alias/aws/sns"
        tried = all(d.service == "s3" for d in pairs)
        yield Hit(
            address,
            f"{code(address)} is encrypted with the AWS managed key `{alias}`, and {listed(senders)} "
            f"send{'s' if len(senders) == 1 else ''} to it. The policy of that key cannot be changed, and it does not admit "
            f"{listed(list(dict.fromkeys(f'{d.service}.amazonaws.com' for d in pairs)))}.{others}",
            f"{code(address)} is not encrypted with `{alias}`",
            attribute="kms_master_key_id",
            related=tuple(every),
            users=tuple(every),
            source=_QUEUES if queue else "",
            stage=Stage.APPLY if tried else None,
            message=_UNTESTED if tried else "",
            impact=(_TESTED,) if tried else (),
            prescribed=alias,
            granted=_OF_AWS,
        )


# Words by which PROMPT wants topics or queues encrypted with the keys that AWS manages.
_OF_AWS = (
    r"\b(?:sns|sqs|topics?|queues?)\b(?:(?!\b(?:s3|buckets?|tables?|secrets?|logs?)\b)[^.,;\n]){0,200}"
    r"\b(?:aws|amazon)[- ]managed (?:(?:kms|sns|sqs|encryption) )*keys?\b"
)


def _managed_key(graph: Graph, target: Declaration) -> bool:
    expr = target.block.value("kms_master_key_id")
    names = [graph.constant(expr, target.module)]
    names += [graph.argument(d, "name") for d in graph.targets(expr, target.module) if d.kind == "data" and d.type == "aws_kms_alias"]
    return any(name in ("alias/aws/sns", "alias/aws/sqs") for name in names)


def late_key_policy(graph: Graph) -> Iterator[Hit]:
    """A log group is encrypted with a key whose separate policy admits CloudWatch Logs, but does not wait for that policy."""
    for group in graph.of_type("aws_cloudwatch_log_group"):
        key = used_key(graph, group, "kms_key_id")
        policy = graph.policies.on(key) if key is not None else None
        if key is None or policy is None or not policy.allows("kms:Decrypt", service="logs") or locked(graph, key, "logs", *_ENCRYPT):
            continue
        holder = graph.get(policy.origins[0].rpartition(".")[0]) if policy.origins else None
        if holder is None or holder.type != "aws_kms_key_policy" or key.block.value("policy") is not None:
            continue
        if not waits_for(graph, group, [holder]):
            yield Hit(
                group.address,
                f"{code(group.address)} refers to {code(key.address)} and not to {code(holder.address)}, which admits "
                "CloudWatch Logs to that key: Terraform may create the log group before the policy.",
                f"{code(group.address)} does not refer to {code(key.address)} without waiting for {code(holder.address)}",
                attribute="depends_on",
                related=(holder.address, key.address),
            )


def lockout(graph: Graph) -> Iterator[Hit]:
    """A key policy in which nobody may change the policy any more."""
    for key in graph.of_type("aws_kms_key", "aws_kms_replica_key"):
        policy = graph.policies.argument(key, "policy")
        if not policy.origins or not policy.complete or graph.argument(key, "bypass_policy_lockout_safety_check") is True:
            continue
        keepers = [
            s for s in policy.statements
            if s.allows("kms:PutKeyPolicy") is not False and any(kind != "Service" for kind, _ in s.principals)
        ]  # fmt: skip
        if policy.statements and not keepers:
            yield Hit(
                key.address,
                f"No statement of the policy of {code(key.address)} allows the account or one of its principals `kms:PutKeyPolicy`; "
                "KMS refuses a policy after which nobody could change it.",
                f"the policy of {code(key.address)} lets the account or one of its principals change the policy",
                attribute="policy",
            )


_DOCS = "https://docs.aws.amazon.com"
_UNTESTED = "Unable to validate the following destination configurations"
_TESTED = ("Deployment", "S3 sends a test message when the notification is configured, and refuses it when that fails.")
_OWN_NAME = (
    "A service that works on its own uses a customer managed key only when the key policy names it; the account's statement is not enough."
)

RULES = (
    Rule(
        "RG101",
        "kms-logs-principal-missing",
        "The KMS key policy does not let CloudWatch Logs use the key",
        Category.BLOCKER,
        Severity.CRITICAL,
        log_groups,
        f"{_DOCS}/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        stage=Stage.APPLY,
        message="The specified KMS key does not exist or is not allowed to be used",
        impact=(("Deployment", "CreateLogGroup is refused, and what depends on the log group is not created either."),),
        lesson=_OWN_NAME,
        advice="Add a statement for `logs.<region>.amazonaws.com` to the key policy.",
        cures=("aws_kms_key_policy",),
    ),
    Rule(
        "RG102",
        "kms-publisher-principal-missing",
        "A key policy shuts out the services that publish to an encrypted topic or queue",
        Category.CRITICAL,
        Severity.HIGH,
        publishers,
        f"{_DOCS}/sns/latest/dg/sns-key-management.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "No message of these services arrives there: they may not encrypt it."),),
        lesson=_OWN_NAME,
        advice="Let each publishing service use `kms:Decrypt` and `kms:GenerateDataKey*` in the key policy.",
        cures=("aws_kms_key_policy",),
    ),
    Rule(
        "RG103",
        "managed-key-publisher",
        "AWS services cannot publish to what is encrypted with the AWS managed key",
        Category.CRITICAL,
        Severity.HIGH,
        managed_message_key,
        f"{_DOCS}/sns/latest/dg/sns-key-management.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "No message of these services arrives there: they may not encrypt it."),),
        lesson="AWS managed keys serve the principals of the account; a service that publishes needs a customer managed key that admits it.",
        advice="Encrypt with a customer managed key whose policy admits the publishing services.",
    ),
    Rule(
        "RG105",
        "kms-cloudtrail-principal-missing",
        "The KMS key policy does not let CloudTrail use the key",
        Category.BLOCKER,
        Severity.CRITICAL,
        trails,
        f"{_DOCS}/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
        stage=Stage.APPLY,
        message="InsufficientEncryptionPolicyException: Insufficient permissions to access S3 bucket",
        impact=(("Deployment", "CreateTrail is refused."), ("Audit", "The trail records no API call.")),
        lesson=_OWN_NAME,
        advice="Let `cloudtrail.amazonaws.com` use `kms:GenerateDataKey*` and `kms:DescribeKey` in the key policy.",
        cures=("aws_kms_key_policy",),
    ),
    Rule(
        "RG106",
        "kms-s3-notification-principal-missing",
        "A key policy shuts out S3, which sends notifications to an encrypted topic or queue",
        Category.BLOCKER,
        Severity.HIGH,
        bucket_notifications,
        f"{_DOCS}/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
        stage=Stage.APPLY,
        message=_UNTESTED,
        impact=(_TESTED,),
        lesson=_OWN_NAME,
        advice="Let `s3.amazonaws.com` use `kms:Decrypt` and `kms:GenerateDataKey*` in the key policy.",
        cures=("aws_kms_key_policy",),
    ),
    Rule(
        "RG107",
        "kms-key-policy-late",
        "Encrypted log groups do not wait for the policy of their key",
        Category.CRITICAL,
        Severity.MEDIUM,
        late_key_policy,
        "https://developer.hashicorp.com/terraform/language/meta-arguments/depends_on",
        stage=Stage.APPLY,
        impact=(("Deployment", "The first apply may fail, depending on which of the two Terraform creates first."),),
        lesson="Permission is a dependency that no reference shows: what needs a policy to exist must name it in `depends_on`.",
        advice="Add the key policy to `depends_on` of the log groups, or write the policy on the key itself.",
    ),
    Rule(
        "RG108",
        "kms-policy-lockout",
        "KMS refuses a key policy that nobody could change any more",
        Category.BLOCKER,
        Severity.CRITICAL,
        lockout,
        f"{_DOCS}/kms/latest/developerguide/key-policy-default.html",
        stage=Stage.APPLY,
        message="MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future",
        impact=(("Deployment", "The key is not created, and nothing that it encrypts is."),),
        lesson="A key policy replaces the default one whole: the statement for the account must be repeated in it.",
        advice="Add the default statement: `kms:*` for `arn:aws:iam::<account>:root`.",
    ),
)
