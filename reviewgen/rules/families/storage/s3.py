"""RG25x: what S3 refuses: ACLs, replication, policies."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...buckets import bucket_of, companions, is_locked, key_encryptions, key_of_bucket, names_key, server_logs
from ...order import waits_for
from ...places import code

_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"


def acl_without_ownership(graph: Graph) -> Iterator[Hit]:
    """An ACL on a bucket that has ACLs disabled, as every new one."""
    for acl in graph.of_type("aws_s3_bucket_acl"):
        for bucket in bucket_of(graph, acl):
            if _acls_disabled(graph, bucket):
                yield Hit(
                    acl.address,
                    f"{code(acl.address)} sets an ACL on {code(bucket.address)}, for which nothing enables ACLs: new buckets have them disabled.",
                    f"{code(acl.address)} does not set an ACL on {code(bucket.address)} while nothing enables ACLs there",
                    related=(bucket.address, f"{acl.address}.acl"),
                    recommendation=_FOR_LOGS if graph.argument(acl, "acl") == "log-delivery-write" else None,
                )


# An ACL without which S3 delivers no access logs, unless a policy takes its place.
_FOR_LOGS = Recommendation(
    "Let a policy of the bucket admit `logging.s3.amazonaws.com` in the place of the ACL, or set object ownership to `BucketOwnerPreferred` first."
)


def _acls_disabled(graph: Graph, bucket: Declaration) -> bool:
    """Whether ACLs are certainly disabled for a bucket of the tree."""
    controls = companions(graph, bucket, "aws_s3_bucket_ownership_controls")
    if controls is None or graph.tree.incomplete or graph.has_remote_modules:
        return False
    values = [graph.argument(c, "rule", "object_ownership") for c in controls]
    return all(v == "BucketOwnerEnforced" for v in values)


# ---- replication


def replication_of_encrypted(graph: Graph) -> Iterator[Hit]:
    """A key for the copies, and encrypted objects that are not selected."""
    for replication in graph.of_type("aws_s3_bucket_replication_configuration"):
        for rule in replication.block.nested("rule"):
            keyed = names_key(graph, replication, rule)
            selected = any(rule.nested("source_selection_criteria", "sse_kms_encrypted_objects"))
            if keyed and not selected:
                yield Hit(
                    replication.address,
                    f"{code(replication.address)} names a key for the copies and does not select objects that are encrypted with KMS.",
                    f"{code(replication.address)} names no key for the copies without selecting encrypted objects",
                    attribute="rule",
                    related=(f"{replication.address}.rule.source_selection_criteria",),
                )


def _versioning(graph: Graph) -> Iterator[tuple[Declaration, str, Declaration, list[Declaration]]]:
    """Yield (replication, ``source`` or ``destination``, bucket, what switches its versioning on) where that is certain."""
    if graph.tree.incomplete or graph.has_remote_modules:
        return
    for replication in graph.of_type("aws_s3_bucket_replication_configuration"):
        places = [("source", b) for b in bucket_of(graph, replication)]
        places += [("destination", b) for b in bucket_of(graph, replication, "rule", "destination", "bucket")]
        for role, bucket in places:
            found = companions(graph, bucket, "aws_s3_bucket_versioning")
            versioned = any(bucket.block.nested("versioning")) or is_locked(graph, bucket)
            if found is not None and not versioned:
                on = [v for v in found if graph.argument(v, "versioning_configuration", "status") not in ("Suspended", "Disabled")]
                yield replication, role, bucket, on


def replication_without_versioning(graph: Graph) -> Iterator[Hit]:
    """Replication from or to a bucket whose versioning is not on."""
    for replication, role, bucket, on in _versioning(graph):
        if not on:
            yield Hit(
                replication.address,
                f"The {role} {code(bucket.address)} of {code(replication.address)} has no versioning switched on, which replication needs on "
                "both sides.",
                f"{code(replication.address)} has no {role} without versioning",
                key=f"{role}:{bucket.address}",
                related=(bucket.address,),
                message="InvalidRequest: Destination bucket must have versioning enabled." if role == "destination" else "",
            )


def replication_before_versioning(graph: Graph) -> Iterator[Hit]:
    """Replication that does not wait for versioning of its destination; that of the source the provider waits for itself, up to two minutes."""
    for replication, role, bucket, on in _versioning(graph):
        if role == "destination" and on and not waits_for(graph, replication, on):
            yield Hit(
                replication.address,
                f"{code(replication.address)} does not wait for {code(on[0].address)}, which switches versioning of its destination on: "
                "nothing orders the two.",
                f"{code(replication.address)} waits for versioning of its destination",
                attribute="depends_on",
                key=f"{role}:{bucket.address}",
                related=tuple(v.address for v in on),
            )


# ---- policies and logs


def public_policy_blocked(graph: Graph) -> Iterator[Hit]:
    """A policy for everybody on a bucket that blocks such policies, or still does."""
    if graph.tree.incomplete or graph.has_remote_modules:
        return
    for policy in graph.of_type("aws_s3_bucket_policy"):
        if not _is_public(graph, policy):
            continue
        for bucket in bucket_of(graph, policy):
            blocks = companions(graph, bucket, "aws_s3_bucket_public_access_block")
            if blocks is None:
                continue
            closed = next((b for b in blocks if graph.argument(b, "block_public_policy") is True), None)
            if closed is not None:
                said, place = f"{code(closed.address)} blocks public policies on the same bucket", ""
            elif not blocks:
                said, place = "nothing lifts the public access block that every new bucket has", ""
            elif not waits_for(graph, policy, blocks):
                said, place = (
                    f"it does not wait for {code(blocks[0].address)}, which lifts the public access block that every new bucket has",
                    "depends_on",
                )
            else:
                continue
            yield Hit(
                policy.address,
                f"{code(policy.address)} grants access to everybody, and {said}.",
                f"{code(policy.address)} does not grant access to everybody while the bucket may still refuse it",
                attribute=place,
                related=(blocks[0].address,) if blocks else (bucket.address,),
            )


def _is_public(graph: Graph, policy: Declaration) -> bool:
    """Whether a statement certainly allows something to everybody without a condition."""
    return any(
        s.effect == "Allow" and s.certain and not s.conditions and any(kind in ("*", "AWS") and value.anything for kind, value in s.principals)
        for s in graph.policies.argument(policy, "policy").statements
    )  # fmt: skip


# PROMPTs that want a key for all buckets, or for that of the logs.
_KEY = r"(?:kms|cmks?|customer[- \u2011]managed)"
_KEY_FOR_LOGS = (
    rf"\b(?:all|every|each)\b[^.\n]{{0,20}}\bbuckets?\b[^.\n]{{0,60}}\b{_KEY}\b|\b{_KEY}\b[^.\n]{{0,40}}\bbuckets?\b[^.\n]{{0,30}}\blogs?\b"
)


def access_logs_with_key(graph: Graph) -> Iterator[Hit]:
    """Server access logs to a bucket that encrypts with KMS."""
    for logging, argument, target in server_logs(graph):
        for encryption, block, _ in key_encryptions(graph, target):
            yield Hit(
                encryption.address,
                f"{code(logging.address)} sends server access logs to {code(target.address)}, which encrypts with KMS; "
                "S3 delivers them to buckets with SSE-S3 only.",
                f"{code(logging.address)} does not log to {code(target.address)} while that encrypts with KMS",
                attribute=block,
                related=(target.address, f"{logging.address}.{argument}", *key_of_bucket(encryption, block)),
                needs=(logging.address,),
                granted=_KEY_FOR_LOGS,
            )


def no_public_access_block(graph: Graph) -> Iterator[Hit]:
    """A bucket without a public access block of its own."""
    if graph.tree.incomplete or graph.has_remote_modules or graph.of_type("aws_s3_account_public_access_block"):
        return
    for bucket in graph.of_type("aws_s3_bucket"):
        if companions(graph, bucket, "aws_s3_bucket_public_access_block") == [] and not _blocks_by_itself(bucket):
            yield Hit(
                bucket.address,
                f"{code(bucket.address)} has no public access block: only the default of new buckets keeps it private, and nothing holds it there.",
                f"{code(bucket.address)} has a public access block, or its account has one",
            )


def _blocks_by_itself(bucket: Declaration) -> bool:
    """Whether a bucket holds what the block is meant to be: Terraform refuses it there, which is another defect."""
    names = (*bucket.block.attributes, *(inner.type for inner in bucket.block.blocks))
    return any(name.startswith(("public_access_block", "block_public")) for name in names)


RULES = (
    Rule(
        "RG252",
        "s3-acl-without-ownership",
        "Bucket ACL where ACLs are disabled",
        Category.BLOCKER,
        Severity.HIGH,
        acl_without_ownership,
        f"{_GUIDE}/about-object-ownership.html",
        stage=Stage.APPLY,
        message="AccessControlListNotSupported: The bucket does not allow ACLs",
        impact=(("Deployment", "The ACL is refused and apply stops."),),
        lesson="Since April 2023 new buckets have ACLs disabled; policies do what ACLs did.",
        advice="Take the ACL out, or set object ownership to `BucketOwnerPreferred` first.",
        cures=("aws_s3_bucket_ownership_controls",),
    ),
    Rule(
        "RG254",
        "s3-replication-kms-selection",
        "Replication with a key that does not select encrypted objects",
        Category.BLOCKER,
        Severity.HIGH,
        replication_of_encrypted,
        f"{_GUIDE}/replication-config-for-kms-objects.html",
        stage=Stage.APPLY,
        message="InvalidRequest: SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present.",
        impact=(("Deployment", "The replication configuration is refused: there is no second copy."),),
        lesson="A key for the copies and the selection of encrypted objects belong together.",
        advice='Add `source_selection_criteria { sse_kms_encrypted_objects { status = "Enabled" } }`.',
    ),
    Rule(
        "RG255",
        "s3-replication-unversioned",
        "Replication of a bucket without versioning",
        Category.BLOCKER,
        Severity.CRITICAL,
        replication_without_versioning,
        f"{_GUIDE}/replication-requirements.html",
        stage=Stage.APPLY,
        message="InvalidRequest: Versioning must be 'Enabled' on the bucket to apply a replication configuration",
        impact=(("Deployment", "The replication configuration is refused: there is no second copy."),),
        lesson="Replication copies versions: both buckets need versioning.",
        advice="Enable versioning of both buckets, and let the replication depend on it.",
        cures=("aws_s3_bucket_versioning",),
    ),
    Rule(
        "RG256",
        "s3-public-policy-blocked",
        "Public bucket policy meets the public access block",
        Category.BLOCKER,
        Severity.HIGH,
        public_policy_blocked,
        f"{_GUIDE}/access-control-block-public-access.html",
        stage=Stage.APPLY,
        message="AccessDenied: public policies are blocked by the BlockPublicPolicy block public access setting",
        impact=(("Deployment", "The policy may be refused, and then nobody reads what it was to publish."),),
        lesson="New buckets refuse public policies: the block is lifted first, and the policy waits for it.",
        advice="Lift `block_public_policy` and let the policy depend on it, or serve the bucket through CloudFront.",
    ),
    Rule(
        "RG257",
        "s3-access-logs-kms",
        "Server access logs to a bucket that encrypts with KMS",
        Category.CRITICAL,
        Severity.HIGH,
        access_logs_with_key,
        f"{_GUIDE}/enable-server-access-logging.html",
        stage=Stage.RUNTIME,
        impact=(("Audit", "No server access log arrives, and nothing says so."),),
        lesson="S3's log delivery writes to buckets with SSE-S3 default encryption only.",
        advice="Use `AES256` for the log bucket.",
    ),
    Rule(
        "RG258",
        "s3-no-public-access-block",
        "Bucket without a public access block",
        Category.WARNING,
        Severity.HIGH,
        no_public_access_block,
        f"{_GUIDE}/access-control-block-public-access.html",
        fix_class="A",
        tier=2,
        stage=Stage.RUNTIME,
        impact=(("Security", "No plan shows it when the default block is taken away; then a policy can open the bucket."),),
        lesson="The public access block is a setting of its own beside each bucket.",
        advice="Add `aws_s3_bucket_public_access_block` with all four settings.",
        cures=("aws_s3_bucket_public_access_block",),
    ),
    Rule(
        "RG259",
        "s3-replication-order",
        "Replication does not wait for versioning of its destination",
        Category.WARNING,
        Severity.HIGH,
        replication_before_versioning,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_replication_configuration",
        stage=Stage.APPLY,
        message="InvalidRequest: Destination bucket must have versioning enabled.",
        impact=(("Deployment", "Whether the replication is accepted depends on what happens to be made first."),),
        lesson="Replication does not refer to versioning, so Terraform does not know the order: it takes a `depends_on`.",
        advice="Add `depends_on` with the versioning of the destination.",
    ),
)
