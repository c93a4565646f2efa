"""RG13x: policies that allow too much, or that nobody has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph
from reviewgen.terraform.policies import Statement, Text

from ...base import Hit, Rule
from ...places import code, listed, type_of, uses
from ...statements import EVERYTHING, Written, allowing, denies, holders, is_of_roles, unheld, written

LEAST = (
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
        # A Deny beside it takes something back.
        if any(s.effect != "Allow" for s in found.policy.statements) or _is_bounded(graph, found):
            continue
        for statement in allowing(graph, found):
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


def _is_bounded(graph: Graph, found: Written) -> bool:
    """Whether all roles that have a policy have a boundary as well, beyond which it gives nothing."""
    return is_of_roles(graph, found) and all("permissions_boundary" in role.block.attributes for role in holders(graph, found))


_WHOLE = re.compile(r"[a-z0-9-]+:\*", re.IGNORECASE)


def whole_services(graph: Graph) -> Iterator[Hit]:
    """A policy of an identity allows every action of a service on every resource."""
    for found in written(graph):
        named = {
            a.text: bool(s.conditions) for bound in (True, False) for s in allowing(graph, found)
            if any(r.anything for r in s.resources) and bool(s.conditions) is bound
            for a in s.actions if _WHOLE.fullmatch(a.text) and not denies(found, a.text)
        }  # fmt: skip
        if named:
            where = ", each under a condition" if all(named.values()) else ", some of it under a condition" if any(named.values()) else ""
            yield Hit(
                found.owner.address,
                f"{code(found.place)} allows {listed(sorted(named))} on `*`{where}.",
                f"{code(found.place)} does not allow all actions of a service on all resources",
                attribute=found.argument,
                impact=(_EVERY_ACTION,) if all(name.lower() in _DELETING_NOTHING for name in named) else (),
            )


# Services among whose actions none deletes anything.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_DELETING_NOTHING = frozenset(["execute-api:*", "rds-db:*", "ssmmessages:*", "sts:*"])
_EVERY_ACTION = ("Security", "The permission includes every action of the service.")


# Actions that take a resource, so that `*` is a choice; of other actions of these services (ListAllMyBuckets, DescribeLogGroups, ...) some do not.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_SCOPED = re.compile(
    r"s3:(?:Get|Put|Delete)Object\w*|s3:ListBucket\w*|s3:GetBucketLocation|s3:GetEncryptionConfiguration|s3:\*"
    r"|dynamodb:(?:\w*Item|Query|Scan|Batch\w+|\*)"
    r"|sqs:(?:SendMessage|ReceiveMessage|DeleteMessage|GetQueueAttributes|\*)|sns:(?:Publish|\*)"
    r"|kms:(?:Decrypt|Encrypt|GenerateDataKey\w*\*?|ReEncrypt\w*\*?|\*)"
    r"|secretsmanager:(?:GetSecretValue|DescribeSecret|PutSecretValue|\*)|ssm:(?:GetParameter\w*|PutParameter|SendCommand|StartSession)"
    r"|logs:(?:CreateLogStream|PutLogEvents|CreateLogGroup|\*)|lambda:InvokeFunction|states:StartExecution"
    r"|ec2:(?:Start|Stop|Terminate|Reboot)Instances|rds:(?:(?:Modify|Delete|Start|Stop)DB\w+|PromoteReadReplica)|route53:ChangeResourceRecordSets|iam:PassRole|sts:AssumeRole"
)


# Whoever delivers logs through this needs the rights beside it on every resource.
# https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
_DELIVERY = "logs:CreateLogDelivery"
# How PROMPTs say that log groups need not be named.
_NO = r"(?:(?!\bnot?\b|n't\b|\bnever\b)[^.\n]){0,80}"
_MAY = r"\b(?:acceptable|accepted|allowed|fine|okay?|permitted)\b"
_LOGS_ANYWHERE = rf"\blogs?\b{_NO}\bwildcards?\b{_NO}{_MAY}|\bwildcards?\b{_NO}{_MAY}{_NO}\blogs?\b"

# And that what only reads may do so everywhere.
_READS = re.compile(r"[a-z0-9-]+:(?:Get|List|Describe|BatchGet|Query|Scan)\w*")
_READS_ANYWHERE = rf"\bexcept(?:ions?)?\b[^.\n]{{0,40}}\bread[- ]only\b|\bread[- ]only\b{_NO}{_MAY}"


# What remediations look at and change; what they work with (logs, tables, topics) they can name.
_CORRECTED = re.compile(r"(?:ec2|rds):\w+|s3:(?:Get(?:Bucket|Encryption)\w+|ListBucket)")


def _permitted(actions: Iterable[str]) -> str:
    """Return how PROMPT says that some actions need no resources named; empty where it has no such words for them."""
    actions = list(actions)
    if all(action.startswith("logs:") for action in actions):
        return _LOGS_ANYWHERE
    return _READS_ANYWHERE if all(map(_READS.fullmatch, actions)) else ""


# More of them, by which audits look at identities and trails: who looks at all there are is told of nothing, but whoever says that a policy
# names its resources now has to know of them, too.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html
_LOOKED_AT = re.compile(
    r"iam:(?:Get(?:(?:Role|User|Group)(?:Policy)?|Policy(?:Version)?|InstanceProfile)|ListAttached(?:Role|User|Group)Policies"
    r"|List(?:(?:Role|User|Group)Policies|(?:Role|User)Tags|PolicyVersions|EntitiesForPolicy|InstanceProfilesForRole|GroupsForUser|AccessKeys))"
    r"|cloudtrail:(?:Get(?:Trail(?:Status)?|EventSelectors|InsightSelectors)|(?:Start|Stop)Logging|(?:Update|Delete)Trail|Put(?:Event|Insight)Selectors)"
)


def unlimited(graph: Graph, found: Written, *, looks: bool = False) -> list[tuple[str, str]]:
    """Return the actions that a policy of an identity allows without limits although they can be limited, each with what it is allowed on.

    Args:
        graph: The tree.
        found: The policy.
        looks: Whether those count as well by which audits look at what there is.
    """
    known = (_SCOPED, _LOOKED_AT) if looks else (_SCOPED,)
    return [
        (a.text, r.text) for s in allowing(graph, found) if not s.conditions
        for r in s.resources if EVERYTHING.fullmatch(r.text)
        for a in s.actions
        if any(k.fullmatch(a.text) for k in known) and not denies(found, a.text) and not _is_for_delivery(s, a) and not _is_corrected(found, a)
        and not _is_recorded(graph, found, a)
    ]  # fmt: skip


def _is_corrected(found: Written, action: Text) -> bool:
    """Whether an action is done to whatever resource of the account breaks a rule: who remediates that knows none of them before."""
    return "remediat" in found.owner.address.lower() and _CORRECTED.fullmatch(action.text) is not None


# How things are set up, without what they hold: that is what the recorder of AWS Config reads of all there are.
# https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html
_SETTINGS = re.compile(
    r"s3:(?:ListBucket\w*|GetBucketLocation|GetEncryptionConfiguration)|sqs:GetQueueAttributes|secretsmanager:DescribeSecret"
)
_RECORDER = "aws_config_configuration_recorder"


def _is_recorded(graph: Graph, found: Written, action: Text) -> bool:
    """Whether an action reads how things are set up, and the recorder of AWS Config has the policy."""
    return _SETTINGS.fullmatch(action.text) is not None and any(
        type_of(use.source) == _RECORDER for role in holders(graph, found) for use in uses(graph, role.address)
    )


def _is_for_delivery(statement: Statement, action: Text) -> bool:
    return action.text.startswith("logs:") and any(a.text == _DELIVERY for a in statement.actions)


def all_resources(graph: Graph) -> Iterator[Hit]:
    """A policy of an identity allows actions on every resource, or all of a kind, although these actions can be limited to some."""
    later = {policy.address for policy in unheld(graph)}
    for found in written(graph):
        named = unlimited(graph, found)
        if named:
            yield Hit(
                found.owner.address,
                *told(found, named),
                attribute=found.argument,
                impact=_GIVEN_LATER if found.owner.address in later else (),
                unless=_permitted(action for action, _ in named),
            )


_GIVEN_LATER = (
    ("Security", "As it stands nobody has the policy; whoever it is given to reaches resources of other workloads in the account."),
)


_OF_REGION = re.compile(r"arn:[^:]*:[a-z0-9-]+:[^:*]+:")


def told(found: Written, named: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return what is said of a policy that allows some actions on some resources, and what a policy without the defect would pass."""
    on: dict[str, set[str]] = {}
    for action, resource in named:
        on.setdefault(action, set()).add(resource)
    # What one statement allows on all there is and another one on all logs, neither of them allows on both.
    alike: dict[tuple[str, ...], list[str]] = {}
    for action in sorted(on):
        alike.setdefault(tuple(sorted(on[action])), []).append(action)
    parts = [f"{listed(some)} on {listed(resources)}" for resources, some in alike.items()]
    allowed = ", ".join([*parts[:-1], f"and {parts[-1]}"] if len(parts) > 1 else parts)
    kind = "its kind" if len(on) == 1 else "their kind"
    # Who may do it to all that a region has may not do it everywhere.
    every = f"every resource of {kind}" + (" in a region" if all(_OF_REGION.match(r) for resources in alike for r in resources) else "")
    actions = listed(sorted(on))
    return f"{code(found.place)} allows {allowed}.", f"{code(found.place)} does not allow {actions} on {every} without a condition"


