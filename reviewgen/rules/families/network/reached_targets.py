"""RG449: targets of a load balancer that nothing of the stack may reach."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...firewall import all_groups_of, is_idle, names_groups_only, openings, written
from ...places import code, listed, type_of
from ..compute.instance_networks import templates_of
from ..compute.load_balancers import LISTENERS

_GROUPS = ("aws_lb_target_group", "aws_alb_target_group")
_ATTACHMENTS = ("aws_lb_target_group_attachment", "aws_alb_target_group_attachment")
_LISTENING = (*LISTENERS, "aws_lb_listener_rule", "aws_alb_listener_rule")
# Where an instance, or the template of one, names its security groups.
_NAMING = "vpc_security_group_ids"


def targets_admit_nobody(graph: Graph) -> Iterator[Hit]:
    """Instances behind a load balancer whose groups admit the port of their target group only from groups that nothing carries."""
    if graph.tree.incomplete or graph.has_remote_modules:
        return
    for group in graph.of_type(*_GROUPS):
        port = graph.argument(group, "port")
        listened = any(type_of(user.source) in _LISTENING for user in graph.incoming.get(group.address, ()))
        if not listened or not isinstance(port, int | str) or not str(port).isdigit() or not _checks(graph, group, port):
            continue
        for holder in dict.fromkeys(_holders(graph, group)):
            clients, own = _admitted(graph, holder, int(port))
            if clients and all(is_idle(graph, client) for client in clients):
                those = "that group" if len(clients) == 1 else "those groups"
                yield Hit(
                    holder.address,
                    f"{code(holder.address)} admits port {port}, to which {code(group.address)} sends, only from {listed(clients)}, and nothing in "
                    f"this stack carries {those}: neither requests nor health checks are let in.",
                    f"{code(holder.address)} is no target of {code(group.address)}, admits others on port {port}, or something carries "
                    f"{listed(clients)}",
                    attribute=_NAMING,
                    key=group.address,
                    related=(*clients, *own, f"{group.address}.port"),
                )


def _checks(graph: Graph, group: Declaration, port: int | str) -> bool:
    """Whether the health checks of a group go to the port to which it sends, as they do unless told otherwise."""
    blocks = [block for block in group.block.nested("health_check") if "port" in block.attributes]
    return all(str(graph.constant(block.value("port"), group.module)) in ("traffic-port", str(port)) for block in blocks)


def _holders(graph: Graph, group: Declaration) -> Iterator[Declaration]:
    """Yield the instances and launch templates of which the targets of a group certainly are."""
    for scaling in graph.of_type("aws_autoscaling_group"):
        if group in graph.targets(scaling.block.value("target_group_arns"), scaling.module):
            yield from templates_of(graph, scaling)
    for attachment in graph.of_type(*_ATTACHMENTS):
        # A target may take the traffic on a port of its own.
        if "port" not in attachment.block.attributes and group in graph.targets(
            attachment.block.value("target_group_arn"), attachment.module
        ):
            found = graph.targets(attachment.block.value("target_id"), attachment.module)
            yield from (t for t in found if t.type == "aws_instance" and t.kind == "resource" and not any(templates_of(graph, t)))


def _admitted(graph: Graph, holder: Declaration, port: int) -> tuple[list[str], list[str]]:
    """Return (groups that may reach a port of what carries security groups, those it carries); none where others may, or that is not certain."""
    own = all_groups_of(graph, holder, _NAMING)
    if not own or not all(written(graph, g) for g in own):
        return [], []
    rules = [r for g in own for r in openings(graph)[g.address] if not r.outbound and r.may_cover(port)]
    if not all(names_groups_only(rule) for rule in rules):
        return [], []
    return sorted({client for rule in rules for client in rule.groups}), [g.address for g in own]


RULES = (
    Rule(
        "RG449",
        "targets-admit-uncarried-group",
        "Targets admit only a security group that nothing carries",
        Category.CRITICAL,
        Severity.HIGH,
        targets_admit_nobody,
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "No target becomes healthy, and no request that the load balancer passes on arrives."),),
        lesson="A rule that admits a group admits what carries it; a load balancer carries the groups of its `security_groups` only.",
        advice="Name the admitted group in `security_groups` of the load balancer, which a network load balancer takes only when it is created.",
    ),
)
