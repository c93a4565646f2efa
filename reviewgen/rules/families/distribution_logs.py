"""RG725: standard logs of CloudFront for which a bucket's key is not to be had."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ..base import Hit, Rule
from ..buckets import key_encryptions, key_of_bucket
from ..keys import created, locked
from ..places import code

# Who writes the log files, and what it asks of the key of the bucket.
_DELIVERY, _ACTION = "delivery.logs", "kms:GenerateDataKey"
# The key by which S3 encrypts where none is named; nobody can change its policy.
_MANAGED = "alias/aws/s3"


def log_key_closed(graph: Graph) -> Iterator[Hit]:
    """A log bucket of CloudFront whose key the delivery of logs may not use."""
    for distribution in graph.of_type("aws_cloudfront_distribution"):
        for block in distribution.block.nested("logging_config") if created(graph, distribution) else ():
            for bucket in graph.targets(block.value("bucket"), distribution.module):
                if bucket.type == "aws_s3_bucket" and bucket.kind == "resource":
                    yield from _closed(graph, distribution, bucket)


def _closed(graph: Graph, distribution: Declaration, bucket: Declaration) -> Iterator[Hit]:
    for encryption, path, _ in key_encryptions(graph, bucket):
        for rule in encryption.block.nested(*path.split("."), "apply_server_side_encryption_by_default"):
            named = rule.value("kms_master_key_id")
            key = graph.policies.key(named, encryption.module)
            lock = locked(graph, key, _DELIVERY, _ACTION) if key is not None else None
            if lock is not None:
                words = f"{code(lock.key.address)}, {lock.words}"
            elif named is None or graph.constant(named, encryption.module) == _MANAGED:
                words = f"the key {code('aws/s3')} of AWS, whose policy admits no delivery of logs"
            else:
                continue
            yield Hit(
                bucket.address,
                f"{code(distribution.address)} writes its standard logs to {code(bucket.address)}, which is encrypted with {words}.",
                f"{code(distribution.address)} does not log to {code(bucket.address)} while its key does not admit `{_DELIVERY}.amazonaws.com`",
                key=encryption.address,
                related=(
                    *((lock.place,) if lock is not None else ()),
                    *key_of_bucket(encryption, path),
                    encryption.address,
                    f"{distribution.address}.logging_config",
                ),
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
        impact=(("Audit", "No log file arrives in the bucket."),),
        lesson="Standard logs are written by `delivery.logs.amazonaws.com`, which needs a customer managed key that admits it.",
        advice="Allow `delivery.logs.amazonaws.com` `kms:GenerateDataKey*` in the policy of a customer managed key, or encrypt the log bucket "
        "with SSE-S3.",
    ),
)
