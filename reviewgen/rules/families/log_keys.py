"""RG110: log groups whose key is named otherwise than by its ARN."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reviewgen.model.hcl import Attr, Expression, Traversal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ..base import Hit, Rule
from ..keys import created
from ..places import code
from ..values import variable_behind

_DEEPEST = 8
# What is said of the id of a key: https://github.com/aws-samples/hub-and-spoke-with-inspection-vpc-terraform/pull/2
_NOT_FOUND = "InvalidParameterException: The specified KMS Key Id could not be found."


def key_without_arn(graph: Graph) -> Iterator[Hit]:
    """A log group whose ``kms_key_id`` is an alias or the id of a key."""
    for group in graph.of_type("aws_cloudwatch_log_group"):
        expr = group.block.value("kms_key_id")
        if expr is None or not created(graph, group):
            continue
        value, key = graph.constant(expr, group.module), _named_by_id(graph, expr, group.module)
        if isinstance(value, str) and value and not value.startswith("arn:"):
            said, related, message = f"is {code(value)}", variable_behind(graph, group, "kms_key_id"), ""
        elif key is not None:
            said, related, message = f"is the id of {code(key.address)}", (key.address,), _NOT_FOUND
        else:
            continue
        yield Hit(
            group.address,
            f"The `kms_key_id` of {code(group.address)} {said}, and CloudWatch Logs takes the ARN of the key.",
            f"{code(group.address)} sets no `kms_key_id` that is not the ARN of a key",
            attribute="kms_key_id",
            related=related,
            message=message,
        )


def _named_by_id(graph: Graph, expr: Expression, module: str, depth: int = _DEEPEST) -> Declaration | None:
    """Return the key of the tree whose id an expression is, through local values, inputs and outputs of modules."""
    if not isinstance(expr, Traversal) or not depth:
        return None
    names = replace(expr, steps=tuple(step for step in expr.steps if isinstance(step, Attr)))
    target = graph.resolve(names, module)
    if target is None:
        return None
    if target.type == "aws_kms_key" and target.kind == "resource":
        last = names.steps[-1]
        return target if isinstance(last, Attr) and last.name in ("id", "key_id") and len(names.steps) == 2 else None
    behind = list(graph.behind(target, names))
    keys = [_named_by_id(graph, value, home, depth - 1) for value, home in behind]
    return keys[0] if len({key.address if key is not None else "" for key in keys}) == 1 else None


RULES = (
    Rule(
        "RG110",
        "log-group-key-without-arn",
        "Key of a log group is not named by its ARN",
        Category.BLOCKER,
        Severity.HIGH,
        key_without_arn,
        "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html",
        stage=Stage.APPLY,
        message="InvalidParameterException",
        impact=(("Deployment", "The log group is not created."),),
        lesson="In spite of its name `kms_key_id` of a log group takes the key's ARN: neither its id nor an alias.",
        advice="Refer to the `arn` of the `aws_kms_key`, or leave the argument out: CloudWatch Logs encrypts log groups without it as well.",
    ),
)
