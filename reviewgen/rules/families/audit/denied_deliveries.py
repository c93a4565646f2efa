"""RG724: deliveries that the policy of a bucket is to admit, and denies for what they do not ask of the encryption."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.policies import Policy

from ...base import Hit, Rule
from ...buckets import ASKS_BY, admits_encrypted_only, bucket_of, denied_deliveries, denies_everybody
from ...keys import created
from ...order import waits_for
from ...places import code
from .recorders import recorder_may_not_write

_CHANNEL = "aws_config_delivery_channel"
# Who delivers to a bucket: the principal, and how it is called; first who says so at once.
_SERVICES = {_CHANNEL: ("config", "AWS Config"), "aws_cloudtrail": ("cloudtrail", "CloudTrail")}

_LEFT_OUT = ("Audit", "A permission under a condition that no delivery meets is none: nothing of this service arrives in the bucket.")
_TAKE_IT_OUT = "Give the service the key with which it is to encrypt, or take the condition on the encryption out of its permission."
# AWS Config tries the bucket when the channel is made: https://github.com/hashicorp/terraform-provider-aws/issues/17898
_TRIED = "https://docs.aws.amazon.com/config/latest/APIReference/API_PutDeliveryChannel.html"
_TRIED_MESSAGE = "InsufficientDeliveryPolicyException: Insufficient delivery policy to s3 bucket"
_REFUSED = (
    "Deployment",
    "AWS Config writes to the bucket when the channel is made, and refuses it when that fails: the recorder cannot be started.",
)
_MAYBE_REFUSED = (
    "Deployment",
    "AWS Config writes to the bucket when the channel is made, and refuses it where the bucket has this policy by then.",
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
            denies = _denies(policy, sender, service)
            if not denies and not _admits_no_more(graph, policy, sender, service, buckets[0]):
                continue
            address, _, path = policy.origins[0].rpartition(".")
            # Whether the service is let in may depend on a condition that nobody looked at: the denial holds either way.
            does = "and denies every upload" if denies else "but no upload"
            hit = Hit(
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
            yield _tried(graph, hit, sender, buckets[0]) if type_ == _CHANNEL else hit


def _denies(policy: Policy, sender: Declaration, service: str) -> bool:
    """Whether a statement denies what a policy is to let in; AWS Config comes as the recorder's role first, which a denial for services spares."""
    if not denied_deliveries(policy, sender, service) or not policy.allows("s3:PutObject", service=service):
        return False
    return sender.type != _CHANNEL or denies_everybody(policy, service)


def _admits_no_more(graph: Graph, policy: Policy, sender: Declaration, service: str, bucket: Declaration) -> bool:
    """Whether what asks for SSE-KMS is all that a sender may write; the role of a recorder needs no permission of the bucket's policy."""
    return admits_encrypted_only(policy, service) and (sender.type != _CHANNEL or recorder_may_not_write(graph, bucket))


def _tried(graph: Graph, hit: Hit, channel: Declaration, bucket: Declaration) -> Hit:
    """Return a hit about a delivery channel as what AWS Config says of it at once: for certain unless it may write as long as there is no policy."""
    holder = graph.get(hit.address)
    certain = recorder_may_not_write(graph, bucket) or (holder is not None and waits_for(graph, channel, [holder]))
    return replace(
        hit,
        stage=Stage.APPLY,
        message=_TRIED_MESSAGE,
        source=_TRIED,
        category=Category.BLOCKER if certain else None,
        impact=(_REFUSED if certain else _MAYBE_REFUSED, *(hit.impact or (_NOTHING_ARRIVES,))),
    )


_NOTHING_ARRIVES = ("Audit", "A denial counts more than any permission: nothing of this service arrives in the bucket.")


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
        impact=(_NOTHING_ARRIVES,),
        lesson="A condition on the header of an upload is asked before the bucket's default encryption adds anything: who does not ask for KMS in "
        "the upload is denied.",
        advice="Give the service the key with which it is to encrypt, or exempt it from the denial.",
    ),
)
