"""What a policy of AWS gives in one tree and a policy of the tree's own in the other: the permission is the same."""

from __future__ import annotations

from dataclasses import replace

from reviewgen.model.finding import Finding
from reviewgen.model.tree import Declaration
from reviewgen.rules.families.identity.grants import told, unlimited
from reviewgen.rules.families.identity.statements import on_buckets
from reviewgen.rules.statements import Written, allowing, written
from reviewgen.terraform import Graph

from ..inputs import Inputs, is_parsed

_ADMINISTRATOR, _ALL_RESOURCES, _ON_BUCKETS = "RG131", "RG133", "RG144"
# The managed policy that allows everything.
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html
_EVERYTHING = ":policy/AdministratorAccess"
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
    """Whether a policy stands in for a managed one, which allows the same in the other tree: everything, or a service to write to all logs.

    Args:
        finding: Of a policy that allows everything, or names no resource.
        own: The tree that has it.
        other: The other one.
    """
    if finding.rule == _ADMINISTRATOR:
        return _has_administrators(other) and not _has_administrators(own)
    if finding.rule != _ALL_RESOURCES:
        return False
    found = _told(finding, own)
    if found is None or not {action for action, _ in unlimited(own, found)} <= _WRITES:
        return False
    services = _held_by(own, found)
    return any(services & _services(other, r) and _writes_everywhere(other, r) for r in other.of_type("aws_iam_role"))


def narrowed(inputs: Inputs, finding: Finding) -> str:
    """Return the first new policy of IDEAL that gives a service as it should what a policy of MODEL gave it wrongly; empty where none does.

    What MODEL allowed on all resources IDEAL allows on named ones, or on the objects what MODEL allowed on their bucket only.

    Args:
        inputs: The pair.
        finding: Of MODEL's policy.
    """
    found = _told(finding, inputs.model) if finding.rule in (_ALL_RESOURCES, _ON_BUCKETS) else None
    if found is None:
        return ""
    if finding.rule == _ALL_RESOURCES:
        actions, rightly = {action for action, _ in unlimited(inputs.model, found)}, _on_named
    else:
        actions, rightly = {action for _, named in on_buckets(inputs.model, found) for action in named}, _on_objects
    services = _held_by(inputs.model, found)
    return next(
        (
            new.owner.address for new in written(inputs.ideal)
            if new.owner.address in inputs.added and is_parsed(inputs.ideal, new.owner.address)
            and not (finding.rule == _ALL_RESOURCES and unlimited(inputs.ideal, new, looks=True))
            and actions <= rightly(inputs.ideal, new) and services & _held_by(inputs.ideal, new)
        ),
        "",
    )  # fmt: skip


def still_unlimited(inputs: Inputs, finding: Finding) -> Finding | None:
    """Return what is told of IDEAL's form of a policy of MODEL that names no resource, where it names none for other actions; None where it does.

    Args:
        inputs: The pair.
        finding: Of MODEL's policy.
    """
    if finding.rule != _ALL_RESOURCES:
        return None
    own = replace(finding, address=inputs.later(finding.address))
    found = _told(own, inputs.ideal)
    left = unlimited(inputs.ideal, found, looks=True) if found is not None else []
    if found is None or not left:
        return None
    problem, check = told(found, left)
    return replace(own, problem=problem, check=check)


def for_others(inputs: Inputs, finding: Finding, theirs: Finding) -> bool:
    """Whether a policy of IDEAL took nothing over from a policy of MODEL.

    Other services hold it, or what it allows on all resources is of other services than what MODEL's allows there.

    Args:
        inputs: The pair.
        finding: Of MODEL's policy.
        theirs: Of IDEAL's.
    """
    policies = _told(finding, inputs.model), _told(theirs, inputs.ideal)
    if policies[0] is None or policies[1] is None:
        return False
    if finding.rule == _ALL_RESOURCES and _unlimited_of(inputs.model, policies[0]).isdisjoint(_unlimited_of(inputs.ideal, policies[1])):
        return True
    services = _held_by(inputs.model, policies[0]), _held_by(inputs.ideal, policies[1])
    return bool(services[0] and services[1]) and services[0].isdisjoint(services[1])


def _has_administrators(graph: Graph) -> bool:
    """Whether somebody is given the managed policy that allows everything."""
    return any(arn.text.endswith(_EVERYTHING) for *_, arn in graph.policies.managed_arns())


def _told(finding: Finding, graph: Graph) -> Written | None:
    """Return the policy that a finding is about."""
    place = f"{finding.address}.{finding.attribute}"
    return next((found for found in written(graph) if found.place == place), None)


def _unlimited_of(graph: Graph, found: Written) -> set[str]:
    """Return the services of which a policy allows something on all resources."""
    return {action.partition(":")[0] for action, _ in unlimited(graph, found)}


def _on_named(graph: Graph, found: Written) -> set[str]:
    """Return what a policy allows on named resources, without a condition that may fail, and nowhere on all."""
    everywhere = {action for action, _ in unlimited(graph, found)}
    return {action.text for s in allowing(graph, found) if not s.conditions for action in s.actions} - everywhere


def _on_objects(graph: Graph, found: Written) -> set[str]:
    """Return what a policy allows on what may be objects of a bucket, without a condition that may fail."""
    return {a.text for s in allowing(graph, found) if not s.conditions and any("/" in r.text for r in s.resources) for a in s.actions}


def _held_by(graph: Graph, found: Written) -> set[str]:
    """Return the services whose roles have a policy."""
    roles = graph.of_type("aws_iam_role")
    holders = [r for r in roles if any(s in graph.policies.of_role(r).statements for s in found.policy.statements)]
    return {service for role in holders for service in _services(graph, role)}


def _services(graph: Graph, role: Declaration) -> set[str]:
    """Return the services that may assume a role."""
    return {who.text for s in graph.policies.trust(role).statements for kind, who in s.principals if kind == "Service"}


def _writes_everywhere(graph: Graph, role: Declaration) -> bool:
    return any(arn.text.rpartition("/")[2] in _EVERYWHERE for arn in graph.policies.of_role(role).managed)
