"""RG450: load balancers that face the internet in a VPC which has no way there."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...keys import created
from ...placement import subnets
from ...places import code, listed
from ...routing import vpc_of

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html: these need the gateway to be attached.
_BALANCERS = ("aws_lb", "aws_alb", "aws_elb")
_GATEWAYS = ("aws_internet_gateway", "aws_internet_gateway_attachment")


def without_gateway(graph: Graph) -> Iterator[Hit]:
    """A public load balancer in subnets of a VPC of the tree to which no internet gateway is attached."""
    if graph.has_remote_modules or graph.tree.incomplete:
        return
    attached = {vpc_of(graph, gateway) for gateway in graph.of_type(*_GATEWAYS) if "vpc_id" in gateway.block.attributes}
    if None in attached:
        return
    for balancer in graph.of_type(*_BALANCERS):
        places = _places(graph, balancer) if _faces_internet(graph, balancer) and created(graph, balancer) else ()
        vpcs = {vpc_of(graph, subnet) for subnet in places}
        vpc = vpcs.pop() if len(vpcs) == 1 else None
        home = graph.get(vpc or "")
        if vpc is None or vpc in attached or home is None or home.kind == "data":
            continue
        yield Hit(
            balancer.address,
            f"{code(balancer.address)} is not `internal` and stands in {listed([s.address for s in places])}, and nothing attaches an internet "
            f"gateway to {code(vpc)}.",
            f"an internet gateway is attached to {code(vpc)}, or {code(balancer.address)} is internal",
            attribute="internal",
            related=(vpc, *(s.address for s in places)),
            absent=(f"an internet gateway of {code(vpc)}",),
        )


def _faces_internet(graph: Graph, balancer: Declaration) -> bool:
    """Whether a load balancer has certainly public addresses; a Gateway Load Balancer has none."""
    kind = graph.argument(balancer, "load_balancer_type") if "load_balancer_type" in balancer.block.attributes else "application"
    public = "internal" not in balancer.block.attributes or graph.argument(balancer, "internal") in (False, "false")
    return public and (balancer.type == "aws_elb" or kind in ("application", "network"))


def _places(graph: Graph, balancer: Declaration) -> tuple[Declaration, ...]:
    return subnets(graph, balancer, "subnets") or subnets(graph, balancer, "subnet_mapping", "subnet_id")


RULES = (
    Rule(
        "RG450",
        "load-balancer-without-internet-gateway",
        "Public load balancer in a VPC without an internet gateway",
        Category.BLOCKER,
        Severity.CRITICAL,
        without_gateway,
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html",
        stage=Stage.APPLY,
        message="InvalidSubnet: VPC has no internet gateway",
        impact=(("Deployment", "The load balancer is not created, and neither is what depends on it."),),
        lesson="A load balancer faces the internet unless it is told not to, and then its VPC needs an internet gateway.",
        advice="Attach an `aws_internet_gateway` to the VPC and route the subnets of the load balancer through it, or set `internal = true`.",
        cures=("aws_internet_gateway", "aws_internet_gateway_attachment"),
    ),
)
