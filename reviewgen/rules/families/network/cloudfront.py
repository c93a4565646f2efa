"""RG491 to RG500: CloudFront distributions, their names, and the buckets behind them."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.hcl import Block
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import Scope, nested

from ...base import Hit, Rule
from ...buckets import key_of_bucket
from ...keys import created, locked
from ...places import blocks, code, is_true, listed
from ...values import taken_targets

_DOCS = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
_WRITING = frozenset(["POST", "PUT", "PATCH", "DELETE"])


def _distributions(graph: Graph) -> list[Declaration]:
    return graph.of_type("aws_cloudfront_distribution")


def _behaviours(distribution: Declaration) -> Iterator[tuple[str, Block]]:
    for kind in ("default_cache_behavior", "ordered_cache_behavior"):
        for block in distribution.block.nested(kind):
            yield kind, block


def log_bucket_without_acl(graph: Graph) -> Iterator[Hit]:
    """Standard logs are written through ACLs, which new buckets have switched off."""
    if graph.has_remote_modules or graph.tree.incomplete:
        return
    for distribution in _distributions(graph):
        for block, _ in nested(Scope(graph, distribution.module), distribution.block, "logging_config"):
            for bucket in taken_targets(graph, block.value("bucket"), distribution.module):
                if bucket.type == "aws_s3_bucket" and bucket.kind == "resource" and not _acls_on(graph, bucket):
                    yield Hit(
                        bucket.address,
                        f"{code(distribution.address)} writes its standard logs to {code(bucket.address)}, where ACLs are switched off: no "
                        "`aws_s3_bucket_ownership_controls` changes the default `BucketOwnerEnforced`.",
                        f"{code(bucket.address)} has ownership controls that allow ACLs, or {code(distribution.address)} writes no standard logs to it",
                        related=(f"{distribution.address}.logging_config",),
                        needs=(distribution.address,),
                    )


def _acls_on(graph: Graph, bucket: Declaration) -> bool:
    """Whether ownership controls may switch the ACLs of a bucket on."""
    for controls in graph.of_type("aws_s3_bucket_ownership_controls"):
        targets = graph.targets(controls.block.value("bucket"), controls.module)
        if (bucket in targets or not targets) and graph.argument(controls, "rule", "object_ownership") != "BucketOwnerEnforced":
            return True
    return False


def continuous_deployment_at_creation(graph: Graph) -> Iterator[Hit]:
    """A distribution that is created with a continuous deployment policy of the same tree."""
    for distribution in _distributions(graph):
        for policy in taken_targets(graph, distribution.block.value("continuous_deployment_policy_id"), distribution.module):
            if policy.type == "aws_cloudfront_continuous_deployment_policy" and not is_true(graph, distribution, "staging"):
                yield Hit(
                    distribution.address,
                    f"{code(distribution.address)} is created with the continuous deployment policy {code(policy.address)}, which can only be "
                    "set on a distribution that exists already.",
                    f"{code(distribution.address)} does not name {code(policy.address)}",
                    attribute="continuous_deployment_policy_id",
                    related=(policy.address,),
                )


def unknown_origin(graph: Graph) -> Iterator[Hit]:
    """A behaviour whose origin the distribution does not have."""
    for distribution in _distributions(graph):
        blocks = [*distribution.block.nested("origin"), *distribution.block.nested("origin_group")]
        names = [graph.constant(b.value("origin_id"), distribution.module) for b in blocks]
        dynamic = any(b.type == "dynamic" and b.labels[:1] in (("origin",), ("origin_group",)) for b in distribution.block.blocks)
        if dynamic or not all(isinstance(n, str) for n in names):
            continue
        for kind, block in _behaviours(distribution):
            wanted = graph.constant(block.value("target_origin_id"), distribution.module)
            if isinstance(wanted, str) and wanted not in names:
                yield Hit(
                    distribution.address,
                    f"A behaviour of {code(distribution.address)} sends to the origin `{wanted}`, but the distribution has "
                    f"{listed([str(n) for n in names])}.",
                    f"no behaviour of {code(distribution.address)} sends to an origin `{wanted}` that it lacks",
                    attribute=f"{kind}.target_origin_id",
                    key=wanted,
                )


def alias_without_certificate(graph: Graph) -> Iterator[Hit]:
    """Own domain names with the certificate of cloudfront.net."""
    for distribution in _distributions(graph):
        aliases = distribution.block.value("aliases")
        some = aliases is not None and graph.constant(aliases, distribution.module) not in ([], None)
        settings = list(distribution.block.nested("viewer_certificate"))
        default = any(graph.constant(b.value("cloudfront_default_certificate"), distribution.module) is True for b in settings)
        named = any({"acm_certificate_arn", "iam_certificate_id"} & set(b.attributes) for b in settings)
        if some and default and not named and not _empty_by_default(graph, distribution):
            yield Hit(
                distribution.address,
                f"{code(distribution.address)} has `aliases` but the default certificate, which is for `*.cloudfront.net` only.",
                f"{code(distribution.address)} has no aliases, or another certificate than the default one",
                attribute="viewer_certificate",
                related=(f"{distribution.address}.aliases",),
            )


def _empty_by_default(graph: Graph, distribution: Declaration) -> bool:
    """Whether the aliases may be none: they are not constant."""
    return not isinstance(graph.argument(distribution, "aliases"), list)


def unknown_name(graph: Graph) -> Iterator[Hit]:
    """A distribution that has no name of its own beside that of cloudfront.net, and records that point at it."""
    for distribution in _distributions(graph):
        records = [r for r in graph.of_type("aws_route53_record") if created(graph, r) and _points_at(graph, r, distribution)]
        if records and created(graph, distribution) and "aliases" not in distribution.block.attributes:
            verb, names = ("points", "the name of the record") if len(records) == 1 else ("point", "their names")
            yield Hit(
                distribution.address,
                f"{listed([r.address for r in records])} {verb} at {code(distribution.address)}, which has no `aliases`: CloudFront does not serve "
                f"it under {names}.",
                f"{code(distribution.address)} has `aliases`, or no record points at it",
                attribute="aliases",
                related=tuple(r.address for r in records),
            )


def _points_at(graph: Graph, record: Declaration, distribution: Declaration) -> bool:
    pointers = [b.value("name") for b in record.block.nested("alias")]
    if graph.argument(record, "type") == "CNAME":
        pointers.append(record.block.value("records"))
    return any(distribution in graph.targets(pointer, record.module) for pointer in pointers)


def writing_to_group(graph: Graph) -> Iterator[Hit]:
    """Writing methods on a behaviour of an origin group."""
    for distribution in _distributions(graph):
        groups = {graph.constant(b.value("origin_id"), distribution.module) for b in distribution.block.nested("origin_group")}
        for kind, block in _behaviours(distribution):
            methods = graph.constant(block.value("allowed_methods"), distribution.module)
            wanted = graph.constant(block.value("target_origin_id"), distribution.module)
            writing = sorted(_WRITING & {m for m in methods if isinstance(m, str)}) if isinstance(methods, list) else []
            if writing and isinstance(wanted, str) and wanted in groups:
                yield Hit(
                    distribution.address,
                    f"A behaviour of {code(distribution.address)} allows {listed(writing)} and sends to the origin group `{wanted}`; origin "
                    "groups fail over for reading methods only.",
                    f"no behaviour of {code(distribution.address)} allows writing methods and sends to an origin group",
                    attribute=f"{kind}.allowed_methods",
                )


def _origins_of(graph: Graph, distribution: Declaration, argument: tuple[str, ...]) -> Iterator[tuple[Declaration, list[Declaration]]]:
    """Yield (bucket, what an argument of its origin names) of the origins that are buckets of the tree."""
    for origin in distribution.block.nested("origin"):
        for bucket in graph.targets(origin.value("domain_name"), distribution.module):
            if bucket.type == "aws_s3_bucket" and bucket.kind == "resource":
                inner = [origin]
                for kind in argument[:-1]:
                    inner = [b for block in inner for b in blocks(graph, block, kind, distribution.module)]
                found = [t for b in inner for t in taken_targets(graph, b.value(argument[-1]), distribution.module)]
                yield bucket, found


def bucket_closed(graph: Graph) -> Iterator[Hit]:
    """An origin access control whose bucket does not admit CloudFront."""
    for distribution in _distributions(graph):
        for bucket, controls in _origins_of(graph, distribution, ("origin_access_control_id",)):
            policy = graph.policies.on(bucket)
            admitted = policy is not None and policy.allows("s3:GetObject", service="cloudfront") is not False
            if controls and not admitted and not all(graph.argument(c, "signing_behavior") == "never" for c in controls):
                has = "has no policy" if policy is None else "has a policy that does not admit CloudFront"
                yield Hit(
                    bucket.address,
                    f"{code(distribution.address)} reads {code(bucket.address)} with {code(controls[0].address)}, but the bucket {has}.",
                    f"the policy of {code(bucket.address)} lets `cloudfront.amazonaws.com` read, or {code(distribution.address)} does not read it so",
                    attribute="policy",
                    related=(*(policy.origins[:2] if policy else ()), controls[0].address, f"{distribution.address}.origin"),
                    needs=(distribution.address,),
                )


def identity_and_key(graph: Graph) -> Iterator[Hit]:
    """An origin access identity before a bucket that is encrypted with a customer managed key."""
    for distribution in _distributions(graph):
        for bucket, identities in _origins_of(graph, distribution, ("s3_origin_config", "origin_access_identity")):
            for settings, key in _encryptions(graph, bucket) if identities else ():
                yield _unreadable(distribution, bucket, identities[0], settings, key)


def _encryptions(graph: Graph, bucket: Declaration) -> Iterator[tuple[Declaration, Declaration | None]]:
    """Yield the settings by which a bucket encrypts with KMS, with the key where it is one of the tree."""
    for settings in graph.of_type("aws_s3_bucket_server_side_encryption_configuration"):
        if bucket in graph.targets(settings.block.value("bucket"), settings.module):
            for block in settings.block.nested("rule", "apply_server_side_encryption_by_default"):
                if graph.constant(block.value("sse_algorithm"), settings.module) == "aws:kms":
                    yield settings, graph.policies.key(block.value("kms_master_key_id"), settings.module)


def key_closed(graph: Graph) -> Iterator[Hit]:
    """An origin access control before a bucket whose key does not admit CloudFront."""
    for distribution in _distributions(graph):
        for bucket, controls in _origins_of(graph, distribution, ("origin_access_control_id",)):
            for settings, key in _encryptions(graph, bucket) if controls else ():
                lock = locked(graph, key, "cloudfront", "kms:Decrypt") if key is not None else None
                if lock is not None:
                    yield Hit(
                        distribution.address,
                        f"{code(distribution.address)} reads {code(bucket.address)}, which is encrypted with {code(lock.key.address)}, {lock.words}.",
                        f"{code(distribution.address)} does not read {code(bucket.address)} while its key does not admit CloudFront",
                        attribute="origin",
                        key=bucket.address,
                        related=(lock.place, *key_of_bucket(settings), bucket.address),
                    )


def _unreadable(
    distribution: Declaration, bucket: Declaration, identity: Declaration, settings: Declaration, key: Declaration | None
) -> Hit:
    return Hit(
        identity.address,
        f"{code(distribution.address)} reads {code(bucket.address)} with the origin access identity {code(identity.address)}, but "
        f"{code(settings.address)} encrypts the bucket with KMS. Origin access identities cannot read such objects.",
        f"{code(distribution.address)} does not read {code(bucket.address)} with an origin access identity, or the bucket is not encrypted with KMS",
        related=(
            f"{settings.address}.rule.apply_server_side_encryption_by_default.sse_algorithm",
            *((f"{key.address}.policy",) if key is not None else ()),
            f"{distribution.address}.origin",
            *key_of_bucket(settings),
        ),
        needs=(settings.address,),
    )


RULES = (
    Rule(
        "RG491",
        "cloudfront-log-bucket-acl",
        "CloudFront log bucket has ACLs switched off",
        Category.BLOCKER,
        Severity.CRITICAL,
        log_bucket_without_acl,
        _DOCS + "AccessLogs.html",
        stage=Stage.APPLY,
        message="InvalidArgument: The S3 bucket that you specified for CloudFront logs does not enable ACL access",
        impact=(("Deployment", "The distribution cannot be created."),),
        lesson="Standard logs of CloudFront are delivered through the bucket's ACL, which S3 switches off by default since April 2023.",
        advice="Add `aws_s3_bucket_ownership_controls` with `BucketOwnerPreferred` for the log bucket.",
        cures=("aws_s3_bucket_ownership_controls",),
    ),
    Rule(
        "RG492",
        "cloudfront-continuous-deployment-at-creation",
        "Continuous deployment policy on a new distribution",
        Category.BLOCKER,
        Severity.HIGH,
        continuous_deployment_at_creation,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudfront_continuous_deployment_policy",
        stage=Stage.APPLY,
        message="InvalidArgument: Continuous deployment policy is not supported during distribution creation.",
        impact=(("Deployment", "The first apply fails at the distribution."),),
        lesson="A continuous deployment policy compares a staging distribution with one that exists.",
        advice="Create the distribution first, and set the policy in a second apply.",
    ),
    Rule(
        "RG493",
        "cloudfront-unknown-origin",
        "CloudFront behaviour with an origin that the distribution lacks",
        Category.BLOCKER,
        Severity.CRITICAL,
        unknown_origin,
        _DOCS + "DownloadDistValuesCacheBehavior.html",
        fix_class="C",
        stage=Stage.APPLY,
        message="NoSuchOrigin: One or more of your origins or origin groups do not exist.",
        impact=(("Deployment", "The distribution cannot be created."),),
        lesson="Behaviours and origins find each other by `origin_id`.",
        advice="Use the id of one of the origins; a local value keeps both alike.",
    ),
    Rule(
        "RG494",
        "cloudfront-alias-without-certificate",
        "CloudFront aliases without a certificate",
        Category.BLOCKER,
        Severity.CRITICAL,
        alias_without_certificate,
        _DOCS + "CNAMEs.html",
        stage=Stage.APPLY,
        message="InvalidViewerCertificate: To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate",
        impact=(("Deployment", "The distribution cannot be created."),),
        lesson="Own domain names need a certificate that covers them.",
        advice="Set `acm_certificate_arn` to a certificate of `us-east-1` for the aliases.",
    ),
    Rule(
        "RG495",
        "cloudfront-writing-to-origin-group",
        "Writing methods on a behaviour with an origin group",
        Category.BLOCKER,
        Severity.HIGH,
        writing_to_group,
        _DOCS + "high_availability_origin_failover.html",
        fix_class="C",
        stage=Stage.APPLY,
        message="InvalidArgument: The parameter AllowedMethods cannot include POST, PUT, PATCH, or DELETE for a cached behavior associated "
        "with an origin group.",
        impact=(("Deployment", "The distribution cannot be created."),),
        lesson="CloudFront repeats only reading requests at a second origin.",
        advice="Allow `GET`, `HEAD` and `OPTIONS`, and give writing requests a behaviour with a single origin.",
    ),
    Rule(
        "RG496",
        "cloudfront-bucket-closed",
        "Bucket does not admit the distribution that reads it",
        Category.CRITICAL,
        Severity.CRITICAL,
        bucket_closed,
        _DOCS + "private-content-restricting-access-to-s3.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Function", "CloudFront answers requests for what the bucket holds with 403 Access Denied."),),
        lesson="An origin access control signs requests; the bucket policy decides whether they are served.",
        advice="Add a bucket policy for `cloudfront.amazonaws.com` with a condition on the ARN of the distribution.",
        cures=("aws_s3_bucket_policy",),
    ),
    Rule(
        "RG497",
        "cloudfront-identity-with-kms",
        "Origin access identity before a bucket with KMS encryption",
        Category.CRITICAL,
        Severity.CRITICAL,
        identity_and_key,
        _DOCS + "private-content-restricting-access-to-s3.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Function", "CloudFront answers every request for an encrypted object with an error."),),
        lesson="Objects under SSE-KMS are served to origin access controls, not to identities.",
        advice="Use `aws_cloudfront_origin_access_control` and admit `cloudfront.amazonaws.com` in bucket and key policy.",
    ),
    Rule(
        "RG499",
        "cloudfront-key-closed",
        "Key of a bucket does not admit the distribution that reads it",
        Category.CRITICAL,
        Severity.HIGH,
        key_closed,
        _DOCS + "private-content-restricting-access-to-s3.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Function", "CloudFront answers every request for an encrypted object with an error."),),
        lesson="Who reads objects under SSE-KMS needs the key as well as the bucket.",
        advice="Allow `cloudfront.amazonaws.com` `kms:Decrypt` in the key policy, with a condition on the ARN of the distribution.",
    ),
    Rule(
        "RG500",
        "cloudfront-name-unknown",
        "Record points at a distribution without its name",
        Category.CRITICAL,
        Severity.CRITICAL,
        unknown_name,
        "https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "Whoever calls such a name gets an error of CloudFront."),),
        lesson="A record leads to CloudFront, which finds the distribution by the name that is asked for: it must be among its `aliases`.",
        advice="Add the name of the record to the `aliases` of the distribution, with a certificate that covers it.",
    ),
)
