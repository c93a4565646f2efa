"""RG461 to RG463, RG465: VPC flow logs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reviewgen.model.hcl import Expression
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...buckets import bucket_of
from ...keys import created
from ...places import code
from ...values import taken_targets
from ..audit.distribution_logs import closed

_DOCS = "https://docs.aws.amazon.com/vpc/latest/userguide/"
_LOG_GROUPS = "cloud-watch-logs"


def _kind(graph: Graph, log: Declaration) -> str | None:
    """Where a flow log goes: its ``log_destination_type``, by default CloudWatch Logs; None when it is not known."""
    if log.block.value("log_destination_type") is None:
        return _LOG_GROUPS
    value = graph.argument(log, "log_destination_type")
    return value if isinstance(value, str) else None


def role_with_bucket(graph: Graph) -> Iterator[Hit]:
    """A role on a flow log to S3."""
    for log in graph.of_type("aws_flow_log"):
        role = log.block.value("iam_role_arn")
        if _kind(graph, log) == "s3" and role is not None and _is_set(graph, log, role):
            yield Hit(
                log.address,
                f"{code(log.address)} delivers to S3 and sets `iam_role_arn`, which is only for CloudWatch Logs.",
                f"{code(log.address)} does not set `iam_role_arn` while it delivers to S3",
                attribute="iam_role_arn",
            )


def _is_set(graph: Graph, log: Declaration, role: Expression) -> bool:
    """Whether a flow log is given a role: an empty text is none."""
    return graph.constant(role, log.module) not in (None, "")


def bucket_without_type(graph: Graph) -> Iterator[Hit]:
    """The ARN of a bucket or delivery stream without ``log_destination_type``."""
    types = {"aws_s3_bucket": "s3", "aws_kinesis_firehose_delivery_stream": "kinesis-data-firehose"}
    for log in graph.of_type("aws_flow_log"):
        for target in taken_targets(graph, log.block.value("log_destination"), log.module):
            if target.type in types and _kind(graph, log) == _LOG_GROUPS:
                yield Hit(
                    log.address,
                    f"{code(log.address)} has {code(target.address)} as destination but the destination type `{_LOG_GROUPS}`"
                    + ("." if "log_destination_type" in log.block.attributes else ", which is the default."),
                    f"{code(log.address)} does not have {code(target.address)} as destination with the type `{_LOG_GROUPS}`",
                    attribute="log_destination_type",
                    related=(f"{log.address}.log_destination", target.address),
                )


def log_group_without_role(graph: Graph) -> Iterator[Hit]:
    """A flow log to CloudWatch Logs without the role that writes."""
    for log in graph.of_type("aws_flow_log"):
        groups = [t for n in ("log_destination", "log_group_name") for t in graph.targets(log.block.value(n), log.module)]
        known = [g for g in groups if g.type == "aws_cloudwatch_log_group"]
        if _kind(graph, log) == _LOG_GROUPS and known and not {"iam_role_arn", "deliver_cross_account_role"} & set(log.block.attributes):
            yield Hit(
                log.address,
                f"{code(log.address)} delivers to {code(known[0].address)} without `iam_role_arn`.",
                f"{code(log.address)} does not deliver to a log group without `iam_role_arn`",
                attribute="iam_role_arn",
                related=(known[0].address,),
            )


def key_closed(graph: Graph) -> Iterator[Hit]:
    """A bucket of flow logs whose key the delivery of logs may not use; the key of AWS lets them in."""
    for log in graph.of_type("aws_flow_log"):
        # Where the type is forgotten, the bucket is meant.
        meant = _kind(graph, log) == "s3" or "log_destination_type" not in log.block.attributes
        for bucket in bucket_of(graph, log, "log_destination") if meant and created(graph, log) else ():
            for hit in closed(graph, log, bucket, "is to deliver to", "log_destination", managed=True):
                places = tuple(p for p in hit.related if not p.startswith(f"{log.address}."))
                yield replace(hit, address=log.address, attribute="log_destination", related=(*places, bucket.address))


RULES = (
    Rule(
        "RG461",
        "flow-log-role-with-bucket",
        "IAM role on a flow log that delivers to S3",
        Category.BLOCKER,
        Severity.CRITICAL,
        role_with_bucket,
        _DOCS + "flow-logs-s3.html",
        stage=Stage.APPLY,
        message="InvalidParameter: DeliverLogsPermissionArn is not applicable for s3 delivery",
        impact=(("Deployment", "The flow log cannot be created."), ("Audit", "It records no traffic.")),
        lesson="To S3 flow logs are written by the delivery service, which the bucket policy admits; a role is for CloudWatch Logs only.",
        advice="Remove `iam_role_arn` and let the bucket policy admit `delivery.logs.amazonaws.com`.",
    ),
    Rule(
        "RG462",
        "flow-log-bucket-without-type",
        "Flow log destination does not fit its type",
        Category.BLOCKER,
        Severity.CRITICAL,
        bucket_without_type,
        _DOCS + "flow-logs-s3.html",
        stage=Stage.APPLY,
        message="InvalidParameter",
        impact=(("Deployment", "The flow log cannot be created."), ("Audit", "It records no traffic.")),
        lesson="The destination type of a flow log is `cloud-watch-logs` unless it is said otherwise.",
        advice="Set `log_destination_type` to the kind of the destination.",
    ),
    Rule(
        "RG463",
        "flow-log-without-role",
        "Flow log to CloudWatch Logs without a role",
        Category.BLOCKER,
        Severity.CRITICAL,
        log_group_without_role,
        _DOCS + "flow-logs-iam-role.html",
        stage=Stage.APPLY,
        message="InvalidParameter: DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs",
        impact=(("Deployment", "The flow log cannot be created."), ("Audit", "It records no traffic.")),
        lesson="Flow logs write to CloudWatch Logs with a role that `vpc-flow-logs.amazonaws.com` may assume.",
        advice="Create a role for `vpc-flow-logs.amazonaws.com` with the permissions to write log events, and set it as `iam_role_arn`.",
    ),
    Rule(
        "RG465",
        "flow-log-key-closed",
        "Key of a log bucket does not admit flow logs",
        Category.CRITICAL,
        Severity.HIGH,
        key_closed,
        _DOCS + "flow-logs-s3-cmk-policy.html",
        stage=Stage.RUNTIME,
        impact=(("Audit", "No record of the flow log arrives in the bucket."),),
        lesson="To S3 flow logs are written by `delivery.logs.amazonaws.com`, which needs a customer managed key that admits it, beside the "
        "policy of the bucket.",
        advice="Allow `delivery.logs.amazonaws.com` `kms:GenerateDataKey*` in the policy of a customer managed key, or encrypt the log bucket "
        "with SSE-S3.",
    ),
)
