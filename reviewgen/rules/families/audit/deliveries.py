"""RG72x: logs that load balancers and S3 may not deliver."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.hcl import Block
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import made
from reviewgen.terraform.policies import Policy, Text

from ... import tables
from ...base import Hit, Rule
from ...buckets import bucket_of, companions, denied_uploads, key_encryptions, key_of_bucket, server_logs
from ...keys import created
from ...places import code, listed, provider, region
from ...values import may_be_given

_NLB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html"
_FOR_NETWORK = Recommendation("Allow `delivery.logs.amazonaws.com` `s3:GetBucketAcl` and `s3:PutObject` in the policy of the bucket.")
_ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:iam::)?(?P<id>\d{12})(?::root)?")
_SERVICES = {"application": ("logdelivery.elasticloadbalancing",), "network": ("delivery.logs",)}


def logging_balancers(graph: Graph) -> Iterator[tuple[Declaration, str, Declaration]]:
    """Yield (load balancer, its kind, bucket) of load balancers that certainly log to a bucket of the tree."""
    for balancer in graph.of_type("aws_lb", "aws_alb"):
        kind = graph.argument(balancer, "load_balancer_type") if "load_balancer_type" in balancer.block.attributes else "application"
        enabled = [_switched_on(graph, balancer, b) for b in made(graph, balancer, "access_logs")]
        buckets = bucket_of(graph, balancer, "access_logs", "bucket")
        if isinstance(kind, str) and kind in _SERVICES and any(enabled) and len(buckets) == 1 and created(graph, balancer):
            yield balancer, kind, buckets[0]


def _switched_on(graph: Graph, balancer: Declaration, block: Block) -> bool:
    expr = block.value("enabled")
    return expr is not None and graph.constant(expr, balancer.module) in (True, "true")


def closed_bucket(graph: Graph) -> Iterator[Hit]:
    """A load balancer writes access logs to a bucket whose policy admits no load balancer."""
    for balancer, kind, bucket in logging_balancers(graph):
        policy = graph.policies.on(bucket)
        here = _region(graph, balancer)
        if policy is not None and not _shut(policy, kind, here):
            continue
        address, _, attribute = (policy.origins[0] if policy else f"{balancer.address}.access_logs").rpartition(".")
        others = _elsewhere(policy, here) if policy is not None else []
        said = "which has no bucket policy" if policy is None else "whose policy does not let it write"
        if others:
            said = f"whose policy lets no load balancer of `{here}` write: it names the account of those of {listed(others)}"
        yield Hit(
            address,
            f"{code(balancer.address)} writes its access logs to {code(bucket.address)}, {said}.",
            f"{code(balancer.address)} does not log to {code(bucket.address)}"
            + (f" while that admits no load balancer of `{here}`" if others else ", or that has a policy which does not shut it out"),
            attribute=attribute,
            key="elb",
            related=(f"{balancer.address}.access_logs", bucket.address),
            recommendation=_FOR_NETWORK if kind == "network" else None,
            further=denied_uploads(policy, *_SERVICES[kind]) if kind == "application" else "",
            source=_NLB if kind == "network" else "",
        )


def _shut(policy: Policy, kind: str, here: str | None) -> bool:
    """Whether a policy certainly lets no load balancer of a region write; an account may be theirs, but for that of another region's."""
    if not policy.complete:
        return False
    for statement in policy.allowing("s3:PutObject"):
        if any(who != "Service" and not _region_of(text, here) for who, text in statement.principals):
            return False
        if any(statement.addresses(service) is not False for service in _SERVICES[kind]):
            return False
    return True


def _region(graph: Graph, balancer: Declaration) -> str | None:
    """Return the region of a load balancer where no call of a module and no choice of a file of values decides it."""
    block = graph.get(f"provider.{provider(balancer)}")
    given = block.block.value("region") if block is not None else None
    if balancer.module != graph.tree.root or (given is not None and may_be_given(graph, given, graph.tree.root)):
        return None
    return region(graph, balancer)


def _elsewhere(policy: Policy, here: str | None) -> list[str]:
    """Return the regions, but for the given one, whose load balancers a policy lets write by their account."""
    principals = (text for s in policy.allowing("s3:PutObject") for _, text in s.principals)
    return sorted({found for text in principals if (found := _region_of(text, here))})


def _region_of(principal: Text, here: str | None) -> str:
    """Return the region whose load balancers a principal is, where that is certainly not the given one; empty for anything else."""
    accounts = {row["account"]: row["region"] for row in tables.rows("elb_accounts")}
    match = _ACCOUNT.fullmatch(principal.text)
    found: str = accounts.get(match["id"], "") if match and here in accounts.values() else ""
    return found if found != here else ""


