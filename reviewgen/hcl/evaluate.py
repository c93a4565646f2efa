"""Folding of constants: what an expression is worth when that is certain, ``UNKNOWN`` when it is not.

Values are ``str``, ``int``, ``float``, ``bool``, ``None``, ``list`` and ``dict``; a list or dict may hold ``UNKNOWN`` elements.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Final

from reviewgen.model.hcl import (
    Access,
    Attr,
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    Literal,
    Object,
    Splat,
    Step,
    Template,
    Traversal,
    Tuple,
    Unary,
)


class Unknown(Enum):
    """The type of ``UNKNOWN``."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        """Unknown is never taken for true."""
        return False


UNKNOWN: Final = Unknown.UNKNOWN
Scope = Callable[[Traversal], Any]


def nothing_known(_: Traversal) -> Any:
    """The scope in which no variable has a value."""
    return UNKNOWN


def evaluate(expr: Expression, scope: Scope = nothing_known) -> Any:
    """Return the value of an expression, or ``UNKNOWN``.

    Args:
        expr: Any expression.
        scope: Gives the value of a traversal (``var.x``, ``local.y.z``), or ``UNKNOWN``.
    """
    fold = _FOLDS.get(type(expr))
    return fold(expr, scope) if fold else UNKNOWN


def known(value: Any) -> bool:
    """Whether a value has no unknown part."""
    if isinstance(value, list):
        return all(map(known, value))
    if isinstance(value, dict):
        return all(map(known, value.values()))
    return value is not UNKNOWN


def text(value: Any) -> Any:
    """Return a primitive as Terraform converts it to a string; ``UNKNOWN`` for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else repr(value)
    return value if isinstance(value, str) else UNKNOWN


def _template(expr: Template, scope: Scope) -> Any:
    parts = [text(evaluate(p, scope)) for p in expr.parts]
    return UNKNOWN if UNKNOWN in parts else "".join(parts)


def _tuple(expr: Tuple, scope: Scope) -> Any:
    return [evaluate(i, scope) for i in expr.items]


def _object(expr: Object, scope: Scope) -> Any:
    result: dict[str, Any] = {}
    for key, value in expr.items:
        name = text(evaluate(key, scope))
        if name is UNKNOWN:
            return UNKNOWN
        result[name] = evaluate(value, scope)
    return result


def _conditional(expr: Conditional, scope: Scope) -> Any:
    condition = evaluate(expr.condition, scope)
    if condition is True or condition == "true":
        return evaluate(expr.yes, scope)
    if condition is False or condition == "false":
        return evaluate(expr.no, scope)
    return UNKNOWN


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    return bool(left == right)


def _arithmetic(op: str, a: Any, b: Any) -> Any:
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in (a, b)):
        return UNKNOWN
    if op in ("/", "%") and b == 0:
        return UNKNOWN
    value = {
        "+": lambda: a + b,
        "-": lambda: a - b,
        "*": lambda: a * b,
        "/": lambda: a / b,
        "%": lambda: a % b if (a >= 0) == (b > 0) else -((-a) % b),
        "<": lambda: a < b,
        ">": lambda: a > b,
        "<=": lambda: a <= b,
        ">=": lambda: a >= b,
    }[op]()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _binary(expr: Binary, scope: Scope) -> Any:
    left, right = evaluate(expr.left, scope), evaluate(expr.right, scope)
    if expr.op == "&&":
        return False if left is False or right is False else True if left is True and right is True else UNKNOWN
    if expr.op == "||":
        return True if left is True or right is True else False if left is False and right is False else UNKNOWN
    if not (known(left) and known(right)):
        return UNKNOWN
    if expr.op in ("==", "!="):
        return _same(left, right) == (expr.op == "==")
    return _arithmetic(expr.op, left, right)


def _unary(expr: Unary, scope: Scope) -> Any:
    value = evaluate(expr.operand, scope)
    if expr.op == "!" and isinstance(value, bool):
        return not value
    return -value if expr.op == "-" and isinstance(value, int | float) and not isinstance(value, bool) else UNKNOWN


def follow(value: Any, steps: tuple[Step, ...], scope: Scope) -> Any:
    """Return what stands at the end of some steps from a value."""
    for position, step in enumerate(steps):
        if isinstance(step, Splat):
            items = value if isinstance(value, list) else UNKNOWN
            return [follow(i, steps[position + 1 :], scope) for i in items] if isinstance(items, list) else UNKNOWN
        key = step.name if isinstance(step, Attr) else evaluate(step.key, scope)
        if isinstance(value, dict):
            value = value.get(text(key), UNKNOWN)
        elif isinstance(value, list) and isinstance(key, int) and not isinstance(key, bool) and 0 <= key < len(value):
            value = value[key]
        else:
            return UNKNOWN
    return value


def _access(expr: Access, scope: Scope) -> Any:
    return follow(evaluate(expr.base, scope), expr.steps, scope)


def _traversal(expr: Traversal, scope: Scope) -> Any:
    return scope(expr)


def _call(expr: Call, scope: Scope) -> Any:
    from .functions import call

    if expr.expand:
        return UNKNOWN
    return call(expr.name, [evaluate(a, scope) for a in expr.args])


def _for(expr: For, scope: Scope) -> Any:
    collection = evaluate(expr.collection, scope)
    if isinstance(collection, list):
        pairs = list(enumerate(collection))
    elif isinstance(collection, dict):
        pairs = list(collection.items())
    else:
        return UNKNOWN
    if len(pairs) > 1000 or expr.grouping:
        return UNKNOWN
    return _loop(expr, pairs, scope)


def _loop(expr: For, pairs: list[tuple[Any, Any]], scope: Scope) -> Any:
    items: list[tuple[Any, Any]] = []
    for key, value in pairs:

        def inner(t: Traversal, key: Any = key, value: Any = value) -> Any:
            if t.root == expr.value_name:
                return follow(value, t.steps, scope)
            return key if t.root == expr.key_name and not t.steps else scope(t)

        keep = evaluate(expr.condition, inner) if expr.condition is not None else True
        if not isinstance(keep, bool):
            return UNKNOWN
        if keep:
            items.append((text(evaluate(expr.key, inner)) if expr.key is not None else None, evaluate(expr.value, inner)))
    if expr.key is None:
        return [value for _, value in items]
    return UNKNOWN if any(key is UNKNOWN for key, _ in items) else dict(items)


_FOLDS: dict[type, Callable[[Any, Scope], Any]] = {
    Literal: lambda e, _s: e.value,
    Template: _template,
    Tuple: _tuple,
    Object: _object,
    Conditional: _conditional,
    Binary: _binary,
    Unary: _unary,
    Access: _access,
    Traversal: _traversal,
    Call: _call,
    For: _for,
}

__all__ = ["UNKNOWN", "Scope", "Unknown", "evaluate", "follow", "known", "nothing_known", "text"]
