"""RG134, RG135, RG141 and RG144: statements that do not mean what they say, and statements that AWS refuses."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph
from reviewgen.terraform.policies import Statement, Text

from ...base import Hit, Rule
from ...keys import created, locked, starred, used_key
from ...places import code, listed
from ...statements import Written, allowing, written

# How others than IAM call a policy that they refuse; the services that are not named have words of their own.
_REFUSALS = {
    "aws_s3_bucket_policy": "MalformedPolicy", "aws_kms_key": "MalformedPolicyDocumentException", "aws_kms_key_policy": "MalformedPolicyDocumentException",
    "aws_secretsmanager_secret_policy": "MalformedPolicyDocumentException",
}  # fmt: skip
_ACTION = re.compile(r"\*(?::\*)?|[a-z0-9-]+:[a-z0-9*?]+", re.IGNORECASE)


def malformed_actions(graph: Graph) -> Iterator[Hit]:
    """A statement names something as action that cannot be one."""
    for found in written(graph):
        wrong = [a.text for s in found.policy.statements for a in (*s.actions, *s.not_actions) if a.known and not _ACTION.fullmatch(a.text)]
        if wrong:
            bare = sorted({p.text for s in found.policy.statements for p in _bare(s)})
            own = _REFUSALS.get(found.owner.type, "MalformedPolicyDocument" if found.owner.type.startswith("aws_iam_") else "")
            yield Hit(
                found.owner.address,
                f"{code(found.place)} names the action {listed(sorted({w.replace('`', '') for w in wrong}))}. An action is a service and a "
                "name of letters and digits with a colon between."
                + (f" Nor is {listed(bare)} a principal, which as a text of its own can only be a star." if bare else ""),
                f"every action that {code(found.place)} names is a service and a name with a colon between",
                attribute=found.argument,
                # Which of the two S3 names first nobody knows.
                message=f"{own}: Policy has invalid action" if own == "MalformedPolicy" and not bare else own,
            )


def _bare(statement: Statement) -> Iterator[Text]:
    """Yield the principals that are texts of their own and not ``*``."""
    for kind, principal in (*statement.principals, *statement.not_principals):
        if kind == "${...}" and principal.known and "`" not in principal.text:
            yield principal


_LITERAL_TESTS = ("stringequals", "stringnotequals", "stringequalsignorecase", "stringnotequalsignorecase")


def literal_stars(graph: Graph) -> Iterator[Hit]:
    """A condition compares a value with ``*`` in it by an operator that knows no wildcards."""
    told = _of_keys(graph)
    for found in written(graph):
        for statement in found.policy.statements:
            for condition in statement.conditions:
                if (found.place, condition.variable.lower()) in told:
                    continue
                test = condition.test.lower().rpartition(":")[2].removesuffix("ifexists")
                stars = [v for v in condition.values if starred(v)]
                if test not in _LITERAL_TESTS or not stars:
                    continue
                # Without the key a positive test with `IfExists` is true, and no value has to equal anything.
                plain = (
                    len(stars) == len(condition.values) and ":" not in condition.test and ("not" in test or test == condition.test.lower())
                )
                never = (
                    "no value equals it"
                    if not plain
                    else "the condition is never true"
                    if "not" not in test
                    else "the condition is always true"
                )
                yield Hit(
                    found.owner.address,
                    f"{code(found.place)} compares `{condition.variable}` with `{_shown(stars[0])}` by `{condition.test}`, for which `*` "
                    f"is a character like any other: {never}.",
                    f"{code(found.place)} does not compare `{condition.variable}` with a pattern by `{condition.test}`",
                    attribute=found.argument,
                    key=condition.variable.lower(),
                )


# Who is shut out of a key by such a condition, which is told as what it costs: type of the user, service, variable.
_USERS = (
    ("aws_cloudwatch_log_group", "logs", "kms:encryptioncontext:aws:logs:arn"),
    ("aws_cloudtrail", "cloudtrail", "kms:encryptioncontext:aws:cloudtrail:arn"),
)


def _of_keys(graph: Graph) -> set[tuple[str, str]]:
    """Return (place, variable) of the conditions that keep a log group or trail from the key that it names."""
    found: set[tuple[str, str]] = set()
    for type_, service, variable in _USERS:
        for user in graph.of_type(type_):
            key = used_key(graph, user, "kms_key_id") if created(graph, user) else None
            lock = locked(graph, key, service, "kms:GenerateDataKey") if key is not None else None
            found |= {(lock.place, variable)} if lock is not None else set()
    return found


def _shown(value: Text) -> str:
    return value.text.replace("`", "")


# Describing actions that name one resource and so know its tags; the table of actions lists resource types with them.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
_TAGGED = tuple(
    f"ec2:Describe{name}"
    for name in (
        "CapacityBlockExtensionOfferings", "ClientVpnAuthorizationRules", "ClientVpnConnections", "ClientVpnRoutes",
        "ClientVpnTargetNetworks", "FleetHistory", "FleetInstances", "FpgaImageAttribute", "ImageAttribute", "InstanceAttribute",
        "SecurityGroupReferences", "SnapshotAttribute", "SpotFleetInstances", "SpotFleetRequestHistory", "VolumeAttribute",
        "VpcAttribute", "VpcEndpointServicePermissions",
    )
)  # fmt: skip
# And such as list what there is, of the same page: by one of them a pattern that reaches both kinds is told.
_LISTING = ("ec2:DescribeInstances", "ec2:DescribeVolumes", "ec2:DescribeSnapshots", "ec2:DescribeImages", "ec2:DescribeVpcs")


def _example(action: str) -> str | None:
    """Return an action of a pattern that knows no tags: the pattern itself where none of it does, nothing where that is not certain."""
    reached = any(fnmatch.fnmatchcase(name, action) for name in _TAGGED)
    return action if not reached else next((name for name in _LISTING if fnmatch.fnmatchcase(name, action)), None)


def _tags(statement: Statement) -> list[str]:
    """Return the tags of resources that a statement demands: a key that a request lacks makes a negated test true, and one with `IfExists` as well."""
    return [
        c.variable for c in statement.conditions
        if "resourcetag/" in c.variable.lower() and not re.search("not|ifexists|null", c.test.lower())
    ]  # fmt: skip


def tagged_describe(graph: Graph) -> Iterator[Hit]:
    """A statement allows ``ec2:Describe`` actions on condition of a tag of the resource, which those that list do not know."""
    for found in written(graph):
        free = [s for s in allowing(graph, found) if not _tags(s)]
        for statement in allowing(graph, found):
            tags = _tags(statement)
            denied = [
                a.text for a in statement.actions
                if re.fullmatch(r"ec2:Describe[A-Za-z]*\*?", a.text) and _example(a.text) and not any(s.names(a.text.rstrip("*")) is not False for s in free)
            ]  # fmt: skip
            if tags and denied:
                mixed = sorted({name for a in denied if (name := _example(a)) and name != a})
                who = f"Actions like {listed(mixed)} concern" if mixed else "These actions concern"
                yield Hit(
                    found.owner.address,
                    f"{code(found.place)} allows {listed(denied)} only under a condition on `{tags[0]}`. {who} no single "
                    "resource, so there is no tag to compare, and the statement allows no such call.",
                    f"{code(found.place)} does not allow {listed(denied)} only under a condition on a tag",
                    attribute=found.argument,
                )


# Actions of S3 whose resource is an object, and of no bucket.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
_OF_OBJECTS = frozenset(
    f"s3:{name}".lower()
    for name in (
        "AbortMultipartUpload", "DeleteObject", "DeleteObjectTagging", "DeleteObjectVersion", "GetObject", "GetObjectAcl", "GetObjectAttributes",
        "GetObjectTagging", "GetObjectVersion", "ListMultipartUploadParts", "PutObject", "PutObjectAcl", "PutObjectTagging", "ReplicateDelete",
        "ReplicateObject", "ReplicateTags", "RestoreObject",
    )
)  # fmt: skip
_BUCKET_ARN = re.compile(r"\$\{aws_s3_bucket\.[\w-]+(?:\[[^\]]*\])?\.arn\}|arn:aws:s3:::[a-z0-9.-]+")


def on_buckets(graph: Graph, found: Written) -> Iterator[tuple[Statement, tuple[str, ...]]]:
    """Yield the statements of an identity's policy that name nothing but buckets, with the actions on objects that nothing else of it allows."""
    for statement in allowing(graph, found):
        actions = tuple(sorted({a.text for a in statement.actions if a.text.lower() in _OF_OBJECTS}))
        beside = [s for s in found.policy.statements if s is not statement and any(s.allows(a) is not False for a in actions)]
        if actions and not beside and statement.resources and all(_BUCKET_ARN.fullmatch(r.text) for r in statement.resources):
            yield statement, actions


