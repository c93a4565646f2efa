"""``jsondecode``: where a text stops being JSON, in the words of Go's decoder, which reads it token by token.

Inside of objects and arrays the decoder speaks of what it expected next; inside of a text, a number or a word of its scanner's state.
"""

from __future__ import annotations

import json
import re

from reviewgen.terraform.validate.evaluation.refusal import Refused

_BLANK = re.compile(r"[ \t\r\n]*")
_VALUE = " looking for beginning of value"
_KEY = " looking for beginning of object key string"
_ESCAPES = frozenset('"\\/bfnrt')
_HEX = frozenset("0123456789abcdefABCDEF")
_DIGITS = frozenset("0123456789")
_ENDED = "unexpected EOF"


def check(text: str) -> None:
    """Judge a text.

    Raises:
        Refused: It is no JSON.
    """
    try:
        at = _Reader(text).value(0, _VALUE)
    except RecursionError:
        return
    rest = text[_BLANK.match(text, at).end() :]  # type: ignore[union-attr]  # the pattern matches the empty text
    if rest and rest[0] not in "]}":  # a closing bracket too many is no more to the decoder
        raise Refused("extraneous data after JSON object")


class _Reader:
    """Reads values; each method takes the place of a begin and returns the place behind the end."""

    def __init__(self, text: str) -> None:
        self.text = text

    def next(self, at: int) -> int:
        """Return the place of the next token.

        Raises:
            Refused: There is none.
        """
        at = _BLANK.match(self.text, at).end()  # type: ignore[union-attr]
        if at >= len(self.text):
            raise Refused("EOF")
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

    def bad(self, at: int, context: str) -> Refused:
        """Return the refusal of a character; the decoder sees bytes, and shows each as a character of its own."""
        first = chr(self.text[at].encode("utf-8", "replace")[0])
        shown = {"'": r"\'", '"': '"', "\\": r"\\"}.get(first) or json.dumps(first, ensure_ascii=False)[1:-1]
        return Refused(f"invalid character '{shown}'{context}")

    def _object(self, at: int) -> int:
        at = self.next(at)
        if self.text[at] == "}":
            return at + 1
        context = ""
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
        if at >= len(self.text):
            raise Refused(_ENDED)
        return self.text[at]


CHECKS = {"jsondecode": check}
