"""RG110: log groups whose key is named otherwise than by its ARN."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...keys import created, named_by_id
from ...places import code
from ...values import variable_behind

# What is said of the id of a key: https://github.com/aws-samples/hub-and-spoke-with-inspection-vpc-terraform/pull/2
_NOT_FOUND = "InvalidParameterException: The specified KMS Key Id could not be found."


def key_without_arn(graph: Graph) -> Iterator[Hit]:
    """A log group whose ``kms_key_id`` is an alias or the id of a key."""
    for group in graph.of_type("aws_cloudwatch_log_group"):
        expr = group.block.value("kms_key_id")
        if expr is None or not created(graph, group):
            continue
        value, key = graph.constant(expr, group.module), named_by_id(graph, expr, group.module)
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
