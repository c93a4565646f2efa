"""RG431 to RG437: in which VPC things live, and how networks are joined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network, ip_network

from reviewgen.hcl import traversals
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import copies

from ...base import Hit, Rule
from ...firewall import groups_of
from ...placement import servers, subnets
from ...places import code, provider, region
from ...routing import INTERNET, NAT, network, vpc_of
from ...values import known_at

_VPC_DOCS = "https://docs.aws.amazon.com/vpc/latest/userguide/"
_PEERING_DOCS = "https://docs.aws.amazon.com/vpc/latest/peering/"


def group_of_another_network(graph: Graph) -> Iterator[Hit]:
    """A security group and a subnet of two VPCs on one interface."""
    for place in servers(graph):
        yield from _foreign(graph, place.template, place.owner, place.argument, place.subnets)
    for function in graph.of_type("aws_lambda_function"):
        yield from _foreign(graph, function, function, "vpc_config.subnet_ids", subnets(graph, function, "vpc_config", "subnet_ids"))
    for balancer in graph.of_type("aws_lb", "aws_alb"):
        yield from _foreign(graph, balancer, balancer, "subnets", subnets(graph, balancer, "subnets"))
    for instance in graph.of_type("aws_instance"):
        named = {vpc_of(graph, g) for g in groups_of(graph, instance)} - {None}
        if named and not {"subnet_id"} & set(instance.block.attributes) and not instance.block.blocks:
            group = next(g for g in groups_of(graph, instance) if vpc_of(graph, g) in named)
            yield Hit(
                instance.address,
                f"{code(instance.address)} carries {code(group.address)} of {code(str(vpc_of(graph, group)))}, but sets no `subnet_id` and so "
                "starts in the default VPC.",
                f"{code(instance.address)} sets `subnet_id` to a subnet of {code(str(vpc_of(graph, group)))}",
                attribute="subnet_id",
                related=(group.address,),
            )


# Where a resource names its security groups, by type.
_CARRYING = {"aws_lambda_function": "vpc_config.security_group_ids", "aws_lb": "security_groups", "aws_alb": "security_groups"}


def _foreign(graph: Graph, carrier: Declaration, owner: Declaration, argument: str, places: tuple[Declaration, ...]) -> Iterator[Hit]:
    homes = {vpc_of(graph, s) for s in places}
    if len(homes) != 1 or None in homes:
        return
    home = next(iter(homes))
    for group in groups_of(graph, carrier):
        other = vpc_of(graph, group)
        default = "vpc_id" not in group.block.attributes
        if (other is not None and other != home) or default:
            where = "the default VPC: it sets no `vpc_id`" if default else code(str(other))
            yield Hit(
                group.address if default else carrier.address,
                f"{code(carrier.address)} carries {code(group.address)}, which belongs to {where}; the subnets of {code(owner.address)} belong "
                f"to {code(str(home))}.",
                f"{code(group.address)} belongs to {code(str(home))}",
                attribute="vpc_id" if default else _CARRYING.get(carrier.type, "vpc_security_group_ids"),
                key=carrier.address,
                related=(f"{owner.address}.{argument}", group.address, str(home)),
            )


def bad_range(graph: Graph) -> Iterator[Hit]:
    """An address range with bits behind its prefix, or a subnet outside its VPC."""
    for declaration in graph.of_type("aws_vpc", "aws_subnet"):
        for scope in copies(graph, declaration):
            value = scope.value(declaration.block.value("cidr_block"))
            text = value if isinstance(value, str) else ""
            wrong = _wrong_range(text) if text else ""
            if wrong:
                yield Hit(
                    declaration.address,
                    f"The address range `{text}` of {code(declaration.address)} {wrong}.",
                    f"{code(declaration.address)} has a valid address range",
                    attribute="cidr_block",
                    stage=_refused_at(graph, declaration, text),
                    source=_VPC_DOCS + "subnet-sizing.html" if declaration.type == "aws_subnet" else "",
                )
                break


def _refused_at(graph: Graph, declaration: Declaration, text: str) -> Stage:
    """Return the stage at which a range is refused: by the provider, as soon as it knows the text; the size of a subnet AWS alone checks.

    Measured with version 5.100.0 of the AWS provider.
    """
    if declaration.type == "aws_subnet" and _is_range(text):
        return Stage.APPLY
    expr = declaration.block.value("cidr_block")
    of_copy = expr is not None and any(t.root in ("each", "count") for t in traversals(expr))
    known = known_at(graph, declaration, "cidr_block")
    return Stage.PLAN if of_copy and known is Stage.VALIDATE else known


def _is_range(text: str) -> bool:
    try:
        return str(ip_network(text)) == text
    except ValueError:
        return False


_PREFIX = re.compile(r"/\d{1,3}$")


def _wrong_range(text: str) -> str:
    try:
        whole = ip_network(text, strict=False)
    except ValueError:
        return "is no address range"
    if not _PREFIX.search(text):
        return "is no address range: it has no prefix length"
    if str(whole) != text:
        return f"has bits set behind its prefix; the range that it means is `{whole}`"
    if isinstance(whole, IPv4Network) and not 16 <= whole.prefixlen <= 28:
        return "is not between /16 and /28, the sizes that AWS allows"
    return ""


def overlapping_subnets(graph: Graph) -> Iterator[Hit]:
    """Two subnets of one VPC with common addresses, or one outside of the VPC's range."""
    for vpc in graph.of_type("aws_vpc"):
        if "count" in vpc.block.attributes or "for_each" in vpc.block.attributes:
            continue
        ranges = list(_ranges(graph, vpc))
        outer = _range(graph.argument(vpc, "cidr_block"))
        more = graph.of_type("aws_vpc_ipv4_cidr_block_association")
        for position, (subnet, own) in enumerate(ranges):
            clash = next((s for s, r in ranges[:position] if own.overlaps(r)), None)
            outside = outer is not None and not more and not own.subnet_of(outer)
            if clash is None and not outside:
                continue
            what = (
                f"overlaps {code(clash.address)}" if clash is not None else f"lies outside of `{outer}`, the range of {code(vpc.address)}"
            )
            yield Hit(
                subnet.address,
                f"The address range `{own}` of {code(subnet.address)} {what}.",
                f"the subnets of {code(vpc.address)} lie inside its range and do not overlap",
                attribute="cidr_block",
                related=(f"{clash.address}.cidr_block" if clash is not None else f"{vpc.address}.cidr_block", vpc.address),
                message=f"InvalidSubnet.Conflict: The CIDR '{own}' conflicts with another subnet"
                if clash is not None
                else f"InvalidSubnet.Range: The CIDR '{own}' is invalid.",
            )


