"""Where traffic of a subnet can go: route tables, their routes, and which subnets use them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reviewgen import hcl
from reviewgen.hcl.evaluate import known
from reviewgen.model.hcl import Block, Call, Conditional, Expression, Literal, Template
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import once
from reviewgen.terraform.instances import Scope, copies, nested, number_of
from reviewgen.terraform.instances import certain as certainly

from .places import given_values

# Arguments of a route that name what it leads to.
_TARGETS = (
    "gateway_id", "nat_gateway_id", "transit_gateway_id", "vpc_peering_connection_id", "egress_only_gateway_id", "vpc_endpoint_id",
    "network_interface_id", "instance_id", "carrier_gateway_id", "local_gateway_id", "core_network_arn",
)  # fmt: skip
_DESTINATIONS = ("cidr_block", "destination_cidr_block", "ipv6_cidr_block", "destination_ipv6_cidr_block")
DEFAULT = frozenset(["0.0.0.0/0", "::/0"])
# What must have been read whole before anything can be called absent.
_PARTS = ("aws_route_table", "aws_default_route_table", "aws_route", "aws_route_table_association")
INTERNET, NAT, OTHER = "internet", "nat", "other"
_KINDS = {"aws_internet_gateway": INTERNET, "aws_nat_gateway": NAT, "aws_egress_only_internet_gateway": NAT}


@dataclass(frozen=True, eq=False)
class Route:
    """One route of a route table.

    Attributes:
        table: The route table.
        owner: The resource in which it stands: the table or an ``aws_route``.
        argument: The argument that names what it leads to: ``gateway_id``, ``nat_gateway_id``, ...; empty when none is written.
        destination: Address range, None when unknown.
        targets: What it leads to.
        chosen: A condition decides whether it is there, or what it leads to.
        sure: It is known to be there and to lead to that.
    """

    table: Declaration
    owner: Declaration
    argument: str
    destination: str | None
    targets: tuple[Declaration, ...]
    chosen: bool = False
    sure: bool = True

    @property
    def kind(self) -> str:
        """``internet``, ``nat`` or ``other``."""
        return next((_KINDS[t.type] for t in self.targets if t.type in _KINDS), OTHER)

    @property
    def path(self) -> str:
        """Argument path inside the owner."""
        return "route" if self.owner is self.table else ""


@dataclass(frozen=True)
class Network:
    """The route tables of a tree.

    Attributes:
        tables: Routes of each route table, by its address.
        subnets: Route tables that each subnet may use, by the subnet's address.
        certain: False when something about routes, associations or main route tables is not known.
    """

    tables: dict[str, tuple[Route, ...]]
    subnets: dict[str, tuple[str, ...]]
    certain: bool


@once
def network(graph: Graph) -> Network:
    """Return what a tree says of routes and associations."""
    tables = {t.address: list(_inline(graph, t)) for t in graph.of_type("aws_route_table", "aws_default_route_table")}
    certain = not graph.has_remote_modules and not graph.tree.incomplete
    for route in graph.of_type("aws_route"):
        owners = [t for t in graph.targets(route.block.value("route_table_id"), route.module) if t.address in tables]
        certain = certain and bool(owners)
        for table in owners:
            chosen = isinstance(number_of(route), Conditional)
            tables[table.address].append(_route(graph, table, route, route.block, chosen=chosen, sure=certainly(graph, route)))
    subnets: dict[str, list[str]] = {s.address: [] for s in graph.of_type("aws_subnet")}
    for association in graph.of_type("aws_route_table_association"):
        found = [t.address for t in graph.targets(association.block.value("route_table_id"), association.module) if t.address in tables]
        used = [s.address for s in graph.targets(association.block.value("subnet_id"), association.module) if s.address in subnets]
        certain = certain and bool(found) and (bool(used) or "gateway_id" in association.block.attributes)
        for subnet in used:
            subnets[subnet].extend(found)
    certain = certain and not graph.of_type(
        "aws_default_route_table", "aws_main_route_table_association", "aws_vpn_gateway_route_propagation"
    )
    certain = certain and not any("route" in graph.tree.declarations[t].block.attributes for t in tables)
    certain = certain and all(d.block.complete for d in graph.of_type(*_PARTS))
    return Network({t: tuple(r) for t, r in tables.items()}, {s: tuple(dict.fromkeys(t)) for s, t in subnets.items()}, certain)


def routes_of(graph: Graph, subnet: Declaration) -> tuple[Route, ...] | None:
    """Return the routes that a subnet may use beside the local one; None when they are not known.

    A subnet without association uses the main route table of its VPC, which has no further routes.
    """
    routed = network(graph)
    if not routed.certain or not _own_vpc(graph, subnet):
        return None
    return tuple(route for table in routed.subnets.get(subnet.address, ()) for route in routed.tables[table])


def ways_out(graph: Graph, subnet: Declaration) -> frozenset[str] | None:
    """Return the kinds of default routes that a subnet may use; empty when it has certainly none, None when that is not known."""
    routes = routes_of(graph, subnet)
    if routes is None or any(r.destination is None and r.argument for r in routes):
        return None
    return frozenset(r.kind for r in routes if r.destination in DEFAULT)


def is_public(graph: Graph, subnet: Declaration) -> bool:
    """Whether every route table of a subnet, and of each of its copies, certainly leads to an internet gateway."""
    routed = network(graph)
    tables = routed.subnets.get(subnet.address, ())
    leads = bool(tables) and all(any(r.sure for r in _open(routed, t)) for t in tables)
    return leads and (not number_of(subnet) or any(_is_of_all(graph, a, subnet) for a in graph.of_type("aws_route_table_association")))


def by_values(graph: Graph, subnets: Iterable[Declaration]) -> str:
    """Return the clause that only the given values make subnets public; empty where no condition decides it."""
    routed = network(graph)
    ways = [[r.chosen for r in _open(routed, t) if r.sure] for s in subnets for t in routed.subnets.get(s.address, ())]
    return f" with the {given_values(graph)}" if any(way and all(way) for way in ways) else ""


def _open(routed: Network, table: str) -> Iterator[Route]:
    """Yield the routes of a table that lead everything to an internet gateway; where IPv4 has another way, those of IPv6 say little."""
    found = routed.tables[table]
    elsewhere = any(r.destination == "0.0.0.0/0" and r.kind != INTERNET for r in found)
    return (r for r in found if r.destination in DEFAULT and r.kind == INTERNET and not (elsewhere and r.destination == "::/0"))


def _is_of_all(graph: Graph, association: Declaration, subnet: Declaration) -> bool:
    """Whether there is an association for each copy of a subnet: as many in the same words, with the same value, or made of the subnets."""
    if subnet not in graph.targets(association.block.value("subnet_id"), association.module):
        return False
    here, there = number_of(association), number_of(subnet)
    if here is None or there is None:
        return False
    values = [graph.constant(e, d.module) for e, d in ((here, association), (there, subnet))]
    same = known(values[0]) and known(values[1]) and values[0] == values[1]
    return same or hcl.text_of(here) == hcl.text_of(there) or subnet in graph.targets(here, association.module)


def is_private(graph: Graph, subnet: Declaration) -> bool:
    """Whether a subnet certainly has no route to an internet gateway, be it for some addresses only."""
    ways, routes = ways_out(graph, subnet), routes_of(graph, subnet)
    return ways is not None and not ways & {INTERNET, OTHER} and not any(r.kind == INTERNET for r in routes or ())


def in_zones(graph: Graph, subnets: list[Declaration]) -> bool:
    """Whether subnets stand in several zones: the copies of one block do, or blocks name their zones in different words."""
    if any(_is_spread(graph, s) for s in subnets):
        return True
    zones = [s.block.value("availability_zone") or s.block.value("availability_zone_id") for s in subnets]
    return len({hcl.text_of(z) if z is not None else "" for z in zones}) > 1


def _is_spread(graph: Graph, subnet: Declaration) -> bool:
    """Whether the copies of a subnet are several, and do not all name one zone."""
    number = graph.constant(number_of(subnet), subnet.module)
    many = number_of(subnet) is not None and not (number in (0, 1) or (isinstance(number, list | dict) and len(number) < 2))
    zone = subnet.block.value("availability_zone") or subnet.block.value("availability_zone_id")
    return many and not (zone is not None and isinstance(graph.constant(zone, subnet.module), str))


def vpc_of(graph: Graph, declaration: Declaration) -> str | None:
    """Return the address of the VPC that a ``vpc_id`` argument names, if it is one of the tree and only one."""
    found = [t.address for t in graph.targets(declaration.block.value("vpc_id"), declaration.module) if t.type == "aws_vpc"]
    return found[0] if len(found) == 1 else None


def endpoint_services(graph: Graph, vpc: str) -> dict[str, list[Declaration]] | None:
    """Return the VPC endpoints of a VPC by the last part of their service name; None when a name is not known."""
    found: dict[str, list[Declaration]] = {}
    for endpoint in graph.of_type("aws_vpc_endpoint"):
        if vpc_of(graph, endpoint) not in (vpc, None):
            continue
        for scope in copies(graph, endpoint):
            name = service(graph, endpoint, scope.value(endpoint.block.value("service_name")))
            if name is None:
                return None
            found.setdefault(name, []).append(endpoint)
    return found


def service(graph: Graph, endpoint: Declaration, name: object = None) -> str | None:
    """Return the last part of an endpoint's service name (``s3``, ``ssm``, ``ecr.dkr``), if it is known."""
    value = name if isinstance(name, str) else graph.argument(endpoint, "service_name")
    if isinstance(value, str):
        return _short(value.split("."))
    expr = endpoint.block.value("service_name")
    last = graph.constant(expr.parts[-1], endpoint.module) if isinstance(expr, Template) and expr.parts else None
    return last.lstrip(".") if isinstance(last, str) and last.startswith(".") else None


