"""RG527 to RG529 and RG543: which network an instance is in."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.hcl import Attr, Block, Expression, Splat, Traversal, Tuple
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code, listed

# PROMPT may want the instance in the VPC that each region has; a line that forbids it wants the contrary.
_DEFAULT_VPC = r"(?m)^(?!.*\b(?:no|not|never|avoid|without|instead|delete|remove)\b)(?!.*n.t\b)[^\n]*(?<!non-)\bdefault[ -]vpc\b"


def templates_of(graph: Graph, holder: Declaration) -> Iterator[Declaration]:
    """Yield the launch templates that an instance or Auto Scaling holder starts from."""
    for block in holder.block.nested("launch_template"):
        for name in ("id", "name"):
            yield from (t for t in graph.targets(block.value(name), holder.module) if t.type == "aws_launch_template")


def template_and_subnet(graph: Graph) -> Iterator[Hit]:
    """An instance with a subnet or groups of its own whose launch template defines network interfaces."""
    for instance in graph.of_type("aws_instance"):
        own = [
            a
            for a in ("subnet_id", "vpc_security_group_ids", "security_groups", "associate_public_ip_address")
            if a in instance.block.attributes
        ]
        for template in templates_of(graph, instance):
            # With a public address of its own the provider describes an interface, too, and not a subnet of the instance.
            if own and "associate_public_ip_address" not in own and any(template.block.nested("network_interfaces")):
                yield Hit(
                    instance.address,
                    f"{code(instance.address)} sets {listed(own)} and starts from {code(template.address)}, which defines `network_interfaces`: "
                    "EC2 takes one or the other.",
                    f"{code(instance.address)} does not both set a network of its own and start from a template with `network_interfaces`",
                    attribute=own[0],
                    message="InvalidParameterCombination: Network interfaces and an instance-level "
                    f"{'subnet ID' if own[0] == 'subnet_id' else 'security groups'} may not be specified on the same request",
                    related=(f"{template.address}.network_interfaces",),
                )


_GROUPS = ("vpc_security_group_ids", "security_group_names")


def groups_beside_interfaces(graph: Graph) -> Iterator[Hit]:
    """A launch template of an Auto Scaling group with network interfaces, and with security groups outside of them."""
    for group in graph.of_type("aws_autoscaling_group"):
        for template in dict.fromkeys((*templates_of(graph, group), *_mixed(graph, group))):
            name = next((n for n in _GROUPS if _certainly_some(template.block.value(n))), None)
            if name and any(block.type == "network_interfaces" for block in template.block.blocks):
                yield Hit(
                    template.address,
                    f"{code(template.address)} sets `{name}` and defines `network_interfaces`: Auto Scaling takes groups at the interfaces "
                    f"only then, and refuses the template for {code(group.address)}.",
                    f"{code(template.address)} sets `{name}`, or defines `network_interfaces`, not both",
                    attribute=name,
                    related=(f"{template.address}.network_interfaces", f"{group.address}.launch_template"),
                )


def _mixed(graph: Graph, group: Declaration) -> Iterator[Declaration]:
    """Yield the launch templates of a group's policy for several kinds of instances."""
    for block in group.block.nested("mixed_instances_policy", "launch_template", "launch_template_specification"):
        for name in ("launch_template_id", "launch_template_name"):
            yield from (t for t in graph.targets(block.value(name), group.module) if t.type == "aws_launch_template")


def _certainly_some(groups: Expression | None) -> bool:
    """Whether a list of groups is written out; what a variable or a condition decides may be empty."""
    return isinstance(groups, Tuple) and bool(groups.items)


def zones_beside_subnets(graph: Graph) -> Iterator[Hit]:
    """An Auto Scaling group with zones, and with subnets of which Terraform knows only when it plans how many there are.

    Of subnets that are written out one by one the provider says the same when Terraform validates.
    """
    for group in graph.of_type("aws_autoscaling_group"):
        zones, subnets = (group.block.value(name) for name in ("availability_zones", "vpc_zone_identifier"))
        if (_certainly_some(zones) or _is_looked_up(graph, zones, group.module)) and _is_counted(graph, subnets, group.module):
            yield Hit(
                group.address,
                f"{code(group.address)} sets `availability_zones` beside `vpc_zone_identifier`: the subnets have their zones, and the provider "
                "takes one or the other.",
                f"{code(group.address)} sets `availability_zones` or `vpc_zone_identifier`, not both",
                attribute="availability_zones",
                related=(f"{group.address}.vpc_zone_identifier",),
            )


