"""RG701 to RG703, RG706 and RG709: trails that are refused, and what their log files lack."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.hcl import traversals
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph, arguments
from reviewgen.terraform.policies import Policy, Text

from ... import held
from ...base import Hit, Rule
from ...buckets import bucket_of, denied_deliveries
from ...keys import created
from ...order import waits_for
from ...places import code, listed

_REFUSED = ("Deployment", "CreateTrail is refused.")
_NEEDED = ("s3:GetBucketAcl", "s3:PutObject")


def _buckets(graph: Graph) -> Iterator[tuple[Declaration, Declaration, Policy | None]]:
    """Yield (trail, its bucket, the policy on the bucket) where the tree has both."""
    for trail in graph.of_type("aws_cloudtrail"):
        buckets = bucket_of(graph, trail, "s3_bucket_name")
        if len(buckets) == 1 and created(graph, trail):
            yield trail, buckets[0], graph.policies.on(buckets[0])


def unwritable_bucket(graph: Graph) -> Iterator[Hit]:
    """A trail whose bucket has no policy that lets CloudTrail read its ACL and write log files."""
    for trail, bucket, policy in _buckets(graph):
        missing = [a for a in _NEEDED if policy is not None and policy.allows(a, service="cloudtrail") is False]
        if (policy is not None and not missing) or (policy is None and _waits_for_another(graph, trail)):
            continue
        address, _, attribute = (policy.origins[0] if policy else f"{trail.address}.s3_bucket_name").rpartition(".")
        if policy is None:
            said = f"{code(bucket.address)} has no bucket policy, so that CloudTrail may not write there"
        else:
            said = f"the policy of {code(bucket.address)} does not allow CloudTrail {' and '.join(map(code, missing))}"
        yield Hit(
            address,
            f"{code(trail.address)} delivers to {code(bucket.address)}, and {said}.",
            f"{code(trail.address)} does not deliver to {code(bucket.address)} while that does not admit CloudTrail",
            attribute=attribute,
            key="cloudtrail",
            related=(f"{trail.address}.s3_bucket_name", bucket.address),
            further=denied_deliveries(policy, trail, "cloudtrail"),
        )


def _waits_for_another(graph: Graph, trail: Declaration) -> bool:
    """Whether a trail names a bucket policy that is declared nowhere: what that says nobody knows, and Terraform stops at the reference."""
    named = (t for _, _, attribute in arguments(trail.block) for t in traversals(attribute.expr) if t.root == "aws_s3_bucket_policy")
    return any(graph.resolve(traversal, trail.module) is None for traversal in named)


def early_trail(graph: Graph) -> Iterator[Hit]:
    """A trail that does not wait for the policy of its bucket."""
    for trail, _, policy in _buckets(graph):
        if policy is None or policy.allows("s3:PutObject", service="cloudtrail") is False:
            continue
        holders = [d for origin in policy.origins if (d := graph.get(origin.rpartition(".")[0])) and d.type == "aws_s3_bucket_policy"]
        if holders and not waits_for(graph, trail, holders):
            later = waits_for(graph, holders[0], [trail])
            order = f"waits for {code(trail.address)}, so that Terraform creates the trail" if later else "Terraform may create the trail"
            yield Hit(
                trail.address,
                f"{code(trail.address)} refers to its bucket and waits in no way for {code(holders[0].address)}"
                f"{', which ' if later else ': '}{order} first, and CloudTrail checks the policy at that moment.",
                f"{code(trail.address)} waits for the policy of its bucket",
                attribute="depends_on",
                related=(holders[0].address,),
                impact=(_REFUSED,) if later else (),
                recommendation=_BY_NAME if later else None,
            )


_BY_NAME = Recommendation(
    "Let the bucket policy name the trail by an ARN of region, account and name instead of a reference, and add the policy to `depends_on` of the "
    "trail."
)


def wrong_prefix(graph: Graph) -> Iterator[Hit]:
    """A bucket policy that lets CloudTrail write under another prefix than the trail uses."""
    for trail, bucket, policy in _buckets(graph):
        prefix = graph.constant(trail.block.value("s3_key_prefix"), trail.module) if "s3_key_prefix" in trail.block.attributes else ""
        if policy is None or not policy.complete or not isinstance(prefix, str):
            continue
        writing = [s for s in policy.allowing("s3:PutObject") if s.addresses("cloudtrail") is not False]
        keys = [_object_key(r, bucket.address) for s in writing for r in s.resources]
        start = f"{prefix.strip('/')}/AWSLogs/".lstrip("/")
        if any(key is not None and key.text.startswith(f"{start}o-") for key in keys):
            continue  # below the id of an organization lie the log files of its accounts
        if (
            not keys
            or None in keys
            or any(key is not None and key.matches(f"{start}111122223333/CloudTrail/x") is not False for key in keys)
        ):
            continue
        shown = listed(list(dict.fromkeys(key.text.replace("`", "") for key in keys if key is not None)))
        yield Hit(
            policy.origins[0].rpartition(".")[0],
            f"{code(trail.address)} writes below `{start}` of {code(bucket.address)}, and its policy lets CloudTrail write to "
            f"{shown} only.",
            f"{code(trail.address)} does not write below a prefix that the policy of {code(bucket.address)} leaves out",
            attribute="policy",
            key="prefix",
            related=(f"{trail.address}.s3_key_prefix", trail.address),
        )


def _object_key(resource: Text, bucket: str) -> Text | None:
    """Return the part of a resource behind the bucket's ARN; None when the bucket is not its beginning."""
    if resource.anything:
        return Text("*")
    head, mark, key = resource.text.partition("/")
    return Text(key) if mark and bucket in resource.refs and (head.endswith("}") or head.startswith("arn:")) else None


