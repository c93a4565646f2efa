"""RG136, RG138 and RG143: bucket policies about others, that lock out their own people, or that keep nobody out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.policies import Condition, Statement

from ...base import Hit, Rule
from ...places import code, listed


def foreign_resources(graph: Graph) -> Iterator[Hit]:
    """A bucket policy whose statement is about another bucket."""
    for policy in graph.of_type("aws_s3_bucket_policy"):
        buckets = {t.address for t in graph.targets(policy.block.value("bucket"), policy.module) if t.type == "aws_s3_bucket"}
        if len(buckets) != 1 or "for_each" in policy.block.attributes:
            continue
        for statement in graph.policies.argument(policy, "policy").statements:
            # One that is looked up may be the bucket itself.
            others = {ref for r in statement.resources for ref in r.refs if ".aws_s3_bucket." in f".{ref}" and "data." not in ref}
            foreign = [r for r in statement.resources if r.refs and set(r.refs) <= others - buckets]
            if foreign and not others & buckets:
                yield Hit(
                    policy.address,
                    f"{code(policy.address)} is the policy of {code(min(buckets))}, and its statement "
                    f"{f'`{statement.sid}` ' if statement.sid else ''}is about {listed(sorted(others))}.",
                    f"no statement of {code(policy.address)} is about another bucket than its own",
                    attribute="policy",
                    key=":".join(sorted(others)),
                    related=tuple(sorted(others)),
                )


# Conditions that hold only for callers of a certain place or kind, which whoever runs Terraform hardly is.
_PLACES = ("aws:sourcevpce", "aws:sourcevpc", "aws:sourceip", "aws:vpcsourceip")
_ENDPOINTS = ("aws:sourcevpce", "aws:sourcevpc")
# What PROMPT calls the places that it wants everything denied from.
_NAMES = {
    "aws:sourcevpce": r"vpc endpoints?|vpce",
    "aws:sourcevpc": r"vpcs?",
    "aws:sourceip": r"ip|ips|cidrs?|networks?",
    "aws:vpcsourceip": r"ip|ips|cidrs?|networks?",
}
_ASKED = r"\bdeny\b[^.\n]{0,60}\b(?:unless|not|except|outside)\b[^.\n]{0,60}\b(?:%s)\b"


# Operators that hold for what is not named.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_NEGATED = re.compile(
    r"(?:For\w+:)?(?:StringNot(?:Equals(?:IgnoreCase)?|Like)|ArnNot(?:Equals|Like)|NotIpAddress)(?:IfExists)?", re.IGNORECASE
)


def _of_all_for_all(statement: Statement) -> bool:
    """Whether a statement is about every action on a bucket, of everybody."""
    everything = any(a.text.lower() in ("s3:*", "*") for a in statement.actions)
    return everything and any(who.anything for _, who in statement.principals)


_UNTAGGED = (
    "Operations",
    "Every later plan of somebody without the tag fails when it reads the bucket; the account's root user can still delete the policy.",
)


def _is_everywhere(condition: Condition) -> bool:
    """Whether every caller is in a place that a condition spares, and none is denied: all addresses, or any name."""
    return any(value.text in ("0.0.0.0/0", "*") for value in condition.values)


def _bucket(graph: Graph, policy: Declaration) -> tuple[str, ...]:
    return tuple(t.address for t in graph.targets(policy.block.value("bucket"), policy.module))


def lockouts(graph: Graph) -> Iterator[Hit]:
    """A bucket policy that denies everything to everybody who does not come from a certain network or carry a certain tag."""
    for policy in graph.of_type("aws_s3_bucket_policy"):
        for statement in graph.policies.argument(policy, "policy").statements:
            keys = [c.variable for c in statement.conditions if c.variable.lower() in _PLACES or "principaltag/" in c.variable.lower()]
            words = listed(list(dict.fromkeys(keys)))
            # What is denied for the objects only leaves the bucket itself to those who administer it.
            bucket = any(not r.text.endswith("/*") for r in statement.resources)
            # Conditions must all hold: beside one about something else, as the encryption of the connection or who calls, some are not denied.
            negated = len(keys) == len(statement.conditions) and all(_NEGATED.fullmatch(c.test) for c in statement.conditions)
            denying = statement.effect == "Deny" and statement.certain and _of_all_for_all(statement)
            if denying and bucket and keys and negated and not any(map(_is_everywhere, statement.conditions)):
                its, one = ("its condition", "a condition") if len(set(keys)) == 1 else ("all its conditions", "all conditions")
                tagged = all(key.lower() not in _PLACES for key in keys)
                yield Hit(
                    policy.address,
                    f"{code(policy.address)} denies every action to every caller that fails {its} on {words}, and exempts "
                    f"nobody: whoever runs Terraform {'without that tag' if tagged else 'elsewhere'} can no longer read, change or destroy the bucket.",
                    f"{code(policy.address)} does not deny every action to every caller that fails {one} on {words}",
                    attribute="policy",
                    key=keys[0].lower(),
                    related=_bucket(graph, policy),
                    impact=(_UNTAGGED,) if tagged else (),
                    granted=_ASKED % _NAMES[keys[0].lower()] if keys[0].lower() in _NAMES else "",
                )


def unguarded_endpoints(graph: Graph) -> Iterator[Hit]:
    """A bucket policy that allows everybody everything through an endpoint, and denies nobody what comes from elsewhere."""
    for policy in graph.of_type("aws_s3_bucket_policy"):
        document = graph.policies.argument(policy, "policy")
        limited = any(s.effect != "Allow" and c.variable.lower() in _PLACES for s in document.statements for c in s.conditions)
        for statement in document.statements if document.complete and not limited else ():
            keys = [c.variable for c in statement.conditions if c.variable.lower() in _ENDPOINTS and c.test.lower() == "stringequals"]
            if (
                statement.effect == "Allow"
                and statement.certain
                and _of_all_for_all(statement)
                and len(keys) == len(statement.conditions) == 1
            ):
                yield Hit(
                    policy.address,
                    f"{code(policy.address)} allows every action to everybody whose request has the right `{keys[0]}`, and no statement "
                    "of it denies what comes from elsewhere: whoever may use the bucket by a policy of IAM reaches it from any network.",
                    f"{code(policy.address)} does not leave it at allowing everybody everything under a condition on `{keys[0]}`",
                    attribute="policy",
                    key=keys[0].lower(),
                    related=_bucket(graph, policy),
                )


RULES = (
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
        "RG138",
        "bucket-policy-lockout",
        "Bucket policy that locks out those who administer the bucket",
        Category.CRITICAL,
        Severity.HIGH,
        lockouts,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html",
        stage=Stage.APPLY,
        message="AccessDenied",
        impact=(
            (
                "Operations",
                "Every later plan from elsewhere fails when it reads the bucket; the account's root user can still delete the policy.",
            ),
        ),
        lesson="A Deny for everybody includes whoever wrote it.",
        advice="Exempt the administrators with a condition on `aws:PrincipalArn`, or deny only `s3:GetObject` and `s3:PutObject`; a service that "
        "delivers to the bucket needs an exemption, too.",
    ),
    Rule(
        "RG143",
        "bucket-policy-endpoint-allowed",
        "Bucket policy that admits everybody through an endpoint and keeps nobody out",
        Category.WARNING,
        Severity.MEDIUM,
        unguarded_endpoints,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html",
        topics=("vpc endpoint", "vpce", "vpc only"),
        stage=Stage.RUNTIME,
        impact=(("Security", "The statement limits nobody, and gives rights to those who have none of their own."),),
        lesson="What is allowed under a condition is not forbidden without it: only a Deny with the opposite condition limits access.",
        advice="Deny `s3:GetObject` and `s3:PutObject` to what does not come from there; who may do what is for the roles' own policies.",
        asked=Category.CRITICAL,
    ),
)
