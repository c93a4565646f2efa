"""The tolerant reader: tree-sitter's concrete syntax tree to the vocabulary of ``reviewgen.model.hcl``.

tree-sitter reads on after an error, but an unclosed brace makes it nest whatever follows. So a file with errors is read a second time,
piece by piece, cut where a new top-level block begins at the left margin: one broken block never hides its neighbours.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice

import tree_sitter
import tree_sitter_hcl

from reviewgen.model.hcl import Attribute, Block, Comment, Expression
from reviewgen.model.review import Diagnostic
from reviewgen.model.source import SourceFile
from reviewgen.records import dataclass

from . import lower
from .syntax import diagnose, diagnose_template, suspicious

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
_HEADER = re.compile(rb"^(?:%s)\b[ \t]*(?:\"[^\"\n]*\"[ \t]*|[\w-]+[ \t]*){0,3}\{" % "|".join(TOP_LEVEL).encode(), re.MULTILINE)
# A brace at the left margin closes a block, unless it stands in a heredoc: so a few of them are tried.
_CLOSE = re.compile(rb"^\}[ \t]*$", re.MULTILINE)
_MOST_CLOSES = 4
_COMMENT = re.compile(rb"#|//|/\*")
_SHOWN_SPACE = 64
_GAP = re.compile(rb"(?<!\s)\s{%d,}" % (4 * _SHOWN_SPACE))
_LABELS = re.compile(r'"([^"\n]*)"|([\w-]+)')


@dataclass(frozen=True)
class HclFile:
    """A file as read.

    Attributes:
        file: The source.
        blocks: Top-level blocks in file order; broken ones have ``complete=False``.
        attributes: Top-level attributes by name: the content of ``.tfvars`` files.
        comments: All comments in file order.
        diagnostics: What Terraform says when the file does not parse; empty otherwise.
    """

    file: SourceFile
    blocks: tuple[Block, ...]
    attributes: Mapping[str, Attribute]
    comments: tuple[Comment, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


@cache
def _language() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_hcl.language())


def read(file: SourceFile) -> HclFile:
    """Read one file of native HCL syntax; never raises on any text."""
    data = file.data
    root = _parsed(file, 0, len(data))
    comments = _comments(root, data)
    attributes, _, blocks = lower.body(root, data, file.path)
    if not root.has_error:
        return HclFile(file, blocks, attributes, comments, diagnose(file) if suspicious(file, comments) else ())
    return HclFile(file, tuple(_pieces(file)), attributes, comments, diagnose(file))


def parse_expression(text: str) -> Expression:
    """Read one expression; what is no expression becomes ``Invalid``."""
    data = _ASSIGN + text.encode("utf-8", "surrogatepass") + b"\n"
    root = tree_sitter.Parser(_language()).parse(data).root_node
    attributes, _, _ = lower.body(root, data, "")
    if root.has_error or set(attributes) != {"x"}:
        return lower.invalid(0, len(data) - len(_ASSIGN) - 1, text)
    return attributes["x"].expr


def expression_at(file: SourceFile) -> Expression:
    """Read a file that is one expression, such as a JSON document, with offsets into the file."""
    from .json_reader import shifted

    return shifted(parse_expression(file.text), -len(_ASSIGN))


def read_template(file: SourceFile) -> tuple[Expression | None, tuple[Diagnostic, ...], SourceFile]:
    """Read a file that is one template.

    Returns:
        Its expression, None when it does not parse; what Terraform says of it; and the file into which the expression's offsets point: the
        template behind ``TEMPLATE_HEAD``.
    """
    mark = "REVIEWGEN_END_OF_TEMPLATE"
    code = SourceFile(file.path, f"{TEMPLATE_HEAD}{file.text}\n{mark}\n")
    problems = diagnose_template(file)
    found = None if problems else read(code).attributes.get("x")
    return (found.expr if found is not None else None), problems, code


TEMPLATE_HEAD = "x = <<REVIEWGEN_END_OF_TEMPLATE\n"
_ASSIGN = b"x = "


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
    root = _parsed(file, start, end)
    if not root.has_error:
        yield from lower.body(root, file.data, file.path)[2]
        return
    match = _HEADER.match(file.data, start)
    if not match:
        yield from lower.body(root, file.data, file.path)[2]
        return
    for close in islice(_CLOSE.finditer(file.data, match.end(), end), _MOST_CLOSES):
        whole = _parsed(file, start, close.end())
        if not whole.has_error:
            yield from lower.body(whole, file.data, file.path)[2]
            return
    yield _broken_block(file, root, start, match.end(), end)


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
    attributes, duplicates, blocks = lower.salvage(root, data, file.path, header_end)
    stop = start + len(data[start:end].rstrip())
    return Block(
        type_, tuple(labels), attributes, blocks, file.path, start, stop,
        file.position(start).line, file.position(stop).line, start + len(header.rstrip().encode()), duplicates, complete=False,
    )  # fmt: skip


def _point(file: SourceFile, byte: int) -> tree_sitter.Point:
    line = file.position(byte).line
    return tree_sitter.Point(line - 1, byte - file.line_starts[line - 1])
