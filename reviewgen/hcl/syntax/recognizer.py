"""What the halves of the parser share: the tokens, the errors found, and how deep the parser is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from .peeker import Peeker
from .scanner import Token

DEPTH = 120


class Problem(NamedTuple):
    """An error of the parser: words and byte range."""

    summary: str
    detail: str
    start: int
    end: int


class TooDeep(Exception):
    """Nesting beyond ``DEPTH``: parsing stops with the errors found so far."""


class Recognizer:
    """Goes through the tokens and notes what is wrong."""

    def __init__(self, peeker: Peeker, data: bytes) -> None:
        self.peeker = peeker
        self.data = data
        self.errors: list[Problem] = []
        self.depth = 0

    def error(self, summary: str, detail: str, token: Token, end: Token | None = None) -> None:
        """Note an error at a token, or from one to another."""
        self.errors.append(Problem(summary, detail, token.start, (end or token).end))

    def text(self, token: Token) -> str:
        """Return a token's text."""
        return self.data[token.start : token.end].decode("utf-8", "replace")

    def place(self, token: Token) -> str:
        """Return a token's place as messages name it: ``{file}:line,column-column``."""
        line = self.data.count(b"\n", 0, token.start) + 1
        column = token.start - (self.data.rfind(b"\n", 0, token.start) + 1) + 1
        return f"{{file}}:{line},{column}-{column + token.end - token.start}"

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Count one level of nesting."""
        self.depth += 1
        if self.depth > DEPTH:
            raise TooDeep
        yield
        self.depth -= 1

    @contextmanager
    def newlines(self, on: bool) -> Iterator[None]:
        """Set whether newlines are tokens."""
        self.peeker.newlines.append(on)
        yield
        self.peeker.newlines.pop()

    def failed(self, before: int) -> bool:
        """Whether errors were found since there were ``before`` of them, and most messages are kept back for them."""
        return self.peeker.recovering and len(self.errors) > before
