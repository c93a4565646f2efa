"""Markdown to blocks: headings, paragraphs, list items, table rows and code, each with its line. The only importer of markdown-it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from reviewgen.records import dataclass

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_WRAPPED = re.compile(r"\s*(?:```|~~~)(?:markdown|md)[ \t]*\n(?=# |## |[^`]*\n#)", re.IGNORECASE)
_NO_SPACE = re.compile(r"(#{2,6})[A-Z0-9][^\n]*\Z")
_CLOSED = re.compile(r"\n(?:```|~~~)\s*\Z")
_COLON = re.compile(r"^\s*:\s*")


class Kind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    CODE = "code"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of prose.

    Attributes:
        number: 1-based line of the document.
        text: What a reader sees, with backticks around code.
        label: Bold text with a colon that begins the line, without the colon: ``Severity`` of ``**Severity**: High``; empty without one.
        rest: The text behind the label; all of it where there is no label.
        spans: The text in pieces, (is code, text).
    """

    number: int
    text: str
    label: str
    rest: str
    spans: tuple[tuple[bool, str], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a document.

    Attributes:
        kind: What it is.
        line: 1-based line on which it begins; of code the line of the opening fence.
        level: Of a heading 1 to 6; of a table's row the number of the table; of anything else how many lists it stands in.
        lines: Its prose.
        mark: Of a list item ``-`` or its number, ``1.``; of code the info string.
        cells: Of a table's row the cells.
        cell_spans: Of a table's row each cell in pieces, (is code, text).
        text: Of code and HTML the content, verbatim.
    """

    kind: Kind
    line: int
    level: int = 0
    lines: tuple[Line, ...] = ()
    mark: str = ""
    cells: tuple[str, ...] = ()
    text: str = ""
    cell_spans: tuple[tuple[tuple[bool, str], ...], ...] = ()

    @property
    def prose(self) -> str:
        """All of its prose on one line."""
        return " ".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Page:
    """A document as blocks, and the kinds of inline markup in it that are neither code nor bold nor a link to a source."""

    blocks: tuple[Block, ...]
    foreign: tuple[str, ...]


def page(text: str) -> Page:
    """Return the blocks of a Markdown text; one that stands in a fence as a whole is read without it."""
    if opened := _WRAPPED.match(text):
        text = "\n" * opened[0].count("\n") + _CLOSED.sub("\n", text[opened.end() :])
    tokens = _parser().parse(text)
    return Page(tuple(_blocks(tokens)), tuple(_foreign(tokens)))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


_DEEPER = {"bullet_list_open": 1, "ordered_list_open": 1, "bullet_list_close": -1, "ordered_list_close": -1}


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    depth, mark, heading, table, row = 0, "", 0, 0, 0
    cells: list[str] | None = None
    spans: list[tuple[tuple[bool, str], ...]] = []
    for token in tokens:
        line = (token.map[0] if token.map else 0) + 1
        depth += _DEEPER.get(token.type, 0)
        if token.type == "list_item_open":
            mark = f"{token.info}{token.markup}" if token.info else token.markup
        elif token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type == "table_open":
            table += 1
        elif token.type == "tr_open":
            cells, spans, row = [], [], line
        elif token.type == "tr_close":
            yield Block(Kind.ROW, row, table, cells=tuple(cells or ()), cell_spans=tuple(spans))
            cells = None
        elif token.type in ("fence", "code_block"):
            yield Block(Kind.CODE, line - (token.type == "code_block"), depth, mark=token.info.strip(), text=token.content)
        elif token.type == "html_block":
            yield Block(Kind.HTML, line, depth, text=token.content)
        elif token.type == "inline" and cells is not None:
            lines = tuple(_lines(token, line))
            cells.append(" ".join(piece.text for piece in lines))
            spans.append(tuple(span for piece in lines for span in piece.spans))
        elif token.type == "inline":
            if not heading and not mark and not depth and (forgotten := _NO_SPACE.match(token.content)):
                yield Block(Kind.HEADING, line, len(forgotten[1]), (_heading(token, line),))
                continue
            kind = Kind.HEADING if heading else Kind.ITEM if mark else Kind.PARAGRAPH
            yield Block(kind, line, heading or depth, tuple(_lines(token, line)), mark)
            heading, mark = 0, ""


def _heading(token: Token, number: int) -> Line:
    """Return the text of ``##Title``, which its writer took for a heading."""
    text = token.content.lstrip("#").strip()
    return Line(number, text, "", text, ((False, text),))


def _lines(token: Token, first: int) -> Iterator[Line]:
    """Yield the lines of an inline token."""
    number, pieces = first, list[tuple[str, str]]()
    bold = 0
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            yield _line(number, pieces)
            number, pieces = number + 1, []
        elif child.type in ("strong_open", "strong_close"):
            bold += 1 if child.type == "strong_open" else -1
        elif child.type == "code_inline":
            pieces.append(("code", child.content))
        elif child.type == "text" or child.type.startswith("text_"):
            pieces.append(("bold" if bold else "text", child.content))
        elif child.type == "image":
            pieces.append(("text", child.content))
    yield _line(number, pieces)


def _line(number: int, pieces: Sequence[tuple[str, str]]) -> Line:
    spans: list[tuple[bool, str]] = []
    for kind, text in pieces:
        if spans and kind != "code" and not spans[-1][0]:
            spans[-1] = (False, spans[-1][1] + text)
        elif text:
            spans.append((kind == "code", text))
    whole = _text(spans)
    label = _label([(kind, text) for kind, text in pieces if text.strip()])
    rest = _COLON.sub("", whole[len(label.rstrip(" :")) :], count=1) if label and whole.startswith(label) else whole
    return Line(number, whole, label.rstrip(" :"), rest, tuple(spans))


def _label(pieces: Sequence[tuple[str, str]]) -> str:
    """Return the bold text that begins a line and ends with, or is followed by, a colon."""
    if not pieces or pieces[0][0] != "bold":
        return ""
    text = pieces[0][1]
    if text.rstrip().endswith(":"):
        return text.rstrip()
    behind = pieces[1][1].lstrip() if len(pieces) > 1 and pieces[1][0] == "text" else ""
    return text if behind.startswith(":") else ""


def _text(spans: Sequence[tuple[bool, str]]) -> str:
    return "".join(f"`{text}`" if is_code else text for is_code, text in spans)


# What no shipped template prints and no input may bring in; links to sources are written as <https://...>.
_MARKUP = ("html_block", "html_inline", "image", "link_open", "code_block", "blockquote_open", "em_open", "s_open")


def _foreign(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the kinds of markup that no shipped template prints; comments are not seen and count for nothing."""
    for token in tokens:
        for part in (token, *(token.children or ())):
            source = part.type == "link_open" and part.markup == "autolink" and str(part.attrs.get("href", "")).startswith("https://")
            comment = part.type == "html_block" and part.content.startswith("<!-- reviewgen:")
            if part.type in _MARKUP and not source and not comment:
                yield part.type
