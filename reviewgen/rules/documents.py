"""JSON that arguments hold: ``jsonencode`` of an object, or text, with ``UNKNOWN`` where a part is not constant."""

from __future__ import annotations

import json
from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.model.hcl import Call, Expression, Literal, Object, Template, Traversal, Tuple
from reviewgen.terraform import Graph

# Stands for a part of a JSON text that is not constant.
_HOLE = "\ue000"


def document(graph: Graph, expr: Expression | None, module: str) -> Any:
    """Return the JSON document of an argument, or ``UNKNOWN``; so is each of its parts that is not known.

    A text with an unknown part inside is unknown as a whole.
    """
    if isinstance(expr, Call) and expr.name == "jsonencode" and len(expr.args) == 1:
        return _value(graph, expr.args[0], module)
    if isinstance(expr, Traversal):
        target = graph.resolve(expr, module)
        if target is not None and target.attribute is not None and len(expr.steps) == 1:
            return document(graph, target.attribute.expr, target.module)
    text = _text(graph, expr, module)
    return _parsed(text) if text is not None else UNKNOWN


def _text(graph: Graph, expr: Expression | None, module: str) -> str | None:
    if isinstance(expr, Literal):
        return expr.value if isinstance(expr.value, str) else None
    if not isinstance(expr, Template):
        return None
    parts = [graph.constant(part, module) for part in expr.parts]
    return "".join(str(p) if isinstance(p, str | int) else _HOLE for p in parts)


def _parsed(text: str) -> Any:
    try:
        return _holes(json.loads(text))
    except ValueError:
        return UNKNOWN


def _holes(value: Any) -> Any:
    if isinstance(value, str):
        return UNKNOWN if _HOLE in value else value
    if isinstance(value, list):
        return [_holes(v) for v in value]
    return {k: _holes(v) for k, v in value.items()} if isinstance(value, dict) else value


def _value(graph: Graph, expr: Expression, module: str) -> Any:
    if isinstance(expr, Object):
        pairs = [(graph.constant(k, module), _value(graph, v, module)) for k, v in expr.items]
        return {k: v for k, v in pairs if isinstance(k, str)} if all(isinstance(k, str) for k, _ in pairs) else UNKNOWN
    if isinstance(expr, Tuple):
        return [_value(graph, v, module) for v in expr.items]
    if isinstance(expr, Traversal):
        target = graph.resolve(expr, module)
        if target is not None and target.attribute is not None and len(expr.steps) == 1:
            return _value(graph, target.attribute.expr, target.module)
    return graph.constant(expr, module)
