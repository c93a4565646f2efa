"""What network ACLs admit: inline rules and ``aws_network_acl_rule`` in one form, with the subnets they stand before."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from ipaddress import IPv4Network, ip_network

from reviewgen.model.hcl import Block
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import Scope, copies, nested

# Protocols that have ports.
_PORTED = ("tcp", "udp")


@dataclass(frozen=True, eq=False)
class Entry:
    """One rule of a network ACL; what is unknown is None.

    Attributes:
        owner: The resource in which it stands.
        path: ``ingress`` or ``egress`` for an inline rule, empty for a rule resource.
        outbound: Whether it is about traffic that leaves.
        number: Rule number.
        allow: Whether it allows.
        protocol: ``tcp``, ``udp``, ``-1``, ...
        cidr: Address range.
        low: First port.
        high: Last port.
    """

    owner: Declaration
    path: str
    outbound: bool | None
    number: int | None
    allow: bool | None
    protocol: str | None
    cidr: str | None
    low: int | None
    high: int | None

    @cached_property
    def network(self) -> IPv4Network | None:
        """The address range as a network; None for what is unknown or no range of IPv4."""
        try:
            found = ip_network(self.cidr or "", strict=False)
        except ValueError:
            return None
        return found if isinstance(found, IPv4Network) else None

    def admits(self, low: int, high: int) -> bool:
        """Whether it allows TCP from or to everywhere on some port of a range."""
        if not self.allow or self.cidr != "0.0.0.0/0" or self.protocol not in ("tcp", "-1"):
            return False
        return self.protocol == "-1" or (self.low is not None and self.high is not None and self.low <= high and self.high >= low)

    def may_admit(self, low: int, high: int) -> bool:
        """Whether it may do so, unknown parts taken as if they fitted."""
        if self.allow is False or self.cidr not in ("0.0.0.0/0", None) or self.protocol not in ("tcp", "-1", None):
            return False
        return self.protocol == "-1" or ((self.low is None or self.low <= high) and (self.high is None or self.high >= low))

    def decides(self, other: Entry) -> bool:
        """Whether it surely is about all the traffic that another rule of its direction is about, and comes first."""
        if self.outbound is not other.outbound or self.number is None or other.number is None or self.number >= other.number:
            return False
        return self.covers(other)

    def covers(self, other: Entry) -> bool:
        """Whether it surely is about all the traffic that another rule of its direction is about."""
        if other.protocol is None or not (self.protocol == "-1" or self._has_ports_of(other)):
            return False
        return self.network is not None and other.network is not None and other.network.subnet_of(self.network)

    def _has_ports_of(self, other: Entry) -> bool:
        """Whether it surely is about a protocol with ports, that of another rule, and about all ports that the other is about."""
        if self.protocol != other.protocol or self.protocol not in _PORTED:
            return False
        if self.low is None or self.high is None or other.low is None or other.high is None:
            return False
        return self.low <= other.low <= other.high <= self.high


def entries(graph: Graph, acl: Declaration) -> tuple[Entry, ...] | None:
    """Return the rules of an ACL; None when some are not known to be there."""
    if graph.tree.incomplete or {"ingress", "egress"} & set(acl.block.attributes):
        return None
    found: list[Entry] = []
    for scope in copies(graph, acl)[:1]:
        for direction in ("ingress", "egress"):
            found += (_inline(acl, direction, b, s) for b, s in nested(scope, acl.block, direction))
    for rule in graph.of_type("aws_network_acl_rule"):
        owners = graph.targets(rule.block.value("network_acl_id"), rule.module)
        if not owners:
            return None
        if acl in owners:
            found += (_resource(rule, s) for s in copies(graph, rule))
    return tuple(found)


def subnets_of(graph: Graph, acl: Declaration) -> tuple[Declaration, ...]:
    """Return the subnets that an ACL stands before, by its own argument or by associations."""
    named = list(graph.targets(acl.block.value("subnet_ids"), acl.module))
    for association in graph.of_type("aws_network_acl_association"):
        if acl in graph.targets(association.block.value("network_acl_id"), association.module):
            named += graph.targets(association.block.value("subnet_id"), association.module)
    return tuple({d.address: d for d in named if d.type == "aws_subnet"}.values())


def is_left_to_the_default(graph: Graph, subnet: Declaration) -> bool:
    """Whether a subnet surely has the default ACL of a VPC of the tree, as AWS creates it: it admits everything in both directions.

    See https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html.
    """
    holders = (*graph.of_type("aws_network_acl"), *graph.of_type("aws_network_acl_association"))
    named = [(h, value) for h in holders if (value := h.block.value("subnet_ids") or h.block.value("subnet_id")) is not None]
    open_ = any(not graph.targets(value, h.module) for h, value in named)
    if graph.tree.incomplete or not graph.policies.all_seen or open_ or graph.of_type("aws_default_network_acl"):
        return False
    networks = [d for d in graph.targets(subnet.block.value("vpc_id"), subnet.module) if d.type == "aws_vpc"]
    changed = {vpc.address for _, vpc in default_rules(graph)}
    if not networks or not changed.isdisjoint(d.address for d in networks):
        return False
    return all(subnet not in subnets_of(graph, acl) for acl in graph.of_type("aws_network_acl"))


def default_rules(graph: Graph) -> Iterator[tuple[Declaration, Declaration]]:
    """Yield (rule, VPC) of the rules that are added to the default ACL of a VPC of the tree."""
    for rule in graph.of_type("aws_network_acl_rule"):
        for reference in graph.outgoing.get(rule.address, ()):
            steps = [getattr(step, "name", "") for step in reference.traversal.steps]
            vpc = graph.get(reference.target)
            if reference.path == "network_acl_id" and steps[-1:] == ["default_network_acl_id"] and vpc is not None:
                yield rule, vpc


def _inline(acl: Declaration, direction: str, block: Block, scope: Scope) -> Entry:
    return _entry(acl, direction, direction == "egress", block, scope, "rule_no", "action")


def _resource(rule: Declaration, scope: Scope) -> Entry:
    egress = scope.value(rule.block.value("egress")) if "egress" in rule.block.attributes else False
    outbound = {True: True, "true": True, False: False, "false": False}.get(egress) if isinstance(egress, bool | str) else None
    return _entry(rule, "", outbound, rule.block, scope, "rule_number", "rule_action")


def _entry(owner: Declaration, path: str, outbound: bool | None, block: Block, scope: Scope, number: str, action: str) -> Entry:
    said, protocol = scope.value(block.value(action)), scope.value(block.value("protocol"))
    allow = {"allow": True, "deny": False}.get(said.lower()) if isinstance(said, str) else None
    names = {"all": "-1", "6": "tcp", "17": "udp", "1": "icmp"}
    text = str(protocol).lower() if isinstance(protocol, str | int) else None
    cidr = scope.value(block.value("cidr_block"))
    return Entry(
        owner, path, outbound, _number(scope.value(block.value(number))), allow, names.get(text, text) if text else None,
        cidr if isinstance(cidr, str) else None,
        _number(scope.value(block.value("from_port"))), _number(scope.value(block.value("to_port"))),
    )  # fmt: skip


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
