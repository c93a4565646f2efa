"""RG421 to RG430: routes, gateways, and what stands in which subnet."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...placement import Placement, addressless, deciding, downloads, managed_by_ssm, script, servers, subnets, undecided
from ...places import code, is_true, listed, uses
from ...routing import DEFAULT, NAT, by_values, endpoint_services, in_zones, is_private, is_public, network, vpc_of, ways_out

_VPC_DOCS = "https://docs.aws.amazon.com/vpc/latest/userguide/"


def no_way_out(graph: Graph) -> Iterator[Hit]:
    """Servers that load something when they start, or are to be managed by Systems Manager, in subnets without any default route."""
    for place in servers(graph):
        closed = [s for s in place.subnets if ways_out(graph, s) == frozenset()]
        if len(closed) == len(place.subnets):
            need = _unmet(graph, place, [endpoint_services(graph, vpc_of(graph, s) or "") for s in closed])
            if need:
                yield _closed_in(graph, place, closed, need)


def _unmet(graph: Graph, place: Placement, services: list[dict[str, list[Declaration]] | None]) -> str:
    """What a server without a way out needs and no endpoint gives, as a clause; empty for nothing."""
    always, command = downloads(script(graph, place.template))
    name = code(place.template.address)
    if command.startswith("docker") and any(found is None or "ecr.dkr" in found for found in services):
        command = ""  # the image may be one of ECR
    if command and (always or not any(found is None or "s3" in found for found in services)):
        return f"the start-up script of {name} runs `{command}`"
    agent = any(found is not None and not {"ssm", "ssmmessages"} <= set(found) for found in services)
    return (
        f"{name} has a role for Systems Manager, whose agent needs a connection to the service"
        if agent and managed_by_ssm(graph, place)
        else ""
    )


def _closed_in(graph: Graph, place: Placement, closed: list[Declaration], need: str) -> Hit:
    tables = list(dict.fromkeys(t for s in closed for t in network(graph).subnets.get(s.address, ())))
    lead, attribute = (tables[0], "route") if tables else (closed[0].address, "")
    return Hit(
        lead,
        f"{code(place.owner.address)} runs in {listed([s.address for s in closed])}, which {'has' if len(closed) == 1 else 'have'} no "
        f"default route to a NAT gateway or an internet gateway, and {need}.",
        f"{listed([s.address for s in closed])} {'has' if len(closed) == 1 else 'have'} a default route, or {code(place.owner.address)} needs none",
        attribute=attribute,
        related=(f"{place.owner.address}.{place.argument}", *(s.address for s in closed), place.template.address),
        absent=("a route to a NAT gateway, or the endpoints of the services that are called",),
    )


def nat_without_internet(graph: Graph) -> Iterator[Hit]:
    """A public NAT gateway in a subnet that has no route to an internet gateway."""
    for gateway in graph.of_type("aws_nat_gateway"):
        if graph.argument(gateway, "connectivity_type") == "private":
            continue
        for subnet in () if undecided(graph, gateway, "subnet_id") else subnets(graph, gateway, "subnet_id"):
            if is_private(graph, subnet):
                yield Hit(
                    subnet.address,
                    f"{code(gateway.address)} stands in {code(subnet.address)}, whose route table has no route to an internet gateway: "
                    "the NAT gateway does not reach the internet, nor does any subnet that routes through it.",
                    f"{code(subnet.address)} routes `0.0.0.0/0` to an internet gateway, or {code(gateway.address)} does not stand in it",
                    related=(f"{gateway.address}.subnet_id", *network(graph).subnets.get(subnet.address, ())),
                    needs=(gateway.address,),
                )


def public_without_internet(graph: Graph) -> Iterator[Hit]:
    """A subnet that gives public addresses but has no route to an internet gateway, though there is one."""
    every = graph.of_type("aws_internet_gateway")
    used = {s.address for g in graph.of_type("aws_nat_gateway") for s in subnets(graph, g, "subnet_id")}
    for subnet in graph.of_type("aws_subnet"):
        gateways = [g for g in every if vpc_of(graph, g) == vpc_of(graph, subnet)]
        if gateways and subnet.address not in used and is_true(graph, subnet, "map_public_ip_on_launch") and is_private(graph, subnet):
            yield Hit(
                subnet.address,
                f"{code(subnet.address)} gives public addresses to what starts in it, but no route of it leads to "
                f"{code(gateways[0].address)}.",
                f"{code(subnet.address)} routes `0.0.0.0/0` to an internet gateway, or gives no public addresses",
                related=(gateways[0].address, *network(graph).subnets.get(subnet.address, ())),
            )


def lambda_in_public_subnet(graph: Graph) -> Iterator[Hit]:
    """A function in public subnets: its interfaces get no public address, so the internet gateway does not serve it."""
    for function in graph.of_type("aws_lambda_function"):
        places = subnets(graph, function, "vpc_config", "subnet_ids")
        dual = any("ipv6_allowed_for_dual_stack" in b.attributes for b in function.block.nested("vpc_config"))
        if places and not dual and all(is_public(graph, s) for s in places):
            yield Hit(
                function.address,
                f"{code(function.address)} is attached to {listed([s.address for s in places])}, whose way out is an internet gateway"
                f"{by_values(graph, places)}. Lambda gives its network interfaces no public address, so the function reaches neither the "
                "internet nor AWS services that have no VPC endpoint.",
                f"{code(function.address)} is not attached to public subnets alone",
                attribute="vpc_config.subnet_ids",
                related=tuple(s.address for s in places),
            )


def public_instance_without_address(graph: Graph) -> Iterator[Hit]:
    """A server in public subnets that gets no public address and loads something."""
    for place in servers(graph):
        always, command = downloads(script(graph, place.template))
        mirrored = [endpoint_services(graph, vpc_of(graph, s) or "") for s in place.subnets]
        # The mirrors of Amazon Linux are reached through an endpoint for S3, too.
        needed = command and (always or not any(found is None or "s3" in found for found in mirrored))
        if needed and all(is_public(graph, s) for s in place.subnets) and addressless(graph, place):
            yield Hit(
                place.owner.address,
                f"{code(place.owner.address)} runs in {listed([s.address for s in place.subnets])}, whose way out is an internet "
                f"gateway{by_values(graph, place.subnets)}, but gets no public address; its start-up script runs `{command}`, "
                "which then reaches nothing.",
                f"{code(place.owner.address)} gets a public address, runs behind a NAT gateway, or loads nothing when it starts",
                attribute=place.argument,
                related=(*deciding(place), place.template.address),
            )


def private_instance_with_address(graph: Graph) -> Iterator[Hit]:
    """An Elastic IP on an instance whose subnet has no route to an internet gateway."""
    for eip in graph.of_type("aws_eip", "aws_eip_association"):
        argument = "instance" if eip.type == "aws_eip" else "instance_id"
        for instance in graph.targets(eip.block.value(argument), eip.module):
            places = subnets(graph, instance, "subnet_id") if instance.type == "aws_instance" else ()
            if places and all(is_private(graph, s) for s in places):
                yield Hit(
                    eip.address,
                    f"{code(eip.address)} gives a public address to {code(instance.address)}, whose subnet {listed([s.address for s in places])} "
                    "has no route to an internet gateway: nobody can connect to the instance under that address from the internet.",
                    f"{code(instance.address)} stands in a subnet with a route to an internet gateway, or has no Elastic IP",
                    attribute=argument,
                    related=(f"{instance.address}.subnet_id", *(s.address for s in places)),
                )


def table_unassociated(graph: Graph) -> Iterator[Hit]:
    """A route table with routes that no subnet uses."""
    known = network(graph)
    used = {t for tables in known.subnets.values() for t in tables}
    for table in graph.of_type("aws_route_table"):
        others = [r for r in uses(graph, table.address) if ".aws_route." not in f".{r.source}" and not r.source.startswith("output.")]
        if known.certain and known.tables[table.address] and table.address not in used and not others:
            beside = [known.subnets[s.address] for s in graph.of_type("aws_subnet") if vpc_of(graph, s) in (vpc_of(graph, table), None)]
            instead = "routes of other tables" if beside and all(beside) else "main route table of the VPC"
            yield Hit(
                table.address,
                f"No subnet is associated with {code(table.address)}: its routes are never used, and the subnets that they are for use the "
                f"{instead}.",
                f"a subnet is associated with {code(table.address)}",
            )


def subnets_of_two_networks(graph: Graph) -> Iterator[Hit]:
    """Subnets of two VPCs in one list."""
    lists = {
        "aws_db_subnet_group": ("subnet_ids",), "aws_elasticache_subnet_group": ("subnet_ids",), "aws_redshift_subnet_group": ("subnet_ids",),
        "aws_lb": ("subnets",), "aws_alb": ("subnets",), "aws_autoscaling_group": ("vpc_zone_identifier",),
        "aws_lambda_function": ("vpc_config", "subnet_ids"), "aws_eks_cluster": ("vpc_config", "subnet_ids"),
        "aws_docdb_subnet_group": ("subnet_ids",), "aws_neptune_subnet_group": ("subnet_ids",),
    }  # fmt: skip
    for type_, path in lists.items():
        for declaration in graph.of_type(type_):
            places = subnets(graph, declaration, *path)
            homes = {vpc_of(graph, s) for s in places}
            if len(homes) > 1 and None not in homes and not undecided(graph, declaration, *path):
                yield Hit(
                    declaration.address,
                    f"{code('.'.join(path))} of {code(declaration.address)} lists subnets of {listed(sorted(h for h in homes if h))}: "
                    "all must belong to one VPC.",
                    f"all subnets of {code(declaration.address)} belong to one VPC",
                    attribute=".".join(path),
                    related=tuple(s.address for s in places),
                    source=_GROUPS.get(type_, ""),
                )


# Types of subnet groups, and the page of the service about them.
_GROUPS = {
    "aws_db_subnet_group": "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    "aws_elasticache_subnet_group": "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SubnetGroups.html",
    "aws_redshift_subnet_group": "https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-cluster-subnet-groups.html",
}


def database_in_public_subnet(graph: Graph) -> Iterator[Hit]:
    """A database subnet group with a subnet that has a route to an internet gateway."""
    for group in graph.of_type(*_GROUPS):
        public = [s for s in subnets(graph, group, "subnet_ids") if is_public(graph, s)]
        if public:
            yield Hit(
                group.address,
                f"{code(group.address)} contains {listed([s.address for s in public])}, whose route table leads to an internet gateway"
                f"{by_values(graph, public)}: the database may be placed in a public subnet.",
                f"no subnet of {code(group.address)} has a route to an internet gateway",
                attribute="subnet_ids",
                related=tuple(s.address for s in public),
                source=_GROUPS[group.type],
            )


def one_nat_gateway(graph: Graph) -> Iterator[Hit]:
    """Private subnets of several zones behind one NAT gateway."""
    for gateway in graph.of_type("aws_nat_gateway"):
        if {"count", "for_each"} & set(gateway.block.attributes) and graph.argument(gateway, "count") != 1:
            continue
        known = network(graph)
        tables = {
            t for t, routes in known.tables.items()
            for r in routes if r.destination in DEFAULT and r.kind == NAT and r.targets == (gateway,)
        }  # fmt: skip
        users = [graph.tree.declarations[s] for s, names in known.subnets.items() if set(names) & tables]
        if in_zones(graph, users):
            number = (f"{gateway.address}.count",) if "count" in gateway.block.attributes else ()
            yield Hit(
                gateway.address,
                f"The subnets of {listed([s.address for s in users])} all leave through {code(gateway.address)}, which lives in one "
                "Availability Zone: when that zone fails, the subnets of other zones lose their way out too.",
                f"{code(gateway.address)} is not the only way out of several subnets",
                related=(*number, *sorted(f"{t}.route" for t in tables), *(s.address for s in users)),
            )


RULES = (
    Rule(
        "RG421",
        "private-subnet-no-way-out",
        "Servers in subnets that have no way to what they need",
        Category.CRITICAL,
        Severity.HIGH,
        no_way_out,
        _VPC_DOCS + "vpc-nat-gateway.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Function", "What the servers need when they start, or what is to manage them, cannot be reached."),),
        lesson="A private subnet needs a NAT gateway or VPC endpoints for everything that its servers call.",
        advice="Add a default route: to a NAT gateway in a public subnet, or to an internet gateway where the servers have public addresses; or "
        "add the endpoints of the services that are called.",
        cures=("aws_route", "aws_route_table_association"),
    ),
    Rule(
        "RG422",
        "nat-gateway-without-internet-route",
        "NAT gateway in a subnet without a route to the internet",
        Category.CRITICAL,
        Severity.HIGH,
        nat_without_internet,
        _VPC_DOCS + "vpc-nat-gateway.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Function", "All private subnets behind the NAT gateway are without internet access."),),
        lesson="A NAT gateway needs a public subnet: one whose route table leads to an internet gateway.",
        advice="Create a route table with a default route to the internet gateway and associate the subnet with it.",
        cures=("aws_route_table_association",),
    ),
    Rule(
        "RG423",
        "public-subnet-without-internet-route",
        "Public subnet without a route to the internet gateway",
        Category.CRITICAL,
        Severity.HIGH,
        public_without_internet,
        _VPC_DOCS + "VPC_Internet_Gateway.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "What runs in the subnet has a public address and can neither be reached nor reach anything outside."),),
        lesson="A subnet is public by its route table, not by its name or by public addresses.",
        advice="Associate the subnet with a route table whose default route is the internet gateway.",
        cures=("aws_route_table_association",),
    ),
    Rule(
        "RG424",
        "lambda-in-public-subnet",
        "Lambda function in public subnets has no way out",
        Category.CRITICAL,
        Severity.HIGH,
        lambda_in_public_subnet,
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html",
        stage=Stage.RUNTIME,
        impact=(
            ("Function", "Calls of the function to the internet, and to AWS services without an endpoint, run into their time limit."),
        ),
        lesson="A function in a VPC reaches the internet only through a NAT gateway, never through an internet gateway.",
        advice="Attach the function to private subnets that route through a NAT gateway, or add endpoints for what it calls.",
    ),
    Rule(
        "RG425",
        "public-instance-without-address",
        "Instances in public subnets get no public address",
        Category.CRITICAL,
        Severity.HIGH,
        public_instance_without_address,
        _VPC_DOCS + "VPC_Internet_Gateway.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "The downloads of the start-up script fail."),),
        lesson="An internet gateway serves only interfaces that have a public address.",
        advice="Lead the subnets to a NAT gateway, or, where the instances may be public, give them public addresses (`associate_public_ip_address`).",
    ),
    Rule(
        "RG426",
        "private-instance-with-elastic-ip",
        "Elastic IP on an instance in a private subnet",
        Category.CRITICAL,
        Severity.HIGH,
        private_instance_with_address,
        _VPC_DOCS + "VPC_Internet_Gateway.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "No connection from the internet to that address comes about."),),
        lesson="A public address works only in a subnet that is routed to an internet gateway.",
        advice="Move the instance to a public subnet, or put a load balancer in front of it.",
    ),
    Rule(
        "RG427",
        "route-table-unassociated",
        "Route table without subnets",
        Category.CRITICAL,
        Severity.HIGH,
        table_unassociated,
        _VPC_DOCS + "subnet-route-tables.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "The subnets are without the routes that were written for them."),),
        lesson="A subnet without association uses the main route table of its VPC.",
        advice="Add an `aws_route_table_association` for each subnet.",
        cures=("aws_route_table_association",),
    ),
    Rule(
        "RG428",
        "subnets-of-two-vpcs",
        "Subnets of two VPCs in one list",
        Category.BLOCKER,
        Severity.CRITICAL,
        subnets_of_two_networks,
        _VPC_DOCS + "configure-subnets.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The resource cannot be created."),),
        lesson="A resource lives in one VPC, and so do all of its subnets.",
        advice="Use subnets of one VPC, in at least two Availability Zones.",
    ),
    Rule(
        "RG429",
        "database-in-public-subnet",
        "Database subnet group contains a public subnet",
        Category.CRITICAL,
        Severity.HIGH,
        database_in_public_subnet,
        _GROUPS["aws_db_subnet_group"],
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Security", "The database can stand in a network that the internet is routed to."),),
        lesson="Databases stand in private subnets, with one for each Availability Zone.",
        advice="Create private subnets in two zones and list only these.",
    ),
    Rule(
        "RG430",
        "one-nat-gateway",
        "One NAT gateway for several Availability Zones",
        Category.WARNING,
        Severity.MEDIUM,
        one_nat_gateway,
        _VPC_DOCS + "nat-gateway-basics.html",
        tier=3,
        topics=(
            "high availab",
            "highly available",
            "fault toler",
            "nat gateway in each",
            "nat gateways in each",
            "nat gateway per",
            "resilien",
        ),
        stage=Stage.RUNTIME,
        impact=(("Availability", "The failure of one zone takes the way out of all these subnets with it."),),
        lesson="A NAT gateway lives in one zone; zone-independent egress needs one for each zone.",
        advice="Create a NAT gateway and a private route table for each Availability Zone.",
    ),
)
