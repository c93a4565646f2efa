"""What an expression comes to when it asks for files of the answer: ``fileexists("region") ? file("region") : var.region``."""

from __future__ import annotations

import posixpath

from reviewgen.model.hcl import Binary, Call, Conditional, Expression, Literal, Template, Traversal
from reviewgen.terraform import Graph

_DEEPEST = 8
_TRIMS = ("trimspace", "chomp")


def chosen(graph: Graph, expr: Expression, module: str, depth: int = 0) -> Expression:
    """Return the expression that a tree takes for certain because of the files that are delivered with it; the same one otherwise."""
    if depth > _DEEPEST:
        return expr
    if isinstance(expr, Traversal):
        local = graph.resolve(expr, module)
        if local is not None and local.attribute is not None and len(expr.steps) == 1:
            found = chosen(graph, local.attribute.expr, local.module, depth + 1)
            return expr if found is local.attribute.expr else found
    if isinstance(expr, Conditional):
        holds = _holds(graph, expr.condition, module, depth)
        return expr if holds is None else chosen(graph, expr.yes if holds else expr.no, module, depth + 1)
    text = _text(graph, expr, module)
    return expr if text is None else Literal(expr.start, expr.end, text)


def _holds(graph: Graph, condition: Expression, module: str, depth: int) -> bool | None:
    """Whether a condition holds that asks for nothing but files, None when it asks for more."""
    if isinstance(condition, Call) and condition.name == "fileexists" and condition.args:
        path = _path(graph, condition.args[0], module)
        return True if path in graph.files else None  # what is not delivered may be there
    if isinstance(condition, Binary) and condition.op in ("==", "!="):
        left, right = (chosen(graph, side, module, depth + 1) for side in (condition.left, condition.right))
        if isinstance(left, Literal) and isinstance(right, Literal) and (left, right) != (condition.left, condition.right):
            return (left.value == right.value) is (condition.op == "==")
    return None


def _text(graph: Graph, expr: Expression, module: str) -> str | None:
    if isinstance(expr, Call) and expr.name in _TRIMS and expr.args:
        inner = _text(graph, expr.args[0], module)
        return inner.strip() if inner is not None else None
    if not isinstance(expr, Call) or expr.name != "file" or not expr.args:
        return None
    path = _path(graph, expr.args[0], module)
    file = graph.files.get(path) if path is not None else None
    return file.text if file is not None else None


def _path(graph: Graph, expr: Expression, module: str) -> str | None:
    """Return a path below ``path.module``, the only place of which it is known where it lies."""
    parts = expr.parts if isinstance(expr, Template) else ()
    if len(parts) != 2 or not (isinstance(parts[0], Traversal) and parts[0].root == "path" and isinstance(parts[1], Literal)):
        return None
    name = getattr(parts[0].steps[0], "name", "") if parts[0].steps else ""
    rest = str(parts[1].value)
    return posixpath.normpath(posixpath.join(module, rest.lstrip("/"))) if name == "module" and rest.startswith("/") else None
