"""Expressions and templates: HCL's ``ParseExpression`` and what it calls, as a recognizer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from .peeker import Peeker, opposite
from .scanner import Token

DEPTH = 120
_BINARY = frozenset(["||", "&&", "==", "!=", ">", ">=", "<", "<=", "+", "-", "*", "/", "%"])
_NESTING = "This may be caused by incorrect {} nesting elsewhere in this file."
_FOR = "Invalid 'for' expression"
_ESCAPE = re.compile(rb"\\(.|\Z)", re.DOTALL)


class Problem(NamedTuple):
    """An error of the parser: words and byte range."""

    summary: str
    detail: str
    start: int
    end: int


class TooDeep(Exception):
    """Nesting beyond ``DEPTH``: parsing stops with the errors found so far."""


class Expressions:
    """The half of the parser that reads expressions."""

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
    def _newlines(self, on: bool) -> Iterator[None]:
        self.peeker.newlines.append(on)
        yield
        self.peeker.newlines.pop()

    def _failed(self, before: int) -> bool:
        return self.peeker.recovering and len(self.errors) > before

    def expression(self) -> None:
        """Parse an expression: operations, then ``? :``."""
        with self.nested():
            before = len(self.errors)
            self._operations()
            if self._failed(before) or self.peeker.peek().kind != "?":
                return
            self.peeker.read()
            before = len(self.errors)
            self.expression()
            if self._failed(before):
                return
            colon = self.peeker.peek()
            if colon.kind != ":":
                detail = "The conditional operator (...?...:...) requires a false expression, delimited by a colon."
                self.error("Missing false expression in conditional", detail, colon)
                return
            self.peeker.read()
            self.expression()

    def _operations(self) -> None:
        """Operands and operators in turn; which of them binds more tightly does not matter to a recognizer."""
        while True:
            before = len(self.errors)
            self._with_steps()
            if self._failed(before) or self.peeker.peek().kind not in _BINARY:
                return
            self.peeker.read()

    def _with_steps(self) -> None:
        with self.nested():
            self._term()
            self._steps()

    def _steps(self) -> None:
        while True:
            kind = self.peeker.peek().kind
            if kind == ".":
                self.peeker.read()
                self._attribute()
            elif kind == "[":
                self._index()
            else:
                return

    def _attribute(self) -> None:
        token = self.peeker.peek()
        if token.kind in ("ident", "number", "*"):
            self.peeker.read()
            return
        self.error("Invalid attribute name", "An attribute name is required after a dot.", token)
        self.peeker.recovering = True

    def _index(self) -> None:
        self.peeker.read()
        if self.peeker.peek().kind == "*":
            self.peeker.read()
            close = self.peeker.read()
            if close.kind != "]" and not self.peeker.recovering:
                detail = 'The star for a full splat operator must be immediately followed by a closing bracket ("]").'
                self.error("Missing close bracket on splat index", detail, close)
                self.peeker.recover("]")
            return
        with self._newlines(False):
            before = len(self.errors)
            self.expression()
            if self._failed(before):
                self.peeker.recover("]")
                return
            close = self.peeker.read()
            if close.kind != "]" and not self.peeker.recovering:
                self.error("Missing close bracket on index", 'The index operator must end with a closing bracket ("]").', close)
                self.peeker.recover("]")

    def _term(self) -> None:
        start = self.peeker.peek()
        kind = start.kind
        if kind == "number":
            self.peeker.read()
        elif kind == "ident":
            self.peeker.read()
            if self.peeker.peek().kind in ("(", "::"):
                self._call(start)
        elif kind in ("oquote", "oheredoc"):
            self.peeker.read()
            self.template(opposite(kind))
        elif kind in ("-", "!"):
            self.peeker.read()
            self._with_steps()
        elif kind == "(":
            self._parentheses()
        elif kind == "[":
            self._tuple()
        elif kind == "{":
            self._object()
        else:
            if not self.peeker.recovering:
                self.error("Invalid expression", "Expected the start of an expression, but found an invalid expression token.", start)
            self.peeker.recovering = True

    def _parentheses(self) -> None:
        self.peeker.read()
        with self._newlines(False):
            before = len(self.errors)
            self.expression()
            if len(self.errors) > before:
                self.peeker.recover(")")
                return
            close = self.peeker.peek()
            if close.kind != ")":
                self.error("Unbalanced parentheses", "Expected a closing parenthesis to terminate the expression.", close)
                self.peeker.recovering = True
            self.peeker.read()

    def _call(self, name: Token) -> None:
        open_ = self.peeker.read()
        while open_.kind == "::":
            following = self.peeker.read()
            open_ = self.peeker.read() if following.kind == "ident" else following
            if following.kind != "ident" or open_.kind not in ("(", "::"):
                detail = "Function scope resolution symbol :: must be followed by a function name in this scope."
                self.error("Missing function name", detail, following)
                self.peeker.recover(")")
                return
        with self._newlines(False):
            while self._argument_of(name, open_):
                pass

    def _argument_of(self, name: Token, open_: Token) -> bool:
        """Parse one argument of a call; False when it was the last."""
        if self.peeker.peek().kind == ")":
            self.peeker.read()
            return False
        before = len(self.errors)
        self.expression()
        if self._failed(before):
            self.peeker.recover(")")
            return False
        separator = self.peeker.read()
        if separator.kind == "ellipsis":
            if self.peeker.peek().kind == ")":
                self.peeker.read()
                return False
            if not self.peeker.recovering:
                detail = "An expanded function argument (with ...) must be immediately followed by closing parentheses."
                self.error("Missing closing parenthesis", detail, separator)
            self.peeker.recover(")")
        elif separator.kind == "eof":
            detail = "There is no closing parenthesis for this function call before the end of the file. " + _NESTING.format("parethesis")
            self.error("Unterminated function call", detail, name, open_)
            self.peeker.recover(")")
        elif separator.kind not in (",", ")"):
            detail = "A comma is required to separate each function argument from the next."
            self.error("Missing argument separator", detail, separator)
            self.peeker.recover(")")
        return separator.kind == ","

    def _tuple(self) -> None:
        open_ = self.peeker.read()
        with self._newlines(False):
            if self.peeker.word(b"for"):
                self._for("]")
                return
            while True:
                if self.peeker.peek().kind == "]":
                    self.peeker.read()
                    return
                before = len(self.errors)
                self.expression()
                if self._failed(before):
                    self.peeker.recover("]")
                    return
                following = self.peeker.peek()
                if following.kind not in (",", "]"):
                    self._unended(
                        following, open_, "tuple", "bracket", "Missing item separator", "a comma to mark the beginning of the next item"
                    )
                    self.peeker.recover("]")
                    return
                if self.peeker.read().kind == "]":
                    return

    def _unended(self, token: Token, open_: Token, what: str, bracket: str, summary: str, expected: str) -> None:
        if self.peeker.recovering:
            return
        if token.kind == "eof":
            detail = f"There is no corresponding closing {bracket} before the end of the file. " + _NESTING.format(bracket)
            self.error(f"Unterminated {what} constructor expression", detail, open_)
        else:
            self.error(summary, f"Expected {expected}.", token)

    def _object(self) -> None:
        open_ = self.peeker.read()
        with self._newlines(False):
            loop = self.peeker.word(b"for")
        if loop:
            with self._newlines(False):
                self._for("}")
            return
        with self._newlines(True):
            while self._pair(open_):
                pass

    def _pair(self, open_: Token) -> bool:
        """Parse one ``key = value`` of an object; False when the object has ended."""
        kind = self.peeker.peek().kind
        if kind == "newline":
            self.peeker.read()
            return True
        if kind == "}":
            self.peeker.read()
            return False
        before = len(self.errors)
        self.expression()
        following = self.peeker.peek()
        if not self._failed(before) and following.kind not in ("=", ":"):
            self._bad_key(following, open_)
            self.peeker.recover("}")
            return False
        if not self._failed(before):
            self.peeker.read()
            self.expression()
        if self._failed(before):
            self.peeker.recover("}")
            return False
        following = self.peeker.peek()
        if following.kind in ("}", ",", "newline"):
            return self.peeker.read().kind != "}"
        expected = "a newline or comma to mark the beginning of the next attribute"
        self._unended(following, open_, "object", "brace", "Missing attribute separator", expected)
        self.peeker.recover("}")
        return False

    def _bad_key(self, token: Token, open_: Token) -> None:
        if self.peeker.recovering:
            return
        expected = 'Expected an equals sign ("=") to mark the beginning of the attribute value.'
        if token.kind in ("newline", ","):
            self.error("Missing attribute value", 'Expected an attribute value, introduced by an equals sign ("=").', token)
        elif token.kind == "ident":
            hint = "If you intended to given an attribute name containing periods or spaces, write the name in quotes"
            self.error("Missing key/value separator", f"{expected} {hint} to create a string literal.", token)
        else:
            self._unended(
                token, open_, "object", "brace", "Missing key/value separator", expected.removeprefix("Expected ").removesuffix(".")
            )

    def _for(self, end: str) -> None:
        """Parse a ``for`` expression; the opening bracket has been read."""
        problem = self._for_inside(end)
        if problem and not self.peeker.recovering:
            self.error(_FOR, problem, self.peeker.peek())
        if problem or self.peeker.peek().kind != end:
            self.peeker.recover(end)
        else:
            self.peeker.read()

    def _for_inside(self, end: str) -> str:
        """Return what is wrong at the next token, or nothing; errors inside expressions have been noted already."""
        self.peeker.read()
        if self.peeker.peek().kind != "ident":
            return "For expression requires variable name after 'for'."
        self.peeker.read()
        if self.peeker.peek().kind == ",":
            self.peeker.read()
            if self.peeker.peek().kind != "ident":
                return "For expression requires value variable name after comma."
            self.peeker.read()
        if not self.peeker.word(b"in"):
            return "For expression requires the 'in' keyword after its name declarations."
        self.peeker.read()
        before = len(self.errors)
        self.expression()
        if not self._failed(before) and self.peeker.peek().kind != ":":
            return "For expression requires a colon after the collection expression."
        for mark in (":", "=>"):
            if not self._failed(before) and self.peeker.peek().kind == mark:
                self.peeker.read()
                self.expression()
        if self.peeker.peek().kind == "ellipsis":
            self.peeker.read()
        if not self._failed(before) and self.peeker.word(b"if"):
            self.peeker.read()
            self.expression()
        return "" if self._failed(before) or self.peeker.peek().kind == end else "Extra characters after the end of the 'for' expression."

    # ---- templates

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
        with self._newlines(False):
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
        with self._newlines(False):
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
