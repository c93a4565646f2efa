"""One form for expressions that mean the same, so that equality of values is equality of meaning.

What is brought together: ``"${x}"`` and ``x`` (the reader does that), heredocs and quoted strings, JSON text and ``jsonencode`` of the same
object, order of keys, ``x["name"]`` and ``x.name``, numbers and booleans written as strings where Terraform converts them anyway.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, cast

from reviewgen.model.hcl import (
    Access,
    Attr,
    Binary,
    Call,
    Conditional,
    Directive,
    Expression,
    For,
    Index,
    Invalid,
    Literal,
    Object,
    Splat,
    Step,
    Template,
    Traversal,
    Tuple,
    Unary,
)

from .strings import quote

_WORD = re.compile(r"[A-Za-z_][\w-]*\Z")
_JSON_START = re.compile(r"\s*[{\[]")


def canonical(expr: Expression, convert: bool = True) -> Expression:
    """Return the canonical form.

    Args:
        expr: Any expression.
        convert: Whether Terraform converts the value to the argument's type, so that ``"80"`` and ``80`` are the same. Not so inside
            operations, function arguments and JSON.
    """
    form = _FORMS.get(type(expr))
    return form(expr, convert) if form else expr


def _literal(expr: Literal, convert: bool) -> Expression:
    value = expr.value
    if isinstance(value, str):
        document = _json_document((expr,)) if _JSON_START.match(value) else None
        return document or expr
    if convert and isinstance(value, bool):
        return Literal(expr.start, expr.end, "true" if value else "false")
    if convert and value is not None:
        return Literal(expr.start, expr.end, str(value))
    return expr


def _template(expr: Template, _convert: bool) -> Expression:
    parts: list[Expression] = []
    for part in expr.parts:
        form = Literal(part.start, part.end, part.value) if isinstance(part, Literal) else canonical(part, False)
        if isinstance(form, Literal) and form.value is not None and not isinstance(form.value, bool):
            if parts and isinstance(parts[-1], Literal):
                parts[-1] = Literal(parts[-1].start, form.end, f"{parts[-1].value}{form.value}")
            else:
                parts.append(Literal(form.start, form.end, str(form.value)))
        else:
            parts.append(form)
    if parts and isinstance(parts[0], Literal) and _JSON_START.match(str(parts[0].value)):
        document = _json_document(tuple(parts))
        if document:
            return document
    if not parts:
        return Literal(expr.start, expr.end, "")
    if len(parts) == 1 and isinstance(parts[0], Literal):
        return parts[0]
    return Template(expr.start, expr.end, tuple(parts))


def _json_document(parts: tuple[Expression, ...]) -> Expression | None:
    """Return ``jsonencode`` of what a JSON text says, interpolations inside its strings kept; None when it is not JSON."""
    marks: list[Expression] = []
    text = ""
    for part in parts:
        if isinstance(part, Literal):
            text += str(part.value)
        else:
            text += f"\ue000{len(marks)}\ue001"
            marks.append(part)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict | list):
        return None
    return Call(parts[0].start, parts[-1].end, "jsonencode", (canonical(_from_json(value, marks), False),))


_MARK = re.compile("\ue000(\\d+)\ue001")


def _from_json(value: Any, marks: list[Expression]) -> Expression:
    if isinstance(value, dict):
        return Object(0, 0, tuple((_from_json(k, marks), _from_json(v, marks)) for k, v in value.items()))
    if isinstance(value, list):
        return Tuple(0, 0, tuple(_from_json(v, marks) for v in value))
    if isinstance(value, str) and "\ue000" in value:
        pieces = _MARK.split(value)  # text, mark, text, mark, ...
        parts = [marks[int(p)] if i % 2 else Literal(0, 0, p) for i, p in enumerate(pieces) if i % 2 or p]
        return parts[0] if len(parts) == 1 else Template(0, 0, tuple(parts))
    return Literal(0, 0, value)


def _call(expr: Call, _convert: bool) -> Expression:
    args = tuple(canonical(a, False) for a in expr.args)
    return Call(expr.start, expr.end, expr.name, args, expr.expand)


def _tuple(expr: Tuple, convert: bool) -> Expression:
    return Tuple(expr.start, expr.end, tuple(canonical(i, convert) for i in expr.items))


def _object(expr: Object, convert: bool) -> Expression:
    items = [(_object_key(k), canonical(v, convert)) for k, v in expr.items]
    if all(isinstance(k, Literal) for k, _ in items):
        items.sort(key=lambda item: str(cast(Literal, item[0]).value))
    return Object(expr.start, expr.end, tuple(items))


def _object_key(key: Expression) -> Expression:
    return key if isinstance(key, Literal) and isinstance(key.value, str) else canonical(key, True)


def _step(step: Step) -> Step:
    if isinstance(step, Index):
        key = step.key
        if isinstance(key, Literal) and isinstance(key.value, str) and _WORD.match(key.value):
            return Attr(key.value)
        return Index(canonical(key, False))
    return step


def _traversal(expr: Traversal, _convert: bool) -> Expression:
    if not any(isinstance(step, Index) for step in expr.steps):
        return expr
    return Traversal(expr.start, expr.end, expr.root, tuple(map(_step, expr.steps)))


def _access(expr: Access, _convert: bool) -> Expression:
    return Access(expr.start, expr.end, canonical(expr.base, False), tuple(map(_step, expr.steps)))


def _conditional(expr: Conditional, convert: bool) -> Expression:
    return Conditional(expr.start, expr.end, canonical(expr.condition, False), canonical(expr.yes, convert), canonical(expr.no, convert))


def _binary(expr: Binary, _convert: bool) -> Expression:
    return Binary(expr.start, expr.end, expr.op, canonical(expr.left, False), canonical(expr.right, False))


def _unary(expr: Unary, convert: bool) -> Expression:
    operand = expr.operand
    if expr.op == "-" and isinstance(operand, Literal) and isinstance(operand.value, int | float) and not isinstance(operand.value, bool):
        return _literal(Literal(expr.start, expr.end, -operand.value), convert)
    return Unary(expr.start, expr.end, expr.op, canonical(operand, False))


def _for(expr: For, convert: bool) -> Expression:
    key = canonical(expr.key, False) if expr.key is not None else None
    condition = canonical(expr.condition, False) if expr.condition is not None else None
    value, collection = canonical(expr.value, convert), canonical(expr.collection, False)
    return For(expr.start, expr.end, expr.key_name, expr.value_name, collection, key, value, condition, expr.grouping)


def _directive(expr: Directive, _convert: bool) -> Expression:
    return Directive(expr.start, expr.end, expr.keyword, tuple(canonical(p, False) for p in expr.parts))


_FORMS: dict[type, Callable[[Any, bool], Expression]] = {
    Literal: _literal,
    Template: _template,
    Call: _call,
    Tuple: _tuple,
    Object: _object,
    Traversal: _traversal,
    Access: _access,
    Conditional: _conditional,
    Binary: _binary,
    Unary: _unary,
    For: _for,
    Directive: _directive,
}


def text_of(expr: Expression) -> str:
    """Return an expression as source text in one line; equal expressions give equal texts."""
    return _TEXTS[type(expr)](expr)


def _literal_text(expr: Literal) -> str:
    value = expr.value
    if isinstance(value, str):
        return quote(value)
    if value is None:
        return "null"
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _template_text(expr: Template) -> str:
    return '"' + "".join(_literal_text(p)[1:-1] if isinstance(p, Literal) else _part_text(p) for p in expr.parts) + '"'


def _part_text(part: Expression) -> str:
    return text_of(part) if isinstance(part, Directive) else "${" + text_of(part) + "}"


def _steps_text(steps: Iterable[Step]) -> str:
    def one(step: Step) -> str:
        if isinstance(step, Attr):
            return f".{step.name}"
        return "[*]" if isinstance(step, Splat) else f"[{text_of(step.key)}]"

    return "".join(map(one, steps))


def _object_text(expr: Object) -> str:
    def key(k: Expression) -> str:
        if isinstance(k, Literal):
            return k.value if isinstance(k.value, str) and _WORD.match(k.value) else _literal_text(k)
        return f"({text_of(k)})"

    return "{ " + ", ".join(f"{key(k)} = {text_of(v)}" for k, v in expr.items) + " }" if expr.items else "{}"


def _for_text(expr: For) -> str:
    names = f"{expr.key_name}, {expr.value_name}" if expr.key_name else expr.value_name
    head = f"for {names} in {text_of(expr.collection)} : "
    tail = ("..." if expr.grouping else "") + (f" if {text_of(expr.condition)}" if expr.condition is not None else "")
    if expr.key is None:
        return f"[{head}{text_of(expr.value)}{tail}]"
    return "{" + f"{head}{text_of(expr.key)} => {text_of(expr.value)}{tail}" + "}"


_TEXTS: dict[type, Callable[[Any], str]] = {
    Literal: _literal_text,
    Template: _template_text,
    Directive: lambda e: "%{" + e.keyword + " " + " ".join(map(text_of, e.parts)) + "}",
    Traversal: lambda e: e.root + _steps_text(e.steps),
    Access: lambda e: f"({text_of(e.base)})" + _steps_text(e.steps),
    Call: lambda e: f"{e.name}({', '.join(map(text_of, e.args))}{'...' if e.expand else ''})",
    Tuple: lambda e: "[" + ", ".join(map(text_of, e.items)) + "]",
    Object: _object_text,
    Conditional: lambda e: f"({text_of(e.condition)} ? {text_of(e.yes)} : {text_of(e.no)})",
    Binary: lambda e: f"({text_of(e.left)} {e.op} {text_of(e.right)})",
    Unary: lambda e: f"{e.op}{text_of(e.operand)}",
    For: _for_text,
    Invalid: lambda e: e.text,
}