def _short(parts: list[str]) -> str | None:
    """``com.amazonaws.eu-west-1.ecr.dkr`` to ``ecr.dkr``."""
    return ".".join(parts[3:]) if parts[:2] == ["com", "amazonaws"] and len(parts) > 3 else None


def _own_vpc(graph: Graph, subnet: Declaration) -> bool:
    """Whether the tree makes the VPC of a subnet: of one that is looked up nobody knows which routes its main route table has."""
    vpc = graph.get(vpc_of(graph, subnet) or "")
    return vpc is not None and vpc.kind == "resource"


def _inline(graph: Graph, table: Declaration) -> Iterator[Route]:
    count = table.block.value("count")
    unfilled = isinstance(count, Call) and count.name == "length"  # an empty list is filled before there are subnets
    for scope in copies(graph, table)[:1] or ((Scope(graph, table.module, certain=False),) if unfilled else ()):
        for block, inner in nested(scope, table.block, "route"):
            dynamic = next((b for b in table.block.blocks if any(block is inside for inside in b.blocks)), None)
            chosen = dynamic is not None and isinstance(dynamic.value("for_each"), Conditional)
            yield _route(graph, table, table, block, chosen=chosen, sure=not chosen or inner.certain)


def _route(graph: Graph, table: Declaration, owner: Declaration, block: Block, *, chosen: bool, sure: bool) -> Route:
    """Return a route; of arguments that a condition sets to null, the next one that is written says what it leads to."""
    destination = next((d for n in _DESTINATIONS if isinstance(d := graph.constant(block.value(n), owner.module), str)), None)
    argument, value = next(_led(graph, block, owner.module), ("", None))
    chosen = chosen or value is not block.value(argument)
    targets = tuple(graph.targets(value, owner.module))
    return Route(table, owner, argument, destination, targets, chosen, sure and not isinstance(value, Conditional))


def _led(graph: Graph, block: Block, module: str) -> Iterator[tuple[str, Expression | None]]:
    """Yield the arguments of a route that name something, with what they name where the given values decide a condition."""
    for name in _TARGETS:
        value = block.value(name)
        while isinstance(value, Conditional) and isinstance(worth := graph.constant(value.condition, module), bool):
            value = value.yes if worth else value.no
        if value is not None and not (isinstance(value, Literal) and value.value is None):
            yield name, value
