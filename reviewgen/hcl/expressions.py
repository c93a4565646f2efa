"""Walking expressions: the parts of each kind, and the references inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from reviewgen.model.hcl import (
    Access,
    Binary,
    Call,
    Conditional,
    Directive,
    Expression,
    For,
    Index,
    Object,
    Step,
    Template,
    Traversal,
    Tuple,
    Unary,
)


def _keys(steps: tuple[Step, ...]) -> tuple[Expression, ...]:
    return tuple(step.key for step in steps if isinstance(step, Index))


def children(expr: Expression) -> tuple[Expression, ...]:
    """Return the direct parts of an expression, in the order in which they are written."""
    match expr:
        case Template(parts=parts) | Directive(parts=parts):
            return parts
        case Traversal(steps=steps):
            return _keys(steps)
        case Access(base=base, steps=steps):
            return (base, *_keys(steps))
        case Call(args=args):
            return args
        case Tuple(items=elements):
            return elements
        case Object(items=pairs):
            return tuple(side for pair in pairs for side in pair)
        case Conditional(condition=condition, yes=yes, no=no):
            return (condition, yes, no)
        case Binary(left=left, right=right):
            return (left, right)
        case Unary(operand=operand):
            return (operand,)
        case For():
            return tuple(part for part in (expr.collection, expr.key, expr.value, expr.condition) if part is not None)
        case _:
            return ()


def traversals(expr: Expression, bound: frozenset[str] = frozenset()) -> Iterator[Traversal]:
    """Yield every traversal inside, those in index keys too; names that a surrounding ``for`` binds are left out."""
    if isinstance(expr, Traversal):
        if expr.root not in bound:
            yield expr
        for step in expr.steps:
            if isinstance(step, Index):
                yield from traversals(step.key, bound)
    elif isinstance(expr, For):
        yield from traversals(expr.collection, bound)
        inner = bound | {expr.key_name, expr.value_name}
        for part in (expr.key, expr.value, expr.condition):
            if part is not None:
                yield from traversals(part, inner)
    elif isinstance(expr, Directive):
        inner = bound | _loop_names(expr)
        for part in expr.parts:
            yield from traversals(part, inner)
    else:
        for part in children(expr):
            yield from traversals(part, bound)


def _loop_names(directive: Directive) -> frozenset[str]:
    """Names that ``%{for k, v in ...}`` binds: the reader keeps them as words before the first expression."""
    if directive.keyword != "for":
        return frozenset()
    names = set()
    for part in directive.parts:
        value = getattr(part, "value", None)
        if not isinstance(value, str):
            break
        names.add(value)
    return frozenset(names)


def mapped(expr: Expression, function: Callable[[Expression], Expression]) -> Expression:
    """Return an expression with a function applied to each of its direct parts; index keys of steps are parts too."""
    match expr:
        case Template() | Directive():
            return replace(expr, parts=tuple(map(function, expr.parts)))
        case Traversal():
            return replace(expr, steps=_mapped_steps(expr.steps, function))
        case Access():
            return replace(expr, base=function(expr.base), steps=_mapped_steps(expr.steps, function))
        case Call():
            return replace(expr, args=tuple(map(function, expr.args)))
        case Tuple():
            return replace(expr, items=tuple(map(function, expr.items)))
        case Object():
            return replace(expr, items=tuple((function(k), function(v)) for k, v in expr.items))
        case Conditional():
            return replace(expr, condition=function(expr.condition), yes=function(expr.yes), no=function(expr.no))
        case Binary():
            return replace(expr, left=function(expr.left), right=function(expr.right))
        case Unary():
            return replace(expr, operand=function(expr.operand))
        case For():
            key = function(expr.key) if expr.key is not None else None
            condition = function(expr.condition) if expr.condition is not None else None
            return replace(expr, collection=function(expr.collection), key=key, value=function(expr.value), condition=condition)
        case _:
            return expr


def _mapped_steps(steps: tuple[Step, ...], function: Callable[[Expression], Expression]) -> tuple[Step, ...]:
    return tuple(Index(function(step.key)) if isinstance(step, Index) else step for step in steps)


def rewrite(expr: Expression, function: Callable[[Traversal], Expression]) -> Expression:
    """Return an expression with every traversal replaced by what ``function`` makes of it, innermost first."""
    inner = mapped(expr, lambda part: rewrite(part, function))
    return function(inner) if isinstance(inner, Traversal) else inner