def encrypted_bucket(graph: Graph) -> Iterator[Hit]:
    """An application load balancer writes access logs to a bucket that encrypts with KMS."""
    for balancer, kind, bucket in logging_balancers(graph):
        for encryption, block, algorithm in key_encryptions(graph, bucket) if kind == "application" else ():
            yield Hit(
                encryption.address,
                f"{code(balancer.address)} writes its access logs to {code(bucket.address)}, which encrypts with `{algorithm}`; "
                "application load balancers deliver to buckets with SSE-S3 only.",
                f"{code(balancer.address)} does not log to {code(bucket.address)} while that encrypts with KMS",
                attribute=block,
                key=balancer.address,
                related=(*key_of_bucket(encryption, block), f"{balancer.address}.access_logs.bucket", bucket.address),
            )


def closed_to_server_logs(graph: Graph) -> Iterator[Hit]:
    """Server access logs go to a bucket that neither a policy nor an ACL opens for S3's log delivery."""
    for logging, argument, target in server_logs(graph):
        if not graph.policies.all_seen:
            continue
        policy = graph.policies.on(target)
        acls = companions(graph, target, "aws_s3_bucket_acl")
        inline = "acl" in target.block.attributes or any(target.block.nested("grant"))
        if acls is None or inline or not all(_grants_only_others(graph, acl) for acl in acls):
            continue
        if policy is None or policy.allows("s3:PutObject", service="logging.s3") is False:
            address, _, attribute = policy.origins[0].rpartition(".") if policy else (logging.address, "", argument)
            yield Hit(
                address,
                f"{code(logging.address)} sends server access logs to {code(target.address)}, and "
                + (
                    f"it has {'no policy, and its ACL does not admit the log delivery' if acls else 'neither a policy nor an ACL'}"
                    if policy is None
                    else "its policy does not allow `logging.s3.amazonaws.com` to write"
                )
                + ": S3 delivers nothing there.",
                f"{code(logging.address)} does not log to {code(target.address)} while that does not admit `logging.s3.amazonaws.com`",
                attribute=attribute,
                key="logging.s3",
                related=(f"{logging.address}.{argument}", target.address),
                further=denied_uploads(policy, "logging.s3"),
            )


# Canned ACLs that let nobody write but the owner, and lookups of accounts that are not S3's log delivery, which is a group.
_OF_THE_OWNER = ("private", "public-read", "authenticated-read", "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control")
_ACCOUNTS = ("aws_canonical_user_id", "aws_cloudfront_log_delivery_canonical_user_id")


def _grants_only_others(graph: Graph, acl: Declaration) -> bool:
    """Whether an ACL certainly does not let S3's log delivery write: it is one of the owner's, or names accounts that are looked up."""
    if "acl" in acl.block.attributes:
        return graph.argument(acl, "acl") in _OF_THE_OWNER
    grants = list(acl.block.nested("access_control_policy", "grant"))
    grantees = [grantee for grant in grants for grantee in grant.nested("grantee")]
    return len(grantees) == len(grants) > 0 and all(_is_an_account(graph, acl, grantee) for grantee in grantees)


def _is_an_account(graph: Graph, acl: Declaration, grantee: Block) -> bool:
    return "uri" not in grantee.attributes and any(t.type in _ACCOUNTS for t in graph.targets(grantee.value("id"), acl.module))


_ELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html"

RULES = (
    Rule(
        "RG721",
        "elb-logs-bucket-closed",
        "The load balancer may not write to the bucket of its access logs",
        Category.BLOCKER,
        Severity.HIGH,
        closed_bucket,
        _ELB,
        stage=Stage.APPLY,
        message="InvalidConfigurationRequest: Access Denied for bucket",
        impact=(("Deployment", "Elastic Load Balancing tests the bucket and refuses to switch the logs on."),),
        lesson="Load balancers deliver logs under their own principal, which the bucket's policy must admit.",
        advice="Allow `logdelivery.elasticloadbalancing.amazonaws.com` (or `data.aws_elb_service_account`) `s3:PutObject` in the policy.",
        cures=("aws_s3_bucket_policy",),
    ),
    Rule(
        "RG722",
        "alb-logs-kms-bucket",
        "The bucket of the access logs encrypts with KMS",
        Category.BLOCKER,
        Severity.HIGH,
        encrypted_bucket,
        _ELB,
        stage=Stage.APPLY,
        message="InvalidConfigurationRequest: Access Denied for bucket",
        impact=(("Deployment", "Elastic Load Balancing tests the bucket and refuses to switch the logs on."),),
        lesson="Not every service that writes to S3 can write to a bucket with SSE-KMS; application load balancers cannot.",
        advice="Use `AES256` for the bucket of the access logs.",
    ),
    Rule(
        "RG723",
        "s3-logs-bucket-closed",
        "S3 may not write to the bucket of its server access logs",
        Category.CRITICAL,
        Severity.HIGH,
        closed_to_server_logs,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html",
        stage=Stage.RUNTIME,
        impact=(("Audit", "No server access log arrives there."),),
        lesson="Log delivery is a permission of the receiving bucket; ACLs are disabled on new buckets, so a policy gives it.",
        advice="Allow `logging.s3.amazonaws.com` `s3:PutObject` in the policy of the receiving bucket.",
        cures=("aws_s3_bucket_policy",),
    ),
)
