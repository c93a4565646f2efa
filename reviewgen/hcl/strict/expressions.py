"""Expressions, as HCL's ``ParseExpression`` reads them: one method for each rule of the grammar.

Each method begins where its construct begins and leaves the cursor right behind it. ``lines`` tells whether line ends are mere space there:
they are inside of brackets, but for those of an object, whose items they part.
"""

from __future__ import annotations

import re
from functools import lru_cache

from reviewgen.hcl.numbers import number
from reviewgen.model import hcl

from .cursor import DEPTH, Refused
from .templates import Templates

NAME = rb"[A-Za-z_][\w-]*+"
# Steps behind a keyword are those of a constant.
DOTTED = rb"(?!(?:true|false|null)\.)" + NAME + rb"(?:\." + NAME + rb")*+"
PLAIN = rb'(?:"[^"\\$%\n]*+"|0|[1-9][0-9]{0,17}+|' + DOTTED + rb")"
"""Most expressions are one of these, whole: a string without marks, a whole number, a keyword or a dotted name."""
# Followed by what ends an expression wherever line ends count, and where they do not.
_PLAIN = {
    False: re.compile(PLAIN + rb"(?=[ \t]*+[\n,)\]}])"),
    True: re.compile(PLAIN + rb"(?=[ \t\n]*+[,)\]}])"),
}
# What ends an expression, as most are ended: nothing need be looked for behind it.
_END = {False: re.compile(rb"[ \t]*+[\n,)\]}]"), True: re.compile(rb"[ \t\n]*+[,)\]}]")}
_WORD = re.compile(rb"(?:true|false|null)(?=\.)|" + DOTTED)
_ATTRIBUTE = re.compile(rb"\.(" + NAME + rb")")
_LEGACY = re.compile(rb"\.([0-9]++)(?!\.[0-9])")
_SPLAT = re.compile(rb"\.\*|\[[ \t]*\*[ \t]*\]")
_NUMBER = re.compile(rb"(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+(?![\w.])")
_OPERATOR = re.compile(rb"==|!=|<=|>=|&&|\|\||[+\-*/%]|[<>](?!<)")
# How tightly they bind (HCL, "Operations").
_BINDING = {
    b"||": 1, b"&&": 2, b"==": 3, b"!=": 3, b">": 4, b">=": 4, b"<": 4, b"<=": 4, b"+": 5, b"-": 5, b"*": 6, b"/": 6, b"%": 6,
}  # fmt: skip
_LOOP = re.compile(rb"for(?![\w-])")
_FOR = re.compile(rb"for[ \t\n]+(" + NAME + rb")[ \t\n]*(?:,[ \t\n]*(" + NAME + rb")[ \t\n]*)?(?<=[ \t\n])in\b(?!-)")
_SEPARATOR = re.compile(rb"=(?![=>])|:(?!:)")
_KEY = re.compile(rb'(?:"([^"\\$%\n]*+)"|(' + NAME + rb"))(?=[ \t]*+(?:=(?![=>])|:(?!:)))")
_KEYWORDS = {b"true": True, b"false": False, b"null": None}


def plain(start: int, end: int, written: bytes) -> hcl.Expression:
    """Return the expression that ``PLAIN`` has matched."""
    if written[0] == _QUOTE:
        return hcl.Literal(start, end, written[1:-1].decode())
    if written[0] <= _NINE:
        return hcl.Literal(start, end, int(written))
    return hcl.Literal(start, end, _KEYWORDS[written]) if written in _KEYWORDS else hcl.Traversal(start, end, *_parted(written))


_QUOTE, _NINE = b'"9'


@lru_cache(maxsize=4096)
def _parted(name: bytes) -> tuple[str, tuple[hcl.Attr, ...]]:
    """Return the first word of a dotted name and the steps from it; most names are written many times."""
    root, *names = name.decode().split(".")
    return root, tuple(map(hcl.Attr, names))


