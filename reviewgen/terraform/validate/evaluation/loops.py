"""``for`` expressions: each element under the names that the loop binds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewgen.hcl import UNKNOWN
from reviewgen.hcl.evaluate import text
from reviewgen.model.hcl import Expression, For
from reviewgen.terraform.schema.types import BOOL, STRING
from reviewgen.terraform.validate import places

from . import conversion, indexing
from .value import ANYTHING, Value, object_of, tuple_of

if TYPE_CHECKING:
    from .evaluator import Evaluator

_TWICE = (
    "Two different items produced the key \"{}\" in this 'for' expression. If duplicates are expected, use the ellipsis (...) after the value "
    "expression to enable grouping by key."
)
_MOST = 2000  # elements that a loop goes through


def run(evaluator: Evaluator, expr: For) -> Value:
    """Return the value of a ``for`` expression: that of each element, under the names that it binds."""
    collection = evaluator.value(expr.collection)
    span = places.written_span(expr.collection, evaluator.data)
    if collection.null:
        return evaluator.say(
            "Iteration over null value",
            "A null value cannot be used as the collection in a 'for' expression.",
            span,
            expr.collection,
            expr,
        )
    if not indexing.iterable(collection.type):
        detail = f"A value of type {collection.type.friendly} cannot be used as the collection in a 'for' expression."
        return evaluator.say("Iteration over non-iterable value", detail, span, expr.collection, expr)
    items = indexing.elements(collection)
    found = ANYTHING if items is None or len(items) > _MOST else _loop(evaluator, expr, items)
    return found.hidden(collection.sensitive)


def _loop(evaluator: Evaluator, expr: For, items: tuple[tuple[Value, Value], ...]) -> Value:
    outer = dict(evaluator.bound)
    found: list[Value] | dict[str, Value] | None = [] if expr.key is None else {}
    for key, value in items:
        evaluator.bound = {**outer, expr.value_name: value, **({expr.key_name: key} if expr.key_name else {})}
        keep = _keep(evaluator, expr)
        if not keep:  # HCL does not look at an element of which it does not know whether it is taken
            found = None if keep is UNKNOWN else found
            continue
        name = _name(evaluator, expr.key, expr) if expr.key is not None else None
        result = evaluator.value(expr.value)
        if name is UNKNOWN:
            found = None
        elif isinstance(found, list):
            found.append(result)
        elif found is not None and name is not None:
            if name in found and not expr.grouping and expr.key is not None:
                evaluator.say("Duplicate object key", _TWICE.format(name), places.written_span(expr.key, evaluator.data), expr.key, expr)
            found[name] = result
    evaluator.bound = outer
    if found is None or expr.grouping:
        return ANYTHING
    return tuple_of(tuple(found)) if isinstance(found, list) else object_of(found)


def _keep(evaluator: Evaluator, loop: For) -> Any:
    condition = loop.condition
    if condition is None:
        return True
    value = evaluator.value(condition)
    why = conversion.mismatch(value, BOOL)
    if why:
        detail = f"The 'if' clause value is invalid: {why}."
        evaluator.say("Invalid 'for' condition", detail, places.written_span(condition, evaluator.data), condition, loop)
    return conversion.converted(value, BOOL).data if not why and not value.null else UNKNOWN


def _name(evaluator: Evaluator, expr: Expression, loop: For) -> Any:
    key = evaluator.value(expr)
    span = places.written_span(expr, evaluator.data)
    if key.null:
        evaluator.say("Invalid object key", "Key expression in 'for' expression must not produce a null value.", span, expr, loop)
        return UNKNOWN
    if why := conversion.mismatch(key, STRING):
        evaluator.say("Invalid object key", f"The key expression produced an invalid result: {why}.", span, expr, loop)
    return text(key.data)
