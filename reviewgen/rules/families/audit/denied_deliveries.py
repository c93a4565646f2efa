"""RG724: deliveries that the policy of a bucket is to admit, and denies for what they do not ask of the encryption."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...buckets import ASKS_BY, admits_encrypted_only, bucket_of, denied_deliveries
from ...keys import created
from ...places import code

# Who delivers to a bucket: the principal, and how it is called.
_SERVICES = {"aws_cloudtrail": ("cloudtrail", "CloudTrail"), "aws_config_delivery_channel": ("config", "AWS Config")}

_LEFT_OUT = ("Audit", "A permission under a condition that no delivery meets is none: nothing of this service arrives in the bucket.")
_TAKE_IT_OUT = (
    "Give the service the key with which it is to encrypt, or take the condition on the encryption out of its permission; the default encryption "
    "of the bucket does the rest."
)


def denied(graph: Graph) -> Iterator[Hit]:
    """A service that a bucket's policy is to admit, and that asks for no SSE-KMS.

    Another statement denies all uploads without it, or the permission itself is for those only that ask for it.
    """
    for type_, (service, name) in _SERVICES.items():
        for sender in graph.of_type(type_):
            buckets = bucket_of(graph, sender, "s3_bucket_name")
            policy = graph.policies.on(buckets[0]) if len(buckets) == 1 and created(graph, sender) else None
            if policy is None or ASKS_BY[type_] in sender.block.attributes:
                continue
            denies = denied_deliveries(policy, sender, service) and policy.allows("s3:PutObject", service=service)
            if not denies and not admits_encrypted_only(policy, service):
                continue
            address, _, path = policy.origins[0].rpartition(".")
            # Whether the service is let in may depend on a condition that nobody looked at: the denial holds either way.
            does = "and denies every upload" if denies else "but no upload"
            yield Hit(
                address,
                f"The policy of {code(buckets[0].address)} is to let {name} write, {does} whose "
                f"`s3:x-amz-server-side-encryption` is not `aws:kms`. "
                f"{code(sender.address)} sets no {code(ASKS_BY[type_])}, so its deliveries do not ask for that.",
                f"{code(sender.address)} sets {code(ASKS_BY[type_])}, or the policy of {code(buckets[0].address)} does not "
                f"{'deny' if denies else 'leave out'} what does not ask for `aws:kms`",
                attribute=path,
                key=sender.address,
                title="" if denies else "A bucket admits only deliveries that ask for SSE-KMS",
                related=(f"{sender.address}.{ASKS_BY[type_]}", sender.address, buckets[0].address),
                impact=() if denies else (_LEFT_OUT,),
                recommendation=None if denies else Recommendation(_TAKE_IT_OUT),
            )


RULES = (
    Rule(
        "RG724",
        "delivery-denied-without-encryption",
        "A bucket denies the deliveries that it is to take",
        Category.CRITICAL,
        Severity.HIGH,
        denied,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
        stage=Stage.RUNTIME,
        impact=(("Audit", "A denial counts more than any permission: nothing of this service arrives in the bucket."),),
        lesson="A condition on the header of an upload is asked before the bucket's default encryption adds anything: services that do not send it "
        "are denied.",
        advice="Give the service the key with which it is to encrypt, or exempt it from the denial; the default encryption of the bucket does the "
        "rest.",
    ),
)
