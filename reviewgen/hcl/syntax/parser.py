"""Bodies, arguments and blocks: HCL's ``ParseBody`` and what it calls. Expressions are in ``expressions``."""

from __future__ import annotations

from .expressions import Expressions
from .scanner import Token

_REQUIRED = "Argument or block definition required"
_PLAIN = "An argument or block definition is required here."
_WITH_EQUALS = f'{_PLAIN} To set an argument, use the equals sign "=" to introduce the argument value.'
_UNCLOSED = (
    "There is no closing brace for this block before the end of the file. "
    "This may be caused by incorrect brace nesting elsewhere in this file."
)  # fmt: skip
_SINGLE = "Invalid single-argument block definition"


class Parser(Expressions):
    """Parses a file; the errors are in ``errors``."""

    def body(self, end: str) -> None:
        """Parse arguments and blocks up to the token ``end``."""
        start = self.peeker.previous
        seen: dict[bytes, Token] = {}
        with self.nested():
            while True:
                token = self.peeker.peek()
                if token.kind == end:
                    self.peeker.read()
                    return
                if token.kind == "newline":
                    self.peeker.read()
                elif token.kind == "ident":
                    self._item(seen)
                else:
                    self._unexpected(self.peeker.read(), end, start)
                    return

    def _unexpected(self, bad: Token, end: str, start: Token) -> None:
        if not self.peeker.recovering:
            if bad.kind == "oquote":
                self.error("Invalid argument name", "Argument names must not be quoted.", bad)
            elif bad.kind == "eof" and end == "}":
                self.error("Unclosed configuration block", _UNCLOSED, start)
            else:
                self.error(_REQUIRED, _PLAIN, bad)
        self.peeker.recover(end)

    def _item(self, seen: dict[bytes, Token]) -> None:
        ident = self.peeker.read()
        kind = self.peeker.peek().kind
        if kind == "=":
            self._argument(ident, single_line=False)
            name = self.data[ident.start : ident.end]
            if name in seen:
                was = f'The argument "{name.decode("utf-8", "replace")}" was already set at {self.place(seen[name])}.'
                self.error("Attribute redefined", f"{was} Each argument may be set only once.", ident)
            seen.setdefault(name, ident)
        elif kind in ("oquote", "{", "ident"):
            self._block(ident)
        else:
            self.peeker.recover_after_item()
            self.error(_REQUIRED, _WITH_EQUALS, ident)

    def _argument(self, ident: Token, *, single_line: bool) -> None:
        self.peeker.read()
        count = len(self.errors)
        self.expression()
        if self.peeker.recovering and len(self.errors) > count:
            self.peeker.recover_after_item()
            return
        if single_line:
            return
        end = self.peeker.peek()
        if end.kind in ("newline", "eof"):
            self.peeker.read()
            return
        if not self.peeker.recovering:
            if end.kind == ",":
                detail = "Argument definitions must be separated by newlines, not commas. An argument definition must end with a newline."
                self.error("Unexpected comma after argument", detail, end)
            else:
                self.error("Missing newline after argument", "An argument definition must end with a newline.", end)
        self.peeker.recover_after_item()

    def _block(self, ident: Token) -> None:
        brace = self._labels()
        if brace is None:
            self.peeker.recover_after_item()
            return
        if self.peeker.peek().kind in ("newline", "eof", "}"):
            self.body("}")
        else:
            self._single_line(brace)
        end = self.peeker.peek()
        if end.kind in ("newline", "eof"):
            self.peeker.read()
            return
        if not self.peeker.recovering:
            self.error("Missing newline after block definition", "A block definition must end with a newline.", end)
        self.peeker.recover_after_item()

    def _labels(self) -> Token | None:
        """Take a block's labels and its opening brace; None after an error."""
        while True:
            token = self.peeker.peek()
            if token.kind == "{":
                return self.peeker.read()
            if token.kind == "oquote":
                self.label()
            elif token.kind == "ident":
                self.peeker.read()
            else:
                self._bad_label(token)
                return None

    def _bad_label(self, token: Token) -> None:
        title = "Invalid block definition"
        if token.kind == "=":
            detail = 'The equals sign "=" indicates an argument definition, and must not be used when defining a block.'
        elif token.kind == "newline":
            detail = 'A block definition must have block content delimited by "{" and "}", starting on the same line as the block header.'
        elif self.peeker.recovering:
            return
        else:
            detail = 'Either a quoted string block label or an opening brace ("{") is expected here.'
        self.error(title, detail, token)

    def _single_line(self, brace: Token) -> None:
        """Parse ``{ name = value }``."""
        self._single_argument()
        token = self.peeker.peek()
        if token.kind == "}":
            self.peeker.read()
            return
        if token.kind == ",":
            detail = (
                "Single-line block syntax can include only one argument definition. To define multiple arguments, use the multi-line "
                "block syntax with one argument definition per line."
            )
            self.error(_SINGLE, detail, token)
        elif token.kind == "newline":
            detail = (
                "An argument definition on the same line as its containing block creates a single-line block definition, which must also "
                "be closed on the same line. Place the block's closing brace immediately after the argument definition."
            )
            self.error(_SINGLE, detail, token)
        elif not self.peeker.recovering:
            if token.kind == "eof":
                self.error("Unclosed configuration block", _UNCLOSED, brace)
            else:
                detail = "A single-line block definition must end with a closing brace immediately after its single argument definition."
                self.error(_SINGLE, detail, token)
        self.peeker.recover("}")

    def _single_argument(self) -> None:
        ident = self.peeker.read()
        kind = self.peeker.peek().kind
        if ident.kind != "ident":
            self.error(_REQUIRED, _PLAIN, ident)
        elif kind == "=":
            self._argument(ident, single_line=True)
            return
        elif kind in ("oquote", "{", "ident"):
            name = self.text(ident)
            detail = (
                f'A single-line block definition can contain only a single argument. If you meant to define argument "{name}", use an '
                "equals sign to assign it a value. To define a nested block, place it on a line of its own within its parent block."
            )
            self.error("Argument definition required", detail, ident)
        else:
            self.error(_REQUIRED, _WITH_EQUALS, ident)
        self.peeker.recover_after_item()
