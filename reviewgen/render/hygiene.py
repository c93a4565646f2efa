"""Markdown hygiene: what an input holds may be read in a document, but never acts as markup there.

Prose is plain text in which a pair of backticks marks code. Each place of a document has one function that makes ``Safe`` text for it:
``inline`` (running text and headings), ``cell`` (a table's cell), ``code`` (a code span), ``fence`` (a code block), ``link``.
A reader sees the same words as before, and whoever takes backslash escapes, entities and backticks away again gets them back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# Controls, bidirectional marks, zero-width and other format characters that change what a reader sees without being seen.
_HIDDEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_INVISIBLE = re.compile(f"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f{_HIDDEN}]")
_SPACE = re.compile(r"\s+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# Emphasis marks inside a word are no markup, so `instance_type` stays readable; `&` matters only where an entity may begin.
_MARKUP = re.compile(r"[\\`*~|\[\]]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?[A-Za-z0-9]{1,40};)")
# What begins a block (list, quote, heading, setext underline) or closes a heading; only at the ends of a value.
_FIRST = re.compile(r"[-+=](?![0-9A-Za-z])|[>#]")
_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_LAST = re.compile(r"(?<![&\\])#(?=#*$)")
# What GitHub and other readers turn into links on their own: shown as code, which no reader links.
_LINKS = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,30}://|(?<![a-z0-9])www\.)[^\s`]+|(?:mailto:|xmpp:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.IGNORECASE
)
_LINK_END = ".,;:!?)\"'*_~"
_UNNAMED = re.compile(r"[^\w.:/\[\]\"*#-]|(?<=-)-|(?<=\W)-", re.ASCII)
_SOURCE = re.compile(r"https://[A-Za-z0-9][A-Za-z0-9./_~#?&=%+:-]*")

# What a code block cannot carry: CommonMark itself replaces NUL by U+FFFD, others end lines for some readers.
_UNPRINTABLE = {**dict.fromkeys([*range(9), *range(14, 32), *range(127, 160)], "\ufffd"), 0x0B: " ", 0x0C: " ", 0x85: " "}


class Safe(str):
    """Markdown that is ready for the document; anything else is escaped where it is printed."""

    __slots__ = ()


def normal(text: str) -> str:
    """Return prose in the form that review.json and the document have in common: cleaned, each pair of backticks around code."""
    return "".join(f"`{piece}`" if is_code else piece for is_code, piece in _pieces(clean(text)))


def clean(text: str) -> str:
    """Return text on one line without characters that cannot be seen."""
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
    return _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()


def pieces(text: str) -> list[tuple[bool, str]]:
    """Return prose as (is code, text), cleaned: what other forms than Markdown mark up in their own way."""
    return _pieces(clean(text))


def visible(text: str) -> str:
    """Return prose as a reader sees it: cleaned, without the backticks that mark code."""
    return "".join(piece for _, piece in _pieces(clean(text)))


def unmarked(text: str) -> str:
    """Return prose without the marks of bold type, which a reader of the input does not see; where they are in no pairs they are characters."""
    if "**" not in text:
        return text
    pieces = _pieces(clean(text))
    if sum(piece.count("**") for is_code, piece in pieces if not is_code) % 2:
        return text
    return "".join(f"`{piece}`" if is_code else piece.replace("**", "") for is_code, piece in pieces)


@lru_cache(maxsize=4096)
def inline(text: str) -> Safe:
    """Return prose for running text, list items and headings."""
    pieces = _escaped(text)
    if pieces and not pieces[0][0]:
        first = _NUMBER.sub(r"\1\\\2", pieces[0][1])
        pieces[0] = (False, "\\" + first if _FIRST.match(first) else first)
    if pieces and not pieces[-1][0] and pieces[-1][1].endswith("#"):
        pieces[-1] = (False, _LAST.sub(r"\\#", pieces[-1][1]))
    return Safe("".join(_span(piece) if is_code else piece for is_code, piece in pieces))


@lru_cache(maxsize=1024, typed=True)
def cell(text: str) -> Safe:
    """Return prose, or ready code spans, for one cell of a table: a pipe ends a cell even inside a code span."""
    if isinstance(text, Safe):
        return Safe(text.replace("|", "\\|"))
    return Safe("".join(_span(piece).replace("|", "\\|") if is_code else piece for is_code, piece in _escaped(text)))


@lru_cache(maxsize=4096)
def code(text: str) -> Safe:
    """Return a text of an input as one code span; characters that cannot be seen are named by their number."""
    return _span(named(text))


def named(text: str) -> str:
    """Return a text of an input as ``code`` shows it."""
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
    text = _INVISIBLE.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)
    return _SPACE.sub(" ", text).strip()


def fence(text: str, language: str = "") -> Safe:
    """Return a code block, verbatim, between fences longer than any run of backticks inside.

    Control characters that Markdown cannot carry become U+FFFD; a note says so, and another that there are bidirectional controls.
    """
    body, shown = _lines(text), carried(text)
    marks = "`" * max(3, 1 + max(map(len, re.findall("`+", shown)), default=0))
    notes = []
    if shown != body:
        notes.append("The next block holds control characters, shown as U+FFFD or as spaces.\n\n")
    if _BIDI.search(shown):
        notes.append("The next block holds bidirectional control characters: its text may not stand in the order in which it is shown.\n\n")
    return Safe(f"{''.join(notes)}{marks}{re.sub('[^a-z0-9]', '', language)}\n{shown}\n{marks}")


def carried(text: str) -> str:
    """Return code as a code block can carry it: LF line ends, none at the end, no control characters."""
    return _SURROGATE.sub("\ufffd", _lines(text).translate(_UNPRINTABLE))


def ordered(text: str) -> str:
    """Return code as ``carried`` does, with the controls that change the order of what a reader sees named by their number."""
    return _BIDI.sub(lambda match: f"<U+{ord(match[0]):04X}>", carried(text))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")


def is_source(address: str) -> bool:
    """Whether a text is a plain https address, which a document can link."""
    return _SOURCE.fullmatch(address) is not None


def link(address: str) -> Safe:
    """Return a link to a fact of our own tables; anything that is not a plain https address is shown as code."""
    return Safe(f"<{address}>") if is_source(address) else code(address)


def begin(name: str) -> Safe:
    """Return the invisible mark that begins a generated part of a document; the name says which part it is, nothing of what it says."""
    return Safe(f"<!-- reviewgen:begin {_mark(name)} -->")


def end(name: str) -> Safe:
    """Return the mark that ends a generated part."""
    return Safe(f"<!-- reviewgen:end {_mark(name)} -->")


def _mark(name: str) -> str:
    """Return a name without anything that could end a comment or its line, or be taken for the space behind a name."""
    return _UNNAMED.sub(lambda match: f"%{ord(match[0]):X}", clean(name))


def _span(text: str) -> Safe:
    """Return a code span whose marks are longer than any run of backticks inside."""
    if not text:
        return Safe("")
    marks = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return Safe(f"{marks}{pad}{text}{pad}{marks}")


def _escaped(text: str) -> list[tuple[bool, str]]:
    """Return the pieces of prose with everything that is not code escaped, wherever in a line it stands."""
    return [(is_code, piece if is_code else _MARKUP.sub(_escape, piece)) for is_code, piece in _pieces(clean(text))]


def _escape(match: re.Match[str]) -> str:
    """Return one character of markup so that it is only read; ``<`` as an entity, for readers that know no backslash escapes."""
    return "&lt;" if match[0] == "<" else "\\" + match[0]


def _pieces(text: str) -> list[tuple[bool, str]]:
    """Split cleaned prose into (is code, text); code is never empty, never padded, and never follows code."""
    found: list[tuple[bool, str]] = []
    for is_code, piece in _marked(text):
        if found and found[-1][0] == is_code:
            found[-1] = (is_code, found[-1][1] + piece)
        elif piece:
            found.append((is_code, piece))
    return _trimmed(found)


def _trimmed(pieces: list[tuple[bool, str]]) -> list[tuple[bool, str]]:
    """Return the pieces with single spaces and none at the two ends, where four of them would begin a block."""
    last = len(pieces) - 1
    for index, (is_code, piece) in enumerate(pieces):
        piece = _SPACE.sub(" ", piece)
        piece = piece.lstrip() if index == 0 else piece
        pieces[index] = (is_code, piece.rstrip() if index == last else piece)
    return [pair for pair in pieces if pair[1]]


def _marked(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the pieces between backticks; an odd last backtick is only a character, space at the ends of code stands outside."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        last = parts.pop()
        parts[-1] += "`" + last
    for index, part in enumerate(parts):
        if index % 2 == 0:
            yield from _linked(part)
            continue
        inner = part.strip()
        yield False, " " * part.startswith(" ")
        yield bool(inner), inner
        yield False, " " * part.endswith(" ")


def _linked(text: str) -> Iterator[tuple[bool, str]]:
    """Yield plain text with the addresses in it as code."""
    if "@" not in text and "://" not in text and "www." not in text.lower():
        yield False, text
        return
    at = 0
    for match in _LINKS.finditer(text):
        end = match.start() + len(match[0].rstrip(_LINK_END))
        yield False, text[at : match.start()]
        yield True, text[match.start() : end]
        at = end
    yield False, text[at:]
