"""RG13x and RG14x: statements that allow too much, and statements that do not mean what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph
from reviewgen.terraform.policies import Statement, Text

from ..base import Hit, Rule
from ..places import code, listed
from ..statements import Written, written

_LEAST = (
    "least privilege",
    "least-privilege",
    "minimal permission",
    "minimum permission",
    "principle of least",
    "wildcard",
    "overly permissive",
)


def administrators(graph: Graph) -> Iterator[Hit]:
    """A policy of an identity allows every action on every resource."""
    for found in written(graph):
        # A Deny beside it takes something back, and a permissions boundary grants nothing.
        if any(s.effect != "Allow" for s in found.policy.statements) or _boundary(graph, found):
            continue
        for statement in _allowing(found):
            if (
                not statement.conditions
                and any(a.text in ("*", "*:*") for a in statement.actions)
                and any(r.anything for r in statement.resources)
            ):
                yield Hit(
                    found.owner.address,
                    f"{code(found.place)} allows `*` on `*`: whoever has this policy is an administrator of the account.",
                    f"{code(found.place)} does not allow all actions on all resources",
                    attribute=found.argument,
                )
                break


def _boundary(graph: Graph, found: Written) -> bool:
    return any(r.path == "permissions_boundary" for r in graph.incoming.get(found.owner.address, ()))


def _allowing(found: Written) -> Iterator[Statement]:
    if found.kind == "identity":
        yield from (s for s in found.policy.statements if s.effect == "Allow" and s.certain)


_WHOLE = re.compile(r"[a-z0-9-]+:\*", re.IGNORECASE)


def whole_services(graph: Graph) -> Iterator[Hit]:
    """A policy of an identity allows every action of a service on every resource."""
    for found in written(graph):
        actions = [a.text for s in _allowing(found) if any(r.anything for r in s.resources) for a in s.actions if _WHOLE.fullmatch(a.text)]
        if actions:
            yield Hit(
                found.owner.address,
                f"{code(found.place)} allows {listed(sorted(set(actions)))} on `*`.",
                f"{code(found.place)} names the actions and resources that are needed",
                attribute=found.argument,
            )


# Actions that take a resource, so that `*` is a choice; of other actions of these services (ListAllMyBuckets, DescribeLogGroups, ...) some do not.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_SCOPED = re.compile(
    r"s3:(?:Get|Put|Delete)Object\w*|s3:ListBucket\w*|s3:GetBucketLocation|s3:GetEncryptionConfiguration|s3:\*"
    r"|dynamodb:(?:\w*Item|Query|Scan|Batch\w+|\*)"
    r"|sqs:(?:SendMessage|ReceiveMessage|DeleteMessage|GetQueueAttributes|\*)|sns:(?:Publish|\*)"
    r"|kms:(?:Decrypt|Encrypt|GenerateDataKey\w*\*?|ReEncrypt\w*\*?|\*)"
    r"|secretsmanager:(?:GetSecretValue|DescribeSecret|PutSecretValue|\*)|ssm:(?:GetParameter\w*|PutParameter)"
    r"|logs:(?:CreateLogStream|PutLogEvents|CreateLogGroup|\*)|lambda:InvokeFunction|states:StartExecution"
    r"|ec2:(?:Start|Stop|Terminate|Reboot)Instances|rds:(?:Modify|Delete|Start|Stop)\w+|iam:PassRole|sts:AssumeRole"
)
_EVERYTHING = re.compile(r"\*|arn:aws:[a-z0-9-]+:\*:\*:\*|arn:aws:s3:::\*(?:/\*)?")


def all_resources(graph: Graph) -> Iterator[Hit]:
    """A policy of an identity allows actions on every resource although these actions can be limited to some."""
    for found in written(graph):
        actions = [
            a.text for s in _allowing(found) if any(_EVERYTHING.fullmatch(r.text) for r in s.resources) and not s.conditions
            for a in s.actions if _SCOPED.fullmatch(a.text)
        ]  # fmt: skip
        if actions:
            yield Hit(
                found.owner.address,
                f"{code(found.place)} allows {listed(sorted(set(actions)))} on every resource of the service.",
                f"{code(found.place)} names the resources that are needed",
                attribute=found.argument,
            )


_LITERAL_TESTS = ("stringequals", "stringnotequals", "stringequalsignorecase", "stringnotequalsignorecase")


def literal_stars(graph: Graph) -> Iterator[Hit]:
    """A condition compares a value with ``*`` in it by an operator that knows no wildcards."""
    for found in written(graph):
        for statement in found.policy.statements:
            for condition in statement.conditions:
                test = condition.test.lower().rpartition(":")[2].removesuffix("ifexists")
                stars = [v for v in condition.values if _starred(v)]
                if test not in _LITERAL_TESTS or not stars:
                    continue
                never = "is never true" if "not" not in test else "is always true"
                yield Hit(
                    found.owner.address,
                    f"{code(found.place)} compares `{condition.variable}` with `{_shown(stars[0])}` by `{condition.test}`, for which `*` "
                    f"is a character like any other: the condition {never}.",
                    f"{code(found.place)} compares patterns with `StringLike` or `ArnLike`",
                    attribute=found.argument,
                    key=f"{statement.sid}:{condition.variable}",
                )


def _starred(value: Text) -> bool:
    return "*" in re.sub(r"\$\{[^}]*\}", "", value.text) and value.text != "*"


def _shown(value: Text) -> str:
    return value.text.replace("`", "")


def tagged_describe(graph: Graph) -> Iterator[Hit]:
    """A statement allows ``ec2:Describe`` actions on condition of a tag of the resource, which these actions do not know."""
    for found in written(graph):
        free = [s for s in _allowing(found) if not s.conditions]
        for statement in _allowing(found):
            tags = [c.variable for c in statement.conditions if "resourcetag/" in c.variable.lower()]
            denied = [
                a.text for a in statement.actions
                if re.fullmatch(r"ec2:Describe[A-Za-z]*\*?", a.text) and not any(s.names(a.text.rstrip("*")) is not False for s in free)
            ]  # fmt: skip
            if tags and denied:
                yield Hit(
                    found.owner.address,
                    f"{code(found.place)} allows {listed(denied)} only under a condition on `{tags[0]}`. These actions concern no single "
                    "resource, so there is no tag to compare, and every call is denied.",
                    f"{code(found.place)} allows the describing actions without a condition on tags",
                    attribute=found.argument,
                    key=statement.sid,
                )


def foreign_resources(graph: Graph) -> Iterator[Hit]:
    """A bucket policy whose statement is about another bucket."""
    for policy in graph.of_type("aws_s3_bucket_policy"):
        buckets = {t.address for t in graph.targets(policy.block.value("bucket"), policy.module) if t.type == "aws_s3_bucket"}
        if len(buckets) != 1 or "for_each" in policy.block.attributes:
            continue
        for statement in graph.policies.argument(policy, "policy").statements:
            others = {ref for r in statement.resources for ref in r.refs if ".aws_s3_bucket." in f".{ref}"}
            foreign = [r for r in statement.resources if r.refs and set(r.refs) <= others - buckets]
            if foreign and not others & buckets:
                yield Hit(
                    policy.address,
                    f"{code(policy.address)} is the policy of {code(min(buckets))}, and its statement "
                    f"{f'`{statement.sid}` ' if statement.sid else ''}is about {listed(sorted(others))}.",
                    f"the statements of {code(policy.address)} are about {code(min(buckets))}",
                    attribute="policy",
                    key=statement.sid,
                    related=tuple(sorted(others)),
                )


def anybody_trusted(graph: Graph) -> Iterator[Hit]:
    """A role that everybody in every AWS account may assume."""
    for found in written(graph):
        for statement in found.policy.statements if found.kind == "trust" else ():
            anybody = any(who.anything and kind in ("*", "AWS") for kind, who in statement.principals)
            if anybody and statement.effect == "Allow" and statement.certain and not statement.conditions:
                yield Hit(
                    found.owner.address,
                    f"The trust policy of {code(found.owner.address)} admits every principal of every account, without a condition.",
                    f"the trust policy of {code(found.owner.address)} names who may assume the role",
                    attribute=found.argument,
                )


# Conditions that hold only for callers of a certain place or kind, which whoever runs Terraform hardly is.
_PLACES = ("aws:sourcevpce", "aws:sourcevpc", "aws:sourceip", "aws:vpcsourceip")
_EXEMPTING = ("aws:principalarn", "aws:userid", "aws:principalaccount", "aws:viaawsservice", "aws:principaltype")


def lockouts(graph: Graph) -> Iterator[Hit]:
    """A bucket policy that denies everything to everybody who does not come from a certain network or carry a certain tag."""
    for policy in graph.of_type("aws_s3_bucket_policy"):
        for statement in graph.policies.argument(policy, "policy").statements:
            variables = [c.variable.lower() for c in statement.conditions]
            keys = [c.variable for c in statement.conditions if c.variable.lower() in _PLACES or "principaltag/" in c.variable.lower()]
            everybody = any(who.anything for _, who in statement.principals)
            everything = any(a.text.lower() in ("s3:*", "*") for a in statement.actions)
            negated = any("not" in c.test.lower() for c in statement.conditions)
            if statement.effect == "Deny" and everybody and everything and keys and negated and not set(variables) & set(_EXEMPTING):
                yield Hit(
                    policy.address,
                    f"{code(policy.address)} denies every action to every caller that fails its condition on `{keys[0]}`, and exempts "
                    "nobody: whoever runs Terraform elsewhere can no longer read, change or destroy the bucket.",
                    f"{code(policy.address)} exempts those who administer the bucket, or denies only access to objects",
                    attribute="policy",
                    key=statement.sid,
                    related=tuple(t.address for t in graph.targets(policy.block.value("bucket"), policy.module)),
                )


def unattached(graph: Graph) -> Iterator[Hit]:
    """A managed policy of the tree that is attached to nobody."""
    if not graph.policies.all_seen:
        return
    for policy in graph.of_type("aws_iam_policy"):
        users = [r for r in graph.incoming.get(policy.address, ()) if not r.source.startswith("output.") and ".output." not in r.source]
        if not users:
            yield Hit(
                policy.address,
                f"{code(policy.address)} is attached to no role, user or group: nobody has what it allows, and nobody is denied what it denies.",
                f"{code(policy.address)} is attached",
                key="attachment",
            )


_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide"

RULES = (
    Rule(
        "RG131",
        "iam-administrator",
        "Policy that allows everything",
        Category.CRITICAL,
        Severity.CRITICAL,
        administrators,
        f"{_IAM}/best-practices.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Security", "One stolen credential is the whole account."),),
        lesson="`*` on `*` is never what a workload needs.",
        advice="Name the actions and resources that are needed.",
    ),
    Rule(
        "RG132",
        "iam-whole-service",
        "Policy that allows whole services on all resources",
        Category.CRITICAL,
        Severity.HIGH,
        whole_services,
        f"{_IAM}/best-practices.html",
        fix_class="A",
        tier=2,
        topics=_LEAST,
        stage=Stage.RUNTIME,
        impact=(("Security", "The permission includes deletion and changes of policies, everywhere in the account."),),
        advice="Name the actions and resources that are needed.",
    ),
    Rule(
        "RG133",
        "iam-all-resources",
        "Policy on all resources for actions that can be limited",
        Category.WARNING,
        Severity.MEDIUM,
        all_resources,
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
        tier=2,
        topics=_LEAST,
        asked=Category.CRITICAL,
        stage=Stage.RUNTIME,
        impact=(("Security", "The permission reaches resources of other workloads in the account."),),
        advice="Name the ARNs of this stack's resources.",
    ),
    Rule(
        "RG134",
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
        impact=(("Function", "Every call is denied, and with it whatever begins by looking for its instances."),),
        lesson="A condition key works only with the actions that support it; the others are denied, not exempted.",
        advice="Allow the describing actions in a statement of their own, on `*` and without the condition.",
    ),
    Rule(
        "RG136",
        "bucket-policy-foreign-resource",
        "Bucket policy about another bucket",
        Category.BLOCKER,
        Severity.HIGH,
        foreign_resources,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html",
        stage=Stage.APPLY,
        message="MalformedPolicy: Policy has invalid resource",
        impact=(("Deployment", "S3 refuses the policy."),),
        lesson="A bucket policy speaks of its own bucket only.",
        advice="Name the bucket's own ARN, or move the statement to the policy of the other bucket.",
    ),
    Rule(
        "RG137",
        "trust-anybody",
        "Role that everybody may assume",
        Category.CRITICAL,
        Severity.CRITICAL,
        anybody_trusted,
        f"{_IAM}/id_roles_create_for-user_externalid.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Security", "Any AWS account in the world can take the permissions of the role."),),
        advice="Name the accounts, roles or services that may assume the role.",
    ),
    Rule(
        "RG138",
        "bucket-policy-lockout",
        "Bucket policy that locks out those who administer the bucket",
        Category.CRITICAL,
        Severity.HIGH,
        lockouts,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html",
        stage=Stage.APPLY,
        message="AccessDenied: Access Denied",
        impact=(
            (
                "Operations",
                "Every later plan from elsewhere fails when it reads the bucket; the account's root user can still delete the policy.",
            ),
        ),
        lesson="A Deny for everybody includes whoever wrote it.",
        advice="Exempt the administrators with a condition on `aws:PrincipalArn`, or deny only `s3:GetObject` and `s3:PutObject`.",
    ),
    Rule(
        "RG139",
        "policy-unattached",
        "Policy that is attached to nobody",
        Category.CRITICAL,
        Severity.MEDIUM,
        unattached,
        f"{_IAM}/access_policies_manage-attach-detach.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "The policy has no effect."),),
        lesson="A managed policy is a document; only an attachment gives it to somebody.",
        advice="Attach the policy to the role, user or group that it was written for.",
    ),
)
