"""RG547, RG548: clusters of Amazon EMR that are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.hcl import Block
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...keys import created
from ...placement import subnets
from ...places import code, listed
from ...routing import is_private
from ...values import default_behind

_DOCS = "https://docs.aws.amazon.com/emr/latest/ManagementGuide/"
_NETWORK = "ec2_attributes"
_OWN = ("emr_managed_master_security_group", "emr_managed_slave_security_group")
_SERVICE = "service_access_security_group"
# Of the burstable families EMR takes none, and of the newer general ones nothing below ``xlarge``, but for these (what
# ``ListSupportedInstanceTypes`` answers for the releases from 4.2 on).
_SMALL = re.compile(r"t[1-4][a-z]*\.\w+|[cmr][4-8][a-z0-9-]*\.(?:nano|micro|small|medium|large)")
_TAKEN = frozenset(["c4.large", "m4.large"])
# Where the types of a cluster's instances stand.
_TYPES = {
    "aws_emr_cluster": (
        ("master_instance_group",), ("core_instance_group",), ("master_instance_fleet", "instance_type_configs"),
        ("core_instance_fleet", "instance_type_configs"),
    ),
    "aws_emr_instance_group": ((),),
    "aws_emr_instance_fleet": (("instance_type_configs",),),
}  # fmt: skip


def no_service_group(graph: Graph) -> Iterator[Hit]:
    """A cluster in private subnets that names security groups of its own for its nodes, and none for the service."""
    for cluster in graph.of_type("aws_emr_cluster"):
        placed = subnets(graph, cluster, _NETWORK, "subnet_id") or subnets(graph, cluster, _NETWORK, "subnet_ids")
        for network in cluster.block.nested(_NETWORK):
            groups = [_group(graph, network, name, cluster.module) for name in _OWN]
            if not all(groups) or not network.complete or _may_name(graph, network, cluster.module) or not created(graph, cluster):
                continue
            if placed and all(is_private(graph, subnet) for subnet in placed):
                yield _without(cluster, groups, placed)


def _group(graph: Graph, network: Block, name: str, module: str) -> str:
    """Return the address of the security group of the tree that an argument names; empty for none."""
    found = [t.address for t in graph.targets(network.value(name), module) if t.type == "aws_security_group"]
    return found[0] if len(found) == 1 else ""


def _may_name(graph: Graph, network: Block, module: str) -> bool:
    """Whether a security group for the service is named, or perhaps is."""
    given = network.value(_SERVICE)
    return given is not None and graph.constant(given, module) is not None


def _without(cluster: Declaration, groups: list[str], placed: tuple[Declaration, ...]) -> Hit:
    places = list(dict.fromkeys(s.address for s in placed))
    return Hit(
        cluster.address,
        f"{code(cluster.address)} runs in {listed(places)}, without a route to an internet gateway, and names {listed(list(dict.fromkeys(groups)))} "
        f"as the security groups of its nodes, but no `{_SERVICE}`.",
        f"{code(cluster.address)} sets `{_SERVICE}`",
        attribute=_NETWORK,
        related=tuple(dict.fromkeys(groups)),
        absent=(f"`{_SERVICE}` in `{_NETWORK}` of {code(cluster.address)}",),
    )


def unsupported_type(graph: Graph) -> Iterator[Hit]:
    """Instances of a cluster whose type EMR does not take."""
    for owner in graph.of_type(*_TYPES):
        for path in _TYPES[owner.type] if created(graph, owner) else ():
            wrong: dict[str, tuple[str, ...]] = {}
            for block in owner.block.nested(*path):
                expr = block.value("instance_type")
                type_ = graph.constant(expr, owner.module)
                if expr is not None and isinstance(type_, str) and _SMALL.fullmatch(type_) and type_ not in _TAKEN:
                    wrong[type_] = default_behind(graph, expr, owner.module)
            for type_, related in wrong.items():
                attribute = ".".join((*path, "instance_type"))
                yield Hit(
                    owner.address,
                    f"`{attribute}` of {code(owner.address)} is {code(type_)}, a type that EMR does not support.",
                    f"`{attribute}` of {code(owner.address)} is not {code(type_)}",
                    attribute=attribute,
                    key=f"{attribute}:{type_}",
                    related=related,
                    message=f"ValidationException: Instance type '{type_}' is not supported",
                    prescribed=type_,
                )


RULES = (
    Rule(
        "RG547",
        "emr-private-without-service-group",
        "EMR cluster in a private subnet without a security group for the service",
        Category.BLOCKER,
        Severity.CRITICAL,
        no_service_group,
        _DOCS + "emr-sg-specify.html",
        stage=Stage.APPLY,
        message="VALIDATION_ERROR: You must also specify a ServiceAccessSecurityGroup if you use custom security groups when creating a cluster in "
        "a private subnet.",
        impact=(("Deployment", "The cluster is terminated while it is made, and nothing that runs on it is created."),),
        lesson="In a private subnet EMR reaches the nodes through a third security group: who names two of them names it as well.",
        advice="Name a security group of its own as `service_access_security_group` that takes port 9443 from the primary node's group.",
    ),
    Rule(
        "RG548",
        "emr-instance-type-unsupported",
        "Instance type that EMR does not support",
        Category.BLOCKER,
        Severity.CRITICAL,
        unsupported_type,
        _DOCS + "emr-supported-instance-types.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "EMR does not create what asks for it."),),
        lesson="EMR supports fewer instance types than EC2: nothing burstable, and of the newer families none smaller than `xlarge`.",
        advice="Take a type that the page lists, such as `m5.xlarge`.",
    ),
)
