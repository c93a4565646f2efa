"""RG470, RG476: health checks of Route 53."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.hcl import traversals
from reviewgen.model.hcl import Attr
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code, is_true, type_of, users
from ...values import behind_locals

_DOCS = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
# Attributes that are the host of something, and the argument that decides whether its addresses are public.
_HOSTS = {
    "aws_db_instance": (("address", "endpoint"), "publicly_accessible"),
    "aws_lb": (("dns_name",), "internal"), "aws_alb": (("dns_name",), "internal"), "aws_elb": (("dns_name",), "internal"),
}  # fmt: skip
# What gives other answers when a check fails; what a module is given that it does not declare may be for one.
_FOLLOWING = ("aws_route53_record", "aws_route53_health_check", "module")
_NO_RECORDS = Recommendation("Create the records that the check is to guard, and name it in them with `health_check_id`.")


def check_of_private(graph: Graph) -> Iterator[Hit]:
    """A health check that asks something with private addresses only."""
    if graph.tree.incomplete:
        return
    for check in graph.of_type("aws_route53_health_check"):
        target = _asked(graph, check)
        turned = any(is_true(graph, check, argument) for argument in ("disabled", "invert_healthcheck"))
        if target is None or turned or not _is_private(graph, target):
            continue
        yield Hit(
            check.address,
            f"{code(check.address)} is to reach {code(target.address)}, which has private addresses only: the health checkers of Route 53 are "
            "outside of the network and never reach it.",
            f"{code(check.address)} does not ask for {code(target.address)} while that has private addresses only",
            attribute="fqdn",
            related=(f"{target.address}.{_HOSTS[target.type][1]}",),
        )


def _asked(graph: Graph, check: Declaration) -> Declaration | None:
    """Return what a health check asks by its host name, where that is a resource of the tree; beside an address the name is a header only."""
    if "ip_address" in check.block.attributes:
        return None
    expr, module = behind_locals(graph, check.block.value("fqdn"), check.module)
    named = list(traversals(expr)) if expr is not None else []
    target = graph.resolve(named[0], module) if len(named) == 1 else None
    if target is None or target.kind != "resource" or target.type not in _HOSTS:
        return None
    last = next((s.name for s in reversed(named[0].steps) if isinstance(s, Attr)), "")
    return target if last in _HOSTS[target.type][0] else None


def _is_private(graph: Graph, target: Declaration) -> bool:
    """Whether the addresses behind a host are private for certain: a database that nobody makes public, an internal load balancer."""
    argument = _HOSTS[target.type][1]
    if argument == "internal":
        return is_true(graph, target, argument)
    return argument not in target.block.attributes or graph.argument(target, argument) in (False, "false")


def check_unused(graph: Graph) -> Iterator[Hit]:
    """A health check that no record, alarm or other check uses."""
    if graph.has_remote_modules or graph.tree.incomplete:
        return
    for check in graph.of_type("aws_route53_health_check"):
        found = users(graph, check)
        if not any(type_of(user) in _FOLLOWING for user in found):
            yield Hit(
                check.address,
                f"No record uses {code(check.address)}: whatever it finds changes no answer of the DNS.",
                f"a record or another health check uses {code(check.address)}",
                related=tuple(sorted(found))[:2],
                recommendation=None if graph.of_type("aws_route53_record") else _NO_RECORDS,
            )


RULES = (
    Rule(
        "RG470",
        "health-check-of-private-host",
        "Health check of something that Route 53 cannot reach",
        Category.CRITICAL,
        Severity.HIGH,
        check_of_private,
        _DOCS + "dns-failover-private-hosted-zones.html",
        stage=Stage.RUNTIME,
        impact=(
            (
                "Function",
                "The check cannot tell in which state its target is: alarms and records that follow it say nothing about that.",
            ),
        ),
        lesson="The health checkers of Route 53 come from the internet; what is private is watched by the metrics of its own service.",
        advice='Let the check follow an alarm on the metrics of its target (`type = "CLOUDWATCH_METRIC"`), or ask something public that depends on it.',
    ),
    Rule(
        "RG476",
        "health-check-unused",
        "Health check without a record",
        Category.WARNING,
        Severity.MEDIUM,
        check_unused,
        _DOCS + "dns-failover.html",
        tier=2,
        topics=("failover", "fail over", "fail-over"),
        stage=Stage.RUNTIME,
        impact=(("Function", "Traffic is not moved when the check fails."),),
        lesson="A health check changes DNS answers only through the records that name it.",
        advice="Name the check in the record with `health_check_id`.",
        cures=("aws_route53_record",),
    ),
)
