"""Nodes of quoted strings and heredocs to templates; ``read`` is the reader of the expressions inside."""

from __future__ import annotations

import re
from collections.abc import Callable

from tree_sitter import Node

from reviewgen.hcl import strings
from reviewgen.model import hcl

Reader = Callable[[Node, bytes, int], hcl.Expression]


def template(node: Node, data: bytes, depth: int, read: Reader) -> hcl.Expression:
    """Return a quoted string or a heredoc."""
    inner = node.children[0]
    if inner.type == "heredoc_template":
        return _heredoc(inner, data, depth, read)
    start, end = inner.start_byte, inner.end_byte
    parts = _parts(inner, data, depth, read, start + 1, end - 1, strings.unquote)
    if len(parts) == 1 and not isinstance(parts[0], hcl.Literal | hcl.Directive):
        return parts[0]  # "${x}" means x
    if len(parts) == 1 and isinstance(parts[0], hcl.Literal):
        return hcl.Literal(start, end, parts[0].value)
    return hcl.Template(start, end, tuple(parts))


def _heredoc(node: Node, data: bytes, depth: int, read: Reader) -> hcl.Expression:
    start, end = node.start_byte, node.end_byte
    first = data.find(b"\n", start) + 1
    words = [c for c in node.children if c.type == "heredoc_identifier"]
    last = data.rfind(b"\n", first - 1, words[-1].start_byte) + 1 if len(words) > 1 else end
    parts = _parts(node, data, depth, read, first, max(first, last), strings.unescape_template)
    if data[start : start + 3] == b"<<-":
        parts = strings.dedent(parts)
    if all(isinstance(p, hcl.Literal) for p in parts):
        return hcl.Template(
            start, end, (hcl.Literal(first, last, "".join(str(p.value) for p in parts if isinstance(p, hcl.Literal))),), True
        )
    return hcl.Template(start, end, tuple(parts), True)


def _parts(node: Node, data: bytes, depth: int, read: Reader, start: int, end: int, decode: Callable[[str], str]) -> list[hcl.Expression]:
    """Return the pieces between two offsets; the literal ones are the gaps, for the grammar drops blanks around them."""
    parts: list[hcl.Expression] = []
    at = start
    trim_left = False

    def gap(upto: int, trim_right: bool) -> None:
        text = decode(data[at:upto].decode("utf-8", "replace"))
        text = text.lstrip() if trim_left else text
        text = text.rstrip() if trim_right else text
        if text:
            parts.append(hcl.Literal(at, upto, text))

    for child in node.children:
        if child.type in ("template_interpolation", "template_directive") and child.start_byte >= at:
            mark = data[child.start_byte : child.end_byte]
            gap(child.start_byte, mark[2:3] == b"~")
            parts.append(_interpolation(child, data, depth + 1, read))
            at, trim_left = child.end_byte, mark[-2:-1] == b"~"
    gap(end, False)
    return parts or [hcl.Literal(start, end, "")]


def _interpolation(node: Node, data: bytes, depth: int, read: Reader) -> hcl.Expression:
    if node.type == "template_interpolation":
        inner = next((c for c in node.children if c.type == "expression"), None)
        if inner is not None:
            return read(inner, data, depth)
        return hcl.Invalid(node.start_byte, node.end_byte, data[node.start_byte : node.end_byte].decode("utf-8", "replace"))
    return _directive(node.children[0], data, depth, read)


_DIRECTIVE_MARK = re.compile(rb"%\{~?\s*(if|for)\b")


def _directive(node: Node, data: bytes, depth: int, read: Reader) -> hcl.Expression:
    """Keep a directive's expressions and literal pieces in order: enough for references and for comparing."""
    parts: list[hcl.Expression] = []
    stack = list(reversed(node.children))
    while stack:
        child = stack.pop()
        kind = child.type
        if kind == "expression":
            parts.append(read(child, data, depth + 1))
        elif kind in ("template_literal", "identifier", "else", "endif", "endfor"):
            parts.append(hcl.Literal(child.start_byte, child.end_byte, data[child.start_byte : child.end_byte].decode("utf-8", "replace")))
        else:
            stack.extend(reversed(child.children))
    match = _DIRECTIVE_MARK.match(data, node.start_byte)
    return hcl.Directive(node.start_byte, node.end_byte, match[1].decode() if match else "if", tuple(parts))
