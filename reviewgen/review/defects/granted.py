"""What a policy of AWS gives in one tree and a policy of the tree's own in the other: the permission is the same."""

from __future__ import annotations

from reviewgen.model.finding import Finding
from reviewgen.model.tree import Declaration
from reviewgen.rules.families.grants import unlimited
from reviewgen.rules.statements import written
from reviewgen.terraform import Graph

_ALL_RESOURCES = "RG133"
_WRITES = frozenset(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"])
# Managed policies that allow these on every resource.
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
_EVERYWHERE = frozenset(
    [
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaVPCAccessExecutionRole",
        "AWSLambdaSQSQueueExecutionRole",
        "AWSLambdaDynamoDBExecutionRole",
        "AWSLambdaKinesisExecutionRole",
        "AWSLambdaMSKExecutionRole",
        "AmazonAPIGatewayPushToCloudWatchLogs",
        "CloudWatchAgentServerPolicy",
        "CloudWatchLogsFullAccess",
    ]
)


def given_by_aws(finding: Finding, own: Graph, other: Graph) -> bool:
    """Whether a policy that lets a service write to all logs stands in for a managed one, which lets it in the other tree.

    Args:
        finding: Of a policy that names no resource.
        own: The tree that has it.
        other: The other one.
    """
    if finding.rule != _ALL_RESOURCES:
        return False
    place = f"{finding.address}.{finding.attribute}"
    for found in written(own):
        if found.place == place and {action for action, _ in unlimited(own, found)} <= _WRITES:
            roles = own.of_type("aws_iam_role")
            holders = [r for r in roles if any(s in own.policies.of_role(r).statements for s in found.policy.statements)]
            services = {service for role in holders for service in _services(own, role)}
            return any(services & _services(other, r) and _writes_everywhere(other, r) for r in other.of_type("aws_iam_role"))
    return False


def _services(graph: Graph, role: Declaration) -> set[str]:
    """Return the services that may assume a role."""
    return {who.text for s in graph.policies.trust(role).statements for kind, who in s.principals if kind == "Service"}


def _writes_everywhere(graph: Graph, role: Declaration) -> bool:
    return any(arn.text.rpartition("/")[2] in _EVERYWHERE for arn in graph.policies.of_role(role).managed)
