"""Which values a tree certainly deploys with: constants, and variables that nothing in the tree sets but their default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname
from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.model.hcl import Binary, Block, Call, Expression, Literal, Object, Template, Traversal, Tuple, Unary
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import worths

# Files of values that Terraform reads without being told to, by the ends of their names.
_LOADED = ("terraform.tfvars", ".auto.tfvars")
# Functions whose value depends on what they are given and on nothing else.
_SAME_EVERYWHERE = ("length", "toset", "tolist", "concat", "keys", "values", "min", "max", "range", "distinct")


def settled(graph: Graph, expr: Expression, module: str) -> Any:
    """Return what an expression is worth in every deployment that chooses nothing, or ``UNKNOWN``.

    What depends on a condition, a lookup or an element differs between environments; a variable that a ``.tfvars`` file sets as well.
    """
    return graph.constant(expr, module) if _is_plain(graph, expr, module, 0) else UNKNOWN


def _is_plain(graph: Graph, expr: Expression, module: str, depth: int) -> bool:
    if isinstance(expr, Literal):
        return True
    if depth > 12:
        return False
    if isinstance(expr, Unary):
        return _is_plain(graph, expr.operand, module, depth + 1)
    if isinstance(expr, Binary):
        return all(_is_plain(graph, part, module, depth + 1) for part in (expr.left, expr.right))
    if isinstance(expr, Template):
        return all(_is_plain(graph, part, module, depth + 1) for part in expr.parts)
    if isinstance(expr, Tuple):
        return all(_is_plain(graph, item, module, depth + 1) for item in expr.items)
    if isinstance(expr, Object):
        return all(_is_plain(graph, part, module, depth + 1) for pair in expr.items for part in pair)
    if isinstance(expr, Call):
        # The length of a slice is that of its bounds, whatever list it is taken from.
        parts = expr.args[1:] if expr.name == "slice" else expr.args if expr.name in _SAME_EVERYWHERE else ()
        return bool(parts) and all(_is_plain(graph, part, module, depth + 1) for part in parts)
    return isinstance(expr, Traversal) and _is_plain_name(graph, expr, module, depth)


def _is_plain_name(graph: Graph, traversal: Traversal, module: str, depth: int) -> bool:
    found = graph.resolve(traversal, module)
    if found is None or len(traversal.steps) != 1:
        return False
    if found.attribute is not None:
        return _is_plain(graph, found.attribute.expr, found.module, depth + 1)
    if found.kind != "variable" or _is_set_otherwise(graph, found):
        return False
    calls = graph.callers(found.module)
    if len(calls) > 1:
        return False
    given = calls[0].block.value(found.name) if calls else None
    if given is not None:
        return _is_plain(graph, given, calls[0].module, depth + 1)
    default = found.block.value("default")
    return default is not None and _is_plain(graph, default, found.module, depth + 1)


def loaded(graph: Graph, expr: Expression, module: str) -> Any:
    """Return what an expression of the root module is worth with the files of values that Terraform loads on its own, or ``UNKNOWN``.

    They are delivered, set it, and no other file of values gives it another worth.
    """
    source = graph.resolve(expr, module) if isinstance(expr, Traversal) else None
    if source is None or source.kind != "variable" or not is_set(graph, source.name):
        return UNKNOWN
    given = worths(graph, expr, module)
    own = any(dirname(path) == graph.tree.root and path.endswith(_LOADED) for path, _ in given)
    return given[0][1] if own and all(worth == given[0][1] for _, worth in given) else UNKNOWN


def is_set(graph: Graph, variable: str) -> bool:
    """Whether a file of values sets a variable."""
    return any(True for _ in _given(graph, variable))


def _is_set_otherwise(graph: Graph, variable: Declaration) -> bool:
    """Whether a file of values gives a variable anything but the text that its default is."""
    default = graph.constant(variable.block.value("default"), variable.module)
    return any(default is UNKNOWN or text != f'"{default}"' for text in _given(graph, variable.name))


def _given(graph: Graph, variable: str) -> Iterator[str]:
    """Yield what files of values write behind the name of a variable, to the end of the line."""
    pattern = re.compile(rf'(?m)^[ \t]*"?{re.escape(variable)}"?[ \t]*[=:][ \t]*(.*?),?[ \t]*$')
    for path, file in graph.files.items():
        if ".tfvars" in path:
            yield from pattern.findall(file.text)


def readings(
    graph: Graph, declaration: Declaration, path: tuple[str, ...], only: tuple[str, str] | None = None
) -> Iterator[tuple[Block, Any]]:
    """Yield (block, settled value) of an argument on a path of nested blocks; ``jsonencode`` of an object counts as a block.

    Args:
        graph: The tree.
        declaration: Where to look.
        path: Nested blocks and the argument.
        only: (argument, value in lower case) that the innermost block must have.
    """
    for block in declaration.block.nested(*path[:-1]):
        if only is not None:
            test = block.value(only[0])
            if test is None or str(graph.constant(test, declaration.module)).lower() != only[1]:
                continue
        expr = block.value(path[-1])
        if expr is not None:
            yield block, settled(graph, expr, declaration.module)
    if len(path) > 1:
        expr = declaration.block.value(path[0])
        inner = expr.args[0] if isinstance(expr, Call) and expr.name == "jsonencode" and expr.args else None
        for key, value in inner.items if isinstance(inner, Object) and len(path) == 2 else ():
            if graph.constant(key, declaration.module) == path[1]:
                yield declaration.block, settled(graph, value, declaration.module)