def _is_looked_up(graph: Graph, zones: Expression | None, module: str) -> bool:
    """Whether zones are all that a lookup finds, which is done when Terraform plans."""
    if not isinstance(zones, Traversal) or zones.steps[-1:] not in ((Attr("names"),), (Attr("zone_ids"),)):
        return False
    source = graph.resolve(zones, module)
    return (
        source is not None
        and (source.kind, source.type) == ("data", "aws_availability_zones")
        and "depends_on" not in source.block.attributes
    )


def _is_counted(graph: Graph, subnets: Expression | None, module: str) -> bool:
    """Whether subnets are all copies of a resource, whose number is known when Terraform plans, and not 0."""
    if not isinstance(subnets, Traversal) or Splat() not in subnets.steps:
        return False
    source = graph.resolve(subnets, module)
    copies = graph.constant(source.block.value("count"), source.module) if source is not None and source.type == "aws_subnet" else None
    return isinstance(copies, int) and copies > 0


def default_vpc(graph: Graph) -> Iterator[Hit]:
    """An instance without a subnet that names its groups by name."""
    vpcs = graph.of_type("aws_vpc", "aws_default_vpc", "aws_default_subnet")
    for instance in graph.of_type("aws_instance"):
        if (
            "security_groups" not in instance.block.attributes
            or "subnet_id" in instance.block.attributes
            or _has_interfaces(instance.block)
        ):
            continue
        groups = [g for g in graph.targets(instance.block.value("security_groups"), instance.module) if g.type == "aws_security_group"]
        if groups and not vpcs and all("vpc_id" not in g.block.attributes for g in groups):
            yield Hit(
                instance.address,
                f"{code(instance.address)} has no `subnet_id`, and {code(groups[0].address)} no `vpc_id`: both rely on the default VPC of the region.",
                f"{code(instance.address)} names a subnet, or its security group a VPC",
                attribute="security_groups",
                related=(groups[0].address,),
                unless=_DEFAULT_VPC,
            )


def _has_interfaces(block: Block) -> bool:
    return any(b.type in ("network_interface", "launch_template") for b in block.blocks)


RULES = (
    Rule(
        "RG527",
        "instance-template-network",
        "Instance and launch template both define the network",
        Category.BLOCKER,
        Severity.HIGH,
        template_and_subnet,
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The instance is not started."),),
        lesson="Subnet and security groups stand at the network interface or at the instance, never at both.",
        advice="Take `network_interfaces` out of the template, or subnet and groups out of the instance.",
    ),
    Rule(
        "RG529",
        "launch-template-groups",
        "Security groups beside the network interfaces of a launch template",
        Category.BLOCKER,
        Severity.HIGH,
        groups_beside_interfaces,
        "https://docs.aws.amazon.com/autoscaling/ec2/userguide/create-launch-template.html",
        stage=Stage.APPLY,
        message="InvalidQueryParameter: Invalid launch template: When a network interface is provided, the security groups must be a part of it.",
        impact=(("Deployment", "The Auto Scaling group is not created."),),
        lesson="An instance may have several interfaces: where a template describes them, each has its own security groups.",
        advice="Name the groups in `network_interfaces` only, or take that block out.",
    ),
    Rule(
        "RG543",
        "scaling-group-zones",
        "Zones beside the subnets of an Auto Scaling group",
        Category.BLOCKER,
        Severity.CRITICAL,
        zones_beside_subnets,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/autoscaling_group",
        stage=Stage.PLAN,
        message='Conflicting configuration arguments: "availability_zones": conflicts with vpc_zone_identifier',
        impact=(("Deployment", "The plan fails, and nothing is deployed."),),
        lesson="A subnet lies in one zone: a group that names its subnets has named its zones.",
        advice="Take `availability_zones` out.",
    ),
    Rule(
        "RG528",
        "instance-default-vpc",
        "Instance relies on the default VPC",
        Category.WARNING,
        Severity.MEDIUM,
        default_vpc,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/instance#security_groups",
        stage=Stage.APPLY,
        impact=(
            (
                "Deployment",
                "In an account or region without a default VPC neither the instance nor its security group is created.",
            ),
        ),
        lesson="`security_groups` takes names in the default VPC; everywhere else it is `vpc_security_group_ids`.",
        advice="Set `subnet_id` and `vpc_security_group_ids`, and the `vpc_id` of the security group.",
    ),
)
