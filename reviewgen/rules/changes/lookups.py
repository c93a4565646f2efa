"""Things that one tree creates and the other only looks up."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Impact, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.rules.places import code, listed
from reviewgen.terraform import Graph
from reviewgen.terraform.naming import spelled
from reviewgen.terraform.policies import Text

from .groups import Side

RULE = "RG052"
# Looking these up is the usual way: every account or region has them, or AWS publishes them.
_ALWAYS_THERE = frozenset(
    [
        "aws_kms_alias", "aws_ami", "aws_iam_policy", "aws_availability_zones", "aws_prefix_list", "aws_ec2_managed_prefix_list",
        "aws_cloudfront_cache_policy", "aws_cloudfront_origin_request_policy", "aws_cloudfront_response_headers_policy", "aws_ssm_parameter",
    ]
)  # fmt: skip
_MODEL_OR_NONE = ("existing", "already exist", "already have", "pre-existing", "fetch", "look up", "lookup")


def missing(weak: Side, strong: Side, prompt: str) -> Iterator[Finding]:
    """Yield what a tree looks up under a data source and the other tree creates as a resource of the same type."""
    if any(word in prompt for word in _MODEL_OR_NONE):
        return
    for data in weak.only:
        if data.kind != "data" or data.type in _ALWAYS_THERE:
            continue
        created = [d for d in strong.only if d.kind == "resource" and d.type == data.type]
        if others := weak.graph.of_type(data.type):
            apart = _are_others(weak.graph, data, others)
            created = [d for d in created if apart and d.local == data.local.removeprefix("data.")]
        if created:
            yield _finding(data, created, strong.name)


def _are_others(graph: Graph, data: Declaration, resources: list[Declaration]) -> bool:
    """Whether resources certainly have other names than what is looked up."""
    wanted = graph.argument(data, "name")
    names = [Text(spelled(graph, d, "name")) for d in resources]
    return isinstance(wanted, str) and all(name.text and name.matches(wanted) is False for name in names)


def _finding(data: Declaration, created: list[Declaration], other: str) -> Finding:
    name, names = code(data.address), [d.address for d in created]
    return Finding(
        RULE,
        "Looked up instead of created",
        Category.BLOCKER,
        Severity.HIGH,
        data.address,
        f"{name} expects that this already exists in the account; nothing in the tree creates it. {other} creates {listed(names, 3)}.",
        f"{code(names[0])} is declared",
        "",
        "",
        "B",
        related=tuple(names),
        stage=Stage.PLAN,
        impact=(Impact("Deployment", "In an account that does not have it, the plan ends with an error of the data source."),),
        lesson="A data source is a precondition: a stack that is to stand on its own creates what it needs.",
    )
