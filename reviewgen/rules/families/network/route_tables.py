"""RG447: route tables whose routes are written in two ways."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.hcl import UNKNOWN
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...keys import created
from ...places import code, listed

_TABLES = ("aws_route_table", "aws_default_route_table")


def inline_and_separate(graph: Graph) -> Iterator[Hit]:
    """Inline routes are authoritative: what resources of their own add to the table gets removed again."""
    for table in graph.of_type(*_TABLES):
        if not any(block.type == "route" for block in table.block.blocks) or not _is_made(graph, table) or _is_ignored(table):
            continue
        added = [route.address for route in graph.of_type("aws_route") if _is_made(graph, route) and _adds_to(graph, route, table)]
        if added:
            yield Hit(
                table.address,
                f"{code(table.address)} sets `route` inline, and {listed(added)} add{'s' if len(added) == 1 else ''} to its routes. "
                "Inline routes are authoritative: the next apply removes what they do not list.",
                f"the routes of {code(table.address)} are either all inline or all resources of their own",
                attribute="route",
                related=tuple(added),
            )


def _adds_to(graph: Graph, route: Declaration, table: Declaration) -> bool:
    if route.module != table.module:
        return False  # a module that is called twice has a table for each call
    targets = graph.targets(route.block.value("route_table_id"), route.module)
    return [t.address for t in targets] == [table.address]


def _is_made(graph: Graph, declaration: Declaration) -> bool:
    """Whether a resource is created for certain, whatever the workspace."""
    numbers = [declaration.block.value(name) for name in ("count", "for_each") if name in declaration.block.attributes]
    return created(graph, declaration) and all(graph.constant(number, declaration.module) is not UNKNOWN for number in numbers)


def _is_ignored(table: Declaration) -> bool:
    """Whether a table leaves changes of something alone; which, nobody looks at."""
    return any("ignore_changes" in block.attributes for block in table.block.nested("lifecycle"))


RULES = (
    Rule(
        "RG447",
        "route-table-inline-and-separate",
        "Route table mixes inline routes with route resources",
        Category.CRITICAL,
        Severity.HIGH,
        inline_and_separate,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route_table",
        stage=Stage.APPLY,
        impact=(("Function", "The two kinds of routes overwrite each other: what one apply opens the next may close."),),
        lesson="One route table, one way of writing its routes.",
        advice="Move the inline routes into route resources, or the other way round.",
    ),
)
