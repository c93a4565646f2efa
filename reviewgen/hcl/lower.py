"""Nodes of tree-sitter-hcl to blocks and expressions: one small function for each kind of node.

Everything takes the node and the file's bytes; offsets in the result are absolute. Parentheses and templates that only wrap one
interpolation are dropped, for they have no meaning of their own. Nesting beyond ``DEPTH`` becomes ``Invalid``, so that no input can
exhaust the stack here or in whatever walks the result.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from tree_sitter import Node

from reviewgen.model import hcl

from . import simple, strings

DEPTH = 120

Body = tuple[dict[str, hcl.Attribute], tuple[hcl.Attribute, ...], tuple[hcl.Block, ...]]


def body(node: Node, data: bytes, path: str, depth: int = 0) -> Body:
    """Return attributes by name, attributes of names already seen, and blocks of a ``config_file`` or ``body`` node."""
    return _collect(_members(node), data, path, depth)


def salvage(root: Node, data: bytes, path: str, after: int) -> Body:
    """Return the whole arguments and nested blocks behind byte ``after`` in a piece that has errors."""
    found: list[Node] = []
    stack = [root]
    while stack:
        node = stack.pop()
        whole = node.type in ("attribute", "block") and not node.has_error
        if whole and node.start_byte >= after:
            found.append(node)
        else:
            stack.extend(node.children)
    return _collect(sorted(found, key=lambda n: n.start_byte), data, path, 0)


def invalid(start: int, end: int, text: str) -> hcl.Invalid:
    """Return the stand-in for what is no expression."""
    return hcl.Invalid(start, end, text)


def _members(node: Node) -> Iterable[Node]:
    for child in node.children:
        kind = child.type
        if kind == "body":
            yield from child.children
        elif kind == "attribute" or kind == "block":
            yield child


def _collect(nodes: Iterable[Node], data: bytes, path: str, depth: int) -> Body:
    attributes: dict[str, hcl.Attribute] = {}
    duplicates: list[hcl.Attribute] = []
    blocks: list[hcl.Block] = []
    for node in nodes:
        kind = node.type
        if kind == "attribute":
            attribute = _attribute(node, data)
            if attribute.name in attributes:
                duplicates.append(attribute)
            else:
                attributes[attribute.name] = attribute
        elif kind == "block" and depth < DEPTH:
            blocks.append(_block(node, data, path, depth))
    return attributes, tuple(duplicates), tuple(blocks)


def _attribute(node: Node, data: bytes) -> hcl.Attribute:
    plain = simple.attribute(node, data)
    if plain is not None:
        return plain
    children = node.children
    name = children[0]
    value = next((c for c in children if c.type == "expression"), None)
    expr = expression(value, data, 0) if value is not None else _nothing(node, data)
    return hcl.Attribute(
        data[name.start_byte : name.end_byte].decode(), expr, node.start_byte, node.end_byte, node.start_point[0] + 1, node.end_point[0] + 1
    )


def _block(node: Node, data: bytes, path: str, depth: int) -> hcl.Block:
    words: list[str] = []
    header_end = node.start_byte
    members: Iterable[Node] = ()
    closed = False
    for child in node.children:
        kind = child.type
        if kind == "identifier":
            words.append(data[child.start_byte : child.end_byte].decode())
            header_end = child.end_byte
        elif kind == "string_lit":
            words.append(data[child.start_byte + 1 : child.end_byte - 1].decode("utf-8", "replace"))
            header_end = child.end_byte
        elif kind == "body":
            members = child.children
        elif kind == "block_end":
            closed = not child.is_missing
    attributes, duplicates, blocks = _collect(members, data, path, depth + 1)
    return hcl.Block(
        words[0] if words else "", tuple(words[1:]), attributes, blocks, path, node.start_byte, node.end_byte,
        node.start_point[0] + 1, node.end_point[0] + 1, header_end, duplicates, closed and not node.has_error,
    )  # fmt: skip


def expression(node: Node, data: bytes, depth: int) -> hcl.Expression:
    """Return the expression of an ``expression`` node: a term and the steps that follow it."""
    if depth > DEPTH or node.has_error:
        return _nothing(node, data)
    plain = simple.expression(node.start_byte, node.end_byte, data)
    if plain is not None:
        return plain
    parts = [c for c in node.children if c.type != "comment"]
    if not parts:
        return _nothing(node, data)
    if parts[0].type == "(":
        inner = next((p for p in parts if p.type == "expression"), None)
        base = expression(inner, data, depth + 1) if inner is not None else _nothing(node, data)
        rest = parts[parts.index(inner) + 2 :] if inner is not None else []
    else:
        base, rest = _term(parts[0], data, depth), parts[1:]
    return _with_steps(node, base, rest, data, depth)


def _with_steps(node: Node, base: hcl.Expression, rest: list[Node], data: bytes, depth: int) -> hcl.Expression:
    if not rest:
        return base
    steps = tuple(step for part in rest for step in _steps(part, data, depth))
    if isinstance(base, hcl.Traversal) and not base.steps:
        return hcl.Traversal(node.start_byte, node.end_byte, base.root, steps)
    return hcl.Access(node.start_byte, node.end_byte, base, steps)


def _operands(node: Node, data: bytes, depth: int) -> list[tuple[str, hcl.Expression | None]]:
    """Return the parts of an operation as (operator, None) or ("", expression); a term and its steps are siblings there."""
    result: list[tuple[str, hcl.Expression | None]] = []
    term: list[Node] = []

    def flush() -> None:
        if term:
            base = expression(term[0], data, depth + 1) if term[0].type == "expression" else _term(term[0], data, depth + 1)
            if len(term) > 1:
                steps = tuple(s for part in term[1:] for s in _steps(part, data, depth))
                start, end = term[0].start_byte, term[-1].end_byte
                bare = isinstance(base, hcl.Traversal) and not base.steps
                base = (
                    hcl.Traversal(start, end, base.root, steps)
                    if isinstance(base, hcl.Traversal) and bare
                    else hcl.Access(start, end, base, steps)
                )
            result.append(("", base))
            term.clear()

    for child in node.children:
        kind = child.type
        if kind in ("comment", "(", ")"):
            continue
        if kind in _OPERATORS:
            flush()
            result.append((kind, None))
        else:
            term.append(child)
    flush()
    return result


_OPERATORS = frozenset(["==", "!=", "<", ">", "<=", ">=", "&&", "||", "+", "-", "*", "/", "%", "!"])


def _operation(node: Node, data: bytes, depth: int) -> hcl.Expression:
    inner = node.children[0]
    parts = _operands(inner, data, depth + 1)
    values = [value for _, value in parts if value is not None]
    ops = [op for op, value in parts if value is None]
    start, end = node.start_byte, node.end_byte
    if inner.type == "unary_operation" and len(values) == 1 and ops:
        operand = values[0]
        for op in reversed(ops):
            operand = hcl.Unary(start, end, op, operand)
        return operand
    if len(values) == 2 and len(ops) == 1:
        return hcl.Binary(start, end, ops[0], values[0], values[1])
    return _nothing(node, data)


def _conditional(node: Node, data: bytes, depth: int) -> hcl.Expression:
    """The grammar reads ``a ? 1 : b ? 2 : 3`` from the left, the language from the right: what comes before stands in the condition."""
    branches: list[list[Node]] = []
    test = node
    while test.type == "conditional":
        parts = [c for c in test.children if c.type == "expression"]
        if len(parts) != 3:
            return _nothing(node, data)
        branches.insert(0, parts[1:])
        test = parts[0].children[0] if parts[0].children[0].type == "conditional" else parts[0]
    result = expression(branches[-1][1], data, depth + 1)
    for before, (yes, _) in reversed(list(zip([test, *(no for _, no in branches)], branches, strict=False))):
        condition = expression(before, data, depth + 1)
        result = hcl.Conditional(condition.start, node.end_byte, condition, expression(yes, data, depth + 1), result)
    return result


def _call(node: Node, data: bytes, depth: int) -> hcl.Expression:
    name, args, expand = "", [], False
    for child in node.children:
        if child.type == "identifier":
            name = data[child.start_byte : child.end_byte].decode()
        elif child.type == "function_arguments":
            args = [expression(c, data, depth + 1) for c in child.children if c.type == "expression"]
            expand = any(c.type == "ellipsis" for c in child.children)
    return hcl.Call(node.start_byte, node.end_byte, name, tuple(args), expand)


def _collection(node: Node, data: bytes, depth: int) -> hcl.Expression:
    inner = next((c for c in node.children if c.type in ("tuple", "object")), None)
    if inner is None:
        return _nothing(node, data)
    start, end = inner.start_byte, inner.end_byte
    if inner.type == "tuple":
        return hcl.Tuple(start, end, tuple(expression(c, data, depth + 1) for c in inner.children if c.type == "expression"))
    items = []
    for element in inner.children:
        if element.type == "object_elem":
            sides = [c for c in element.children if c.type == "expression"]
            if len(sides) == 2:
                items.append((_key(sides[0], data, depth), expression(sides[1], data, depth + 1)))
    return hcl.Object(start, end, tuple(items))


def _key(node: Node, data: bytes, depth: int) -> hcl.Expression:
    """A bare word as key is the word itself, not a variable; in parentheses or quotes it is an expression."""
    value = expression(node, data, depth + 1)
    if isinstance(value, hcl.Traversal) and not value.steps and node.children[0].type == "variable_expr":
        return hcl.Literal(value.start, value.end, value.root)
    return value


def _for(node: Node, data: bytes, depth: int) -> hcl.Expression:
    inner = node.children[0]
    names: list[str] = []
    collection: hcl.Expression | None = None
    condition: hcl.Expression | None = None
    results: list[hcl.Expression] = []
    grouping = False
    for child in inner.children:
        kind = child.type
        if kind == "for_intro":
            names = [data[c.start_byte : c.end_byte].decode() for c in child.children if c.type == "identifier"]
            collection = next((expression(c, data, depth + 1) for c in child.children if c.type == "expression"), None)
        elif kind == "for_cond":
            condition = next((expression(c, data, depth + 1) for c in child.children if c.type == "expression"), None)
        elif kind == "expression":
            results.append(expression(child, data, depth + 1))
        elif kind == "ellipsis":
            grouping = True
    if collection is None or not results or not names:
        return _nothing(node, data)
    key = results[0] if inner.type == "for_object_expr" else None
    return hcl.For(
        node.start_byte, node.end_byte, names[0] if len(names) > 1 else "", names[-1], collection, key, results[-1], condition, grouping
    )


def _literal(node: Node, data: bytes, _depth: int) -> hcl.Expression:
    inner = node.children[0]
    start, end = node.start_byte, node.end_byte
    kind = inner.type
    if kind == "string_lit":
        return hcl.Literal(start, end, strings.unquote(data[start + 1 : end - 1].decode("utf-8", "replace")))
    text = data[start:end].decode("utf-8", "replace")
    if kind == "numeric_lit":
        return hcl.Literal(start, end, number(text))
    if kind == "bool_lit":
        return hcl.Literal(start, end, text == "true")
    return hcl.Literal(start, end, None) if kind == "null_lit" else _nothing(node, data)


def number(text: str) -> int | float | str:
    """Return a number, an int where it is whole; of what is too large to be one, its text."""
    try:
        if text.isdigit() and len(text) < 400:
            return int(text)
        value = float(text)
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    except (ValueError, OverflowError):
        return text


def _variable(node: Node, data: bytes, _depth: int) -> hcl.Expression:
    start, end = node.start_byte, node.end_byte
    return hcl.Traversal(start, end, data[start:end].decode("utf-8", "replace"))


def _steps(node: Node, data: bytes, depth: int) -> Iterable[hcl.Step]:
    kind = node.type
    if kind == "get_attr":
        name = node.children[-1]
        yield hcl.Attr(data[name.start_byte : name.end_byte].decode("utf-8", "replace"))
    elif kind == "index":
        yield _index(node.children[0], data, depth)
    elif kind == "splat":
        yield hcl.Splat()
        for child in node.children[0].children:
            if child.type in ("get_attr", "index", "splat"):
                yield from _steps(child, data, depth)


def _index(node: Node, data: bytes, depth: int) -> hcl.Step:
    if node.type == "legacy_index":
        digits = data[node.start_byte : node.end_byte].decode("utf-8", "replace").lstrip(".")
        return hcl.Index(hcl.Literal(node.start_byte, node.end_byte, number(digits)))
    inner = next((c for c in node.children if c.type == "expression"), None)
    return hcl.Index(expression(inner, data, depth + 1) if inner is not None else _nothing(node, data))


def _template(node: Node, data: bytes, depth: int) -> hcl.Expression:
    inner = node.children[0]
    if inner.type == "heredoc_template":
        return _heredoc(inner, data, depth)
    start, end = inner.start_byte, inner.end_byte
    parts = _template_parts(inner, data, depth, start + 1, end - 1, strings.unquote)
    if len(parts) == 1 and not isinstance(parts[0], hcl.Literal | hcl.Directive):
        return parts[0]  # "${x}" means x
    if len(parts) == 1 and isinstance(parts[0], hcl.Literal):
        return hcl.Literal(start, end, parts[0].value)
    return hcl.Template(start, end, tuple(parts))


def _heredoc(node: Node, data: bytes, depth: int) -> hcl.Expression:
    start, end = node.start_byte, node.end_byte
    first = data.find(b"\n", start) + 1
    words = [c for c in node.children if c.type == "heredoc_identifier"]
    last = data.rfind(b"\n", first - 1, words[-1].start_byte) + 1 if len(words) > 1 else end
    parts = _template_parts(node, data, depth, first, max(first, last), strings.unescape_template)
    if data[start : start + 3] == b"<<-":
        parts = strings.dedent(parts)
    if all(isinstance(p, hcl.Literal) for p in parts):
        return hcl.Template(
            start, end, (hcl.Literal(first, last, "".join(str(p.value) for p in parts if isinstance(p, hcl.Literal))),), True
        )
    return hcl.Template(start, end, tuple(parts), True)


def _template_parts(node: Node, data: bytes, depth: int, start: int, end: int, decode: Callable[[str], str]) -> list[hcl.Expression]:
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
            parts.append(_interpolation(child, data, depth + 1))
            at, trim_left = child.end_byte, mark[-2:-1] == b"~"
    gap(end, False)
    return parts or [hcl.Literal(start, end, "")]


def _interpolation(node: Node, data: bytes, depth: int) -> hcl.Expression:
    if node.type == "template_interpolation":
        inner = next((c for c in node.children if c.type == "expression"), None)
        return expression(inner, data, depth) if inner is not None else _nothing(node, data)
    return _directive(node.children[0], data, depth)


_DIRECTIVE_MARK = re.compile(rb"%\{~?\s*(if|for)\b")


def _directive(node: Node, data: bytes, depth: int) -> hcl.Expression:
    """Keep a directive's expressions and literal pieces in order: enough for references and for comparing."""
    parts: list[hcl.Expression] = []
    stack = list(reversed(node.children))
    while stack:
        child = stack.pop()
        kind = child.type
        if kind == "expression":
            parts.append(expression(child, data, depth + 1))
        elif kind in ("template_literal", "identifier", "else", "endif", "endfor"):
            parts.append(hcl.Literal(child.start_byte, child.end_byte, data[child.start_byte : child.end_byte].decode("utf-8", "replace")))
        else:
            stack.extend(reversed(child.children))
    match = _DIRECTIVE_MARK.match(data, node.start_byte)
    return hcl.Directive(node.start_byte, node.end_byte, match[1].decode() if match else "if", tuple(parts))


def _nothing(node: Node, data: bytes, _depth: int = 0) -> hcl.Invalid:
    return hcl.Invalid(node.start_byte, node.end_byte, data[node.start_byte : node.end_byte].decode("utf-8", "replace"))


def _nested(node: Node, data: bytes, depth: int) -> hcl.Expression:
    return expression(node, data, depth + 1)


_TERMS: dict[str, Callable[[Node, bytes, int], hcl.Expression]] = {
    "literal_value": _literal,
    "template_expr": _template,
    "variable_expr": _variable,
    "collection_value": _collection,
    "function_call": _call,
    "for_expr": _for,
    "operation": _operation,
    "conditional": _conditional,
    "expression": _nested,
}


def _term(node: Node, data: bytes, depth: int) -> hcl.Expression:
    return _TERMS.get(node.type, _nothing)(node, data, depth) if depth <= DEPTH else _nothing(node, data)
