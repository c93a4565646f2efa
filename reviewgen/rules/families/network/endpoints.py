"""RG441 to RG446, RG448: VPC endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from reviewgen.model.hcl import Tuple
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...firewall import Opening, all_groups_of, attachments, groups_of, is_idle, names_groups_only, openings, written
from ...places import code, given_values, is_true, listed, region
from ...rights import may_touch, role_of
from ...routing import service, vpc_of

# The only services with gateway endpoints. https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
_GATEWAY_SERVICES = ("s3", "dynamodb")
# What the names of services hold that are not of AWS.
_OWN = "vpce-svc-"
_OF_ITS_KIND = Recommendation("Set `vpc_endpoint_type` to the kind of the service: `Interface` or `GatewayLoadBalancer`.")
# Services whose endpoints are reached on other ports: mail, SFTP, MQTT and Cassandra.
_OTHER_PORTS = ("email-smtp", "transfer.server", "iot.data", "cassandra", "cassandra-fips")
_LINK_DOCS = "https://docs.aws.amazon.com/vpc/latest/privatelink/"
_WORKERS = ("aws_instance", "aws_launch_template", "aws_lambda_function", "aws_ecs_service")


def _type(graph: Graph, endpoint: Declaration) -> str | None:
    """``Gateway`` or ``Interface``; the provider's default is ``Gateway``; None when it is not known."""
    if endpoint.block.value("vpc_endpoint_type") is None:
        return "Gateway"
    value = graph.argument(endpoint, "vpc_endpoint_type")
    return value if isinstance(value, str) else None


def gateway_without_routes(graph: Graph) -> Iterator[Hit]:
    """A gateway endpoint that writes its routes into no route table."""
    attached = {
        t.address for a in graph.of_type("aws_vpc_endpoint_route_table_association")
        for t in graph.targets(a.block.value("vpc_endpoint_id"), a.module)
    }  # fmt: skip
    loose = any(
        not graph.targets(a.block.value("vpc_endpoint_id"), a.module) for a in graph.of_type("aws_vpc_endpoint_route_table_association")
    )
    if loose or graph.has_remote_modules or graph.tree.incomplete:
        return
    for endpoint in graph.of_type("aws_vpc_endpoint"):
        tables = endpoint.block.value("route_table_ids")
        empty = tables is None or graph.constant(tables, endpoint.module) == []
        gateway = _type(graph, endpoint) == "Gateway" and service(graph, endpoint) in _GATEWAY_SERVICES
        if gateway and empty and endpoint.address not in attached:
            given = "" if tables is None or isinstance(tables, Tuple) else f" with the {given_values(graph)}"
            yield Hit(
                endpoint.address,
                f"{code(endpoint.address)} is a gateway endpoint without route tables{given}: no subnet has a route to it.",
                f"{code(endpoint.address)} has a route table, or is no gateway endpoint",
                attribute="route_table_ids",
                related=tuple(a for a in (vpc_of(graph, endpoint),) if a),
            )


def private_dns_without_vpc_dns(graph: Graph) -> Iterator[Hit]:
    """Private DNS of an endpoint needs both DNS attributes of the VPC; ``enable_dns_hostnames`` is off by default."""
    for endpoint in graph.of_type("aws_vpc_endpoint"):
        vpc = graph.get(vpc_of(graph, endpoint) or "")
        if vpc is None or vpc.kind == "data" or not is_true(graph, endpoint, "private_dns_enabled"):
            continue
        off = [n for n in ("enable_dns_hostnames", "enable_dns_support") if _off(graph, vpc, n)]
        if off:
            yield Hit(
                vpc.address,
                f"{code(endpoint.address)} sets `private_dns_enabled`, which needs DNS support and DNS host names in its VPC, and "
                f"{code(vpc.address)} has {listed(off)} switched off"
                + (" (the default)." if len(off) == 1 and off[0] not in vpc.block.attributes else "."),
                f"{code(vpc.address)} enables {listed(off)}, or {code(endpoint.address)} does not set `private_dns_enabled`",
                attribute=off[0],
                related=(f"{endpoint.address}.private_dns_enabled",),
                needs=(endpoint.address,),
            )


def _off(graph: Graph, vpc: Declaration, name: str) -> bool:
    value = vpc.block.value(name)
    return name == "enable_dns_hostnames" if value is None else graph.constant(value, vpc.module) in (False, "false")