class Expressions(Templates):
    """The half of the reader that reads expressions."""

    def expression(self, lines: bool) -> hcl.Expression:
        """Take an expression: operations, then ``? :``."""
        match = _PLAIN[lines].match(self.data, self.at)
        if match is not None:
            self.at = match.end()
            return plain(match.start(), self.at, match[0])
        self.deeper()
        found = self._operation(lines, 1)
        end = self.at
        if end != self.ended and self.skip(lines) == b"?":
            found = self._conditional(found, lines)
        else:
            self.at = end
        self.depth -= 1
        return found

    def _conditional(self, condition: hcl.Expression, lines: bool) -> hcl.Expression:
        self.at += 1
        self.skip(lines)
        yes = self.expression(lines)
        self.take(b":", lines)
        self.skip(lines)
        no = self.expression(lines)
        return hcl.Conditional(condition.start, self.at, condition, yes, no)

    def _operation(self, lines: bool, binding: int) -> hcl.Expression:
        """Take operands and operators that bind at least so tightly; those that bind equally group from the left."""
        start = self.at
        left = self._operand(lines)
        for _ in range(DEPTH):
            end = self.at
            if end == self.ended:
                return left
            match = _OPERATOR.match(self.data, self.at) if self.skip(lines) != b"\n" else None
            if match is None or _BINDING[match[0]] < binding:
                self.at = end
                return left
            self.at = match.end()
            self.skip(lines)
            right = self._operation(lines, _BINDING[match[0]] + 1)
            left = hcl.Binary(start, self.at, match[0].decode(), left, right)
        raise Refused

    def _operand(self, lines: bool) -> hcl.Expression:
        """Take a term and the steps behind it."""
        start = self.at
        byte = self.data[start : start + 1]
        if byte in (b"-", b"!"):
            self.deeper()
            self.at += 1
            self.skip(lines)
            operand = self._operand(lines)
            self.depth -= 1
            return hcl.Unary(start, self.at, byte.decode(), operand)
        base = self._term(byte)
        steps = self._steps(lines)
        if not steps:
            return base
        if isinstance(base, hcl.Traversal) and (byte not in (b"(", b'"') or not base.steps):
            return hcl.Traversal(start, self.at, base.root, (*base.steps, *steps))
        return hcl.Access(start, self.at, base, tuple(steps))

    def _term(self, byte: bytes) -> hcl.Expression:
        start = self.at
        match = _WORD.match(self.data, start)
        if match is not None:
            self.at = match.end()
            if self.data[self.at : self.at + 1] == b"(":
                return self._call(match[0])
            return plain(start, self.at, match[0])
        if byte == b'"':
            return self.quoted()
        if byte == b"[":
            return self._tuple()
        if byte == b"{":
            return self._object()
        if byte == b"(":
            self.at += 1
            self.skip(True)
            inner = self.expression(True)
            self.take(b")", True)
            return inner
        if byte == b"<":
            return self.heredoc()
        match = _NUMBER.match(self.data, start)
        if match is None:
            raise Refused
        self.at = match.end()
        return hcl.Literal(start, self.at, number(match[0].decode()))

    def _steps(self, lines: bool) -> list[hcl.Step]:
        """Take the steps behind a term; those of names may stand in lines of their own where line ends are mere space."""
        steps: list[hcl.Step] = []
        while True:
            end = self.at
            if _END[lines].match(self.data, end) is not None:
                self.ended = end
                return steps
            byte = self.data[end : end + 1]
            if byte not in (b".", b"["):
                byte = self.skip(lines)
                if byte not in (b".", b"["):
                    self.at = end
                    return steps
            match = _ATTRIBUTE.match(self.data, self.at)
            if match is not None:
                self.at = match.end()
                steps.append(hcl.Attr(match[1].decode()))
            elif (match := _LEGACY.match(self.data, self.at)) is not None:
                start, self.at = self.at, match.end()
                steps.append(hcl.Index(hcl.Literal(start, self.at, number(match[1].decode()))))
            elif (match := _SPLAT.match(self.data, self.at)) is not None:
                self.at = match.end()
                steps.append(hcl.Splat())
            elif byte == b"[":
                self.at += 1
                self.skip(True)
                steps.append(hcl.Index(self.expression(True)))
                self.take(b"]", True)
            elif self.data[self.at : self.at + 3] == b"...":
                self.at = end
                return steps
            else:
                raise Refused

    def _call(self, name: bytes) -> hcl.Expression:
        start = self.at - len(name)
        args: list[hcl.Expression] = []
        expand = False
        if b"." in name:
            raise Refused
        self.at += 1
        byte = self.skip(True)
        while byte != b")":
            if expand:
                raise Refused
            args.append(self.expression(True))
            byte = self.skip(True)
            if byte == b",":
                self.at += 1
                byte = self.skip(True)
            elif self.data[self.at : self.at + 3] == b"...":
                expand = True
                self.at += 3
                byte = self.skip(True)
            elif byte != b")":
                raise Refused
        self.at += 1
        return hcl.Call(start, self.at, name.decode(), tuple(args), expand)

    def _tuple(self) -> hcl.Expression:
        start = self.at
        self.at += 1
        items: list[hcl.Expression] = []
        byte = self.skip(True)
        if _LOOP.match(self.data, self.at):
            return self._for(start, b"]")
        while byte != b"]":
            items.append(self.expression(True))
            byte = self.skip(True)
            if byte == b",":
                self.at += 1
                byte = self.skip(True)
            elif byte != b"]":
                raise Refused
        self.at += 1
        return hcl.Tuple(start, self.at, tuple(items))

    def _object(self) -> hcl.Expression:
        start = self.at
        self.at += 1
        items: list[tuple[hcl.Expression, hcl.Expression]] = []
        byte = self.skip(True)
        if _LOOP.match(self.data, self.at):
            return self._for(start, b"}")
        while byte != b"}":
            key = self._key()
            self.skip(False)
            match = _SEPARATOR.match(self.data, self.at)
            if match is None:
                raise Refused
            self.at = match.end()
            self.skip(False)
            items.append((key, self.expression(False)))
            byte = self.skip(False)
            if byte == b",":
                self.at += 1
            elif byte not in (b"\n", b"}"):
                raise Refused
            byte = self.skip(True)
        self.at += 1
        return hcl.Object(start, self.at, tuple(items))

    def _key(self) -> hcl.Expression:
        """Take a key: a bare word is the word itself, not a variable; in parentheses or quotes it is an expression."""
        match = _KEY.match(self.data, self.at)
        if match is not None:
            self.at = match.end()
            text, word = match.groups()
            return hcl.Literal(match.start(), self.at, _KEYWORDS.get(word, word.decode()) if text is None else text.decode())
        byte = self.data[self.at : self.at + 1]
        self.deeper()
        key = self._operand(False)
        self.depth -= 1
        if isinstance(key, hcl.Traversal) and not key.steps and byte not in (b"(", b'"'):
            return hcl.Literal(key.start, key.end, key.root)
        return key

    def _for(self, start: int, close: bytes) -> hcl.Expression:
        """Take what is inside of a ``for`` expression and the bracket that closes it."""
        head = _FOR.match(self.data, self.at)
        if head is None:
            raise Refused
        first, second = head.groups()
        self.at = head.end()
        self.skip(True)
        collection = self.expression(True)
        self.take(b":", True)
        self.skip(True)
        value = self.expression(True)
        key: hcl.Expression | None = None
        grouping = False
        byte = self.skip(True)
        if close == b"}":
            if self.data[self.at : self.at + 2] != b"=>":
                raise Refused
            self.at += 2
            self.skip(True)
            key, value = value, self.expression(True)
            byte = self.skip(True)
            grouping = self.data[self.at : self.at + 3] == b"..."
            if grouping:
                self.at += 3
                byte = self.skip(True)
        condition: hcl.Expression | None = None
        if byte == b"i" and _IF.match(self.data, self.at):
            self.at += 2
            self.skip(True)
            condition = self.expression(True)
        self.take(close, True)
        names = ("", first.decode()) if second is None else (first.decode(), second.decode())
        return hcl.For(start, self.at, *names, collection, key, value, condition, grouping)


_IF = re.compile(rb"if(?![\w-])")
