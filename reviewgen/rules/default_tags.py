"""Default tags of a provider that no plan knows: what is planned for resources with tags of their own is not what apply makes of them."""

from __future__ import annotations

from reviewgen.hcl import walk
from reviewgen.model.hcl import Attr, Call, Expression, Object, Traversal
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph, instances

from .places import provider
from .values import OF_THE_RUN

SOURCE = "https://github.com/hashicorp/terraform-provider-aws/issues/43448"
MESSAGE = "Error: Provider produced inconsistent final plan"
# Roots of traversals whose values every plan knows.
_KNOWN_ROOTS = ("terraform", "path", "count")


def of_aws(graph: Graph, address: str, path: str) -> bool:
    """Whether an argument is the default tags of a provider of AWS."""
    holder = graph.get(address)
    return holder is not None and holder.kind == "provider" and address.split(".")[1] == "aws" and path.startswith("default_tags")


def refused(graph: Graph, providers: frozenset[str], ignoring: frozenset[str]) -> str:
    """Return the first resource of the root module for which apply certainly refuses what is planned; empty for none.

    The provider leaves all its default tags out of ``tags_all`` as long as it does not know one of them, where a plan knows the tags of the
    resource; without tags of its own, or with such as are not known either, ``tags_all`` is left open, and apply may fill it.
    """
    for resource in graph.of_kind("resource"):
        own = resource.block.value("tags")
        mine = resource.module == graph.tree.root and resource.type.startswith("aws_") and f"provider.{provider(resource)}" in providers
        if not mine or own is None or resource.address in ignoring or instances.absent_by_default(graph, resource):
            continue
        if _holds(graph, own, resource.module) and _known(graph, own, resource.module, frozenset()):
            return resource.address
    return ""


def _holds(graph: Graph, expr: Expression, module: str) -> bool:
    """Whether tags are certainly not none at all."""
    worth = graph.constant(expr, module)
    return any(isinstance(part, Object) and part.items for part in walk(expr)) or (isinstance(worth, dict) and bool(worth))


def _known(graph: Graph, expr: Expression, module: str, seen: frozenset[str]) -> bool:
    """Whether a plan certainly knows a value: it is made of inputs of the root module and of what is written in the code."""
    for part in walk(expr):
        if isinstance(part, Call) and part.name in OF_THE_RUN:
            return False
        if isinstance(part, Traversal) and not _known_name(graph, part, module, seen):
            return False
    return True


def _known_name(graph: Graph, name: Traversal, module: str, seen: frozenset[str]) -> bool:
    if name.root in _KNOWN_ROOTS:
        return True
    if name.root == "each":
        return bool(name.steps) and isinstance(name.steps[0], Attr) and name.steps[0].name == "key"
    target = graph.resolve(name, module)
    return target is not None and _known_target(graph, target, seen)


def _known_target(graph: Graph, target: Declaration, seen: frozenset[str]) -> bool:
    if target.kind != "local" or target.attribute is None:
        return target.kind == "variable"
    fresh = target.address not in seen
    return fresh and _known(graph, target.attribute.expr, target.module, seen | {target.address})
