"""RG438 to RG440: functions, containers and transit gateways without a way."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.hcl import Object
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...placement import subnets
from ...places import code, is_true, listed, type_of
from ...routing import by_values, endpoint_services, is_public, network, vpc_of, ways_out

# The endpoint service through which a resource is used from inside a VPC, by the type of the resource.
_ENDPOINTS = {
    "aws_sqs_queue": "sqs", "aws_sns_topic": "sns", "aws_secretsmanager_secret": "secretsmanager", "aws_sfn_state_machine": "states",
    "aws_kinesis_stream": "kinesis-streams", "aws_dynamodb_table": "dynamodb", "aws_s3_bucket": "s3", "aws_ssm_parameter": "ssm",
}  # fmt: skip
# Beginnings of the types of what is reached from inside of a network alone, or as a rule.
_NEARBY = (
    "aws_dax_", "aws_db_instance", "aws_db_proxy", "aws_docdb_", "aws_efs_", "aws_elasticache_", "aws_memorydb_", "aws_msk_", "aws_neptune_",
    "aws_rds_cluster",
)  # fmt: skip
_FROM_INSIDE = Recommendation("Add endpoints for the services, or a default route to a NAT gateway.")
# What leads out of subnets: it refers to them or to their route tables.
_WAYS = ("aws_route", "aws_route_table_association", "aws_vpc_endpoint", "aws_vpc_endpoint_route_table_association")
_IMAGES = ("ecr.api", "ecr.dkr", "s3")


def _closed(graph: Graph, places: tuple[Declaration, ...]) -> dict[str, list[Declaration]] | None:
    """Return the endpoints of the VPC of some subnets that have no default route; None when they may have one or it is not known."""
    if not places or any(ways_out(graph, s) != frozenset() for s in places):
        return None
    return endpoint_services(graph, vpc_of(graph, places[0]) or "")


def _tables(graph: Graph, places: tuple[Declaration, ...]) -> tuple[str, ...]:
    """Return the route tables of some subnets."""
    return tuple(dict.fromkeys(t for s in places for t in network(graph).subnets.get(s.address, ())))


def function_shut_in(graph: Graph) -> Iterator[Hit]:
    """A function in closed subnets that is told of resources whose services have no endpoint there."""
    for function in graph.of_type("aws_lambda_function"):
        places = subnets(graph, function, "vpc_config", "subnet_ids")
        endpoints = _closed(graph, places)
        if endpoints is None:
            continue
        far = [(n, t) for n, t in _told(graph, function) if _ENDPOINTS[t.type] not in endpoints]
        if far:
            services = sorted({_ENDPOINTS[t.type] for _, t in far})
            yield Hit(
                function.address,
                f"{code(function.address)} is told of {listed(sorted({t.address for _, t in far}))}, but no default route leads out of "
                f"{listed([s.address for s in places])}, and the VPC has no endpoint for {listed(services)}.",
                f"{code(function.address)} has a way to {listed(services)}",
                attribute="vpc_config.subnet_ids",
                related=(
                    *(f"{function.address}.environment.variables.{n}" for n, _ in far[:2]),
                    *(s.address for s in places),
                    *_tables(graph, places),
                ),
                absent=tuple(f"a VPC endpoint for `{s}`" for s in services),
                recommendation=_FROM_INSIDE if _stays(graph, function) else None,
            )


def _stays(graph: Graph, function: Declaration) -> bool:
    """Whether a function is told of something for which it has to be in the network."""
    return any(type_of(r.target).startswith(_NEARBY) for r in graph.outgoing.get(function.address, ()))


def _told(graph: Graph, function: Declaration) -> Iterator[tuple[str, Declaration]]:
    for block in function.block.nested("environment"):
        value = block.value("variables")
        for key, item in value.items if isinstance(value, Object) else ():
            for target in graph.targets(item, function.module):
                if target.type in _ENDPOINTS and target.kind == "resource":
                    yield str(graph.constant(key, function.module)), target


def images_out_of_reach(graph: Graph) -> Iterator[Hit]:
    """Fargate tasks that cannot load their image: no way out of the subnets, or no public address in public ones."""
    for service in graph.of_type("aws_ecs_service"):
        places = subnets(graph, service, "network_configuration", "subnets")
        if not places or not _is_fargate(graph, service):
            continue
        endpoints = _closed(graph, places)
        names = listed([s.address for s in places])
        public = all(is_public(graph, s) for s in places) and not _addressed(graph, service) and not _may_load_inside(graph, places)
        if endpoints is not None and not set(_IMAGES) <= set(endpoints):
            missing = listed([n for n in _IMAGES if n not in endpoints])
            text = f"runs in {names} without a default route, and the VPC lacks endpoints for {missing}"
        elif public and not is_true(graph, service, "network_configuration", "assign_public_ip"):
            by = by_values(graph, places)
            where = f"{names}, public{by}," if by else f"the public subnets {names}"
            text = f"runs in {where} without `assign_public_ip`, so that the internet gateway does not serve it"
        else:
            continue
        yield Hit(
            service.address,
            f"{code(service.address)} {text}: its tasks cannot load their image.",
            f"the tasks of {code(service.address)} reach the registry",
            attribute="network_configuration",
            related=(*(s.address for s in places), *(_tables(graph, places) if not public else ())),
        )


def _is_fargate(graph: Graph, service: Declaration) -> bool:
    """Whether the tasks of a service run on Fargate for certain; a capacity provider of the tree brings instances, which load the images."""
    strategies = [graph.constant(b.value("capacity_provider"), service.module) for b in service.block.nested("capacity_provider_strategy")]
    named = bool(strategies) and all(name in ("FARGATE", "FARGATE_SPOT") for name in strategies)
    return named or graph.argument(service, "launch_type") == "FARGATE"


def _may_load_inside(graph: Graph, places: tuple[Declaration, ...]) -> bool:
    """Whether the VPC of some subnets has the endpoints through which images come, or may have."""
    endpoints = endpoint_services(graph, vpc_of(graph, places[0]) or "")
    return endpoints is None or set(_IMAGES) <= set(endpoints)


def _addressed(graph: Graph, service: Declaration) -> bool:
    """Whether a service may give its tasks public addresses: the argument is there and not constantly false."""
    for block in service.block.nested("network_configuration"):
        value = block.value("assign_public_ip")
        if value is not None and graph.constant(value, service.module) not in (False, "false"):
            return True
    return False


def transit_without_routes(graph: Graph) -> Iterator[Hit]:
    """A VPC that is attached to a transit gateway to which none of its routes leads."""
    known = network(graph)
    if not known.certain:
        return
    for attachment in graph.of_type("aws_ec2_transit_gateway_vpc_attachment"):
        gateways = {t.address for t in graph.targets(attachment.block.value("transit_gateway_id"), attachment.module)}
        routes = [r for found in known.tables.values() for r in found if r.argument == "transit_gateway_id"]
        for vpc in graph.targets(attachment.block.value("vpc_id"), attachment.module):
            own = vpc.type == "aws_vpc" and vpc.kind == "resource"
            if own and gateways and not any(vpc_of(graph, r.table) in (vpc.address, None) for r in routes):
                yield Hit(
                    attachment.address,
                    f"{code(attachment.address)} attaches {code(vpc.address)} to a transit gateway, but no route of the VPC leads to it.",
                    f"a route of {code(vpc.address)} leads to the transit gateway",
                    related=(vpc.address, *sorted(gateways)),
                )


RULES = (
    Rule(
        "RG438",
        "lambda-vpc-without-way",
        "Lambda function in a VPC cannot reach the services it uses",
        Category.CRITICAL,
        Severity.HIGH,
        function_shut_in,
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Function", "No call of the function to these services gets through."),),
        lesson="A function in a VPC sees only that VPC: every AWS service that it calls needs an endpoint there or a NAT gateway.",
        advice="Add endpoints for the services, or a default route to a NAT gateway; or take the function out of the VPC.",
        cures=_WAYS,
    ),
    Rule(
        "RG439",
        "fargate-without-way-to-images",
        "Fargate tasks cannot load their image",
        Category.CRITICAL,
        Severity.CRITICAL,
        images_out_of_reach,
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Function", "No task ever starts."),),
        lesson="Tasks load images over their own network interface.",
        advice="Route the subnets through a NAT gateway, add the endpoints, or assign public addresses in public subnets.",
        cures=_WAYS,
    ),
    Rule(
        "RG440",
        "transit-gateway-without-routes",
        "VPC without routes to the transit gateway it is attached to",
        Category.CRITICAL,
        Severity.HIGH,
        transit_without_routes,
        "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "Nothing in the VPC reaches the other networks, and no answer gets back to them."),),
        lesson="An attachment connects the gateway with the VPC; the VPC's own route tables must lead to it.",
        advice="Add routes to the other networks with `transit_gateway_id`.",
        cures=("aws_route",),
    ),
)