def anybody_trusted(graph: Graph) -> Iterator[Hit]:
    """A role that everybody in every AWS account may assume."""
    for found in written(graph):
        # A Deny beside it takes something back.
        for statement in (
            found.policy.statements if found.kind == "trust" and all(s.effect == "Allow" for s in found.policy.statements) else ()
        ):
            anybody = any(who.anything and kind in ("*", "AWS") for kind, who in statement.principals)
            if anybody and statement.effect == "Allow" and statement.certain and not statement.conditions:
                yield Hit(
                    found.owner.address,
                    f"The trust policy of {code(found.owner.address)} admits every principal of every account, without a condition.",
                    f"the trust policy of {code(found.owner.address)} names who may assume the role",
                    attribute=found.argument,
                )


def unattached(graph: Graph) -> Iterator[Hit]:
    """A managed policy of the tree that is attached to nobody."""
    for policy in unheld(graph):
        yield Hit(
            policy.address,
            f"{code(policy.address)} is attached to no role, user or group: nobody has what it allows, and nobody is denied what it denies.",
            f"something beside outputs uses {code(policy.address)}",
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
        topics=LEAST,
        stage=Stage.RUNTIME,
        impact=(("Security", "The permission includes every action of the service, deletion as well."),),
        advice="Name the actions and resources that are needed.",
    ),
    Rule(
        "RG133",
        "iam-all-resources",
        "Policy that does not limit actions to single resources",
        Category.WARNING,
        Severity.MEDIUM,
        all_resources,
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
        tier=2,
        topics=LEAST,
        asked=Category.CRITICAL,
        stage=Stage.RUNTIME,
        impact=(("Security", "The permission reaches resources of other workloads in the account."),),
        advice="Name the ARNs of the resources that it is for.",
    ),
    Rule(
        "RG137",
        "trust-anybody",
        "Role that everybody may assume",
        Category.CRITICAL,
        Severity.CRITICAL,
        anybody_trusted,
        f"{_IAM}/reference_policies_elements_principal.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Security", "Any AWS account in the world can take the permissions of the role."),),
        advice="Name the accounts, roles or services that may assume the role.",
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
