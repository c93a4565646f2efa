"""Expressions whose text says all: a plain string, a whole number, a keyword, a dotted name, a string with dotted names in it.

Most expressions are one of these. To look at their nodes one by one, as ``lower`` does with all others, took half of the time of reading.
"""

from __future__ import annotations

import re

from tree_sitter import Node

from reviewgen.model import hcl

_NAME = rb"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*"
_EXPRESSION = re.compile(rb'"([^"\\$%\n]*)"|(0|[1-9][0-9]{0,17})|(' + _NAME + rb')|("(?:[^"\\$%\n]|\$\{ *' + _NAME + rb' *\})*")')
_ATTRIBUTE = re.compile(rb"([A-Za-z_][\w-]*)[ \t]*=[ \t]*(?=(?:[A-Za-z_0-9][\w.-]*|\"[^\"\n]*\")\Z)")
_INTERPOLATION = re.compile(rb"\$\{ *(" + _NAME + rb") *\}")
_KEYWORDS = {b"true": True, b"false": False, b"null": None}


def attribute(node: Node, data: bytes) -> hcl.Attribute | None:
    """Return an argument with a simple expression, all on one line; None for any other."""
    start, end = node.start_byte, node.end_byte
    text = data[start:end]
    head = _ATTRIBUTE.match(text)
    if head is None or node.has_error:
        return None
    expr = expression(start + head.end(), end, data)
    if expr is None:
        return None
    line = node.start_point[0] + 1
    return hcl.Attribute(head[1].decode(), expr, start, end, line, line)


def expression(start: int, end: int, data: bytes) -> hcl.Expression | None:
    """Return the expression that is written between two offsets when it is one of the simple ones; None for any other."""
    match = _EXPRESSION.fullmatch(data, start, end)
    if match is None:
        return None
    text, digits, name, template = match.groups()
    if text is not None:
        return hcl.Literal(start, end, text.decode("utf-8", "replace"))
    if digits is not None:
        return hcl.Literal(start, end, int(digits))
    if template is not None:
        return _template(start, end, data)
    return _dotted(start, end, name)


def _dotted(start: int, end: int, name: bytes) -> hcl.Expression:
    root, *names = name.decode().split(".")
    return hcl.Literal(start, end, _KEYWORDS[name]) if name in _KEYWORDS else hcl.Traversal(start, end, root, tuple(map(hcl.Attr, names)))


def _template(start: int, end: int, data: bytes) -> hcl.Expression:
    """Return a quoted string whose interpolations are dotted names; one that is nothing but a name means the name."""
    parts: list[hcl.Expression] = []
    at = start + 1
    for found in _INTERPOLATION.finditer(data, at, end):
        if found.start() > at:
            parts.append(hcl.Literal(at, found.start(), data[at : found.start()].decode("utf-8", "replace")))
        parts.append(_dotted(found.start(1), found.end(1), found[1]))
        at = found.end()
    if at < end - 1:
        parts.append(hcl.Literal(at, end - 1, data[at : end - 1].decode("utf-8", "replace")))
    if len(parts) > 1:
        return hcl.Template(start, end, tuple(parts))
    return hcl.Literal(start, end, parts[0].value) if isinstance(parts[0], hcl.Literal) else parts[0]
