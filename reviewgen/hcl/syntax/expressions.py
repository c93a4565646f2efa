"""Expressions: HCL's ``ParseExpression`` and what it calls, as a recognizer."""

from __future__ import annotations

from .peeker import opposite
from .scanner import Token
from .templates import Templates

_BINARY = frozenset(["||", "&&", "==", "!=", ">", ">=", "<", "<=", "+", "-", "*", "/", "%"])
_NESTING = "This may be caused by incorrect {} nesting elsewhere in this file."
_FOR = "Invalid 'for' expression"


class Expressions(Templates):
    """The part of the parser that reads expressions."""

    def expression(self) -> None:
        """Parse an expression: operations, then ``? :``."""
        with self.nested():
            before = len(self.errors)
            self._operations()
            if self.failed(before) or self.peeker.peek().kind != "?":
                return
            self.peeker.read()
            before = len(self.errors)
            self.expression()
            if self.failed(before):
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
            if self.failed(before) or self.peeker.peek().kind not in _BINARY:
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
        with self.newlines(False):
            before = len(self.errors)
            self.expression()
            if self.failed(before):
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
                ended = kind == "eof"
                found = "the end of the file" if ended else "an invalid expression token"
                summary = "Missing expression" if ended else "Invalid expression"
                self.error(summary, f"Expected the start of an expression, but found {found}.", start)
            self.peeker.recovering = True

    def _parentheses(self) -> None:
        self.peeker.read()
        with self.newlines(False):
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
            if following.kind != "ident":
                detail = "Function scope resolution symbol :: must be followed by a function name in this scope."
                self.error("Missing function name", detail, following)
                self.peeker.recover(")")
                return
            open_ = self.peeker.read()
        if open_.kind != "(":
            detail = "Function selector must be followed by an open parenthesis to begin the function call."
            self.error("Missing open parenthesis", detail, open_)
            self.peeker.recover(")")
            return
        with self.newlines(False):
            while self._argument_of(name, open_):
                pass

    def _argument_of(self, name: Token, open_: Token) -> bool:
        """Parse one argument of a call; False when it was the last."""
        if self.peeker.peek().kind == ")":
            self.peeker.read()
            return False
        before = len(self.errors)
        self.expression()
        if self.failed(before):
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
            detail = "There is no closing parenthesis for this function call before the end of the file. " + _NESTING.format("parenthesis")
            self.error("Unterminated function call", detail, name, open_)
            self.peeker.recover(")")
        elif separator.kind not in (",", ")"):
            detail = "A comma is required to separate each function argument from the next."
            self.error("Missing argument separator", detail, separator)
            self.peeker.recover(")")
        return separator.kind == ","

    def _tuple(self) -> None:
        open_ = self.peeker.read()
        with self.newlines(False):
            if self.peeker.word(b"for"):
                self._for("]")
                return
            while True:
                if self.peeker.peek().kind == "]":
                    self.peeker.read()
                    return
                before = len(self.errors)
                self.expression()
                if self.failed(before):
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
        with self.newlines(False):
            loop = self.peeker.word(b"for")
        if loop:
            with self.newlines(False):
                self._for("}")
            return
        with self.newlines(True):
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
        if not self.failed(before) and following.kind not in ("=", ":"):
            self._bad_key(following, open_)
            self.peeker.recover("}")
            return False
        if not self.failed(before):
            self.peeker.read()
            self.expression()
        if self.failed(before):
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
        if not self.failed(before) and self.peeker.peek().kind != ":":
            return "For expression requires a colon after the collection expression."
        for mark in (":", "=>"):
            if not self.failed(before) and self.peeker.peek().kind == mark:
                self.peeker.read()
                self.expression()
        if self.peeker.peek().kind == "ellipsis":
            self.peeker.read()
        if not self.failed(before) and self.peeker.word(b"if"):
            self.peeker.read()
            self.expression()
        return "" if self.failed(before) or self.peeker.peek().kind == end else "Extra characters after the end of the 'for' expression."
