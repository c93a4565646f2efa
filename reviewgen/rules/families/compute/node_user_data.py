"""RG549: user data that EKS cannot join with its own."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...keys import created
from ...places import code
from .user_data import beginning

_IMAGE = "ami_type"


def plain_script(graph: Graph) -> Iterator[Hit]:
    """A managed node group with an image of EKS whose launch template has a mere script as user data."""
    told: set[str] = set()
    for group in graph.of_type("aws_eks_node_group"):
        template = _template(graph, group)
        if template is None or template.address in told or not _has_linux_of_eks(graph, group, template) or not created(graph, group):
            continue
        if beginning(graph, template, "user_data").lstrip().startswith("#!"):
            told.add(template.address)
            yield Hit(
                template.address,
                f"The user data of {code(template.address)} is a mere script, and {code(group.address)}, which uses the template, runs an image "
                "that EKS chooses: EKS joins its own user data to it, which it can with a MIME archive of several parts only.",
                f"the user data of {code(template.address)} is a MIME archive of several parts, or its nodes run an image of their own",
                attribute="user_data",
                related=(group.address,),
            )


def _template(graph: Graph, group: Declaration) -> Declaration | None:
    """Return the launch template of a node group; None where it is not known."""
    found = {
        target.address: target
        for block in group.block.nested("launch_template")
        for name in ("id", "name")
        for target in graph.targets(block.value(name), group.module)
    }
    template = next(iter(found.values())) if len(found) == 1 else None
    return template if template is not None and template.type == "aws_launch_template" and template.kind == "resource" else None


def _has_linux_of_eks(graph: Graph, group: Declaration, template: Declaration) -> bool:
    """Whether the nodes run Amazon Linux as EKS delivers it: neither an image of their own nor Bottlerocket or Windows."""
    image = graph.argument(group, _IMAGE)
    linux = image.startswith("AL2") if isinstance(image, str) else _IMAGE not in group.block.attributes
    return linux and "image_id" not in template.block.attributes


RULES = (
    Rule(
        "RG549",
        "eks-user-data-mere-script",
        "User data of managed nodes is no MIME archive",
        Category.BLOCKER,
        Severity.HIGH,
        plain_script,
        "https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html",
        stage=Stage.APPLY,
        message="Ec2LaunchTemplateInvalidConfiguration: User data was not in the MIME multipart format.",
        impact=(("Deployment", "The node group is not created, and what is to run on it has no nodes."),),
        lesson="EKS joins its own user data to that of the template: with an image of EKS the template's is a part and not the whole.",
        advice="Put the script into a MIME archive of several parts, without the call of `bootstrap.sh`, which EKS makes itself; or leave it out.",
    ),
)