def wrong_region(graph: Graph) -> Iterator[Hit]:
    """A service name of another region than the endpoint's."""
    for endpoint in graph.of_type("aws_vpc_endpoint"):
        name, home = graph.argument(endpoint, "service_name"), region(graph, endpoint)
        parts = name.split(".") if isinstance(name, str) else []
        foreign = parts[:2] == ["com", "amazonaws"] and len(parts) > 3 and parts[2].count("-") >= 2 and parts[2] != home
        if home and foreign and endpoint.block.value("service_region") is None:
            yield Hit(
                endpoint.address,
                f"{code(endpoint.address)} names the service {code(str(name))}, but its provider works in {code(home)}.",
                f"{code(endpoint.address)} does not name {code(str(name))} where its provider works in {code(home)}",
                attribute="service_name",
                message=f"InvalidServiceName: The Vpc Endpoint Service '{name}' does not exist",
            )


def interface_as_gateway(graph: Graph) -> Iterator[Hit]:
    """A service that only has interface endpoints, with the default type ``Gateway``."""
    for endpoint in graph.of_type("aws_vpc_endpoint"):
        name = service(graph, endpoint)
        other = name and name not in _GATEWAY_SERVICES and not name.startswith("s3")
        if name and other and _type(graph, endpoint) == "Gateway":
            said = "is" if "vpc_endpoint_type" in endpoint.block.attributes else "does not set `vpc_endpoint_type` and so is"
            yield Hit(
                endpoint.address,
                f"{code(endpoint.address)} for the service {code(name)} {said} a gateway endpoint; only S3 and DynamoDB have those.",
                f"{code(endpoint.address)} is no gateway endpoint for the service {code(name)}",
                attribute="vpc_endpoint_type",
                message=""
                if _OWN in name
                else "InvalidParameter: Endpoint type (Gateway) does not match available service types ([Interface])",
                recommendation=_OF_ITS_KIND if _OWN in name else None,
            )


def egress_misses_gateway(graph: Graph) -> Iterator[Hit]:
    """Workers whose egress rules end inside the VPC, beside gateway endpoints, which are reached under public addresses."""
    gateways: dict[str, list[Declaration]] = {}
    for endpoint in graph.of_type("aws_vpc_endpoint"):
        vpc = vpc_of(graph, endpoint)
        if vpc and _type(graph, endpoint) == "Gateway" and service(graph, endpoint) in _GATEWAY_SERVICES:
            gateways.setdefault(vpc, []).append(endpoint)
    for group in graph.of_type("aws_security_group"):
        near = gateways.get(vpc_of(graph, group) or "", [])
        out = [r for r in openings(graph)[group.address] if r.outbound]
        closed = near and _stays_inside(graph, group)
        carriers = [u for u in attachments(graph).get(group.address, ()) if u.type in _WORKERS] if closed else []
        # Another group that one carries may let it out.
        shut_in = [u for u in carriers if all(_stays_inside(graph, g) for g in groups_of(graph, u))]
        meant = [(u.address, endpoint.address) for u in shut_in for endpoint in near if _may_call(graph, u, endpoint)]
        users, found = (list(dict.fromkeys(side)) for side in zip(*meant, strict=True)) if meant else ([], [])
        if users:
            yield Hit(
                out[0].owner.address,
                f"No egress rule of {code(group.address)} lets HTTPS out to more than private addresses and security groups. {listed(found)} "
                f"{'is a gateway endpoint' if len(found) == 1 else 'are gateway endpoints'}, reached under the public addresses of the "
                f"service, so {listed(users)} cannot use {'it' if len(found) == 1 else 'them'}.",
                f"{code(group.address)} lets HTTPS out to more than private addresses and security groups, or is not carried alone",
                attribute=out[0].path,
                related=(*found, *users),
                needs=tuple(users),
            )


def _may_call(graph: Graph, worker: Declaration, endpoint: Declaration) -> bool:
    """Whether a worker may call the service of an endpoint: not a function whose role certainly gives it no right there."""
    role = role_of(graph, worker, "role") if worker.type == "aws_lambda_function" else None
    return role is None or may_touch(graph, role, service(graph, endpoint) or "") is not False


