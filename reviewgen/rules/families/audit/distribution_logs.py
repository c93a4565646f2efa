"""RG725 to RG727: logs of CloudFront and of network load balancers that do not come into their bucket; keys that shut out who writes logs."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import made

from ...base import Hit, Rule
from ...buckets import key_encryptions, key_of_bucket
from ...keys import created, locked
from ...places import code, listed
from ..compute.load_balancers import LISTENERS
from .deliveries import logging_balancers

# Who writes the log files, and what it asks of the key of the bucket.
_DELIVERY, _ACTION = "delivery.logs", "kms:GenerateDataKey"
# The key by which S3 encrypts where none is named; nobody can change its policy.
_MANAGED = "alias/aws/s3"
_NETWORK_LOGS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html"
# The protocols of listeners of a network load balancer that end no TLS.
_PLAIN = ("TCP", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC")


def log_key_closed(graph: Graph) -> Iterator[Hit]:
    """A log bucket of CloudFront whose key the delivery of logs may not use."""
    for distribution in graph.of_type("aws_cloudfront_distribution"):
        for block in made(graph, distribution, "logging_config") if created(graph, distribution) else ():
            for bucket in graph.targets(block.value("bucket"), distribution.module):
                if bucket.type == "aws_s3_bucket" and bucket.kind == "resource":
                    yield from closed(graph, distribution, bucket, "writes its standard logs to", "logging_config")


def balancer_log_key_closed(graph: Graph) -> Iterator[Hit]:
    """A bucket of access logs of a network load balancer whose key the delivery of logs may not use."""
    for balancer, kind, bucket in logging_balancers(graph):
        if kind == "network":
            yield from closed(graph, balancer, bucket, "writes its access logs to", "access_logs.bucket")


def closed(graph: Graph, sender: Declaration, bucket: Declaration, does: str, argument: str, managed: bool = False) -> Iterator[Hit]:
    """Yield where the key of a bucket does not admit the delivery of logs.

    Args:
        graph: The tree.
        sender: What sends the logs.
        bucket: Where they go.
        does: What it does, up to the name of the bucket.
        argument: Of the sender, which says where they go.
        managed: Whether these logs come into a bucket that is encrypted with the key of AWS.
    """
    for encryption, path, _ in key_encryptions(graph, bucket):
        for rule in encryption.block.nested(*path.split("."), "apply_server_side_encryption_by_default"):
            named = rule.value("kms_master_key_id")
            key = graph.policies.key(named, encryption.module)
            lock = locked(graph, key, _DELIVERY, _ACTION) if key is not None else None
            if lock is not None:
                words = f"{code(lock.key.address)}, {lock.words}"
            elif not managed and (named is None or graph.constant(named, encryption.module) == _MANAGED):
                words = f"the key {code('aws/s3')} of AWS, whose policy admits no delivery of logs"
            else:
                continue
            yield Hit(
                bucket.address,
                f"{code(sender.address)} {does} {code(bucket.address)}, which is encrypted with {words}.",
                f"{code(sender.address)} does not log to {code(bucket.address)} while its key does not admit `{_DELIVERY}.amazonaws.com`",
                key=encryption.address,
                related=(
                    *((lock.place,) if lock is not None else ()),
                    *key_of_bucket(encryption, path),
                    encryption.address,
                    f"{sender.address}.{argument}",
                ),
            )


def logs_without_tls(graph: Graph) -> Iterator[Hit]:
    """A network load balancer with access logs, none of whose listeners ends TLS."""
    if graph.tree.incomplete or graph.has_remote_modules:
        return
    listeners = graph.of_type(*LISTENERS)
    owners = {x.address: [t.address for t in graph.targets(x.block.value("load_balancer_arn"), x.module)] for x in listeners}
    if not all(owners.values()):
        return  # a listener whose load balancer is not certain may be anyone's
    for balancer, kind, bucket in logging_balancers(graph):
        own = [x for x in listeners if balancer.address in owners[x.address]]
        if kind == "network" and own and all(graph.argument(x, "protocol") in _PLAIN for x in own):
            names = [x.address for x in own]
            yield Hit(
                balancer.address,
                f"{code(balancer.address)} is to log access to {code(bucket.address)}, and of its listeners ({listed(names)}) none has the "
                "protocol `TLS`: a network load balancer logs requests over TLS, and nothing else.",
                f"{code(balancer.address)} has no access logs, or a listener with the protocol `TLS`",
                attribute="access_logs",
                related=(*(f"{name}.protocol" for name in names), bucket.address),
            )


RULES = (
    Rule(
        "RG725",
        "cloudfront-log-key-closed",
        "Key of a log bucket does not admit the logs of CloudFront",
        Category.CRITICAL,
        Severity.HIGH,
        log_key_closed,
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html",
        stage=Stage.RUNTIME,
        impact=(("Audit", "No log file of CloudFront arrives in the bucket."),),
        lesson="Standard logs are written by `delivery.logs.amazonaws.com`, which needs a customer managed key that admits it.",
        advice="Allow `delivery.logs.amazonaws.com` `kms:GenerateDataKey*` in the policy of a customer managed key, or encrypt the log bucket "
        "with SSE-S3.",
    ),
    Rule(
        "RG726",
        "nlb-log-key-closed",
        "Key of a log bucket does not admit the logs of a network load balancer",
        Category.CRITICAL,
        Severity.HIGH,
        balancer_log_key_closed,
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html",
        stage=Stage.RUNTIME,
        impact=(("Audit", "No access log of the load balancer arrives in the bucket."),),
        lesson="Access logs of network load balancers are written by `delivery.logs.amazonaws.com`, which needs a customer managed key that "
        "admits it, beside the policy of the bucket.",
        advice="Allow `delivery.logs.amazonaws.com` `kms:GenerateDataKey*` in the policy of a customer managed key, or encrypt the log bucket "
        "with SSE-S3.",
    ),
    Rule(
        "RG727",
        "nlb-logs-without-tls",
        "Network load balancer without TLS has no access logs",
        Category.CRITICAL,
        Severity.MEDIUM,
        logs_without_tls,
        _NETWORK_LOGS,
        stage=Stage.RUNTIME,
        impact=(("Audit", "No access to the load balancer is logged."),),
        lesson="Access logs of a network load balancer are about TLS requests; connections over TCP and UDP are seen in VPC flow logs.",
        advice="Give the load balancer a listener with the protocol `TLS`, or log the connections with `aws_flow_log`.",
    ),
)
