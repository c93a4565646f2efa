"""RG459: rules that name a security group of another network."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...firewall import Opening, openings
from ...keys import created
from ...places import code
from ...routing import vpc_of

# How a rule can come to know groups of another VPC: by a peering connection, through a transit gateway that supports it, or as a group of both.
_JOINED = (
    "aws_vpc_peering_connection",
    "aws_vpc_peering_connection_accepter",
    "aws_ec2_transit_gateway_vpc_attachment",
    "aws_networkmanager_vpc_attachment",
    "aws_vpc_security_group_vpc_association",
    "aws_cloudformation_stack",
)
_NAMING = {
    "aws_security_group_rule": "source_security_group_id",
    "aws_vpc_security_group_ingress_rule": "referenced_security_group_id",
    "aws_vpc_security_group_egress_rule": "referenced_security_group_id",
}


def unjoined(graph: Graph) -> Iterator[Hit]:
    """A rule of a group that names a group of another VPC of the tree, where nothing joins the two."""
    if graph.tree.incomplete or graph.has_remote_modules or graph.of_type(*_JOINED):
        return
    seen: set[tuple[str, str]] = set()
    for rules in openings(graph).values():
        for rule in rules:
            for other, ours, theirs in _foreign(graph, rule):
                place = f"{rule.path}.security_groups" if rule.path else _NAMING[rule.owner.type]
                if (f"{rule.owner.address}.{place}", other.address) in seen:
                    continue
                seen.add((f"{rule.owner.address}.{place}", other.address))
                named = (
                    f"A rule of {code(rule.owner.address)}"
                    if rule.path
                    else f"{code(rule.owner.address)}, a rule of {code(rule.group.address)},"
                )
                yield Hit(
                    rule.owner.address,
                    f"{named} names {code(other.address)}, which belongs to {code(theirs)}; {code(rule.group.address)} belongs to {code(ours)}, and no "
                    "peering connection or transit gateway of the tree joins the two.",
                    f"no rule of {code(rule.group.address)} names {code(other.address)} while nothing joins their VPCs",
                    attribute=place,
                    key=other.address,
                    related=(other.address, ours, theirs),
                    line=rule.line if rule.path else 0,
                )


def _foreign(graph: Graph, rule: Opening) -> Iterator[tuple[Declaration, str, str]]:
    """Yield the groups of other VPCs that a rule names, with the VPC of the rule's own group and theirs."""
    ours = _home(graph, rule.group)
    for address in rule.groups if ours and created(graph, rule.group) and created(graph, rule.owner) else ():
        other = graph.get(address)
        theirs = _home(graph, other) if other is not None else ""
        if other is not None and theirs and theirs != ours:
            yield other, ours, theirs


def _home(graph: Graph, group: Declaration) -> str:
    """Return the address of the VPC that the tree creates for a group; empty for any other."""
    address = vpc_of(graph, group) if group.kind == "resource" else None
    vpc = graph.get(address) if address is not None else None
    return vpc.address if vpc is not None and vpc.kind == "resource" else ""


RULES = (
    Rule(
        "RG459",
        "security-group-rule-foreign-group",
        "Rule that names a security group of a VPC that is not joined",
        Category.BLOCKER,
        Severity.CRITICAL,
        unjoined,
        "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
        stage=Stage.APPLY,
        message="InvalidGroup.NotFound: You have specified two resources that belong to different networks.",
        impact=(("Deployment", "The rule is refused, and with it what waits for it."),),
        lesson="A rule may name groups of its own VPC, and of others only where a connection makes them known to each other.",
        advice="Join the VPCs before the rule is made, or admit the address range of the other VPC.",
        cures=("aws_vpc_peering_connection",),
    ),
)