def _ranges(graph: Graph, vpc: Declaration) -> Iterator[tuple[Declaration, IPv4Network]]:
    for subnet in graph.of_type("aws_subnet"):
        if vpc_of(graph, subnet) == vpc.address:
            for scope in copies(graph, subnet):
                own = _range(scope.value(subnet.block.value("cidr_block"))) if scope.certain else None
                if own is not None:
                    yield subnet, own


def _range(value: object) -> IPv4Network | None:
    try:
        found = ip_network(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if isinstance(found, IPv4Network) else None


def peering_without_routes(graph: Graph) -> Iterator[Hit]:
    """A peering connection to which no route leads from one of its sides."""
    if not network(graph).certain:
        return
    routes = [r for found in network(graph).tables.values() for r in found]
    for peering in graph.of_type("aws_vpc_peering_connection"):
        names = {peering.address, *(a.address for a in _accepters(graph, peering))}
        leading = [r for r in routes if names & {t.address for t in r.targets}]
        for argument in ("vpc_id", "peer_vpc_id"):
            for vpc in (
                t for t in graph.targets(peering.block.value(argument), peering.module) if t.type == "aws_vpc" and t.kind == "resource"
            ):
                tables = [r for r in leading if vpc_of(graph, r.table) in (vpc.address, None)]
                if not tables:
                    yield Hit(
                        peering.address,
                        f"No route of {code(vpc.address)} leads to {code(peering.address)}: packets to the other side, or answers to it, are "
                        "dropped.",
                        f"a route of {code(vpc.address)} leads to {code(peering.address)}",
                        key=argument,
                        related=(
                            vpc.address,
                            *(t for t, _ in network(graph).tables.items() if vpc_of(graph, graph.tree.declarations[t]) == vpc.address),
                        ),
                    )


def _accepters(graph: Graph, peering: Declaration) -> list[Declaration]:
    types = ("aws_vpc_peering_connection_accepter", "aws_vpc_peering_connection_options")
    return [a for a in graph.of_type(*types) if peering in graph.targets(a.block.value("vpc_peering_connection_id"), a.module)]


def peering_not_accepted(graph: Graph) -> Iterator[Hit]:
    """A peering connection across regions or accounts that nobody accepts, or that is to accept itself there."""
    for peering in graph.of_type("aws_vpc_peering_connection"):
        peers = [
            t for t in graph.targets(peering.block.value("peer_vpc_id"), peering.module) if t.type == "aws_vpc" and t.kind == "resource"
        ]
        own = graph.constant(peering.block.value("auto_accept"), peering.module) in (True, "true")
        far = "peer_region" in peering.block.attributes
        if not peers or (not far and provider(peers[0]) != provider(peering)):
            continue
        if far and own:
            there = region(graph, peers[0])
            near = bool(there) and there == region(graph, peering)
            text = (
                "sets `auto_accept` beside `peer_region`, which the provider refuses"
                if near
                else f"sets `auto_accept` for a peer in another region ({there or '`peer_region`'})"
            )
            argument = "auto_accept"
        elif not own and not any(a.type.endswith("accepter") for a in _accepters(graph, peering)) and not graph.has_remote_modules:
            text, argument = "is accepted by nobody: it neither sets `auto_accept` nor has an `aws_vpc_peering_connection_accepter`", ""
        else:
            continue
        yield Hit(
            peering.address,
            f"{code(peering.address)} {text}.",
            f"{code(peering.address)} is accepted on the other side",
            attribute=argument,
            related=(peers[0].address,),
        )


def wrong_gateway_argument(graph: Graph) -> Iterator[Hit]:
    """A NAT gateway given as ``gateway_id``, an internet gateway as ``nat_gateway_id``."""
    for routes in network(graph).tables.values():
        for route in routes:
            want = {INTERNET: "gateway_id", NAT: "nat_gateway_id"}.get(route.kind)
            types = {t.type for t in route.targets}
            if want and route.argument in ("gateway_id", "nat_gateway_id") and want != route.argument and len(types) == 1:
                target = route.targets[0]
                if target.type == "aws_egress_only_internet_gateway":
                    continue
                yield Hit(
                    route.owner.address,
                    f"{code(route.owner.address)} names {code(target.address)} as {code(route.argument)}; its place is {code(want)}.",
                    f"{code(route.owner.address)} names {code(target.address)} as {code(want)}",
                    attribute=f"{route.path}.{route.argument}".strip("."),
                    related=(target.address,),
                )


RULES = (
    Rule(
        "RG431",
        "route-wrong-gateway-argument",
        "Gateway given in the wrong argument of a route",
        Category.WARNING,
        Severity.MEDIUM,
        wrong_gateway_argument,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route",
        fix_class="C",
        stage=Stage.APPLY,
        impact=(("Operations", "AWS refuses the route, or Terraform shows it as changed at every plan."),),
        lesson="Each kind of route target has an argument of its own.",
        advice="Use `gateway_id` for internet gateways and `nat_gateway_id` for NAT gateways.",
    ),
    Rule(
        "RG433",
        "security-group-of-another-vpc",
        "Security group and subnet belong to different VPCs",
        Category.BLOCKER,
        Severity.CRITICAL,
        group_of_another_network,
        _VPC_DOCS + "vpc-security-groups.html",
        stage=Stage.APPLY,
        message="InvalidParameter: Security group and subnet belong to different networks.",
        impact=(("Deployment", "The resource that carries the group cannot be created."),),
        lesson="A security group belongs to one VPC; without `vpc_id` that is the default one.",
        advice="Set `vpc_id` of the group to the VPC of the subnets.",
    ),
    Rule(
        "RG434",
        "address-range-invalid",
        "Invalid address range",
        Category.BLOCKER,
        Severity.CRITICAL,
        bad_range,
        _VPC_DOCS + "vpc-cidr-blocks.html",
        stage=Stage.PLAN,
        impact=(("Deployment", "VPC or subnet cannot be created."),),
        lesson="A range is written with its network address, and AWS allows /16 to /28.",
        advice="Correct the range; `cidrsubnet` computes ranges that fit.",
    ),
    Rule(
        "RG435",
        "subnet-range-conflict",
        "Subnets overlap or lie outside of their VPC",
        Category.BLOCKER,
        Severity.CRITICAL,
        overlapping_subnets,
        _VPC_DOCS + "subnet-sizing.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The subnet cannot be created."),),
        lesson="Subnets divide the range of their VPC.",
        advice="Compute the ranges with `cidrsubnet` from one base.",
    ),
    Rule(
        "RG436",
        "peering-without-routes",
        "Peering connection without routes",
        Category.CRITICAL,
        Severity.HIGH,
        peering_without_routes,
        _PEERING_DOCS + "vpc-peering-routing.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "The two networks cannot talk to each other."),),
        lesson="A peering connection carries traffic only where route tables of both sides lead to it.",
        advice="Add a route to the other side's range in the route tables of both VPCs.",
        cures=("aws_route",),
    ),
    Rule(
        "RG437",
        "peering-not-accepted",
        "Peering connection is not accepted",
        Category.CRITICAL,
        Severity.HIGH,
        peering_not_accepted,
        _PEERING_DOCS + "accept-vpc-peering-connection.html",
        stage=Stage.APPLY,
        impact=(("Function", "The connection does not become active."),),
        lesson="Across regions and accounts the other side accepts with a resource under its own provider.",
        advice="Use `auto_accept` in one region, and `aws_vpc_peering_connection_accepter` with the other side's provider elsewhere.",
        cures=("aws_vpc_peering_connection_accepter",),
    ),
)
