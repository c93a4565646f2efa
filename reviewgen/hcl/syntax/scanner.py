"""Text to tokens, as HCL's scanner cuts them: modes for code, quoted strings, heredocs and what stands in ``${}``."""

from __future__ import annotations

import re
from typing import NamedTuple


class Token(NamedTuple):
    """A token: kind and byte range."""

    kind: str
    start: int
    end: int


_NO_MARK = b"\n"  # stands on no line
_OPERATORS = {
    b"...": "ellipsis", b"=>": "=>", b"==": "==", b"!=": "!=", b"<=": "<=", b">=": ">=", b"&&": "&&", b"||": "||", b"::": "::", b"**": "**",
}  # fmt: skip
_SINGLE = frozenset(b"{}[]()=<>!.,?:+-*/%")
_WRONG = {b"'": "apostrophe", b"`": "backtick", b";": "semicolon", b"&": "bitwise", b"|": "bitwise", b"^": "bitwise", b"~": "bitwise"}
_CODE = re.compile(
    rb"(?P<space>[ \t]+|\r(?!\n))|(?P<newline>\r?\n)|(?P<comment>(?:#|//)[^\n]*(?:\n|\Z)|/\*[\s\S]*?\*/)|"
    rb"(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|(?P<ident>[^\W\d](?:[\w-])*)|"
    rb"(?P<heredoc><<-?[^\W\d][\w-]*\r?\n)|(?P<quote>\")|(?P<op>\.\.\.|=>|==|!=|<=|>=|&&|\|\||::|\*\*)|(?P<any>[\s\S])".replace(
        rb"[^\W\d]", rb"(?:[A-Za-z_]|[\xc3-\xf4][\x80-\xbf]+)"
    ).replace(rb"[\w-]", rb"(?:[\w-]|[\xc3-\xf4][\x80-\xbf]+)")
)
_QUOTED = re.compile(rb"(?:\\[^\r\n]|\$\$\{|%%\{|\$(?!\{)|%(?!\{)|[^\\\"$%\r\n])+")
_INTERPOLATION = re.compile(rb"([$%])\{~?")
_LINES = re.compile(rb"(?:\r?\n)+")


def scan(data: bytes, *, template: bool = False) -> list[Token]:
    """Return the tokens of a file; the last is ``eof``. Never fails: what HCL does not know gets a kind of its own.

    Args:
        data: The file.
        template: Whether it is one template, as in a heredoc that nothing closes.
    """
    scanner = _Scanner(data)
    if template:
        scanner.modes = [("heredoc", _NO_MARK)]
    scanner.run()
    return scanner.tokens


class _Scanner:
    """Holds the stack of modes: ``code``, ``template`` (code in ``${}``, with its open braces), ``quote``, ``heredoc``."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.tokens: list[Token] = []
        self.modes: list[tuple[str, bytes]] = [("code", b"")]
        self.braces: list[int] = []

    def run(self) -> None:
        while self.at < len(self.data):
            mode, mark = self.modes[-1]
            if mode == "quote":
                self._quoted()
            elif mode == "heredoc":
                self._heredoc(mark)
            else:
                self._code()
        self.tokens.append(Token("eof", len(self.data), len(self.data)))

    def _emit(self, kind: str, end: int) -> None:
        self.tokens.append(Token(kind, self.at, end))
        self.at = end

    def _code(self) -> None:
        match = _CODE.match(self.data, self.at)
        assert match is not None, "the last alternative matches any byte"
        kind, text = match.lastgroup, match[0]
        if kind == "space":
            self.at = match.end()
        elif kind == "quote":
            self._emit("oquote", match.end())
            self.modes.append(("quote", b""))
        elif kind == "heredoc":
            self._emit("oheredoc", match.end())
            self.modes.append(("heredoc", text.strip().lstrip(b"<-")))
        elif kind == "op":
            self._emit(_OPERATORS[text], match.end())
        elif kind == "any":
            self._single(text)
        else:
            self._emit(str(kind), match.end())

    def _single(self, text: bytes) -> None:
        if self.modes[-1][0] == "template" and text in (b"{", b"}", b"~") and self._template_brace(text):
            return
        if text[0] in _SINGLE:
            self._emit(text.decode(), self.at + 1)
        elif text in _WRONG:
            self._emit(_WRONG[text], self.at + 1)
        else:
            self._character()

    def _template_brace(self, text: bytes) -> bool:
        """Close ``${`` at the brace that belongs to it; ``~}`` closes it too."""
        if text == b"{":
            self.braces[-1] += 1
            return False
        end = self.at + 2 if text == b"~" and self.data[self.at + 1 : self.at + 2] == b"}" else self.at + 1
        if text == b"~" and end == self.at + 1:
            return False
        if text == b"}" and self.braces[-1]:
            self.braces[-1] -= 1
            return False
        if self.braces[-1]:
            return False
        self.braces.pop()
        self.modes.pop()
        self._emit("seqend", end)
        return True

    def _character(self) -> None:
        """One character that the language does not use, or bytes that are no UTF-8."""
        for length in (1, 2, 3, 4):
            try:
                self.data[self.at : self.at + length].decode()
            except UnicodeDecodeError:
                continue
            self._emit("invalid", min(self.at + length, len(self.data)))
            return
        self._emit("badutf8", self.at + 1)

    def _opens(self) -> bool:
        match = _INTERPOLATION.match(self.data, self.at)
        if match is None:
            return False
        self._emit("interp" if match[1] == b"$" else "control", match.end())
        self.modes.append(("template", b""))
        self.braces.append(0)
        return True

    def _quoted(self) -> None:
        if self.data[self.at : self.at + 1] == b'"':
            self.modes.pop()
            self._emit("cquote", self.at + 1)
        elif not self._opens():
            match = _QUOTED.match(self.data, self.at) or _LINES.match(self.data, self.at)
            if match is None:
                self._emit("invalid", self.at + 1)
            else:
                self._emit("quotednewline" if match.re is _LINES else "quotedlit", match.end())

    def _heredoc(self, mark: bytes) -> None:
        """One line, or the part of it before an interpolation; the closing word stands alone on its line."""
        data = self.data
        if self.at == 0 or data[self.at - 1 : self.at] == b"\n":
            end = data.find(b"\n", self.at)
            end = len(data) if end < 0 else end
            if data[self.at : end].strip() == mark:
                self.modes.pop()
                self._emit("cheredoc", self.at + len(data[self.at : end].rstrip()))
                return
        if self._opens():
            return
        end = self.at
        while end < len(data):
            following = _STOP.search(data, end)
            if following is None:
                end = len(data)
                break
            end = following.end() if following[0] == b"\n" or len(following[0]) > 2 else following.start()
            if following[0] == b"\n" or len(following[0]) == 2:
                break
        self._emit("stringlit", max(end, self.at + 1))


_STOP = re.compile(rb"\n|\$\$\{|%%\{|\$\{|%\{")
