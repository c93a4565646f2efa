"""Nodes of tree-sitter-hcl to expressions: one small function for each kind of node.

Everything takes the node and the file's bytes; offsets in the result are absolute. Parentheses and templates that only wrap one
interpolation are dropped, for they have no meaning of their own. Nesting beyond ``DEPTH`` becomes ``Invalid``, so that no input can
exhaust the stack here or in whatever walks the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tree_sitter import Node

from reviewgen.hcl import strings
from reviewgen.hcl.numbers import number
from reviewgen.model import hcl

from . import templates

DEPTH = 120


def expression(node: Node, data: bytes, depth: int) -> hcl.Expression:
    """Return the expression of an ``expression`` node: a term and the steps that follow it."""
    if depth > DEPTH or node.has_error:
        return nothing(node, data)
    parts = [c for c in node.children if c.type != "comment"]
    return _joined(parts, data, depth) if parts else nothing(node, data)


def _joined(parts: list[Node], data: bytes, depth: int) -> hcl.Expression:
    """Return the expression of sibling nodes: a term, perhaps in parentheses, and the steps behind it."""
    term, rest = parts[0], parts[1:]
    if term.type == "(":
        inner = next((p for p in rest if p.type == "expression"), None)
        base = expression(inner, data, depth + 1) if inner is not None else nothing(term, data)
        rest = parts[parts.index(inner) + 2 :] if inner is not None else []
    else:
        base = _term(term, data, depth)
    if not rest:
        return base
    start, end = term.start_byte, rest[-1].end_byte
    steps = tuple(step for part in rest for step in _steps(part, data, depth))
    if isinstance(base, hcl.Traversal) and not base.steps:
        return hcl.Traversal(start, end, base.root, steps)
    return hcl.Access(start, end, base, steps)


def _operands(node: Node, data: bytes, depth: int) -> tuple[list[str], list[hcl.Expression]]:
    """Return the operators and the operands of an operation; a term and its steps are siblings there."""
    operators: list[str] = []
    groups: list[list[Node]] = [[]]
    for child in node.children:
        if child.type in _OPERATORS:
            operators.append(child.type)
            groups.append([])
        elif child.type != "comment":
            groups[-1].append(child)
    return operators, [_joined(group, data, depth + 1) for group in groups if group]


_OPERATORS = frozenset(["==", "!=", "<", ">", "<=", ">=", "&&", "||", "+", "-", "*", "/", "%", "!"])


def _operation(node: Node, data: bytes, depth: int) -> hcl.Expression:
    inner = node.children[0]
    ops, values = _operands(inner, data, depth + 1)
    start, end = node.start_byte, node.end_byte
    if inner.type == "unary_operation" and len(values) == 1 and ops:
        operand = values[0]
        for op in reversed(ops):
            operand = hcl.Unary(start, end, op, operand)
        return operand
    if len(values) == 2 and len(ops) == 1:
        return hcl.Binary(start, end, ops[0], values[0], values[1])
    return nothing(node, data)


def _conditional(node: Node, data: bytes, depth: int) -> hcl.Expression:
    """The grammar reads ``a ? 1 : b ? 2 : 3`` from the left, the language from the right: what comes before stands in the condition."""
    branches: list[list[Node]] = []
    test = node
    while test.type == "conditional":
        parts = [c for c in test.children if c.type == "expression"]
        if len(parts) != 3:
            return nothing(node, data)
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
        return nothing(node, data)
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
        return nothing(node, data)
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
    return hcl.Literal(start, end, None) if kind == "null_lit" else nothing(node, data)


def _variable(node: Node, data: bytes, _depth: int) -> hcl.Expression:
    start, end = node.start_byte, node.end_byte
    root = data[start:end].decode("utf-8", "replace")
    # With a scope before it a name is that of a function, which is never referred to.
    return hcl.Traversal(start, end, root) if "::" not in root else nothing(node, data)


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
    return hcl.Index(expression(inner, data, depth + 1) if inner is not None else nothing(node, data))


def nothing(node: Node, data: bytes, _depth: int = 0) -> hcl.Invalid:
    """Return the stand-in for a node that is no expression."""
    return hcl.Invalid(node.start_byte, node.end_byte, data[node.start_byte : node.end_byte].decode("utf-8", "replace"))


def _template(node: Node, data: bytes, depth: int) -> hcl.Expression:
    return templates.template(node, data, depth, expression)


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
    return _TERMS.get(node.type, nothing)(node, data, depth) if depth <= DEPTH else nothing(node, data)
