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
    if isinstance(expr, Traversal) and not isinstance(value, str) and (found := _one_of(expr, scope)) is not None:
        whole, position = found
        every = scope.value(whole)
        if isinstance(every, list) and 0 <= position < len(every):
            value = every[position]
    return value if isinstance(value, str) else ""


# What a list that is named through them is differs from copy to copy.
_OF_A_COPY = ("each", "count")


def zone_of(expr: Expression, scope: Scope) -> Zone | None:
    """Return the zone that an expression names in a copy; None when that is not certain."""
    value = scope.value(expr)
    if isinstance(value, str):
        return value
    found = _one_of(expr, scope)
    if found is None or any(t.root in _OF_A_COPY for t in hcl.traversals(found[0])):
        return None
    return hcl.text_of(found[0]), found[1]


def _one_of(expr: Expression, scope: Scope) -> tuple[Expression, int] | None:
    """Return the list of which an expression names one, and which; None where it names none, or the position is not certain."""
    if isinstance(expr, Call) and expr.name == "element" and len(expr.args) == 2:
        whole, position = expr.args[0], scope.value(expr.args[1])
    elif isinstance(expr, Traversal) and expr.steps and isinstance(last := expr.steps[-1], Index):
        whole, position = Traversal(expr.start, expr.end, expr.root, expr.steps[:-1]), scope.value(last.key)
    else:
        return None
    return (whole, position) if isinstance(position, int) and not isinstance(position, bool) else None
