"""RG336: roles that may use an encrypted resource but not its key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reviewgen.model.hcl import Conditional, Expression
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code, type_of, uses
from ...rights import GRANTS, may
from ...values import chosen

_WRITE, _READ = "kms:GenerateDataKey", "kms:Decrypt"
# Where the service tells what its users need of a key, and what it answers who may not use it; by the type of the resource.
_DOCS = "https://docs.aws.amazon.com"
_TOLD: Mapping[str, tuple[str, str]] = {
    "aws_sqs_queue": (f"{_DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html", "KMS.AccessDeniedException"),
    "aws_sns_topic": (f"{_DOCS}/sns/latest/dg/sns-key-management.html", "KMSAccessDenied"),
    "aws_s3_bucket": (f"{_DOCS}/AmazonS3/latest/userguide/UsingKMSEncryption.html", "AccessDenied"),
    "aws_secretsmanager_secret": (
        f"{_DOCS}/secretsmanager/latest/userguide/security-encryption.html",
        "AccessDeniedException: Access to KMS is not allowed",
    ),
    "aws_kinesis_stream": (f"{_DOCS}/streams/latest/dev/permissions-user-key-KMS.html", "KMSAccessDeniedException"),
}
# What an action on an encrypted resource asks of its key, by the type of the resource.
_NEEDS: Mapping[str, Mapping[str, str]] = {
    "aws_sqs_queue": {"sqs:SendMessage": _WRITE, "sqs:ReceiveMessage": _READ},
    "aws_sns_topic": {"sns:Publish": _WRITE},
    "aws_s3_bucket": {"s3:PutObject": _WRITE, "s3:GetObject": _READ},
    "aws_secretsmanager_secret": {"secretsmanager:GetSecretValue": _READ},
    "aws_kinesis_stream": {"kinesis:PutRecord": _WRITE, "kinesis:GetRecords": _READ},
}
_KEYED = {
    "aws_sqs_queue": "kms_master_key_id", "aws_sns_topic": "kms_master_key_id", "aws_secretsmanager_secret": "kms_key_id",
    "aws_kinesis_stream": "kms_key_id",
}  # fmt: skip


# Services that use the role which they assume to write to CloudWatch Logs only, whatever else it allows: they deliver to buckets and topics
# as themselves (CloudTrail User Guide, role policy document; VPC User Guide, flow logs to S3; RDS User Guide, Enhanced Monitoring).
_LOGGERS = frozenset({"cloudtrail.amazonaws.com", "vpc-flow-logs.amazonaws.com", "monitoring.rds.amazonaws.com"})


def _keys(graph: Graph) -> dict[str, Declaration]:
    """Return the customer managed key of each encrypted resource of the tree, by the resource's address."""
    found: dict[str, Declaration] = {}
    for type_, argument in _KEYED.items():
        for resource in graph.of_type(type_):
            # A stream has a key and does nothing with it unless it is told to encrypt.
            unused = resource.block.value("encryption_type") is None or graph.argument(resource, "encryption_type") == "NONE"
            if type_ == "aws_kinesis_stream" and unused:
                continue
            _put(graph, found, resource.address, resource.block.value(argument), resource.module)
    for settings in graph.of_type("aws_s3_bucket_server_side_encryption_configuration"):
        for bucket in graph.targets(settings.block.value("bucket"), settings.module):
            for block in settings.block.nested("rule", "apply_server_side_encryption_by_default"):
                if graph.constant(block.value("sse_algorithm"), settings.module) == "AES256":
                    continue
                _put(graph, found, bucket.address, block.value("kms_master_key_id"), settings.module)
    return found


def _put(graph: Graph, found: dict[str, Declaration], address: str, expr: Expression | None, module: str) -> None:
    if isinstance(expr, Conditional) and len(taken := chosen(graph, expr, module)) == 1:
        expr = taken[0]
    key = graph.policies.key(expr, module) if expr is not None else None
    if key is not None:
        found[address] = key


def key_forgotten(graph: Graph) -> Iterator[Hit]:
    """A role with a statement on an encrypted resource and none on the key behind it."""
    keys = _keys(graph)
    for role in graph.of_type("aws_iam_role") if keys else ():
        if _is_for_logs(graph, role):
            continue
        seen: set[tuple[str, str]] = set()
        for statement in graph.policies.of_role(role).statements:
            for address in sorted({ref for text in statement.resources for ref in text.refs} & set(keys)):
                resource, key = graph.tree.declarations[address], keys[address]
                for action, needed in _NEEDS[resource.type].items():
                    if (resource.type, needed) in seen or statement.allows(action) is not True:
                        continue
                    if may(graph, role, needed, key.address) is False and not _granted(graph, key, role):
                        if _delivers_itself(graph, role, resource) and _admits(graph, key, _CONFIG, needed):
                            continue
                        seen.add((resource.type, needed))
                        yield _forgotten(graph, role, resource, key, action, needed)


