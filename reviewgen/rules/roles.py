"""Who uses the roles of a tree, and the names of AWS managed policies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph, arguments
from reviewgen.terraform.policies import Text

from .tables import rows

# arn:aws:iam::aws:policy/service-role/AWS_ConfigRole, in any partition.
_MANAGED = re.compile(r"arn:[^:]*:iam::aws:policy(?P<path>/(?:[^/]+/)*)(?P<name>[^/$]+)")


@dataclass(frozen=True, slots=True)
class Use:
    """One argument that gives a role to something that an AWS service runs; ``refusal`` is what that says at once to a role that shuts it out."""

    user: Declaration
    argument: str
    service: str
    role: Declaration
    refusal: str = ""


def uses(graph: Graph) -> Iterator[Use]:
    """Yield the roles of the tree that resources hand to AWS services (table ``role_users``)."""
    for row in rows("role_users"):
        for user in graph.of_type(row["type"]):
            for path, _, attribute in arguments(user.block):
                if path == row["argument"]:
                    found = graph.policies.roles(attribute.expr, user.module)
                    if len(found) == 1:
                        yield Use(user, path, row["service"], found[0], row.get("refusal", ""))


def managed_name(arn: Text) -> tuple[str, str] | None:
    """Return (path, name) of an AWS managed policy's ARN; None when it is none, or not certainly one."""
    match = _MANAGED.fullmatch(arn.text)
    return (match["path"], match["name"]) if match else None


@cache
def managed_names() -> dict[str, str]:
    """Return the path of each AWS managed policy by its name."""
    return {name: row["path"] for row in rows("managed_policy_names") for name in row["names"]}