def unvalidated(graph: Graph) -> Iterator[Hit]:
    """A trail without validation of its log files."""
    for trail in graph.of_type("aws_cloudtrail"):
        expr = trail.block.value("enable_log_file_validation")
        if expr is None or graph.constant(expr, trail.module) in (False, "false"):
            yield Hit(
                trail.address,
                f"{code(trail.address)} does not switch on `enable_log_file_validation`: changed or deleted log files go unnoticed.",
                f"{code(trail.address)} sets `enable_log_file_validation` to true",
                attribute="enable_log_file_validation",
            )


def bare_group(graph: Graph) -> Iterator[Hit]:
    """A trail that is given the ARN of a log group without the wildcard for its streams.

    Since version 3 of the provider a log group's ``arn`` does not have it.
    """
    for trail in graph.of_type("aws_cloudtrail"):
        texts = graph.policies.texts(trail.block.value("cloud_watch_logs_group_arn"), trail.module)
        groups = [d for text in texts for ref in text.refs if (d := graph.get(ref)) and d.type == "aws_cloudwatch_log_group"]
        if len(texts) != 1 or len(groups) != 1 or not _GROUP_ARN.fullmatch(texts[0].text) or held.before(graph, (3, 0, 0)):
            continue
        yield Hit(
            trail.address,
            f"{code(trail.address)} is given {code(f'{groups[0].address}.arn')}, which ends with the name of the log group; CloudTrail asks for "
            "`:*` behind it, for the streams of the group.",
            f"{code(trail.address)} is not given the ARN of {code(groups[0].address)} without `:*` behind it",
            attribute="cloud_watch_logs_group_arn",
            related=(groups[0].address,),
        )


_GROUP_ARN = re.compile(r"\$\{[^{}]*\.arn\}")


_DOCS = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide"
_SILENT = ("Audit", "The trail records no API call.")

RULES = (
    Rule(
        "RG701",
        "trail-bucket-not-writable",
        "CloudTrail may not write to the bucket of the trail",
        Category.BLOCKER,
        Severity.CRITICAL,
        unwritable_bucket,
        f"{_DOCS}/create-s3-bucket-policy-for-cloudtrail.html",
        stage=Stage.APPLY,
        message="InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected for bucket",
        impact=(_REFUSED, _SILENT),
        lesson="CloudTrail delivers as a service of its own: the bucket's policy must admit it before the trail exists.",
        advice="Allow `cloudtrail.amazonaws.com` `s3:GetBucketAcl` on the bucket and `s3:PutObject` below `AWSLogs/<account>/`.",
        cures=("aws_s3_bucket_policy",),
    ),
    Rule(
        "RG702",
        "trail-before-bucket-policy",
        "The trail does not wait for the policy of its bucket",
        Category.CRITICAL,
        Severity.HIGH,
        early_trail,
        "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/cloudtrail",
        stage=Stage.APPLY,
        message="InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected for bucket",
        impact=(("Deployment", "The first apply fails whenever the trail comes first."),),
        lesson="Permission is a dependency that no reference shows: what needs a policy to exist must name it in `depends_on`.",
        advice="Add the bucket policy to `depends_on` of the trail.",
    ),
    Rule(
        "RG703",
        "trail-prefix-not-writable",
        "The bucket policy and the trail disagree on the prefix",
        Category.BLOCKER,
        Severity.HIGH,
        wrong_prefix,
        f"{_DOCS}/create-s3-bucket-policy-for-cloudtrail.html",
        stage=Stage.APPLY,
        message="InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected for bucket",
        impact=(_REFUSED, _SILENT),
        lesson="A trail writes to `<prefix>/AWSLogs/<account>/`; policy and trail must name the same prefix.",
        advice="Set `s3_key_prefix` of the trail to the prefix of the policy, or change the policy.",
    ),
    Rule(
        "RG706",
        "trail-unvalidated",
        "Trail without validation of its log files",
        Category.WARNING,
        Severity.MEDIUM,
        unvalidated,
        f"{_DOCS}/cloudtrail-log-file-validation-intro.html",
        fix_class="C",
        tier=2,
        topics=("cloudtrail", "audit trail", "tamper"),
        stage=Stage.RUNTIME,
        impact=(("Audit", "Nothing proves that the log files are the ones that CloudTrail delivered."),),
        advice="Set `enable_log_file_validation = true`.",
    ),
    Rule(
        "RG709",
        "trail-log-group-arn",
        "Log group of a trail without the wildcard for its streams",
        Category.BLOCKER,
        Severity.CRITICAL,
        bare_group,
        "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/cloudtrail",
        stage=Stage.APPLY,
        message="InvalidCloudWatchLogsLogGroupArnException: CloudTrail cannot validate the specified log group ARN.",
        impact=(_REFUSED, ("Audit", "No event of the trail reaches the log group.")),
        lesson="The provider takes `:*` off the ARN of a log group, for most services do not accept it; CloudTrail does not accept it without.",
        advice='Write `"${aws_cloudwatch_log_group.<name>.arn}:*"`.',
    ),
)
