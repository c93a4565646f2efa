"""Templates: the parts of quoted strings and heredocs, interpolations and directives, as a recognizer."""

from __future__ import annotations

import re
from abc import abstractmethod

from .recognizer import Problem, Recognizer
from .scanner import Token

_ESCAPE = re.compile(rb"\\(.|\Z)", re.DOTALL)


class Templates(Recognizer):
    """The part of the parser that reads templates."""

    @abstractmethod
    def expression(self) -> None:
        """Parse an expression."""

    def label(self) -> None:
        """Parse a quoted label of a block."""
        self.peeker.read()
        while True:
            token = self.peeker.read()
            if token.kind == "cquote":
                return
            if token.kind == "quotedlit":
                self._escapes(token)
            elif token.kind in ("interp", "control"):
                mark = "$" if token.kind == "interp" else "%"
                hint = f'To include a literal "{mark}", double it (as "{mark}{mark}") to escape it.'
                self.error("Invalid string literal", f"Template sequences are not allowed in this string. {hint}", token)
                self.peeker.recover("seqend")
            elif token.kind == "eof":
                self.error("Unterminated string literal", "Unable to find the closing quote mark before the end of the file.", token)
                return
            else:
                self.error("Invalid string literal", "This item is not valid in a string literal.", token)
                self.peeker.recover("cquote")
                return

    def template(self, end: str) -> None:
        """Parse the parts of a template up to its closing mark."""
        open_: list[tuple[str, Token]] = []
        begin = self.peeker.previous
        while True:
            token = self.peeker.read()
            if token.kind == end:
                self._left_open(open_, token)
                return
            if token.kind == "quotedlit":
                self._escapes(token)
            elif token.kind == "interp":
                self._interpolation(begin if end == "eof" else token, end)
            elif token.kind == "control":
                name = self._directive(token)
                self._balance(open_, name, Token("control", token.start, self.peeker.previous.end))
            elif token.kind != "stringlit":
                if not self.peeker.recovering:
                    self.error("Unterminated template string", "No closing marker was found for the string.", token)
                self.peeker.recover(end)
                return

    def _balance(self, open_: list[tuple[str, Token]], name: str, token: Token) -> None:
        """Note a directive that opens or closes a part of the template around it."""
        if name in ("if", "for"):
            open_.append((name, token))
        elif name in ("endif", "endfor") and not open_:
            self.error(f"Unexpected {name} directive", "The control directives within this template are unbalanced.", token)
        elif name in ("endif", "endfor"):
            begun, begin = open_.pop()
            if name != f"end{begun}":
                detail = f"Expecting an end{begun} directive for the {begun} started at {self.place(begin)}."
                self.error(f"Unexpected {name} directive", detail, token)

    def _left_open(self, open_: list[tuple[str, Token]], end: Token) -> None:
        for begun, begin in reversed(open_):
            detail = f"The {begun} directive at {self.place(begin)} is missing its corresponding end{begun} directive."
            self.error("Unexpected end of template", detail, end)

    def _escapes(self, token: Token) -> None:
        for match in _ESCAPE.finditer(self.data, token.start, token.end):
            if match[1] and match[1] not in b'nrt"\\uU':
                symbol = match[1].decode("utf-8", "replace")
                detail = f'The symbol "{symbol}" is not a valid escape sequence selector.'
                self.errors.append(Problem("Invalid escape sequence", detail, match.start(), match.end()))

    def _interpolation(self, start: Token, end: str) -> None:
        with self.newlines(False):
            self.expression()
            close = self.peeker.peek()
            if close.kind == "seqend":
                self.peeker.read()
                return
            if not self.peeker.recovering:
                self._unclosed_interpolation(start, close, end)
            self.peeker.recover("seqend")

    def _unclosed_interpolation(self, start: Token, close: Token, end: str) -> None:
        nesting = "This might be caused by incorrect nesting inside the given expression."
        place = "file" if close.kind == "eof" else "quoted template"
        if close.kind == "eof" or (close.kind in ("cquote", "oquote") and end == "cquote"):
            detail = f"There is no closing brace for this interpolation sequence before the end of the {place}. {nesting}"
            self.error("Unclosed template interpolation sequence", detail, start)
            return
        if close.kind == ":":
            detail = (
                "Template interpolation doesn't expect a colon at this location. Did you intend this to be a literal sequence to be "
                'processed as part of another language? If so, you can escape it by starting with "$${" instead of just "${".'
            )
        else:
            detail = (
                "Expected a closing brace to end the interpolation expression, but found extra characters.\n\nThis can happen when you "
                "include interpolation syntax for another language, such as shell scripting, but forget to escape the interpolation start "
                'token. If this is an embedded sequence for another language, escape it by starting with "$${" instead of just "${".'
            )
        self.error("Extra characters after interpolation expression", detail, close)

    def _directive(self, start: Token) -> str:
        """Parse a directive and return its word."""
        with self.newlines(False):
            word = self.peeker.peek()
            if word.kind != "ident":
                if not self.peeker.recovering:
                    detail = 'A template directive keyword ("if", "for", etc) is expected at the beginning of a %{ sequence.'
                    self.error("Invalid template directive", detail, word)
                self.peeker.recover("seqend")
                return ""
            self.peeker.read()
            name = self.text(word)
            if name == "if":
                self.expression()
            elif name == "for":
                while self.peeker.peek().kind in ("ident", ",") and not self.peeker.word(b"in"):
                    self.peeker.read()
                self.peeker.read()
                self.expression()
            elif name not in ("else", "endif", "endfor"):
                self.error("Invalid template control keyword", f'"{name}" is not a valid template control keyword.', word)
            if self.peeker.peek().kind == "seqend" and not self.peeker.recovering:
                self.peeker.read()
                return name
            if not self.peeker.recovering:
                detail = "Expected a closing brace to end the sequence, but found extra characters."
                self.error(f"Extra characters in {name} marker", detail, self.peeker.peek())
            self.peeker.recover("seqend")
            return name
