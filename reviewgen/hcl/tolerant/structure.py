"""Nodes of tree-sitter-hcl to bodies: blocks and arguments, also those that are whole inside of what is broken."""

from __future__ import annotations

from collections.abc import Iterable

from tree_sitter import Node

from reviewgen.model import hcl

from .expressions import DEPTH, expression, nothing

Body = tuple[dict[str, hcl.Attribute], tuple[hcl.Attribute, ...], tuple[hcl.Block, ...]]


def body(node: Node, data: bytes, path: str, depth: int = 0) -> Body:
    """Return attributes by name, attributes of names already seen, and blocks of a ``config_file`` or ``body`` node."""
    return _collect(_members(node), data, path, depth)


def arguments(root: Node, data: bytes, path: str) -> dict[str, hcl.Attribute]:
    """Return the arguments outside of all blocks by name."""
    return _collect((node for node in _members(root) if node.type == "attribute"), data, path, 0)[0]


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
    children = node.children
    name = children[0]
    value = next((c for c in children if c.type == "expression"), None)
    expr = expression(value, data, 0) if value is not None else nothing(node, data)
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
