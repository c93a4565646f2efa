"""RG70x: trails that are refused, or that record nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewgen.hcl import traversals
from reviewgen.hcl.evaluate import known
from reviewgen.model.hcl import Block
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph, arguments
from reviewgen.terraform.policies import Policy, Text

from .. import held
from ..base import Hit, Rule
from ..buckets import bucket_of, denied_deliveries
from ..keys import created
from ..order import waits_for
from ..places import code, listed

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
            yield Hit(
                trail.address,
                f"{code(trail.address)} refers to its bucket and waits in no way for {code(holders[0].address)}: Terraform may create the trail "
                "first, and CloudTrail checks the policy at that moment.",
                f"{code(trail.address)} waits for the policy of its bucket",
                attribute="depends_on",
                related=(holders[0].address,),
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


# What event selectors take; all other types are for advanced event selectors.
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html
_TYPES = ("AWS::DynamoDB::Table", "AWS::Lambda::Function", "AWS::S3::Object")


def _selected(graph: Graph, types: tuple[str, ...] = ()) -> Iterator[tuple[Declaration, Text]]:
    """Yield (trail, what it selects); of some types only, where they are given and the type is known."""
    for trail in graph.of_type("aws_cloudtrail"):
        for block in trail.block.nested("event_selector", "data_resource"):
            type_ = graph.constant(block.value("type"), trail.module)
            if types and isinstance(type_, str) and type_ not in types:
                continue
            yield from ((trail, value) for value in graph.policies.texts(block.value("values"), trail.module))


def _others(graph: Graph, trail: Declaration) -> list[str]:
    """Return the types for which a trail has event selectors and that these do not take."""
    types = (graph.constant(block.value("type"), trail.module) for block in trail.block.nested("event_selector", "data_resource"))
    return sorted({type_ for type_ in types if isinstance(type_, str) and type_ not in _TYPES})


# What stands in a text for something that is not known.
_HOLE = re.compile(r"\$\{[^}]*\}")
_PARTITION = re.compile(r"^arn:\$\{[^}]*partition[^}]*\}:")
_REFUSAL = "InvalidEventSelectorsException: Value {} for DataResources.Values is invalid."


def wildcard_selector(graph: Graph) -> Iterator[Hit]:
    """An event selector of a trail that names its resources with a wildcard; of a type that it does not take nobody comes to that.

    Beside a selector of such a type it stays a mistake of its own, which shows once that is mended.
    """
    seen: set[str] = set()
    for trail, value in _selected(graph, _TYPES):
        if _is_refused(value.text) and trail.address not in seen:
            seen.add(trail.address)
            quotable = not _HOLE.search(_PARTITION.sub("", value.text)) and not _others(graph, trail)
            service = value.text.split(":")[2] if value.text.count(":") > 1 else ""
            whole = f"; everything of the service is `arn:aws:{service}`" if service in ("s3", "lambda", "dynamodb") else ""
            yield Hit(
                trail.address,
                f"{code(trail.address)} selects {code(value.text)}. Event selectors take ARNs, or their beginnings, and no wildcards{whole}.",
                f"{code(trail.address)} selects nothing by a wildcard that CloudTrail refuses",
                attribute="event_selector.data_resource.values",
                message=_REFUSAL.format(_PARTITION.sub("arn:aws:", value.text)) if quotable else "",
            )


def selects_by_wildcard(graph: Graph, trail: Declaration) -> bool:
    """Whether an event selector of a trail has a wildcard that CloudTrail refuses, whatever else it refuses."""
    return any(of is trail and _is_refused(value.text) for of, value in _selected(graph))


def _is_refused(text: str) -> bool:
    """Whether an ARN has a wildcard that CloudTrail refuses; in the key of an object a star may be part of a name."""
    head = text.partition("/")[0] if ":s3:" in text else text
    return text.startswith("arn:") and "*" in _HOLE.sub("", head)


def star_selector(graph: Graph) -> Iterator[Hit]:
    """An event selector that ends in a star behind the ARN of a bucket, which is taken as part of a name."""
    seen: set[str] = set()
    for trail, value in _selected(graph):
        buckets = [ref for ref in value.refs if ".aws_s3_bucket." in f".{ref}"]
        if buckets and value.text.endswith("/*") and trail.address not in seen:
            seen.add(trail.address)
            yield Hit(
                trail.address,
                f"{code(trail.address)} selects objects of {code(buckets[0])} with `/*` at the end. Event selectors compare with the "
                "beginning of an object's ARN, and their documentation knows no wildcards: read literally, the star matches hardly any object.",
                f"no event selector of {code(trail.address)} has a star behind the ARN of a bucket",
                attribute="event_selector.data_resource.values",
                related=(buckets[0],),
            )


def bare_bucket(graph: Graph) -> Iterator[Hit]:
    """An event selector that names a bucket without the slash behind its ARN."""
    seen: set[str] = set()
    for trail in graph.of_type("aws_cloudtrail"):
        for block in trail.block.nested("event_selector", "data_resource"):
            objects = graph.constant(block.value("type"), trail.module) == "AWS::S3::Object"
            for value in graph.policies.texts(block.value("values"), trail.module) if objects else ():
                bucket = next((r for r in value.refs if value.text == "${" + r.rpartition("module.")[2] + ".arn}"), None)
                if bucket is None or ".aws_s3_bucket." not in f".{bucket}" or trail.address in seen:
                    continue
                seen.add(trail.address)
                yield Hit(
                    trail.address,
                    f"{code(trail.address)} selects {code(f'{bucket}.arn')}; the ARN of a bucket needs a slash behind it to mean its objects.",
                    f"{code(trail.address)} does not select {code(f'{bucket}.arn')} without a slash behind it",
                    attribute="event_selector.data_resource.values",
                    related=(bucket,),
                )


def other_type(graph: Graph) -> Iterator[Hit]:
    """An event selector for a type that it does not take.

    Terraform says so itself where all of the selectors is known; while it is not, the provider does not look at them.
    """
    for trail in graph.of_type("aws_cloudtrail"):
        blocks = list(trail.block.nested("event_selector", "data_resource"))
        others = _others(graph, trail)
        if others and not all(known(graph.constant(block.value("values"), trail.module)) for block in blocks):
            yield Hit(
                trail.address,
                f"{code(trail.address)} selects data events of {listed(others)}. Its event selectors take {listed(_TYPES)} only; other types "
                "need advanced event selectors, and some have no data events.",
                f"no event selector of {code(trail.address)} is for {listed(others)}",
                attribute="event_selector",
                stage=_seen_at(graph, trail, blocks),
            )


def _seen_at(graph: Graph, trail: Declaration, blocks: Iterable[Block]) -> Stage:
    """Return when all of some selectors is known: what data sources read is there for the plan, what a new resource is called only later."""
    made = any(d.kind == "resource" for block in blocks for d in graph.targets(block.value("values"), trail.module))
    return Stage.APPLY if made else Stage.PLAN


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
_REFUSED = ("Deployment", "CreateTrail is refused.")
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
        "RG704",
        "trail-selector-wildcard",
        "Event selector with a wildcard that CloudTrail refuses",
        Category.BLOCKER,
        Severity.CRITICAL,
        wildcard_selector,
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The event selectors of the trail are refused."), ("Audit", "No data event is recorded.")),
        lesson="All buckets are `arn:aws:s3`, all functions `arn:aws:lambda`, all tables `arn:aws:dynamodb`; a bucket is its ARN with a slash.",
        advice="Name the service's ARN without wildcards, or the bucket's ARN with a slash at the end.",
    ),
    Rule(
        "RG705",
        "trail-selector-star",
        "Event selector with a star behind the ARN of a bucket",
        Category.WARNING,
        Severity.MEDIUM,
        star_selector,
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html",
        stage=Stage.RUNTIME,
        impact=(("Audit", "Access to the objects may not be recorded."),),
        lesson="A bucket's objects are selected by its ARN with a slash at the end.",
        advice="Write `${aws_s3_bucket.<name>.arn}/`.",
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
        "RG707",
        "trail-selector-bare-bucket",
        "Event selector with the ARN of a bucket that CloudTrail refuses",
        Category.BLOCKER,
        Severity.HIGH,
        bare_bucket,
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html",
        stage=Stage.APPLY,
        message="InvalidEventSelectorsException: Value ARN for DataResources.Values is invalid.",
        impact=(("Deployment", "The event selectors of the trail are refused."), ("Audit", "No data event is recorded.")),
        lesson="Selectors are beginnings of object ARNs: a bucket's objects begin with its ARN and a slash.",
        advice="Write `${aws_s3_bucket.<name>.arn}/`.",
    ),
    Rule(
        "RG708",
        "trail-selector-type",
        "Event selector for a type that it does not take",
        Category.BLOCKER,
        Severity.CRITICAL,
        other_type,
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The trail cannot be created with such a selector."),),
        lesson="Basic event selectors know objects, functions and tables; what is done to a bucket or a secret itself is a management event.",
        advice="Leave the type out, or select it with `advanced_event_selector` blocks where CloudTrail has data events of it.",
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
