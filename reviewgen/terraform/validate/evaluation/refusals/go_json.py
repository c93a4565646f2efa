"""Where a text stops being JSON, in the words of Go: of its decoder, which reads token by token, and of its check of a whole text.

Inside of objects and arrays the words tell what was expected next; inside of a text, a number or a word they tell the scanner's state.
"""

from __future__ import annotations

import json
import re

_BLANK = re.compile(r"[ \t\r\n]*")
_VALUE = " looking for beginning of value"
_KEY = " looking for beginning of object key string"
_ESCAPES = frozenset('"\\/bfnrt')
_HEX = frozenset("0123456789abcdefABCDEF")
_DIGITS = frozenset("0123456789")
_END = "unexpected end of JSON input"


class _NoJson(Exception):
    """Why a text is no JSON."""


def decoding_error(text: str) -> str:
    """Return why the decoder refuses a text, as ``jsondecode`` says it; empty when it does not."""
    reader = _Reader(text, whole=False)
    try:
        rest = text[reader.blank(reader.value(0, _VALUE)) :]
    except _NoJson as wrong:
        return str(wrong)
    except RecursionError:
        return ""
    # A closing bracket too many is no more to the decoder.
    return "extraneous data after JSON object" if rest and rest[0] not in "]}" else ""


def error(text: str) -> str:
    """Return why a text as a whole is no JSON, as providers say it; empty when it is."""
    reader = _Reader(text, whole=True)
    try:
        at = reader.blank(reader.value(0, _VALUE))
        return str(reader.bad(at, " after top-level value")) if at < len(text) else ""
    except _NoJson as wrong:
        return str(wrong)
    except RecursionError:
        return ""


class _Reader:
    """Reads values; each method takes the place of a begin and returns the place behind the end."""

    def __init__(self, text: str, *, whole: bool) -> None:
        self.text = text
        self.whole = whole

    def blank(self, at: int) -> int:
        """Return the place behind white space."""
        match = _BLANK.match(self.text, at)
        return match.end() if match else at

    def next(self, at: int) -> int:
        """Return the place of the next token.

        Raises:
            _NoJson: There is none.
        """
        at = self.blank(at)
        if at >= len(self.text):
            raise _NoJson(_END if self.whole else "EOF")
        return at

    def value(self, at: int, context: str) -> int:
        at = self.next(at)
        character = self.text[at]
        if character == "{":
            return self._object(at + 1)
        if character == "[":
            return self._array(at + 1)
        if character == '"':
            return self._text(at + 1)
        if character in "-0123456789":
            return self._number(at)
        for word in ("true", "false", "null"):
            if character == word[0]:
                return self._word(at, word)
        raise self.bad(at, context)

    def bad(self, at: int, context: str) -> _NoJson:
        """Return the refusal of a character; the decoder sees bytes, and shows each as a character of its own."""
        first = chr(self._inside(at).encode("utf-8", "replace")[0])
        shown = {"'": r"\'", '"': '"', "\\": r"\\"}.get(first) or json.dumps(first, ensure_ascii=False)[1:-1]
        return _NoJson(f"invalid character '{shown}'{context}")

    def _object(self, at: int) -> int:
        at = self.next(at)
        if self.text[at] == "}":
            return at + 1
        context = _KEY if self.whole else ""
        while True:
            at = self.next(at)
            if self.text[at] != '"':
                raise self.bad(at, context)
            at = self.next(self._text(at + 1))
            if self.text[at] != ":":
                raise self.bad(at, " after object key")
            at = self.next(self.value(at + 1, _VALUE))
            if self.text[at] == "}":
                return at + 1
            if self.text[at] != ",":
                raise self.bad(at, " after object key:value pair")
            at, context = at + 1, _KEY

    def _array(self, at: int) -> int:
        at = self.next(at)
        if self.text[at] == "]":
            return at + 1
        while True:
            at = self.next(self.value(at, _VALUE))
            if self.text[at] == "]":
                return at + 1
            if self.text[at] != ",":
                raise self.bad(at, " after array element")
            at += 1

    def _text(self, at: int) -> int:
        while True:
            character = self._inside(at)
            if at >= len(self.text):
                raise _NoJson(_END)
            if character == '"':
                return at + 1
            if character < " ":
                raise self.bad(at, " in string literal")
            at = self._escape(at + 1) if character == "\\" else at + 1

    def _escape(self, at: int) -> int:
        character = self._inside(at)
        if character == "u":
            for place in range(at + 1, at + 5):
                if self._inside(place) not in _HEX:
                    raise self.bad(place, r" in \u hexadecimal character escape")
            return at + 5
        if character not in _ESCAPES:
            raise self.bad(at, " in string escape code")
        return at + 1

    def _word(self, at: int, word: str) -> int:
        for place, wanted in enumerate(word[1:], at + 1):
            if self._inside(place) != wanted:
                raise self.bad(place, f" in literal {word} (expecting '{wanted}')")
        return at + len(word)

    def _number(self, at: int) -> int:
        at += self.text[at] == "-"
        if self._inside(at) not in _DIGITS:
            raise self.bad(at, " in numeric literal")
        at = at + 1 if self.text[at] == "0" else self._digits(at)
        if self.text[at : at + 1] == ".":
            if self._inside(at + 1) not in _DIGITS:
                raise self.bad(at + 1, " after decimal point in numeric literal")
            at = self._digits(at + 1)
        if self.text[at : at + 1] in ("e", "E") and at < len(self.text):
            at += 1 + (self.text[at + 1 : at + 2] in ("+", "-") and at + 1 < len(self.text))
            if self._inside(at) not in _DIGITS:
                raise self.bad(at, " in exponent of numeric literal")
            at = self._digits(at)
        return at

    def _digits(self, at: int) -> int:
        while self.text[at : at + 1] in _DIGITS and at < len(self.text):
            at += 1
        return at

    def _inside(self, at: int) -> str:
        """Return a character of a value that has begun."""
        if at < len(self.text):
            return self.text[at]
        if self.whole:
            return " "  # so the scanner finds out what the end breaks off
        raise _NoJson("unexpected EOF")
