"""Documents of which a part is generated: what stands between marks is written anew, what a person wrote around it stays.

A mark is a comment on a line of its own, ``<!-- reviewgen:begin NAME -->`` and ``<!-- reviewgen:end NAME -->``. The name says which part it
is; what a part says is read from its text only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reviewgen.errors import InputError
from reviewgen.records import dataclass

from .page import Kind, page

_MARK = re.compile(r"<!-- reviewgen:(begin|end) (\S+) -->")
_LIKE_A_MARK = re.compile(r"\s*<!--\s*reviewgen:")
_SEPARATOR = re.compile(r"[\s-]*")
_HINT = "each generated part begins with <!-- reviewgen:begin NAME --> and ends with <!-- reviewgen:end NAME -->"


@dataclass(frozen=True, slots=True)
class Part:
    """A generated part with its marks, and the text that follows it up to the next part."""

    name: str
    text: str
    follows: str


@dataclass(frozen=True, slots=True)
class Parted:
    """A document in parts: the text before the first part, the parts."""

    before: str
    parts: tuple[Part, ...]


def parted(text: str, path: str) -> Parted:
    """Return a document in parts.

    Raises:
        InputError: It has no generated part, or marks that do not close, stand twice, within each other, or in a block of code.
    """
    lines = re.split(r"(?<=\n)", text)
    spans = list(_spans(text, path))
    if not spans:
        raise InputError("no part of the document is generated", path=path, hint="write it with reviewgen report -o")
    for first, last in _between([(start, end) for _, start, end in spans], len(lines)):
        for number in range(first, last):
            if _LIKE_A_MARK.match(lines[number]):
                raise InputError(
                    "a mark that is none, for example in a block of code that does not close", path=path, line=number + 1, hint=_HINT
                )
    ends = [start for _, start, _ in spans[1:]] + [len(lines)]
    parts = (Part(name, "".join(lines[start:end]), "".join(lines[end:next])) for (name, start, end), next in zip(spans, ends, strict=True))
    return Parted("".join(lines[: spans[0][1]]), tuple(parts))


def _spans(text: str, path: str) -> Iterator[tuple[str, int, int]]:
    """Yield name, first line and line behind the last one of each part, counted from 0."""
    opened: tuple[str, int] | None = None
    met: set[str] = set()
    for block in page(text).blocks:
        mark = _MARK.fullmatch(block.text.rstrip()) if block.kind is Kind.HTML else None
        if mark is None:
            continue
        kind, name, number = mark[1], mark[2], block.line
        if kind == "begin" and opened:
            raise InputError(f"the generated part {opened[0]!r} does not end before another begins", path=path, line=opened[1], hint=_HINT)
        if kind == "begin" and name in met:
            raise InputError(f"there are two generated parts {name!r}", path=path, line=number, hint="take one of them away")
        if kind == "end" and (opened is None or opened[0] != name):
            raise InputError(f"a generated part {name!r} ends that has not begun", path=path, line=number, hint=_HINT)
        if kind == "end" and opened:
            yield name, opened[1] - 1, number
        opened = (name, number) if kind == "begin" else None
        met.add(name)
    if opened:
        raise InputError(f"the generated part {opened[0]!r} does not end", path=path, line=opened[1], hint=_HINT)


def _between(spans: Sequence[tuple[int, int]], number: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of lines that are no part of any span."""
    at = 0
    for first, last in spans:
        yield at, first
        at = last
    yield at, number


def template_of(document: Parted) -> str:
    """Return the template that wrote a document: its first part is named after it."""
    return document.parts[0].name


def updated(old: Parted, new: Parted) -> str:
    """Return a document with the generated parts of a new one and what a person wrote in the old one.

    Each text of a person keeps its place behind the part that it follows; behind a part that is gone, behind the one before that.
    """
    kept: dict[str, str] = {"": old.before}
    names = {part.name for part in new.parts}
    last = ""
    for part in old.parts:
        last = part.name if part.name in names else last
        if not _SEPARATOR.fullmatch(part.follows):
            kept[last] = kept.get(last, "") + part.follows
    pieces = [kept[""], *(piece for part in new.parts for piece in (part.text, kept.get(part.name, part.follows)))]
    return "".join(piece if piece.endswith("\n") or not piece else f"{piece}\n" for piece in pieces[:-1]) + pieces[-1]
