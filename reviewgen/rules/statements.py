"""Every policy that a tree writes, with where it stands and what kind it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph, arguments
from reviewgen.terraform.graph import once
from reviewgen.terraform.policies import Policy, Statement

# Arguments with policies of identities: what somebody may do.
_IDENTITY = ("aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy")
# All resources, or all of a service.
EVERYTHING = re.compile(r"\*|arn:aws:[a-z0-9-]+:\*:\*:\*|arn:aws:s3:::\*(?:/\*)?")
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


def allowing(found: Written) -> Iterator[Statement]:
    """Yield what a policy of an identity allows for certain."""
    if found.kind == "identity":
        yield from (s for s in found.policy.statements if s.effect == "Allow" and s.certain)
