"""What a document says where: each line, item, row and block of code with the label that it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from reviewgen.records import dataclass

from .page import Block, Kind, Line, Page
from .words import Role, words

# Paragraphs of our own documents between a caption and its code.
_NOTE = "The next block holds "
_NOTHING = Role("", "")


@dataclass(frozen=True, slots=True)
class Said:
    """One piece of a document.

    Attributes:
        kind: What it is.
        line: 1-based line of the document; of code the line of its opening fence.
        text: The prose without its label, or the code.
        label: The label or heading that it stands under, as written.
        role: What stands under such a label; empty when that is not known.
        side: The tree that the label speaks of: ``model``, ``ideal``, or empty.
        level: As of ``Block``.
        mark: As of ``Block``.
        labelled: Whether the label stands on this line.
        spans: The prose in pieces, (is code, text), its label included.
        cells: The cells of a table's row.
        cell_spans: The same in pieces.
        under: The role of the heading, or the paragraph's label, that an item stands under.
        caption: Of code the line of prose before it, if there is any since the last heading or code.
    """

    kind: Kind
    line: int
    text: str
    label: str = ""
    role: str = ""
    side: str = ""
    level: int = 0
    mark: str = ""
    labelled: bool = False
    spans: tuple[tuple[bool, str], ...] = ()
    cells: tuple[str, ...] = ()
    cell_spans: tuple[tuple[tuple[bool, str], ...], ...] = ()
    under: str = ""
    caption: str = ""


class _Labels:
    """The label that holds: that of a list's item until the next one, that of a paragraph or heading until the next of its kind."""

    def __init__(self) -> None:
        self.base = ("", _NOTHING)
        self.item: tuple[str, Role] | None = None

    @property
    def current(self) -> tuple[str, Role]:
        return self.item or self.base

    def head(self, text: str) -> None:
        label, colon, value = text.partition(":")
        role = words().role(text) or (words().role(label) if colon else None)
        self.base = (label if value else text, role or _NOTHING)
        self.item = None

    def take(self, line: Line, block: Block, first: bool, plain: bool) -> bool:
        """Take in a line of prose; returns whether it has a label of its own that is known.

        A ``plain`` label, which is not bold, with text behind it is one of its own paragraph only.
        """
        role = words().role(line.label) if line.label else None
        if first and (block.kind is Kind.ITEM or not block.level):
            self.item = None
        if role is None:
            if line.label and block.kind is Kind.PARAGRAPH and not block.level:
                self.base = (line.label, _NOTHING)  # a label that nobody knows ends what the one before it introduced
            return False
        if block.kind is Kind.ITEM or block.level or (plain and line.rest):
            self.item = (line.label, role)
        else:
            self.base = (line.label, role)
        return True


_PLAIN_LABEL = re.compile(r"([A-Z][\w /]{2,30}):(?: (?=\S)|$)")


def _labelled(block: Block, sided: bool) -> Block:
    """Return a block in which ``Model Response: ...`` is a label though it is not bold; with ``sided`` only what names an answer."""
    lines = []
    for line in block.lines:
        match = _PLAIN_LABEL.match(line.text) if not line.label else None
        role = words().role(match[1]) if match else None
        known = role is not None and (bool(role.side) or not sided)
        lines.append(replace(line, label=match[1], rest=line.text[match.end() :]) if match and known else line)
    return replace(block, lines=tuple(lines))


def labelled(page: Page) -> Iterator[Block]:
    """Yield the blocks of a page with all their labels, those that are not bold, too."""
    bold = _is_bold(page)
    for block in page.blocks:
        yield _labelled(block, bold) if block.kind is Kind.ITEM or not bold else block


def _is_bold(page: Page) -> bool:
    return any(line.label for block in page.blocks for line in block.lines)


def said(page: Page) -> Iterator[Said]:
    """Yield what a page says, in order; a heading yields itself.

    Labels need not be bold in a list, or in a document that has no bold one.
    """
    labels, caption = _Labels(), ""
    bold = _is_bold(page)
    for block in labelled(page):
        if block.kind is Kind.HEADING:
            labels.head(block.prose)
            caption = ""
            yield _piece(block, block.prose, labels)
        elif block.kind is Kind.CODE:
            yield _piece(block, block.text, labels, caption=caption)
            caption = ""
        elif block.kind is Kind.ROW:
            yield _piece(block, " | ".join(block.cells), labels)
        elif block.kind is not Kind.HTML:
            for number, line in enumerate(block.lines):
                own = labels.take(line, block, number == 0, not bold)
                yield _piece(block, line.rest if own else line.text, labels, line, own)
            caption = caption if block.prose.startswith(_NOTE) else block.lines[-1].text


def _piece(block: Block, text: str, labels: _Labels, line: Line | None = None, own: bool = False, caption: str = "") -> Said:
    label, role = labels.current
    return Said(
        block.kind,
        line.number if line else block.line,
        text,
        label,
        role.role,
        role.side,
        block.level,
        block.mark,
        own,
        line.spans if line else block.lines[0].spans if block.lines else (),
        block.cells,
        block.cell_spans,
        labels.base[1].role,
        caption,
    )
