"""Quoted strings and heredocs: literal pieces and what is interpolated between them."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable
from functools import lru_cache

from reviewgen.hcl import strings
from reviewgen.model import hcl

from .cursor import Cursor, Refused

# The text of a quoted string up to its end or the next interpolation; only escapes that HCL knows.
_QUOTED = re.compile(rb'(?:[^"\\$%\n]++|\\(?:[nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|\$\$\{|%%\{|\$(?!\{)|%(?!\{))*+')
# What begins an interpolation or a directive in a heredoc, and what only looks like it.
_MARK = re.compile(rb"\$\$\{|%%\{|[$%]\{")
_HEREDOC = re.compile(rb"<<(-?)([A-Za-z_][\w-]*)\n")


class Templates(Cursor):
    """The half of the reader that reads templates."""

    @abstractmethod
    def expression(self, lines: bool) -> hcl.Expression:
        """Take an expression."""

    def quoted(self) -> hcl.Expression:
        """Take a quoted string; one that is nothing but an interpolation means what is interpolated."""
        start = self.at
        parts = _Parts(start + 1, strings.unquote)
        self.at = start + 1
        while True:
            self.at = _QUOTED.match(self.data, self.at).end()  # type: ignore[union-attr]  # it matches anywhere
            byte = self.data[self.at : self.at + 1]
            if byte == b'"':
                break
            if byte != b"$":
                raise Refused
            self._interpolation(parts)
        parts.literal(self.data, self.at)
        self.at += 1
        found = parts.found
        if not found:
            return hcl.Literal(start, self.at, "")
        if len(found) == 1:
            return hcl.Literal(start, self.at, found[0].value) if isinstance(found[0], hcl.Literal) else found[0]
        return hcl.Template(start, self.at, tuple(found))

    def _interpolation(self, parts: _Parts) -> None:
        """Take ``${}`` and the literal piece before it."""
        data, trim = self.data, self.data[self.at + 2 : self.at + 3] == b"~"
        parts.literal(data, self.at, trim)
        self.at += 3 if trim else 2
        self.skip(True)
        parts.found.append(self.expression(True))
        following = self.skip(True)
        parts.trim = following == b"~"
        self.at += parts.trim
        if data[self.at : self.at + 1] != b"}":
            raise Refused
        self.at += 1
        parts.at = self.at

    def heredoc(self) -> hcl.Expression:
        """Take a heredoc up to behind the word that closes it, alone on its line."""
        start, data = self.at, self.data
        head = _HEREDOC.match(data, start)
        if head is None:
            raise Refused
        first = self.at = head.end()
        closing = _closing(head[2])
        parts = _Parts(first, strings.unescape_template)
        end = closing.search(data, first)
        while end is not None and (mark := _MARK.search(data, self.at, end.start())) is not None:
            if len(mark[0]) == 3:
                self.at = mark.end()
                continue
            self.at = mark.start()
            if mark[0] == b"%{":
                raise Refused
            self._interpolation(parts)
            if self.at > end.start():
                end = closing.search(data, self.at)
        if end is None:
            raise Refused
        parts.literal(data, end.start())
        self.at = end.end()
        found = parts.found or [hcl.Literal(first, end.start(), "")]
        if head[1]:
            found = strings.dedent(found)
        if all(isinstance(part, hcl.Literal) for part in found):
            found = [hcl.Literal(first, end.start(), "".join(str(part.value) for part in found if isinstance(part, hcl.Literal)))]
        return hcl.Template(start, self.at, tuple(found), True)


@lru_cache(maxsize=64)
def _closing(word: bytes) -> re.Pattern[bytes]:
    """Return the pattern of the line that closes a heredoc."""
    return re.compile(rb"^[ \t]*%s(?=\n|\Z)" % word, re.MULTILINE)


class _Parts:
    """The pieces of a template as they come: ``at`` is where the next literal one begins, ``trim`` whether blanks before it go."""

    def __init__(self, at: int, decode: Callable[[str], str]) -> None:
        self.at = at
        self.decode = decode
        self.trim = False
        self.found: list[hcl.Expression] = []

    def literal(self, data: bytes, upto: int, trim_end: bool = False) -> None:
        """Add the literal piece up to an offset, if there is anything in it."""
        text = self.decode(data[self.at : upto].decode())
        text = text.lstrip() if self.trim else text
        text = text.rstrip() if trim_end else text
        if text:
            self.found.append(hcl.Literal(self.at, upto, text))
