"""Which subnets compute runs in, and what it needs from the network to start."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen import hcl
from reviewgen.model.hcl import Conditional, Expression, Literal
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph

from .places import written
from .values import taken_targets

# Commands of start-up scripts that load something; those of Amazon Linux's own mirrors also work through an S3 endpoint.
# A host that starts with no letter or digit is one that only a variable names.
_BUCKET = r"(?:[\w.-]+\.)?s3[.-][\w.-]*amazonaws\.com"
_NEAR = r"169\.254\.|localhost|127\.|10\.\d|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|[\w.-]+\.(?:internal|local)\b"
_MIRROR = re.compile(
    r"\b(?:yum|dnf)\b[^\n]*\b(?:install|update|upgrade)|\bamazon-linux-extras\b"
    rf"|\b(?:curl|wget)\b[^\n]*https?://{_BUCKET}[^\s\"'|;)]*"
)
_DOWNLOAD = re.compile(
    r"\b(?:apt(?:-get)?)\b[^\n]*\b(?:install|update|upgrade)|\bpip3? install\b|\bnpm (?:install|ci|i)\b|\bdocker (?:pull|run)\b"
    rf"|\b(?:curl|wget)\b[^\n]*https?://(?!{_NEAR}|{_BUCKET})[A-Za-z0-9][^\s\"'|;)]*"
)
# What is loaded through a proxy takes its way out.
_PROXY = re.compile(r"\bhttps?_proxy\s*=|\bproxy\s*=\s*https?:", re.IGNORECASE)


_AGENT_POLICIES = ("/AmazonSSMManagedInstanceCore", "/AmazonEC2RoleforSSM")


@dataclass(frozen=True, eq=False)
class Placement:
    """Compute in subnets.

    Attributes:
        owner: Resource whose argument names the subnets.
        argument: That argument.
        subnets: The subnets.
        template: What holds user data and instance profile: the instance itself or a launch template.
    """

    owner: Declaration
    argument: str
    subnets: tuple[Declaration, ...]
    template: Declaration


def servers(graph: Graph) -> Iterator[Placement]:
    """Yield the instances and Auto Scaling groups of a tree with the subnets they run in."""
    for instance in graph.of_type("aws_instance"):
        places = subnets(graph, instance, "subnet_id")
        if places:
            yield Placement(instance, "subnet_id", places, instance)
    for group in graph.of_type("aws_autoscaling_group"):
        places = subnets(graph, group, "vpc_zone_identifier")
        for template in _templates(graph, group):
            if places:
                yield Placement(group, "vpc_zone_identifier", places, template)


def _templates(graph: Graph, group: Declaration) -> list[Declaration]:
    paths = (
        ("launch_configuration",),
        ("launch_template", "id"),
        ("launch_template", "name"),
        ("mixed_instances_policy", "launch_template", "launch_template_specification", "launch_template_id"),
    )
    found: dict[str, Declaration] = {}
    for path in paths:
        for block in group.block.nested(*path[:-1]):
            for target in graph.targets(block.value(path[-1]), group.module):
                if target.type in ("aws_launch_template", "aws_launch_configuration"):
                    found[target.address] = target
    return list(found.values())


def subnets(graph: Graph, declaration: Declaration, *path: str) -> tuple[Declaration, ...]:
    """Return the subnets that an argument on a path of nested blocks names; none when something else than subnets of the tree takes part.

    Blocks that the delivered values leave out, and the branch of a condition that is not taken, place nothing.
    """
    found: list[Declaration] = []
    for block in written(graph, declaration, *path[:-1]):
        found += taken_targets(graph, block.value(path[-1]), declaration.module)
    return tuple(found) if found and all(t.type == "aws_subnet" for t in found) else ()


def managed_by_ssm(graph: Graph, place: Placement) -> bool:
    """Whether a server's role has the managed policy of the Systems Manager agent."""
    paths = (("iam_instance_profile",), ("iam_instance_profile", "name"), ("iam_instance_profile", "arn"))
    for path in paths:
        for block in place.template.block.nested(*path[:-1]):
            for role in graph.policies.roles(block.value(path[-1]), place.template.module):
                if any(arn.text.endswith(_AGENT_POLICIES) for arn in graph.policies.of_role(role).managed):
                    return True
    return False


