"""Texts to look things up in: without what a quotation may change and still be the same code or the same words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from reviewgen.records import dataclass

# What people leave out or change when they copy code: space, quotes, commas, braces, interpolation marks.
_SHAPE = re.compile(r"[\s\",;{}$\\\[\]]")
_FENCED = re.compile(r"^[ \t>]*(?:```|~~~)[^\n]*\n(.*?)(?:^[ \t>]*(?:```|~~~)|\Z)", re.DOTALL | re.MULTILINE)
_WORDS = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Text:
    """One text, and what is looked up in it."""

    text: str

    @cached_property
    def code(self) -> str:
        """What stands in fences; all of it where there are none."""
        return "\n".join(_FENCED.findall(self.text)) or self.text

    @cached_property
    def _squeezed(self) -> tuple[str, str]:
        bare = "\n".join(uncommented(line) for line in self.text.split("\n"))
        return squeezed(bare), squeezed(self.text)

    @cached_property
    def _worded(self) -> str:
        return f" {worded(self.text)} "

    def has_code(self, line: str) -> bool:
        """Whether a line of code stands in it, however it is written."""
        part = squeezed(line)
        return any(part in text for text in self._squeezed)

    def has_words(self, words: str) -> bool:
        """Whether words stand in it one behind the other, whatever stands between them but letters."""
        part = worded(words)
        return bool(part) and part in self._worded

    def has_name(self, name: str) -> bool:
        """Whether a name stands in it as a word of its own."""
        return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", self.text) is not None

    def matches(self, pattern: re.Pattern[str]) -> bool:
        """Whether its code has something of a pattern."""
        return pattern.search(self.code) is not None

    @staticmethod
    def joined(texts: Iterable[str]) -> Text:
        """Return several texts as one."""
        return Text("\n".join(texts))


def squeezed(text: str) -> str:
    """Return code without what a copy may change."""
    return _SHAPE.sub("", text)


def worded(text: str) -> str:
    """Return the words of a text, in small letters, one space between two."""
    return _WORDS.sub(" ", text.replace("_", " ").casefold()).strip()


def uncommented(line: str) -> str:
    """Return a line of code without its comment."""
    quoted = False
    for at, character in enumerate(line):
        if character == '"' and line[at - 1 : at] != "\\":
            quoted = not quoted
        elif not quoted and (character == "#" or line.startswith("//", at)):
            return line[:at]
    return line
