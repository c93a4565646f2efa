"""What the roles of a tree may do, with the AWS managed policies whose actions are known."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.policies import Policy, Text
from reviewgen.terraform.policies.statements import Statement

from .tables import rows

# What gives a role a right that it lacks.
GRANTS = ("aws_iam_role_policy", "aws_iam_policy", "aws_iam_role_policy_attachment", "data.aws_iam_policy_document")


def role_of(graph: Graph, declaration: Declaration, *path: str) -> Declaration | None:
    """Return the role of the tree that an argument names; None when it is none, or not certainly one."""
    for block in declaration.block.nested(*path[:-1]):
        found = graph.policies.roles(block.value(path[-1]), declaration.module)
        return found[0] if len(found) == 1 else None
    return None


def may(graph: Graph, role: Declaration, action: str, on: str = "") -> bool | None:
    """Whether a role may do something; None when its policies are not fully known.

    Args:
        graph: The tree.
        role: A role of it.
        action: Such as ``sqs:SendMessage``.
        on: Address of what it is done to; empty for anything.
    """
    policy = graph.policies.of_role(role)
    written = Policy(policy.statements, policy.complete).allows(action, on=on)
    if written:
        return True
    managed = _managed(policy.managed)
    if managed is None:
        return None
    return True if any(fnmatchcase(action.lower(), pattern.lower()) for pattern in managed) else written


def may_touch(graph: Graph, role: Declaration, service: str, on: str = "") -> bool | None:
    """Whether a role may do anything at all of a service (``sqs``) to something, or to anything; None when that is not known."""
    policy = graph.policies.of_role(role)
    managed = _managed(policy.managed)
    if managed is None or not policy.complete:
        return None
    if any(action == "*" or action.startswith(f"{service}:") for action in managed):
        return True
    answers = [_touches(s, service, on) for s in policy.statements]
    return True if True in answers else None if None in answers else False


def may_admit(graph: Graph, role: Declaration, on: Declaration) -> bool:
    """Whether a policy on a resource itself may let a role in: in one account that is as good as a policy of the role."""
    policy = graph.policies.on(on)
    if policy is None:
        return False
    return not policy.complete or any(
        s.effect == "Allow" and any(_may_mean(kind, who, role) for kind, who in s.principals) for s in policy.statements
    )


def _may_mean(kind: str, who: Text, role: Declaration) -> bool:
    if kind not in ("*", "AWS") or who.text.endswith(":root"):
        return False
    return who.anything or role.address in who.refs or (not who.known and not who.refs)


def _touches(statement: Statement, service: str, on: str) -> bool | None:
    if statement.effect == "Deny":
        return False
    if statement.not_actions or any("${" in a.text for a in statement.actions):
        return None
    if not any(a.text == "*" or a.text.lower().startswith(f"{service}:") for a in statement.actions):
        return False
    return statement.covers(on) if on else True


def _managed(arns: Iterable[Text]) -> list[str] | None:
    """Return the actions of managed policies; None when one is not in the table."""
    known = {row["name"]: row["actions"] for row in rows("managed_policies")}
    found: list[str] = []
    for arn in arns:
        actions = known.get(arn.text.rpartition("/")[2])
        if actions is None:
            return None
        found += actions
    return found