def _is_for_logs(graph: Graph, role: Declaration) -> bool:
    """Whether nobody assumes a role but services that only write logs with it."""
    trust = graph.policies.trust(role)
    who = [(kind, text.text) for statement in trust.statements for kind, text in statement.principals]
    return trust.complete and bool(who) and all(kind == "Service" and name in _LOGGERS for kind, name in who)


def _granted(graph: Graph, key: Declaration, role: Declaration) -> bool:
    """Whether a grant, or the key's own policy, may admit a role: the policy is not fully known, or names it, or everybody."""
    for grant in graph.of_type("aws_kms_grant"):
        of_key = graph.policies.key(grant.block.value("key_id"), grant.module)
        named = graph.targets(grant.block.value("grantee_principal"), grant.module)
        if (of_key is None or of_key.address == key.address) and (not named or role in named):
            return True
    policy = graph.policies.on(key)
    if policy is None or not policy.complete:
        return True
    for statement in (s for s in policy.statements if s.effect == "Allow"):
        for kind, who in statement.principals:
            everybody = who.anything and kind in ("*", "AWS")
            if everybody or role.address in who.refs or (kind == "AWS" and "root" not in who.text):
                return True
    return False


# Where AWS Config may not use the key with the role of its recorder, it delivers once more as itself.
_CONFIG = "config.amazonaws.com"
_OF_CONFIG = f"{_DOCS}/config/latest/developerguide/s3-kms-key-policy.html"


def _delivers_itself(graph: Graph, role: Declaration, resource: Declaration) -> bool:
    """Whether the recorder of AWS Config has a role, and what it records goes to a bucket."""
    recorders = any(type_of(use.source) == "aws_config_configuration_recorder" for use in uses(graph, role.address))
    return recorders and any(type_of(use.source) == "aws_config_delivery_channel" for use in uses(graph, resource.address))


def _admits(graph: Graph, key: Declaration, service: str, action: str) -> bool:
    """Whether a key's policy lets a service do something, or perhaps does."""
    policy = graph.policies.on(key)
    return policy is not None and (
        not policy.complete
        or any(
            s.effect == "Allow"
            and s.allows(action) is not False
            and any(kind == "Service" and who.text == service for kind, who in s.principals)
            for s in policy.statements
        )
    )


def _forgotten(graph: Graph, role: Declaration, resource: Declaration, key: Declaration, action: str, needed: str) -> Hit:
    itself = _delivers_itself(graph, role, resource)
    return Hit(
        role.address,
        f"{code(role.address)} allows `{action}` on {code(resource.address)}, which is encrypted with {code(key.address)}, but it lacks "
        f"`{needed}` on the key, and the key's policy does not admit it either."
        + (f" AWS Config then tries again as `{_CONFIG}`, which the key's policy does not admit." if itself else ""),
        f"{code(role.address)} does not allow `{action}` on {code(resource.address)} without `{needed}` on the key behind it",
        key=f"{resource.type}:{needed}",
        related=(*graph.policies.of_role(role).origins[:3], resource.address, key.address),
        source=_OF_CONFIG if itself else _TOLD[resource.type][0],
        message="" if itself else _TOLD[resource.type][1],
        impact=(("Function", "AWS Config delivers neither its history nor its snapshots to the bucket."),) if itself else (),
        recommendation=None if _is_left_to_roles(graph, key, needed) else _BY_THE_KEY,
    )


_BY_THE_KEY = Recommendation("Admit the role in the key's policy, which leaves this action to no policy of the account.")


def _is_left_to_roles(graph: Graph, key: Declaration, action: str) -> bool:
    """Whether a key's policy leaves an action to the account, whose roles may then be allowed it."""
    policy = graph.policies.on(key)
    account = [s for s in policy.statements if any(kind == "AWS" and "root" in who.text for kind, who in s.principals)] if policy else []
    return policy is None or any(s.allows(action) is not False for s in account)


RULES = (
    Rule(
        "RG336",
        "role-without-key-rights",
        "Role may use an encrypted resource but not its key",
        Category.CRITICAL,
        Severity.HIGH,
        key_forgotten,
        f"{_DOCS}/kms/latest/developerguide/key-policy-services.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Function", "These calls are denied, although the role seems to allow them."),),
        lesson="Who uses an encrypted resource uses its key too: writing takes `kms:GenerateDataKey`, reading `kms:Decrypt`.",
        advice="Add a statement for the key to the role.",
        cures=GRANTS,
    ),
)
