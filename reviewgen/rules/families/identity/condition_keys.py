"""RG142: conditions on keys that the requests of an action do not have."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph
from reviewgen.terraform.policies import Condition, Statement

from ... import tables
from ...base import Hit, Rule
from ...places import code, listed
from ...statements import Written, allowing, written

# A key that a request lacks makes these true or asks for nothing else than whether it is there.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_TRUE_WITHOUT = re.compile("not|ifexists|null|forallvalues", re.IGNORECASE)
# What the policy of an endpoint does not allow nobody may do through it: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
_ENDPOINTS = ("aws_vpc_endpoint", "aws_vpc_endpoint_policy")
_THROUGH_IT = (("Function", "Who makes these calls through the endpoint is denied, whatever other policies allow."),)


def unknown_keys(graph: Graph) -> Iterator[Hit]:
    """A statement for an identity or an endpoint allows actions of S3 under a condition on a key that their requests never have: it allows none."""
    for found in (*written(graph), *_of_endpoints(graph)):
        for statement in _allowed(graph, found) if found.policy.complete else ():
            told = next(((c, denied) for c in statement.conditions if (denied := _denied(found, statement, c))), None)
            if told is not None:
                condition, denied = told
                yield Hit(
                    found.owner.address,
                    f"{code(found.place)} allows {listed(denied)} only under a condition on `{condition.variable}`, and requests of "
                    f"{'this action' if len(denied) == 1 else 'these actions'} have no such key: the condition is never met, and the "
                    "statement allows no such call.",
                    f"{code(found.place)} does not allow {listed(denied)} only under a condition on `{condition.variable}`",
                    attribute=found.argument,
                    key=f"{statement.sid}:{condition.variable.lower()}",
                    impact=_THROUGH_IT if found.owner.type in _ENDPOINTS else (),
                )


def _of_endpoints(graph: Graph) -> Iterator[Written]:
    for owner in graph.of_type(*_ENDPOINTS):
        if "policy" in owner.block.attributes:
            yield Written(owner, "policy", "resource", graph.policies.argument(owner, "policy"))


def _allowed(graph: Graph, found: Written) -> Iterator[Statement]:
    if found.owner.type in _ENDPOINTS:
        return (s for s in found.policy.statements if s.effect == "Allow" and s.certain)
    return allowing(graph, found)


def _denied(found: Written, statement: Statement, condition: Condition) -> list[str]:
    """Return the actions of a statement that a condition rules out and no other statement of the policy may allow."""
    row = next((r for r in tables.rows("s3_condition_keys") if r["key"] == condition.variable.lower()), None)
    if row is None or _TRUE_WITHOUT.search(condition.test):
        return []
    others = [s for s in found.policy.statements if s is not statement and s.effect != "Deny"]
    return [
        action.text
        for action in statement.actions
        if action.known
        and action.text.lower().startswith("s3:")
        and not any(fnmatch.fnmatchcase(name.lower(), action.text.lower()) for name in row["actions"])
        and not any(other.names(action.text.rstrip("*")) is not False for other in others)
    ]


RULES = (
    Rule(
        "RG142",
        "condition-key-of-other-actions",
        "Action of S3 under a condition that it does not know",
        Category.CRITICAL,
        Severity.MEDIUM,
        unknown_keys,
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html",
        stage=Stage.RUNTIME,
        message="AccessDenied",
        impact=(("Function", "Unless another policy allows the calls they are denied."),),
        lesson="A condition key works only with the actions that support it: headers of an upload are no part of a request that reads or lists.",
        advice="Allow these actions in a statement of their own, without the condition.",
    ),
)
