"""RG140: policies by which who has them can change permissions, and so get more of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.prose import series
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code, listed
from ...statements import Written, allowing, denies, holders, is_of_roles, written
from .grants import LEAST

# By each of these alone a principal can get permissions that it does not have; with the kind of resource that the action is done to.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
_ESCALATING = {
    "iam:AttachRolePolicy": "role", "iam:PutRolePolicy": "role", "iam:UpdateAssumeRolePolicy": "role", "iam:AttachUserPolicy": "user",
    "iam:PutUserPolicy": "user", "iam:CreateAccessKey": "user", "iam:AddUserToGroup": "group", "iam:CreatePolicyVersion": "policy",
}  # fmt: skip
_ALL_OF = re.compile(r"\*|arn:[^:]+:iam::(?:\*|\d+|\$\{[^}]*\})?:(?:\*|(?P<kind>role|user|group|policy)/\*)")

# These give rights to users only: a role that has nothing else gets none by them.
_OF_USERS = frozenset(["iam:AttachUserPolicy", "iam:PutUserPolicy", "iam:AddUserToGroup"])
# Roles whose names begin alike: the holes of their names stand there as they do in the names of roles.
_SOME_ROLES = re.compile(r":role/([^*?/]+)\*$")


def escalating(graph: Graph) -> Iterator[Hit]:
    """A policy of an identity lets it change the permissions of any role, user, group or policy, or of the role that has it."""
    for found in written(graph):
        named = {
            (a, kind) for s in allowing(graph, found) if not s.conditions and not any(p.text in ("*", "*:*") for p in s.actions)
            for r in s.resources if (all_of := _ALL_OF.fullmatch(r.text))
            for a, kind in _ESCALATING.items() if all_of["kind"] in (None, kind) and s.names(a)
        }  # fmt: skip
        if named and {action for action, _ in named} <= _OF_USERS and is_of_roles(graph, found):
            named = set()
        if named and not any(denies(found, action) for action, _ in named):
            actions, kinds = listed(sorted({a for a, _ in named})), sorted({kind for _, kind in named})
            every = series(kinds)
            yield Hit(
                found.owner.address,
                f"{code(found.place)} allows {actions} on every {every} of the account: whoever has it can get permissions that it does "
                "not have.",
                f"{code(found.place)} does not allow {actions} on every {every} without a condition",
                attribute=found.argument,
                recommendation=_limits({a for a, _ in named}, kinds),
            )
        elif not named:
            yield from _widening_itself(graph, found)


def _widening_itself(graph: Graph, found: Written) -> Iterator[Hit]:
    """A policy is limited to roles whose names begin alike, and the role that has it is one of them."""
    for role in holders(graph, found):
        names = graph.policies.texts(role.block.value("name"), role.module)
        named = {
            a for s in allowing(graph, found) if not s.conditions
            for r in s.resources if (some := _SOME_ROLES.search(r.text)) and "path" not in role.block.attributes
            for name in names if name.text.startswith(some[1])
            for a, kind in _ESCALATING.items() if kind == "role" and s.names(a) and not denies(found, a)
        }  # fmt: skip
        if named:
            actions = listed(sorted(named))
            yield Hit(
                found.owner.address,
                f"{code(found.place)} allows {actions} on roles whose names begin as that of {code(role.address)}, which has the policy: "
                "that role can give itself permissions that it does not have.",
                f"{code(found.place)} does not allow {actions} on {code(role.address)}, which has it, without a condition",
                attribute=found.argument,
                related=(f"{role.address}.name",),
                recommendation=_limits(named, ["role"]),
            )
            return


# Actions that know the boundary of whom they give something.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
_BOUNDED = frozenset(["iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:AttachUserPolicy", "iam:PutUserPolicy"])
_PLURALS = {"role": "roles", "user": "users", "group": "groups", "policy": "policies"}


def _limits(actions: set[str], kinds: list[str]) -> Recommendation:
    """Return how some actions can be limited: by names, and some of them by the boundary of whom they give something."""
    names, known = f"Name the {series([_PLURALS[kind] for kind in kinds])}", sorted(actions & _BOUNDED)
    if known and set(known) == actions:
        return Recommendation(f"{names}, or add a condition on `iam:PermissionsBoundary`.")
    return Recommendation(f"{names}; for {listed(known)} a condition on `iam:PermissionsBoundary` does as well." if known else f"{names}.")


RULES = (
    Rule(
        "RG140",
        "iam-escalation",
        "Policy by which an identity can widen its own permissions",
        Category.CRITICAL,
        Severity.HIGH,
        escalating,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
        fix_class="A",
        tier=2,
        topics=LEAST,
        stage=Stage.RUNTIME,
        impact=(("Security", "The other limits of the policy can be undone by those whom they limit."),),
        lesson="Who may change permissions has all of them, unless a boundary or the names of the roles hold it back.",
        advice="Name the roles, users, groups or policies that it is for.",
    ),
)
