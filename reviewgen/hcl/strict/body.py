"""Bodies, arguments and blocks, as HCL's ``ParseBody`` reads them."""

from __future__ import annotations

import re
from bisect import bisect_right

from reviewgen.hcl.contents import Contents
from reviewgen.model.hcl import Attribute, Block
from reviewgen.model.source import SourceFile

from .cursor import Refused
from .expressions import NAME, PLAIN, Expressions, plain

# What begins an item of a body, behind blanks and empty lines: an argument, with its value where that is plain and alone on its line; the
# head of a block; the end of the body; a comment.
_ITEM = re.compile(
    rb"[ \t\n]*+(?:(" + NAME + rb")(?:[ \t]*+=(?![=>])[ \t]*+(?:(" + PLAIN + rb")(?=[ \t]*+(?:\n|\Z|#|//))|)|"
    rb'([ \t]*+(?:(?:"[^"\\$%\n]*+"|' + NAME + rb")[ \t]*+)*+\{))|(\})|(#|/)|\Z)"
)
_WORD = re.compile(rb'"[^"]*"|' + NAME)
_ARGUMENT = re.compile(rb"(" + NAME + rb")[ \t]*=(?![=>])[ \t]*")


def contents(file: SourceFile, start: int = 0, end: int | None = None) -> Contents:
    """Return what stands in a file, or in a part of it.

    Raises:
        Refused: HCL would report an error, or the text is beyond what this reader knows.
    """
    if b"\r" in file.data:
        raise Refused  # only a line end may hold one, and the loader leaves none of these
    reader = _Bodies(file, start, end)
    try:
        attributes, blocks = reader.body(False)
    except UnicodeDecodeError as error:
        raise Refused from error
    return Contents(blocks, attributes, tuple(reader.comments))


class _Bodies(Expressions):
    """The half of the reader that reads bodies."""

    def body(self, nested: bool) -> tuple[dict[str, Attribute], tuple[Block, ...]]:
        """Take arguments and blocks up to the brace that closes a nested body, or the end of the file."""
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        self.deeper()
        while True:
            match = _ITEM.match(self.data, self.at)
            if match is None:
                raise Refused
            name, value, head, close, comment = match.groups()
            self.at = match.end()
            if head is not None:
                blocks.append(self._block(match.start(1)))
            elif name is not None:
                start = match.start(1)
                attribute = self._attribute(start, name) if value is None else self._plain(start, name, match.start(2), value)
                if attribute.name in attributes:
                    raise Refused
                attributes[attribute.name] = attribute
            elif comment is not None:
                self.at -= 1
                self.comment()
            elif (close is not None) is nested:
                self.depth -= 1
                return attributes, tuple(blocks)
            else:
                raise Refused

    def _plain(self, start: int, name: bytes, begin: int, value: bytes) -> Attribute:
        """Return the argument whose value ``_ITEM`` has taken already."""
        line = bisect_right(self.starts, start)
        return Attribute(name.decode(), plain(begin, self.at, value), start, self.at, line, line)

    def _attribute(self, start: int, name: bytes) -> Attribute:
        """Take the value of an argument, and the end of its line."""
        expr = self.expression(False)
        end = self.at
        self.end_item()
        return Attribute(name.decode(), expr, start, end, self.line(start), self.line(end))

    def _block(self, start: int) -> Block:
        """Take a block from behind its opening brace on."""
        words = _WORD.findall(self.data[start : self.at - 1])
        header_end = start + len(self.data[start : self.at - 1].rstrip())
        byte = self.skip(False)
        attributes: dict[str, Attribute] = {}
        blocks: tuple[Block, ...] = ()
        if byte in (b"\n", b"}"):
            attributes, blocks = self.body(True)
        else:
            attributes = self._single()
        end = self.at
        self.end_item()
        type_, *labels = (word.strip(b'"').decode() for word in words)
        return Block(
            type_, tuple(labels), attributes, blocks, self.file.path, start, end, self.line(start), self.line(end), header_end, (), True
        )

    def _single(self) -> dict[str, Attribute]:
        """Take the one argument of a block that stands on one line, and its closing brace."""
        match = _ARGUMENT.match(self.data, self.at)
        if match is None:
            raise Refused
        start, self.at = self.at, match.end()
        expr = self.expression(False)
        line = self.line(start)
        attribute = Attribute(match[1].decode(), expr, start, self.at, line, self.line(self.at))
        self.take(b"}", False)
        return {attribute.name: attribute}
