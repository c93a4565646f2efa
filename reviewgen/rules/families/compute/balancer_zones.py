"""RG545: load balancers that are given two subnets of one Availability Zone."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.hcl import Access, Attr, Call, Expression, For, Index, Literal, Splat, Traversal, Tuple
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import Scope, copies
from reviewgen.terraform.zones import Zone, zone_of

from ...base import Hit, Rule
from ...keys import created
from ...places import code

_BALANCERS = ("aws_lb", "aws_alb")
_NAMES = ("availability_zone", "availability_zone_id")
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class _Subnet:
    """One subnet: its declaration, which copy of it, and how the code names it."""

    declared: Declaration
    scope: Scope
    words: str


def zone_twice(graph: Graph) -> Iterator[Hit]:
    """A load balancer with two subnets of which the zone is the same for certain."""
    for balancer in graph.of_type(*_BALANCERS):
        pair = _pair(_subnets(graph, balancer)) if created(graph, balancer) else None
        if pair is not None:
            one, other, where = pair
            both = dict.fromkeys((one.declared.address, other.declared.address))
            yield Hit(
                balancer.address,
                f"{code(balancer.address)} is given {code(one.words)} and {code(other.words)}, and both stand in the same Availability Zone, "
                f"{code(where)}: of each zone a load balancer takes one subnet.",
                f"{code(balancer.address)} is not given two subnets that stand in one Availability Zone",
                attribute="subnets" if "subnets" in balancer.block.attributes else "subnet_mapping",
                related=tuple(f"{address}.availability_zone" for address in both),
            )


def _pair(subnets: list[_Subnet]) -> tuple[_Subnet, _Subnet, str] | None:
    """Return the first two different subnets that stand in one zone, and the zone in words; those of two modules are not compared."""
    first: dict[tuple[str, str, Zone], _Subnet] = {}
    for subnet in subnets:
        for name in _NAMES:
            expr = subnet.declared.block.value(name)
            found = zone_of(expr, subnet.scope) if expr is not None else None
            if found is None:
                continue
            other = first.setdefault((subnet.declared.module, name, found), subnet)
            if other.words != subnet.words:
                return other, subnet, found if isinstance(found, str) else f"{found[0]}[{found[1]}]"
    return None


def _subnets(graph: Graph, balancer: Declaration) -> list[_Subnet]:
    """Return the subnets of a load balancer, as far as each is known."""
    expr = balancer.block.value("subnets")
    found = _listed(graph, expr, balancer.module) if expr is not None else []
    for mapping in balancer.block.nested("subnet_mapping"):
        value = mapping.value("subnet_id")
        found += _single(graph, value, balancer.module) if value is not None else []
    return found


def _listed(graph: Graph, expr: Expression, module: str, depth: int = _DEEPEST) -> list[_Subnet]:
    """Return the subnets of a list: named one by one, all copies of one resource, or what a local value or a module hands on."""
    if isinstance(expr, Tuple):
        return [subnet for item in expr.items for subnet in _single(graph, item, module)]
    if isinstance(expr, Call) and expr.name == "concat":
        return [subnet for part in expr.args for subnet in _listed(graph, part, module, depth)]
    whole = _whole(expr)
    target = graph.resolve(whole, module) if whole is not None else None
    if target is not None and target.type == "aws_subnet" and target.kind == "resource":
        return _copies(graph, target)
    named = graph.resolve(expr, module) if isinstance(expr, Traversal) and depth else None
    behind = list(graph.behind(named, expr)) if named is not None and isinstance(expr, Traversal) else []
    return _listed(graph, *behind[0], depth - 1) if len(behind) == 1 else []


def _whole(expr: Expression) -> Traversal | None:
    """Return the resource of which a list has all ids: ``aws_subnet.a[*].id``, ``values(aws_subnet.a)[*].id``, ``[for s in aws_subnet.a : s.id]``."""
    if isinstance(expr, Traversal) and expr.root == "aws_subnet" and len(expr.steps) == 3:
        name, every, last = expr.steps
        if isinstance(every, Splat) and last == Attr("id"):
            return Traversal(expr.start, expr.end, expr.root, (name,))
    if isinstance(expr, Access) and isinstance(expr.base, Call) and expr.base.name == "values" and expr.steps == (Splat(), Attr("id")):
        (argument,) = expr.base.args[:1] or (None,)
        return argument if isinstance(argument, Traversal) and argument.root == "aws_subnet" and len(argument.steps) == 1 else None
    if isinstance(expr, For) and expr.key is None and expr.condition is None and isinstance(expr.value, Traversal):
        whole, own = expr.collection, expr.value
        if isinstance(whole, Traversal) and whole.root == "aws_subnet" and len(whole.steps) == 1:
            return whole if (own.root, own.steps) == (expr.value_name, (Attr("id"),)) else None
    return None


def _copies(graph: Graph, subnet: Declaration) -> list[_Subnet]:
    found = [scope for scope in copies(graph, subnet) if scope.certain]
    return [_Subnet(subnet, scope, _worded(subnet, scope)) for scope in found]


def _single(graph: Graph, expr: Expression, module: str) -> list[_Subnet]:
    """Return the subnet that ``aws_subnet.a.id``, ``aws_subnet.a[0].id`` or ``aws_subnet.a["x"].id`` is; nothing for anything else."""
    if not isinstance(expr, Traversal) or expr.root != "aws_subnet" or len(expr.steps) not in (2, 3) or expr.steps[-1] != Attr("id"):
        return []
    target = graph.resolve(expr, module)
    if target is None or target.kind != "resource":
        return []
    counted = "count" in target.block.attributes
    if len(expr.steps) == 2:
        return [] if counted or "for_each" in target.block.attributes else _copies(graph, target)
    key = expr.steps[1].key if isinstance(expr.steps[1], Index) else None
    if not isinstance(key, Literal):
        return []
    if counted and isinstance(key.value, int):
        # Which copy it is, is known also where nobody knows how many there are.
        scope = Scope(graph, target.module, {"count": {"index": key.value}})
        return [_Subnet(target, scope, _worded(target, scope))]
    return [s for s in _copies(graph, target) if s.scope.names.get("each", {}).get("key") == key.value]


def _worded(subnet: Declaration, scope: Scope) -> str:
    if "count" in scope.names:
        return f"{subnet.address}[{scope.names['count']['index']}]"
    if "each" in scope.names:
        return f'{subnet.address}["{scope.names["each"]["key"]}"]'
    return subnet.address


RULES = (
    Rule(
        "RG545",
        "load-balancer-zone-twice",
        "Load balancer with two subnets of one Availability Zone",
        Category.BLOCKER,
        Severity.CRITICAL,
        zone_twice,
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html",
        stage=Stage.APPLY,
        message="InvalidConfigurationRequest: A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        impact=(("Deployment", "The load balancer is not created, and neither is what depends on it."),),
        lesson="Which zone a subnet stands in is decided in its own block: what counts for a load balancer are zones, not subnets.",
        advice="Give the load balancer one subnet of each zone, and create a further one in another zone where it lacks one.",
    ),
)