def _stays_inside(graph: Graph, group: Declaration) -> bool:
    """Whether a group has egress rules and none of them may let HTTPS out of the private address space."""
    out = [r for r in openings(graph)[group.address] if r.outbound]
    return bool(out) and written(graph, group) and not any(_leaves(r) for r in out)


def _leaves(rule: Opening) -> bool:
    """Whether a rule may let HTTPS out of the private address space."""
    if not rule.may_cover(443):
        return False
    return rule.prefix_lists or not rule.certain or any(not _private(c) for c in rule.cidrs)


def _private(cidr: str) -> bool:
    try:
        return ip_network(cidr, strict=False).is_private and not cidr.endswith("/0")
    except ValueError:
        return False


def _speaks_https(graph: Graph, endpoint: Declaration) -> bool:
    """Whether an endpoint is reached over HTTPS: not one to a service of somebody's own, of which only its owner knows the port."""
    name = service(graph, endpoint) or ""
    return _OWN not in name and name not in _OTHER_PORTS


def endpoint_group_closed(graph: Graph) -> Iterator[Hit]:
    """Interface endpoints whose security groups admit no HTTPS, those with the same groups together."""
    closed: dict[tuple[str, ...], list[str]] = {}
    for endpoint in graph.of_type("aws_vpc_endpoint"):
        groups = [g for g in graph.of_type("aws_security_group") if endpoint in attachments(graph).get(g.address, ())]
        named = graph.targets(endpoint.block.value("security_group_ids"), endpoint.module)
        if _type(graph, endpoint) != "Interface" or not groups or len(groups) != len(named) or not _speaks_https(graph, endpoint):
            continue
        rules = [r for g in groups for r in openings(graph)[g.address] if not r.outbound]
        if all(written(graph, g) for g in groups) and not any(r.may_cover(443) for r in rules):
            closed.setdefault(tuple(g.address for g in groups), []).append(endpoint.address)
    for addresses, endpoints in closed.items():
        admit = "admits" if len(addresses) == 1 else "admit"
        are, alone = ("is" if len(endpoints) == 1 else "are"), ("it" if len(addresses) == 1 else "them")
        yield Hit(
            addresses[0],
            f"{listed(endpoints)} {are} reached over HTTPS, but {listed(addresses)} {admit} no traffic on port 443.",
            f"{listed(addresses)} {admit} traffic on port 443, or no interface endpoint has {alone} and no other group",
            attribute="ingress",
            related=tuple(f"{e}.security_group_ids" for e in endpoints),
            needs=tuple(endpoints),
        )


def endpoint_admits_nobody(graph: Graph) -> Iterator[Hit]:
    """Interface endpoints that admit only groups which nothing carries, beside what would carry them."""
    if graph.has_remote_modules or graph.tree.incomplete or not graph.of_type(*_WORKERS, "aws_eks_node_group"):
        return
    admitted: dict[tuple[str, ...], list[Declaration]] = {}
    for endpoint in graph.of_type("aws_vpc_endpoint"):
        groups = all_groups_of(graph, endpoint, "security_group_ids")
        known = groups and all(written(graph, g) for g in groups) and _speaks_https(graph, endpoint)
        if _type(graph, endpoint) != "Interface" or not known:
            continue
        rules = [r for g in groups for r in openings(graph)[g.address] if not r.outbound and r.may_cover(443)]
        clients = tuple(sorted({client for rule in rules for client in rule.groups}))
        if clients and all(names_groups_only(rule) for rule in rules) and all(is_idle(graph, client) for client in clients):
            admitted.setdefault(clients, []).append(endpoint)
    for clients, endpoints in admitted.items():
        names = [e.address for e in endpoints]
        own = dict.fromkeys(g.address for e in endpoints for g in groups_of(graph, e))
        yield Hit(
            clients[0],
            f"{listed(names)} {'admits' if len(names) == 1 else 'admit'} only {listed(list(clients))} on port 443, and nothing in this stack "
            f"carries {'that group' if len(clients) == 1 else 'those groups'}: no connection from this stack is let in.",
            f"something carries {listed(list(clients))}, or {listed(names)} {'admits' if len(names) == 1 else 'admit'} others on port 443",
            related=(*(f"{name}.security_group_ids" for name in names), *own),
            needs=tuple(names),
        )


