"""RG360: permissions on event buses whose principal is no account."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.hcl import traversals
from reviewgen.model.hcl import Attr, Expression, Template, Traversal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...keys import created
from ...places import code
from ...texts import pieces


def principal_by_arn(graph: Graph) -> Iterator[Hit]:
    """A permission that is given to an ARN which is put together, or known once something else exists."""
    for permission in graph.of_type("aws_cloudwatch_event_permission"):
        expr = permission.block.value("principal")
        if expr is None or not created(graph, permission) or not _is_arn(graph, expr, permission.module):
            continue
        sources = [graph.resolve(t, permission.module) for t in traversals(expr)]
        read = all(source is not None and source.kind == "data" for source in sources)
        yield Hit(
            permission.address,
            f"The `principal` of {code(permission.address)} is an ARN, and has to be the id of an account or `*`.",
            f"{code(permission.address)} gives no ARN as its `principal`",
            attribute="principal",
            related=tuple(source.address for source in sources if source is not None),
            stage=Stage.PLAN if read else Stage.APPLY,
        )


def _is_arn(graph: Graph, expr: Expression, module: str) -> bool:
    """Whether an expression is surely the ``arn`` of a resource, or a text with gaps that begins as an ARN does."""
    if isinstance(expr, Traversal):
        target, last = graph.resolve(expr, module), expr.steps[-1] if expr.steps else None
        return target is not None and target.kind == "resource" and isinstance(last, Attr) and last.name == "arn"
    first = pieces(graph, expr, module)[:1] if isinstance(expr, Template) else ()
    return any((piece.text or "").startswith("arn:") for piece in first)


RULES = (
    Rule(
        "RG360",
        "event-permission-for-arn",
        "Permission on an event bus whose principal is an ARN",
        Category.BLOCKER,
        Severity.HIGH,
        principal_by_arn,
        "https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/cloudwatch_event_permission",
        fix_class="C",
        stage=Stage.APPLY,
        # Of hashicorp/aws 5.100.0, by `terraform validate`; what is known later is checked once more then.
        message='Error: "principal" must be * or a 12 digit AWS account ID',
        impact=(("Deployment", "The provider refuses the value, and the permission is not created."),),
        lesson="Permissions on event buses are given to accounts; roles of one's own account need a policy of their own only.",
        advice="Name the id of the account, or admit the principal by the policy of an `aws_cloudwatch_event_bus_policy`.",
    ),
)
