"""A file that HCL rejects: what can be read of it.

tree-sitter reads on after an error, but an unclosed brace makes it nest whatever follows. So a file with errors is read a second time,
piece by piece, cut where a new top-level block begins at the left margin: one broken block never hides its neighbours.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import islice

import tree_sitter
import tree_sitter_hcl

from reviewgen.hcl import strict
from reviewgen.hcl.contents import Contents
from reviewgen.model.hcl import Block, Comment
from reviewgen.model.source import SourceFile

from . import structure

# The block types that stand at the top of Terraform's files; a line that begins with one of them begins a new piece.
TOP_LEVEL = (
    "check",
    "data",
    "ephemeral",
    "import",
    "locals",
    "module",
    "moved",
    "output",
    "provider",
    "removed",
    "resource",
    "terraform",
    "variable",
)
_HEADER = re.compile(rb"^(?:%s)\b[ \t]*(?:\"[^\"\n]*\"[ \t]*|[\w-]++[ \t]*){0,3}\{" % "|".join(TOP_LEVEL).encode(), re.MULTILINE)
# A brace at the left margin closes a block, unless it stands in a heredoc: so a few of them are tried.
_CLOSE = re.compile(rb"^\}[ \t]*$", re.MULTILINE)
_MOST_CLOSES = 4
_COMMENT = re.compile(rb"#|//|/\*")
_SHOWN_SPACE = 64
_GAP = re.compile(rb"(?<!\s)\s{%d,}" % (4 * _SHOWN_SPACE))
_LABELS = re.compile(r'"([^"\n]*)"|([\w-]+)')


@cache
def _language() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_hcl.language())


def contents(file: SourceFile) -> Contents:
    """Return what can be read of any file."""
    root = _parsed(file, 0, len(file.data))
    if not root.has_error:
        return _contents(file, root)
    return Contents(tuple(_pieces(file)), structure.arguments(root, file.data, file.path), _comments(root, file.data))


def whole(file: SourceFile) -> Contents | None:
    """Return what stands in a file in which tree-sitter sees no error; None for any other."""
    root = _parsed(file, 0, len(file.data))
    return None if root.has_error else _contents(file, root)


def _contents(file: SourceFile, root: tree_sitter.Node) -> Contents:
    attributes, _, blocks = structure.body(root, file.data, file.path)
    return Contents(blocks, attributes, _comments(root, file.data))


def _comments(root: tree_sitter.Node, data: bytes) -> tuple[Comment, ...]:
    """Return all comments in file order; nodes in which nothing looks like the beginning of one are passed over.

    A cursor and not a query, which takes the square of the time in a long expression with an error.
    """
    marks = [match.start() for match in _COMMENT.finditer(data)]
    found: list[Comment] = []
    cursor, next_mark = root.walk(), 0
    while next_mark < len(marks):
        node = cursor.node
        assert node is not None, "a cursor always stands on a node"
        start, end = node.start_byte, node.end_byte
        next_mark = bisect_left(marks, start, next_mark)
        holds = next_mark < len(marks) and marks[next_mark] < end
        if holds and node.type == "comment":
            found.append(Comment(data[start:end].decode("utf-8", "replace"), start, end, node.start_point[0] + 1))
        elif holds and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return tuple(found)
    return tuple(found)


def _pieces(file: SourceFile) -> Iterator[Block]:
    """Yield the blocks of a broken file, each piece between two headers at the left margin read on its own."""
    data = file.data
    starts = [match.start() for match in _HEADER.finditer(data)]
    if not starts or data[: starts[0]].strip():
        starts.insert(0, 0)
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        yield from _piece(file, start, end)


def _piece(file: SourceFile, start: int, end: int) -> Iterator[Block]:
    """Yield the blocks between two offsets: all of them, or the first when something broken follows it, or what is left of it."""
    blocks = _whole(file, start, end)
    match = _HEADER.match(file.data, start)
    if match and blocks is None:
        closes = islice(_CLOSE.finditer(file.data, match.end(), end), _MOST_CLOSES)
        blocks = next((found for close in closes if (found := _whole(file, start, close.end())) is not None), None)
    if blocks is not None:
        yield from blocks
        return
    root = _parsed(file, start, end)
    if match:
        yield _broken_block(file, root, start, match.end(), end)
    else:
        yield from structure.body(root, file.data, file.path)[2]


def _whole(file: SourceFile, start: int, end: int) -> tuple[Block, ...] | None:
    """Return the blocks between two offsets, None when there are errors between them."""
    try:
        return strict.contents(file, start, end).blocks
    except strict.Refused:
        root = _parsed(file, start, end)
        return None if root.has_error else structure.body(root, file.data, file.path)[2]


def _parsed(file: SourceFile, start: int, end: int) -> tree_sitter.Node:
    """Return the syntax tree of a part of a file.

    The grammar takes white space one character at a time, and near an error the square of that; so the middle of a very long stretch of it
    is not shown to the parser. It means the same without, and all offsets stay as they are.
    """
    edges = [start]
    for gap in _GAP.finditer(file.data, start, end):
        edges += [gap.start() + _SHOWN_SPACE, gap.end() - _SHOWN_SPACE]
    edges.append(end)
    if edges == [0, len(file.data)]:
        return tree_sitter.Parser(_language()).parse(file.data).root_node
    spans = [tree_sitter.Range(_point(file, a), _point(file, b), a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return tree_sitter.Parser(_language(), included_ranges=spans).parse(file.data).root_node


def _broken_block(file: SourceFile, root: tree_sitter.Node, start: int, header_end: int, end: int) -> Block:
    """Return what can be read of a block that does not parse: its header and the arguments and nested blocks that are whole."""
    data = file.data
    header = data[start : header_end - 1].decode("utf-8", "replace")
    type_, *labels = (quoted or bare for quoted, bare in _LABELS.findall(header))
    attributes, duplicates, blocks = structure.salvage(root, data, file.path, header_end)
    stop = start + len(_without_next(data[start:end]) if end < len(data) else data[start:end].rstrip())
    return Block(
        type_, tuple(labels), attributes, blocks, file.path, start, stop,
        file.position(start).line, file.position(stop).line, start + len(header.rstrip().encode()), duplicates, complete=False,
    )  # fmt: skip


def _without_next(piece: bytes) -> bytes:
    """Return a piece without the comments at the left margin at its end: they are about what the next header begins."""
    lines = piece.rstrip().split(b"\n")
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].startswith((b"#", b"//"))):
        lines.pop()
    return b"\n".join(lines).rstrip()


def _point(file: SourceFile, byte: int) -> tree_sitter.Point:
    line = file.position(byte).line
    return tree_sitter.Point(line - 1, byte - file.line_starts[line - 1])
