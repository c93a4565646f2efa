"""Every policy that a tree writes, with where it stands and what kind it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph, arguments
from reviewgen.terraform.graph import once
from reviewgen.terraform.policies import Policy, Statement, Text

from .places import type_of, uses

# Arguments with policies of identities: what somebody may do.
_IDENTITY = ("aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy")
# `*`, and ARNs that leave open which resource of a service it is, at most with region and account: a hole stands for one of these.
_PART = r"(?:\*|[a-z0-9-]*|\$\{[^}]*\})"
EVERYTHING = re.compile(rf"\*|arn:{_PART}:[a-z0-9-]+:{_PART}:{_PART}:(?:\*|log-group:\*(?::\*)?)|arn:{_PART}:s3:::\*(?:/\*)?")
_RESOURCE = (
    "aws_s3_bucket_policy",
    "aws_sns_topic_policy",
    "aws_sqs_queue_policy",
    "aws_secretsmanager_secret_policy",
    "aws_kms_key_policy",
    "aws_kms_key",
    "aws_sqs_queue",
    "aws_sns_topic",
    "aws_ecr_repository_policy",
    "aws_backup_vault_policy",
    "aws_efs_file_system_policy",
)


@dataclass(frozen=True, slots=True)
class Written:
    """A policy in the code.

    Attributes:
        owner: What contains it.
        argument: Argument path there.
        kind: ``identity``, ``resource`` or ``trust``.
        policy: What it says.
    """

    owner: Declaration
    argument: str
    kind: str
    policy: Policy

    @property
    def place(self) -> str:
        """Address and argument."""
        return f"{self.owner.address}.{self.argument}"


@once
def written(graph: Graph) -> tuple[Written, ...]:
    """Return the policies of a tree."""
    return tuple(_written(graph))


def _written(graph: Graph) -> Iterator[Written]:
    for types, kind in ((_IDENTITY, "identity"), (_RESOURCE, "resource")):
        for owner in graph.of_type(*types):
            if "policy" in owner.block.attributes:
                yield Written(owner, "policy", kind, graph.policies.argument(owner, "policy"))
    for role in graph.of_type("aws_iam_role"):
        yield Written(role, "assume_role_policy", "trust", graph.policies.trust(role))
        for path, _, attribute in arguments(role.block):
            if path == "inline_policy.policy":
                yield Written(role, path, "identity", graph.policies.read(attribute.expr, role.module))


def allowing(graph: Graph, found: Written) -> Iterator[Statement]:
    """Yield what a policy gives an identity for certain; a permissions boundary gives nothing."""
    if found.kind == "identity" and not _is_boundary(graph, found):
        yield from (s for s in found.policy.statements if s.effect == "Allow" and s.certain)


def holders(graph: Graph, found: Written) -> list[Declaration]:
    """Return the roles of the tree that have a policy for certain."""
    if found.owner.type == "aws_iam_role":
        return [found.owner]
    if found.owner.type == "aws_iam_role_policy":
        return graph.policies.roles(found.owner.block.value("role"), found.owner.module)
    given = (
        attachment
        for attachment in graph.of_type("aws_iam_role_policy_attachment")
        if found.owner in graph.targets(attachment.block.value("policy_arn"), attachment.module)
    )
    return [role for attachment in given for role in graph.policies.roles(attachment.block.value("role"), attachment.module)]


# What gives a policy to users or groups, or may.
_TO_OTHERS = frozenset(["aws_iam_user_policy_attachment", "aws_iam_group_policy_attachment", "aws_iam_policy_attachment"])


def is_of_roles(graph: Graph, found: Written) -> bool:
    """Whether roles of the tree have a policy, and nobody else as far as the tree says."""
    users = {type_of(r.source) for r in uses(graph, found.owner.address)}
    return bool(holders(graph, found)) and not users & _TO_OTHERS


# What a denial may ask of the way in which a call is made: it limits neither what may be done nor to what.
_WAYS = frozenset(["aws:securetransport", "aws:multifactorauthpresent", "aws:multifactorauthage"])


def denies(found: Written, action: str) -> bool:
    """Whether a policy takes an action (``s3:GetObject``, ``s3:*``) back from some of what it allows, or perhaps does."""
    return any(
        s.effect != "Allow"
        and not (s.conditions and all(c.variable.lower() in _WAYS for c in s.conditions))
        and (s.not_actions or any(_takes_back(p, action) for p in s.actions))
        for s in found.policy.statements
    )


def _takes_back(pattern: Text, action: str) -> bool:
    """Whether what is denied is an action, or one of those of every service, of which each service has some."""
    return pattern.matches(action.rstrip("*")) is not False or (action.endswith(":*") and pattern.text.startswith("*:"))


def _is_boundary(graph: Graph, found: Written) -> bool:
    return any(r.path == "permissions_boundary" for r in graph.incoming.get(found.owner.address, ()))


def unheld(graph: Graph) -> Iterator[Declaration]:
    """Yield the managed policies of the tree that nothing attaches or uses."""
    # An attachment may name a policy of the account by its ARN.
    arns = [arn for *_, arn in graph.policies.managed_arns()]
    if not graph.policies.all_seen or any(map(_of_account, arns)) or graph.of_type(*_BY_NAME):
        return
    attached = {ref for arn in arns for ref in arn.refs}  # also through the outputs of a module
    for policy in (p for p in graph.of_type("aws_iam_policy") if p.address not in attached):
        users = [r for r in uses(graph, policy.address) if not r.source.startswith("output.") and ".output." not in r.source]
        if not users:
            yield policy


def _of_account(arn: Text) -> bool:
    """Whether an ARN names a policy that AWS does not manage, and not by reference: one that is looked up may be any."""
    return ":iam::aws:" not in arn.text and not any(".aws_iam_policy." in f".{ref}" and "data." not in ref for ref in arn.refs)


# What attaches policies of the account by their names.
_BY_NAME = ("aws_ssoadmin_customer_managed_policy_attachment", "aws_ssoadmin_permissions_boundary_attachment")