def script(graph: Graph, server: Declaration) -> str:
    """Return the constant text of a server's start-up script: literals of its expression, files of the tree that it reads."""
    parts: list[str] = []
    for name in ("user_data", "user_data_base64"):
        value = server.block.value(name)
        if value is not None:
            parts += _texts(graph, value, server.module, 0)
    return "\n".join(parts)


def _texts(graph: Graph, expr: Expression, module: str, depth: int) -> Iterator[str]:
    if isinstance(expr, Literal):
        if isinstance(expr.value, str):
            yield _file(graph, expr.value) or expr.value
        return
    for part in hcl.children(expr):
        yield from _texts(graph, part, module, depth)
    for traversal in hcl.traversals(expr) if depth < 3 and not hcl.children(expr) else ():
        target = graph.resolve(traversal, module)
        if target is not None and target.attribute is not None:
            yield from _texts(graph, target.attribute.expr, target.module, depth + 1)


def _file(graph: Graph, name: str) -> str:
    """The text of a delivered script by the end of its path."""
    if not re.search(r"\.(?:sh|tpl|tftpl|yaml|yml|txt)$", name):
        return ""
    wanted = name.lstrip("./")
    return next((f.text for path, f in sorted(graph.files.items()) if path == wanted or path.endswith("/" + wanted)), "")


def downloads(text: str) -> tuple[bool, str]:
    """Return whether a script loads something over the network, and the command; the flag is False when an S3 endpoint would do."""
    run = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#"))
    if _PROXY.search(run):
        return False, ""
    strong, weak = _DOWNLOAD.search(run), _MIRROR.search(run)
    if strong:
        return True, _short(strong[0])
    return False, _short(weak[0]) if weak else ""


def _short(command: str) -> str:
    words = re.sub("[`\"']", "", command).split()
    return " ".join(words[:4])


def undecided(graph: Graph, declaration: Declaration, *path: str) -> bool:
    """Whether a condition that nobody knows chooses what an argument names."""
    values = [block.value(path[-1]) for block in declaration.block.nested(*path[:-1])]
    return any(isinstance(v, Conditional) and not isinstance(graph.constant(v.condition, declaration.module), bool) for v in values)


def deciding(place: Placement) -> tuple[str, ...]:
    """Return the arguments that decide about a public address: those of the server itself, or those of its subnets where it has none."""
    said = "associate_public_ip_address"
    own = [
        path
        for path in ((said,), ("network_interfaces", said))
        if any(b.value(said) is not None for b in place.template.block.nested(*path[:-1]))
    ]
    if own:
        return tuple(".".join([place.template.address, *path]) for path in own)
    return tuple(f"{s.address}.map_public_ip_on_launch" for s in place.subnets)


def addressless(graph: Graph, place: Placement) -> bool:
    """Whether nothing gives a server a public address: subnet, interface, or Elastic IP."""
    template = place.template
    own = [b.value("associate_public_ip_address") for b in (template.block, *template.block.nested("network_interfaces"))]
    said = [graph.constant(v, template.module) for v in own if v is not None]
    if said:
        return all(v in (False, "false") for v in said) and not _elastic(graph, place.owner)
    mapped = [s.block.value("map_public_ip_on_launch") for s in place.subnets]
    unset = not any("ipv6_cidr_block" in s.block.attributes for s in place.subnets)  # mirrors are reached by IPv6, too
    unset = unset and all(m is None or graph.constant(m, s.module) in (False, "false") for m, s in zip(mapped, place.subnets, strict=True))
    return unset and not _elastic(graph, place.owner) and not any(template.block.nested("network_interfaces", "network_interface_id"))


def _elastic(graph: Graph, server: Declaration) -> bool:
    return any(r.source.split(".")[-2].startswith("aws_eip") for r in graph.incoming.get(server.address, ()))
