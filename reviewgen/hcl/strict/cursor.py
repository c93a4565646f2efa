"""A place in the bytes of a file, and what may stand between two tokens."""

from __future__ import annotations

import re
from bisect import bisect_right

from reviewgen.model.hcl import Comment
from reviewgen.model.source import SourceFile

# Nesting beyond this is refused here; the tolerant reader bounds it in its own way.
DEPTH = 40

_BLANK = re.compile(rb"[ \t]*+")
_SPACE = re.compile(rb"[ \t\n]*+")
_COMMENT = re.compile(rb"(?:#|//)[^\n]*+|/\*(?s:.)*?\*/")
_END_OF_ITEM = re.compile(rb"[ \t]*+(?=\n|\Z|#|//)")


class Refused(Exception):
    """The text is not right, or written in a way that this reader does not know."""


class Cursor:
    """Goes through the bytes of a file from left to right.

    Attributes:
        file: The file.
        data: Its bytes.
        at: The offset behind what was taken last.
        comments: The comments passed, in order.
        ended: The offset at which an expression ended last with something behind it that ends all that are open without a bracket.
        depth: How many expressions and blocks are open.
    """

    def __init__(self, file: SourceFile, start: int, end: int | None) -> None:
        self.file = file
        self.data = file.data if end is None else file.data[:end]
        self.at = start
        self.starts = file.line_starts
        self.comments: list[Comment] = []
        self.ended = -1
        self.depth = 0

    def line(self, byte: int) -> int:
        """Return the line of a byte offset, 1-based."""
        return bisect_right(self.starts, byte)

    def deeper(self) -> None:
        """Count one level of nesting more."""
        self.depth += 1
        if self.depth > DEPTH:
            raise Refused

    def skip(self, lines: bool) -> bytes:
        """Pass over blanks and comments, with ``lines`` over line ends too; return the byte that follows, empty at the end of the file.

        Where line ends count, a comment that takes the rest of its line stands for the line end and is left.
        """
        data = self.data
        gap = _SPACE if lines else _BLANK
        while True:
            self.at = gap.match(data, self.at).end()  # type: ignore[union-attr]  # it matches anywhere
            following = data[self.at : self.at + 1]
            if following != b"#" and following != b"/":
                return following
            if following == b"#" or data[self.at + 1 : self.at + 2] == b"/":
                if not lines:
                    return b"\n"
            elif data[self.at + 1 : self.at + 2] != b"*":
                return following
            self.comment()

    def comment(self) -> None:
        """Take the comment that begins here; one that was passed before, in looking ahead, is noted already."""
        match = _COMMENT.match(self.data, self.at)
        if match is None:
            raise Refused
        if not self.comments or self.comments[-1].start < self.at:
            self.comments.append(Comment(match[0].decode(), self.at, match.end(), self.line(self.at)))
        self.at = match.end()

    def take(self, byte: bytes, lines: bool) -> None:
        """Take one byte behind blanks and comments; refuse when another one stands there."""
        if self.skip(lines) != byte:
            raise Refused
        self.at += 1

    def end_item(self) -> None:
        """Pass over what may stand behind an argument or a block on its line; refuse anything else."""
        match = _END_OF_ITEM.match(self.data, self.at)
        if match is not None:
            self.at = match.end()
        elif self.skip(False) not in (b"\n", b""):
            raise Refused
