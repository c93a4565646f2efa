"""RG541, RG542, RG550: EKS clusters and node groups that are refused, log groups that stay empty."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph

from ... import tables
from ...base import Hit, Rule
from ...places import code, listed, uses
from ...values import variable_behind

# Families of instances with ARM processors: a ``g`` right behind the generation, and the first of them.
_ARM = re.compile(r"(?:[a-z]+\d+g[a-z]*|a1)\.")
_IMAGE = "ami_type"


def retired_kubernetes(graph: Graph) -> Iterator[Hit]:
    """A Kubernetes version that EKS no longer creates."""
    last = tables.rows("eks_versions")[0]["last"]
    for cluster in graph.of_type("aws_eks_cluster"):
        version = graph.argument(cluster, "version")
        match = re.fullmatch(r"1\.(\d+)", str(version)) if isinstance(version, str | float) else None
        if match and int(match[1]) <= int(last.split(".")[1]):
            yield Hit(
                cluster.address,
                f"{code(cluster.address)} asks for Kubernetes {code(str(version))}, whose extended support has ended: EKS no longer creates such clusters.",
                f"{code(cluster.address)} does not ask for Kubernetes {code(str(version))}",
                attribute="version",
                related=variable_behind(graph, cluster, "version"),
                message=f"InvalidParameterException: unsupported Kubernetes version {version}",
                prescribed=str(version),
            )


def other_processor(graph: Graph) -> Iterator[Hit]:
    """A managed node group whose image is not for the processors of its instance types; without ``ami_type`` EKS takes one for x86.

    With a launch template the image may be another one.
    """
    for group in graph.of_type("aws_eks_node_group"):
        types, image = graph.argument(group, "instance_types"), graph.argument(group, _IMAGE)
        known = isinstance(image, str) or _IMAGE not in group.block.attributes
        if any(group.block.nested("launch_template")) or not known or image == "CUSTOM" or not isinstance(types, list):
            continue
        arm = isinstance(image, str) and "_ARM_" in image
        wrong = [t for t in types if isinstance(t, str) and (_ARM.match(t) is not None) is not arm]
        if not wrong:
            continue
        chosen = f"has the image {code(str(image))}" if image else f"sets no {code(_IMAGE)}, and EKS takes an image for x86"
        yield Hit(
            group.address,
            f"{code(group.address)} {chosen}; the processors of {listed(wrong)} are {'x86' if arm else 'ARM'}.",
            f"the image of {code(group.address)} is for the processors of {listed(wrong)}",
            attribute=_IMAGE,
            related=variable_behind(graph, group, "instance_types") or (f"{group.address}.instance_types",),
            message=f"InvalidParameterException: [{', '.join(wrong)}] is not a valid instance type for requested amiType {image or ''}".strip(),
        )


def unused_log_group(graph: Graph) -> Iterator[Hit]:
    """A log group that a cluster waits for, under another name than the one that the control plane writes to."""
    groups = {g.address: graph.argument(g, "name") for g in graph.of_type("aws_cloudwatch_log_group")}
    if graph.tree.incomplete or not all(isinstance(name, str) for name in groups.values()):
        return
    for cluster in graph.of_type("aws_eks_cluster"):
        name, types = graph.argument(cluster, "name"), graph.argument(cluster, "enabled_cluster_log_types")
        written = f"/aws/eks/{name}/cluster"
        if not isinstance(name, str) or not isinstance(types, list) or not types or written in groups.values():
            continue
        for address in dict.fromkeys(r.target for r in graph.outgoing.get(cluster.address, ()) if r.path == "depends_on"):
            if address in groups and not _is_for_others(graph, address, str(groups[address])):
                yield Hit(
                    address,
                    f"{code(cluster.address)} waits for {code(address)}, whose name is {code(str(groups[address]))}. Its control plane writes to "
                    f"{code(written)}, for which no log group is declared: EKS creates that one itself.",
                    f"{code(address)} has the name {code(written)}, or {code(cluster.address)} does not wait for it",
                    attribute="name",
                    related=(f"{cluster.address}.enabled_cluster_log_types",),
                )


# Names that AWS gives to the log groups of its services.
_OF_SERVICES, _OF_EKS = "/aws/", "/aws/eks"


def _is_for_others(graph: Graph, address: str, name: str) -> bool:
    """Whether a log group is there for something else: it has the name of another service's, or another resource makes use of it."""
    users = [graph.get(reference.source) for reference in uses(graph, address)]
    return (name.startswith(_OF_SERVICES) and not name.startswith(_OF_EKS)) or any(u is not None and u.kind == "resource" for u in users)


RULES = (
    Rule(
        "RG541",
        "eks-version-retired",
        "Kubernetes version is no longer offered",
        Category.BLOCKER,
        Severity.HIGH,
        retired_kubernetes,
        "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The cluster is not created, and neither is what runs on it."),),
        lesson="EKS offers a version for 26 months, the last twelve of them at a surcharge.",
        advice="Choose a version in standard support.",
    ),
    Rule(
        "RG542",
        "eks-image-of-other-processor",
        "Node group with an image for other processors",
        Category.BLOCKER,
        Severity.HIGH,
        other_processor,
        "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The node group is not created, and what is to run on it has no nodes."),),
        lesson="EKS does not take the image from the instance type: Graviton needs an `ami_type` for ARM.",
        advice="Set an `ami_type` for the processors of the instance types: `AL2023_ARM_64_STANDARD` for Graviton, for example.",
    ),
    Rule(
        "RG550",
        "eks-log-group-of-another-name",
        "Log group of a cluster under another name than EKS writes to",
        Category.WARNING,
        Severity.MEDIUM,
        unused_log_group,
        "https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
        stage=Stage.RUNTIME,
        impact=(
            ("Operations", "What the code sets for the log group, such as its retention, does not hold for the logs of the control plane."),
        ),
        lesson="The control plane of a cluster writes to `/aws/eks/<cluster>/cluster`, and to no other log group.",
        advice="Name the log group `/aws/eks/<cluster>/cluster`, with the name of the cluster.",
    ),
)
