"""RG471 to RG475, RG489, RG490: hosted zones and records."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.hcl import text_of, traversals
from reviewgen.model.hcl import Attr, Expression, Literal, Template, Traversal, Tuple
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import Scope, nested

from ...base import Hit, Rule
from ...keys import created
from ...places import code, provider
from ...values import variable_behind

_DOCS = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
# Domains that IANA reserves for documentation and for which Route 53 creates no public zone.
_RESERVED = ("example.com", "example.net", "example.org")
# Attributes of a resource that are the hosted zone of an alias to it.
_ZONES = {
    "aws_lb": ("zone_id",), "aws_alb": ("zone_id",), "aws_elb": ("zone_id",), "aws_cloudfront_distribution": ("hosted_zone_id",),
    "aws_s3_bucket": ("hosted_zone_id",), "aws_globalaccelerator_accelerator": ("hosted_zone_id",),
    "aws_api_gateway_domain_name": ("regional_zone_id", "cloudfront_zone_id"), "aws_apigatewayv2_domain_name": ("hosted_zone_id",),
    "aws_vpc_endpoint": ("hosted_zone_id",), "aws_cognito_user_pool_domain": ("cloudfront_distribution_zone_id",),
}  # fmt: skip
_NO_ALIAS = (
    "aws_api_gateway_rest_api",
    "aws_api_gateway_stage",
    "aws_api_gateway_deployment",
    "aws_apigatewayv2_api",
    "aws_apigatewayv2_stage",
)
_AS_CNAME = Recommendation("Make the record a CNAME, which takes the name of a host.")
_NO_ALIAS_THERE = Recommendation(
    "Give the record a name below the zone's; at the top of a zone stand addresses, or an alias to what has one in AWS: a load balancer, a distribution."
)
# The hosted zone of all distributions, whose health Route 53 does not evaluate.
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias-common.html
_OF_CLOUDFRONT = "Z2FDTNDATAQYW2"
_WITH_CHECK = Recommendation("Set `health_check_id`.")
_OWN_NAME = Recommendation("Give the API a custom domain name, and take both from that.")
_OUTSIDE = "InvalidChangeBatch: Tried to create an alias that targets a name, but the alias target name does not lie within the target zone"
_NO_ADDRESS = "InvalidChangeBatch: Invalid Resource Record: FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"
# Attributes that are the name of a host, never its address.
_HOSTS = {
    "aws_lb": "dns_name", "aws_alb": "dns_name", "aws_elb": "dns_name", "aws_cloudfront_distribution": "domain_name",
    "aws_globalaccelerator_accelerator": "dns_name", "aws_efs_file_system": "dns_name", "aws_instance": "public_dns",
    "aws_db_instance": "address", "aws_rds_cluster": "endpoint", "aws_s3_bucket": "bucket_regional_domain_name",
}  # fmt: skip


def constant_end(graph: Graph, declaration: Declaration, argument: str) -> str:
    """The constant end of a text argument."""
    value = graph.argument(declaration, argument)
    if isinstance(value, str):
        return value
    expr = declaration.block.value(argument)
    last = graph.constant(expr.parts[-1], declaration.module) if isinstance(expr, Template) and expr.parts else None
    return last if isinstance(last, str) else ""


def reserved(name: str) -> str:
    """The reserved domain that a name is or belongs to."""
    lower = name.lower().rstrip(".")
    return next((d for d in _RESERVED if lower == d or lower.endswith("." + d)), "")


def refused_domain(graph: Graph, zone: Declaration) -> str:
    """Return the reserved domain for which Route 53 refuses to create a zone; empty where it does not, or nothing creates it."""
    public = zone.type == "aws_route53_zone" and zone.kind == "resource" and created(graph, zone) and not any(zone.block.nested("vpc"))
    return reserved(constant_end(graph, zone, "name")) if public else ""


def _answer(graph: Graph, record: Declaration, message: str) -> str:
    """Return what Route 53 says of a record; nothing where its zone is refused, for then the apply does not come to the record."""
    zones = graph.targets(record.block.value("zone_id"), record.module)
    return "" if any(refused_domain(graph, zone) for zone in zones) else message


def reserved_zone(graph: Graph) -> Iterator[Hit]:
    """A public zone for a domain that is reserved for documentation."""
    for zone in graph.of_type("aws_route53_zone"):
        domain, name = refused_domain(graph, zone), graph.argument(zone, "name")
        if domain:
            yield Hit(
                zone.address,
                f"{code(zone.address)} is a public hosted zone in `{domain}`, which is reserved for documentation.",
                f"{code(zone.address)}, with the variables as delivered, is no public zone in a domain that is reserved for documentation",
                attribute="name",
                related=variable_behind(graph, zone, "name"),
                message=f"InvalidDomainName: {name.strip('.')} is reserved by AWS!" if isinstance(name, str) else "",
                prescribed=constant_end(graph, zone, "name").strip("."),
            )


def reserved_lookup(graph: Graph) -> Iterator[Hit]:
    """A lookup of a public zone that nobody can have."""
    for zone in graph.data_of_type("aws_route53_zone"):
        domain = reserved(constant_end(graph, zone, "name"))
        if domain and created(graph, zone) and not _may_be_private(graph, zone):
            yield Hit(
                zone.address,
                f"{code(zone.address)} looks up a public hosted zone in `{domain}`, a domain that is reserved for documentation.",
                f"{code(zone.address)}, with the variables as delivered, looks up nothing in a reserved domain",
                attribute="name",
                related=variable_behind(graph, zone, "name"),
            )


def _may_be_private(graph: Graph, zone: Declaration) -> bool:
    """Whether a lookup may be of a private zone: with a VPC it is, whatever else stands there (the provider's documentation of the data source)."""
    private = zone.block.value("private_zone")
    return "vpc_id" in zone.block.attributes or (private is not None and graph.constant(private, zone.module) not in (False, "false", None))


def alias_zone(graph: Graph) -> Iterator[Hit]:
    """The zone id of an alias is that of the target's service, not just any id."""
    for record in graph.of_type("aws_route53_record"):
        for block in record.block.nested("alias"):
            expr, name = block.value("zone_id"), block.value("name")
            targets = [t for t in graph.targets(name, record.module) if t.kind == "resource"]
            wrong = _wrong_zone(graph, record, expr, targets)
            if wrong:
                yield Hit(
                    record.address,
                    f"The alias of {code(record.address)} {wrong}.",
                    f"the alias of {code(record.address)} does not pair {code(_said(name))} with the zone id {code(_said(expr))}",
                    attribute="alias.zone_id",
                    related=tuple(t.address for t in targets),
                    message=_answer(graph, record, _OUTSIDE),
                    recommendation=_OWN_NAME if any(t.type in _NO_ALIAS for t in targets) else None,
                )


def _said(expr: Expression | None) -> str:
    return text_of(expr) if expr is not None else ""


def _wrong_zone(graph: Graph, record: Declaration, expr: Expression | None, targets: list[Declaration]) -> str:
    if isinstance(expr, Literal) or expr is None or len(targets) != 1:
        return ""
    target = targets[0]
    if target.type in _NO_ALIAS:
        return (
            f"points at {code(target.address)}; an alias to API Gateway needs a custom domain name, whose target domain name and hosted "
            "zone id it takes"
        )
    allowed = _ZONES.get(target.type)
    given = graph.resolve(expr, record.module) if isinstance(expr, Traversal) else None
    if allowed is None or given is None or given.kind != "resource" or not isinstance(expr, Traversal):
        return ""
    last = next((s.name for s in reversed(expr.steps) if isinstance(s, Attr)), "")
    if last in allowed and (given.address == target.address or _share_a_zone(graph, given, target)):
        return ""
    return f"to {code(target.address)} takes its zone id from {code(f'{given.local}.{last}')}; it must be {code(f'{target.local}.{allowed[0]}')}"


def _share_a_zone(graph: Graph, one: Declaration, other: Declaration) -> bool:
    """Whether two resources have one hosted zone id: of one kind in one region they have, but for endpoints, which have one for each service."""
    if one.type != other.type or one.type == "aws_vpc_endpoint":
        return False
    kinds = {graph.argument(d, "load_balancer_type") if "load_balancer_type" in d.block.attributes else "application" for d in (one, other)}
    return len(kinds) == 1 and provider(one) == provider(other) and one.module == other.module


def cname_at_apex(graph: Graph) -> Iterator[Hit]:
    """A CNAME with the name of its zone."""
    for record in graph.of_type("aws_route53_record"):
        if graph.argument(record, "type") != "CNAME":
            continue
        for zone in graph.targets(record.block.value("zone_id"), record.module):
            names = [graph.argument(record, "name"), graph.argument(zone, "name")]
            same = _is_named_alike(record, zone) or (isinstance(names[0], str) and names[0] == names[1])
            if same and zone.kind == "resource":
                yield Hit(
                    record.address,
                    f"{code(record.address)} is a CNAME with the name of its zone {code(zone.address)}; at the top of a zone DNS allows none.",
                    f"{code(record.address)} is an alias, or has a name below the zone's",
                    attribute="type",
                    related=(zone.address,),
                    message=_answer(graph, record, _at_apex(names[1])),
                    recommendation=None if _leads_to_alias(graph, record) else _NO_ALIAS_THERE,
                )


def _is_named_alike(record: Declaration, zone: Declaration) -> bool:
    """Whether a record and a zone have their names from the same words: of two modules or of two loops these mean different things."""
    name = record.block.value("name")
    own = name is None or record.module != zone.module or any(t.root in ("each", "count") for t in traversals(name))
    return not own and name == zone.block.value("name")


def _leads_to_alias(graph: Graph, record: Declaration) -> bool:
    """Whether the value of a record is of something in AWS to which an alias may point."""
    return any(target.type in _ZONES for target in graph.targets(record.block.value("records"), record.module))


def _at_apex(name: object) -> str:
    """Return what Route 53 says of a CNAME with the name of its zone, of which a part is known where the name is not."""
    if not isinstance(name, str):
        return "is not permitted at apex in zone"
    top = name.rstrip(".")
    return f"InvalidChangeBatch: [RRSet of type CNAME with DNS name {top}. is not permitted at apex in zone {top}.]"


def cname_beside_others(graph: Graph) -> Iterator[Hit]:
    """A CNAME and a record of another type with one name in one zone, both of which come into being for certain."""
    records = [r for r in graph.of_type("aws_route53_record") if not {"count", "for_each"} & r.block.attributes.keys()]
    named: dict[tuple[str, str], list[tuple[str, Declaration]]] = {}
    for record in records:
        zones = graph.targets(record.block.value("zone_id"), record.module)
        name, kind = record.block.value("name"), graph.argument(record, "type")
        if len(zones) == 1 and name is not None and isinstance(kind, str):
            named.setdefault((zones[0].address, f"{record.module} {text_of(name)}"), []).append((kind, record))
    for found in named.values():
        others = [(kind, r) for kind, r in found if kind != "CNAME"]
        for kind, record in found:
            if kind == "CNAME" and others:
                other, twin = others[0]
                yield Hit(
                    record.address,
                    f"{code(record.address)} is a CNAME, and {code(twin.address)} a record of type {code(other)} with the same name: beside a CNAME "
                    "DNS allows no record of another type.",
                    f"{code(record.address)} and {code(twin.address)} are no CNAME and another record of one name",
                    attribute="type",
                    related=(f"{twin.address}.type",),
                )


def host_as_address(graph: Graph) -> Iterator[Hit]:
    """A record of addresses that is given the name of a host."""
    for record in graph.of_type("aws_route53_record"):
        kind, values = graph.argument(record, "type"), record.block.value("records")
        if kind not in ("A", "AAAA") or not isinstance(values, Tuple):
            continue
        for host, said in _hosts(graph, record, values):
            yield Hit(
                record.address,
                f"{code(record.address)} is of type {code(kind)}, whose values are addresses, and is given the name of a host: {code(said)}.",
                f"{code(record.address)} is an alias or a CNAME, or is given addresses",
                attribute="records",
                related=(host.address,),
                message=_answer(graph, record, _NO_ADDRESS) if kind == "A" else "",
                recommendation=None if host.type in _ZONES and host.type != "aws_s3_bucket" else _AS_CNAME,
            )
            break


def _hosts(graph: Graph, record: Declaration, values: Tuple) -> Iterator[tuple[Declaration, str]]:
    """Yield what the values of a record are names of, and the names."""
    for value in values.items:
        target = graph.resolve(value, record.module) if isinstance(value, Traversal) else None
        last = value.steps[-1] if isinstance(value, Traversal) and value.steps else None
        if target is not None and target.kind == "resource" and isinstance(last, Attr) and _HOSTS.get(target.type) == last.name:
            yield target, f"{target.local}.{last.name}"


def failover_without_check(graph: Graph) -> Iterator[Hit]:
    """A primary record that is never found unhealthy."""
    for record in graph.of_type("aws_route53_record"):
        policies = nested(Scope(graph, record.module), record.block, "failover_routing_policy")
        primary = any(scope.value(b.value("type")) == "PRIMARY" for b, scope in policies)
        watched = "health_check_id" in record.block.attributes or any(
            graph.constant(b.value("evaluate_target_health"), record.module) not in (False, "false") for b in record.block.nested("alias")
        )
        if primary and not watched:
            yield Hit(
                record.address,
                f"{code(record.address)} is the primary record of a failover and has neither a health check nor evaluates the health of its "
                "target: Route 53 always takes it for healthy.",
                f"{code(record.address)} has a health check, evaluates its target's health, or is no primary record",
                attribute="health_check_id",
                recommendation=None if _may_evaluate(graph, record) else _WITH_CHECK,
            )


def _may_evaluate(graph: Graph, record: Declaration) -> bool:
    """Whether a record has an alias whose target's health Route 53 can evaluate: not that of a distribution of CloudFront."""
    aliases = list(record.block.nested("alias"))
    led = (t.type for b in aliases for name in ("name", "zone_id") for t in graph.targets(b.value(name), record.module))
    zones = (graph.constant(b.value("zone_id"), record.module) for b in aliases)
    return bool(aliases) and "aws_cloudfront_distribution" not in led and _OF_CLOUDFRONT not in zones


RULES = (
    Rule(
        "RG471",
        "zone-of-reserved-domain",
        "Hosted zone for a reserved domain",
        Category.BLOCKER,
        Severity.CRITICAL,
        reserved_zone,
        _DOCS + "domain-name-format.html",
        fix_class="C",
        stage=Stage.APPLY,
        impact=(("Deployment", "The zone cannot be created, nor the records and certificates that belong to it."),),
        lesson="Example domains are for reading; a configuration that is to deploy needs a domain from a variable without default.",
        advice="Take the domain from a variable without default.",
    ),
    Rule(
        "RG472",
        "lookup-of-reserved-domain",
        "Lookup of a hosted zone that nobody can have",
        Category.BLOCKER,
        Severity.CRITICAL,
        reserved_lookup,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/route53_zone",
        stage=Stage.PLAN,
        message="no matching Route 53 Hosted Zone found",
        impact=(("Deployment", "The plan fails."),),
        lesson="A data source fails when what it looks up does not exist.",
        advice="Take the domain from a variable without default.",
    ),
    Rule(
        "RG473",
        "alias-zone-id",
        "Alias record with the wrong hosted zone id",
        Category.BLOCKER,
        Severity.CRITICAL,
        alias_zone,
        _DOCS + "resource-record-sets-values-alias.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The record cannot be created."), ("Function", "Clients do not find the service under its name.")),
        lesson="An alias names two things of its target: its DNS name and the hosted zone in which AWS keeps that name.",
        advice="Take both from the same resource.",
    ),
    Rule(
        "RG474",
        "cname-at-apex",
        "CNAME at the top of the zone",
        Category.BLOCKER,
        Severity.HIGH,
        cname_at_apex,
        _DOCS + "resource-record-sets-choosing-alias-non-alias.html",
        fix_class="C",
        stage=Stage.APPLY,
        impact=(("Deployment", "The record cannot be created."),),
        lesson="The top of a zone has NS and SOA records, beside which DNS allows no CNAME; Route 53 has aliases for that.",
        advice="Use an alias record of type A.",
    ),
    Rule(
        "RG490",
        "cname-beside-others",
        "CNAME and another record with the same name",
        Category.BLOCKER,
        Severity.CRITICAL,
        cname_beside_others,
        _DOCS + "ResourceRecordTypes.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "Whichever of the two comes second is refused."),),
        lesson="Records that share a name by weight, region or failover are all of one type; a CNAME shares its name with nothing else.",
        advice="Give all records of the name one type: CNAME, or aliases and addresses.",
    ),
    Rule(
        "RG475",
        "failover-primary-without-health",
        "Failover record that never fails over",
        Category.CRITICAL,
        Severity.CRITICAL,
        failover_without_check,
        _DOCS + "dns-failover-types.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(("Function", "When the target of the primary record is down, clients are still sent there."),),
        lesson="Route 53 fails over only when a health check, or the health of the alias target, says so.",
        advice="Set `health_check_id`, or `evaluate_target_health = true` in the alias.",
    ),
    Rule(
        "RG489",
        "record-host-as-address",
        "Record of addresses that is given a host name",
        Category.BLOCKER,
        Severity.CRITICAL,
        host_as_address,
        _DOCS + "ResourceRecordTypes.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The record cannot be created."), ("Function", "Clients do not find the service under its name.")),
        lesson="Load balancers and distributions have names, whose addresses change: an alias record or a CNAME points at them.",
        advice="Use an `alias` block with the target's DNS name and hosted zone id.",
    ),
)
