"""RG349: functions that CloudFront runs at the edge."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.hcl import Expression, Object, Tuple
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import left_out

from ...base import Hit, Rule
from ...places import code, listed

_BEHAVIOURS = ("default_cache_behavior", "ordered_cache_behavior")
_VARIABLES = "environment"
# What Lambda@Edge does not support: the block or argument, and in it what must not be empty.
_UNSUPPORTED = ((_VARIABLES, "variables"), ("vpc_config", "subnet_ids"), ("layers", ""))


def unsupported(graph: Graph) -> Iterator[Hit]:
    """A function with environment variables, layers or a VPC that a distribution runs."""
    seen: set[str] = set()
    for distribution in graph.of_type("aws_cloudfront_distribution"):
        for function in at_the_edge(graph, distribution):
            found = [n for n, inner in _UNSUPPORTED if _is_set(function, n, inner) and not left_out(graph, function, n)]
            if not found or function.address in seen:
                continue
            seen.add(function.address)
            yield Hit(
                function.address,
                f"{code(distribution.address)} runs {code(function.address)} at the edge, and that sets {listed(found)}, which Lambda@Edge does "
                "not support: CloudFront refuses the association.",
                f"{code(function.address)} does not set {listed(found)} while CloudFront runs it",
                attribute=found[0],
                related=(distribution.address,),
                message=_REFUSED if found == [_VARIABLES] else "",
                needs=(distribution.address,),
            )


def at_the_edge(graph: Graph, distribution: Declaration) -> Iterator[Declaration]:
    """Yield the functions that a distribution runs."""
    for kind in _BEHAVIOURS:
        for association in distribution.block.nested(kind, "lambda_function_association"):
            targets = graph.targets(association.value("lambda_arn"), distribution.module)
            yield from (t for t in targets if t.type == "aws_lambda_function" and t.kind == "resource")


def _is_set(function: Declaration, name: str, inner: str) -> bool:
    if not inner:
        return _is_full(function.block.value(name))
    return any(_is_full(block.value(inner)) for block in function.block.nested(name))


def _is_full(value: Expression | None) -> bool:
    """Whether a map or list is written out, with something in it."""
    return isinstance(value, Object | Tuple) and bool(value.items)


_REFUSED = "InvalidLambdaFunctionAssociation: The function cannot have environment variables."

RULES = (
    Rule(
        "RG349",
        "edge-function-unsupported",
        "Function at the edge has what Lambda@Edge does not support",
        Category.BLOCKER,
        Severity.CRITICAL,
        unsupported,
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The distribution is not created."),),
        lesson="Lambda@Edge copies a function to many places: it takes no environment variables, no layers and no VPC along.",
        advice="Write the values into the package or let the function read them from a store, pack what a layer holds, and leave the VPC out.",
    ),
)