RULES = (
    Rule(
        "RG441",
        "gateway-endpoint-without-route-table",
        "Gateway endpoint without route tables",
        Category.CRITICAL,
        Severity.HIGH,
        gateway_without_routes,
        _LINK_DOCS + "gateway-endpoints.html",
        stage=Stage.RUNTIME,
        impact=(
            ("Function", "Traffic to the service goes past the endpoint to public addresses, or nowhere where a subnet has no way out."),
        ),
        lesson="A gateway endpoint works through routes in the route tables that it is associated with.",
        advice="Set `route_table_ids` to the route tables of the subnets that use the service.",
        cures=("aws_vpc_endpoint_route_table_association",),
    ),
    Rule(
        "RG442",
        "endpoint-private-dns-needs-vpc-dns",
        "Private DNS of an endpoint without DNS host names in the VPC",
        Category.BLOCKER,
        Severity.HIGH,
        private_dns_without_vpc_dns,
        _LINK_DOCS + "manage-dns-names.html",
        stage=Stage.APPLY,
        message="InvalidParameter: Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true",
        impact=(("Deployment", "The interface endpoint cannot be created."),),
        lesson="Private DNS names of endpoints live in the VPC's own DNS, which must be switched on in full.",
        advice="Set `enable_dns_support` and `enable_dns_hostnames` to true on the VPC.",
    ),
    Rule(
        "RG443",
        "endpoint-service-of-another-region",
        "Endpoint service of another region",
        Category.BLOCKER,
        Severity.CRITICAL,
        wrong_region,
        _LINK_DOCS + "create-interface-endpoint.html",
        fix_class="C",
        stage=Stage.APPLY,
        impact=(("Deployment", "The endpoint cannot be created."),),
        lesson="Names of endpoint services carry the region; take it from `data.aws_region`, not from a literal.",
        advice="Build the name from the provider's region.",
    ),
    Rule(
        "RG444",
        "endpoint-interface-service-as-gateway",
        "Gateway endpoint for a service that has none",
        Category.BLOCKER,
        Severity.CRITICAL,
        interface_as_gateway,
        _LINK_DOCS + "gateway-endpoints.html",
        fix_class="C",
        stage=Stage.APPLY,
        impact=(("Deployment", "The endpoint cannot be created."),),
        lesson="Only S3 and DynamoDB have gateway endpoints; the provider's default type is `Gateway` all the same.",
        advice='Set `vpc_endpoint_type = "Interface"` with subnets and security groups.',
    ),
    Rule(
        "RG445",
        "egress-misses-gateway-endpoint",
        "Egress rules do not reach the gateway endpoints",
        Category.CRITICAL,
        Severity.HIGH,
        egress_misses_gateway,
        _LINK_DOCS + "gateway-endpoints.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "Each call to the service runs into its time limit."),),
        lesson="A gateway endpoint changes the route, not the address: security groups must let traffic out to the service's prefix list.",
        advice="Add an egress rule for port 443 with `prefix_list_ids` of the endpoints.",
    ),
    Rule(
        "RG446",
        "endpoint-security-group-closed",
        "Security group of an interface endpoint admits no HTTPS",
        Category.CRITICAL,
        Severity.HIGH,
        endpoint_group_closed,
        _LINK_DOCS + "create-interface-endpoint.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "With private DNS every client in the VPC is sent to the endpoint and gets no answer."),),
        lesson="An interface endpoint is a network interface: its security group must admit port 443 from the clients.",
        advice="Admit port 443 from the VPC or from the clients' security groups.",
    ),
    Rule(
        "RG448",
        "endpoint-admits-uncarried-group",
        "Interface endpoint admits only a security group that nothing carries",
        Category.CRITICAL,
        Severity.HIGH,
        endpoint_admits_nobody,
        _LINK_DOCS + "create-interface-endpoint.html",
        stage=Stage.RUNTIME,
        impact=(
            (
                "Function",
                "What this stack starts gets no answer from the endpoints, and with private DNS the names of the services lead there.",
            ),
        ),
        lesson="A rule that admits a group admits what carries it: a group that stands in rules only lets nobody in.",
        advice="Let the clients carry the group (nodes of EKS through their launch template), or admit the address range of the VPC.",
    ),
)