def object_actions_on_buckets(graph: Graph) -> Iterator[Hit]:
    """A statement of an identity allows actions on objects, and names nothing but buckets."""
    for found in written(graph):
        for statement, actions in on_buckets(graph, found):
            buckets = sorted({ref for r in statement.resources for ref in r.refs})
            texts = sorted({r.text for r in statement.resources})
            yield Hit(
                found.owner.address,
                f"{code(found.place)} allows {listed(actions)} on the ARN of {listed(buckets or texts)} alone. What is read, written or deleted "
                "are objects, whose ARNs go on with a slash: the statement allows nothing of it.",
                f"{code(found.place)} allows {listed(actions)} on objects, or not at all",
                attribute=found.argument,
                key=":".join(texts),
                related=tuple(buckets),
            )


# Whoever asks what became of such a condition needs its id.
LITERAL_STAR = "RG134"
_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide"

RULES = (
    Rule(
        LITERAL_STAR,
        "condition-literal-star",
        "Condition that compares a pattern literally",
        Category.CRITICAL,
        Severity.HIGH,
        literal_stars,
        f"{_IAM}/reference_policies_elements_condition_operators.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "The statement does not do what it was written for."),),
        lesson="`StringEquals` knows no wildcards; `StringLike` and `ArnLike` do.",
        advice="Use `StringLike` (or `ArnLike` for ARNs).",
    ),
    Rule(
        "RG135",
        "describe-with-resource-tag",
        "Describing actions under a condition that they do not know",
        Category.CRITICAL,
        Severity.HIGH,
        tagged_describe,
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html",
        stage=Stage.RUNTIME,
        message="UnauthorizedOperation: You are not authorized to perform this operation.",
        impact=(
            (
                "Function",
                "Unless another policy allows the calls they are denied, and with them whatever begins by looking for its instances.",
            ),
        ),
        lesson="A condition key works only with the actions that support it; the others are denied, not exempted.",
        advice="Allow the describing actions in a statement of their own, on `*` and without the condition.",
    ),
    Rule(
        "RG144",
        "object-action-on-bucket",
        "Actions on objects, allowed on the ARN of the bucket only",
        Category.CRITICAL,
        Severity.HIGH,
        object_actions_on_buckets,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html",
        stage=Stage.RUNTIME,
        message="AccessDenied",
        impact=(("Function", "Unless another policy allows the calls they are denied."),),
        lesson="A bucket's ARN stands for the bucket itself; its objects are that ARN with `/*` at the end.",
        advice='Name the objects: `"${aws_s3_bucket.x.arn}/*"`, and the bucket itself for `s3:ListBucket` only.',
    ),
    Rule(
        "RG141",
        "policy-action-malformed",
        "Action that cannot be one",
        Category.BLOCKER,
        Severity.CRITICAL,
        malformed_actions,
        f"{_IAM}/reference_policies_elements_action.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The policy is refused."),),
        lesson="Actions are written `service:Name`, with `*` and `?` as the only wildcards.",
        advice="Write the action as the service authorization reference does.",
    ),
)
