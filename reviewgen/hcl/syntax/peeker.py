"""The token stream as the parser sees it: comments left out, newlines only where they mean something, and recovery."""

from __future__ import annotations

from .scanner import Token

_OPPOSITE = {
    "}": "{", "]": "[", ")": "(", "cquote": "oquote", "cheredoc": "oheredoc", "seqend": "interp",
    "{": "}", "[": "]", "(": ")", "oquote": "cquote", "oheredoc": "cheredoc", "interp": "seqend", "control": "seqend",
}  # fmt: skip
_OPENERS = frozenset(["{", "[", "(", "oquote", "oheredoc", "interp", "control"])
_CLOSERS = frozenset(["}", "]", ")", "cquote", "cheredoc"])


def opposite(kind: str) -> str:
    """Return the bracket that belongs to another; empty for what is no bracket."""
    return _OPPOSITE.get(kind, "")


class Peeker:
    """Reads tokens one by one.

    Attributes:
        newlines: Stack that tells whether newlines are tokens here.
        recovering: True after the first error: from then on most messages would only repeat it, so HCL keeps them back.
    """

    def __init__(self, tokens: list[Token], data: bytes) -> None:
        self.tokens = tokens
        self.data = data
        self.index = 0
        self.newlines = [True]
        self.recovering = False

    def _next(self) -> tuple[Token, int]:
        for index in range(self.index, len(self.tokens)):
            token = self.tokens[index]
            if token.kind == "comment":
                if self.newlines[-1] and self.data[token.end - 1 : token.end] == b"\n":
                    return Token("newline", token.start, token.end), index + 1  # as HCL does: messages point at the comment
                continue
            if token.kind == "newline" and not self.newlines[-1]:
                continue
            return token, index + 1
        return self.tokens[-1], len(self.tokens)

    def peek(self) -> Token:
        """Return the next token without taking it."""
        return self._next()[0]

    def read(self) -> Token:
        """Take the next token."""
        token, self.index = self._next()
        return token

    @property
    def previous(self) -> Token:
        """The last token taken, or the first one at the beginning."""
        return self.tokens[self.index - 1] if self.index else self.peek()

    def word(self, text: bytes) -> bool:
        """Whether the next token is a certain word."""
        token = self.peek()
        return token.kind == "ident" and self.data[token.start : token.end] == text

    def recover(self, end: str) -> Token:
        """Skip to behind the closing bracket ``end`` of the construct that is open."""
        self.recovering = True
        start = opposite(end)
        nest = 0
        while True:
            token = self.read()
            kind = "interp" if end == "seqend" and token.kind == "control" else token.kind
            if kind == "eof" or (kind == end and nest < 1):
                return token
            nest += (kind == start) - (kind == end)

    def recover_after_item(self) -> None:
        """Skip to behind the line on which the present argument or block ends."""
        self.recovering = True
        open_: list[str] = []
        while True:
            kind = self.read().kind
            if kind == "eof" or (kind == "newline" and not open_):
                return
            if kind in _OPENERS:
                open_.append(kind)
            elif kind in _CLOSERS or kind == "seqend":
                wanted = ("interp", "control") if kind == "seqend" else (opposite(kind),)
                while open_ and open_[-1] not in wanted:
                    open_.pop()
                if open_:
                    open_.pop()
