"""In which Availability Zone a copy of a subnet stands, as far as the code says it."""

from __future__ import annotations

from reviewgen import hcl
from reviewgen.model.hcl import Call, Expression, Index, Traversal

from .instances import Scope

Zone = str | tuple[str, int]
"""A zone: its name, or which one of a list it is."""


def named_zone(expr: Expression, scope: Scope) -> str:
    """Return the name of the zone that an expression is worth in a copy, of a list by the copy's number too; empty when that is not certain."""
    value = scope.value(expr)
    if isinstance(expr, Traversal) and expr.steps and isinstance(last := expr.steps[-1], Index) and not isinstance(value, str):
        every, position = scope.value(Traversal(expr.start, expr.end, expr.root, expr.steps[:-1])), scope.value(last.key)
        if isinstance(every, list) and isinstance(position, int) and 0 <= position < len(every):
            value = every[position]
    return value if isinstance(value, str) else ""


# What a list that is named through them is differs from copy to copy.
_OF_A_COPY = ("each", "count")


def zone_of(expr: Expression, scope: Scope) -> Zone | None:
    """Return the zone that an expression names in a copy; None when that is not certain."""
    value = scope.value(expr)
    if isinstance(value, str):
        return value
    position, whole = None, expr
    if isinstance(expr, Call) and expr.name == "element" and len(expr.args) == 2:
        position, whole = scope.value(expr.args[1]), expr.args[0]
    elif isinstance(expr, Traversal) and expr.steps and isinstance(last := expr.steps[-1], Index):
        position, whole = scope.value(last.key), Traversal(expr.start, expr.end, expr.root, expr.steps[:-1])
    if not isinstance(position, int) or isinstance(position, bool) or any(t.root in _OF_A_COPY for t in hcl.traversals(whole)):
        return None
    return hcl.text_of(whole), position
