"""Headings above headings: a section with a file's name, in which the code stands under a heading of its own.

``## main.tf (the whole stack)`` and below it ``### Network and servers`` with one block: the block is the file. Several blocks of such a
section are its parts or passages of it, and nobody can tell which.

``## Module files (modules/network)`` and below it ``### main.tf``: the files stand in that directory, as the call of the module says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace

from . import names
from .fences import Block

_HEADING = re.compile(r"(#{1,6})\s+\S")
_NONE = ("", 0)
# The directory of a module that the document itself calls.
_SOURCE = re.compile(r'^[ \t]*source[ \t]*=[ \t]*"(?:\.{1,2}/)+([\w-]+(?:/[\w-]+)+)/?"', re.MULTILINE)
_DIRECTORY = re.compile(r"(?<![\w./-])(?:\./)?([\w-]+(?:/[\w-]+)+)/?(?![\w./-])")
# What a heading may say beside the directory whose files stand below it; any other word may tell of something else.
_BESIDE = frozenset(
    [
        "the",
        "a",
        "in",
        "of",
        "for",
        "module",
        "modules",
        "file",
        "files",
        "directory",
        "folder",
        "code",
        "configuration",
        "child",
        "local",
        "reusable",
    ]
)


def headed(text: str, found: Sequence[Block], is_code: Callable[[Block], bool], path: Callable[[Block], str | None]) -> Iterator[Block]:
    """Yield the blocks; what is the one piece of code of a section that names a file has the section's heading.

    Args:
        text: The document.
        found: Its blocks in order.
        is_code: Whether a block is Terraform.
        path: The file that a block names itself.
    """
    code = [block for block in found if is_code(block)]
    above = dict(_sections(text.split("\n"), found, {block.first_line for block in code}))
    alone = {section for section, number in Counter(above.values()).items() if section[0] and number == 1}
    named = {path(block) or names.in_line(block.heading) for block in code} if alone else set()
    for block in found:
        section = above.get(block.first_line, _NONE)
        file = names.in_line(section[0]) if section in alone else None
        if file and file.endswith(".tf") and file not in named and path(block) is None and not names.in_line(block.heading):
            yield replace(block, heading=section[0])
        else:
            yield block


def _sections(lines: Sequence[str], found: Sequence[Block], wanted: Set[int]) -> Iterator[tuple[int, tuple[str, int]]]:
    """Yield for each block of code, by its first line, the nearest heading above it that names a file, with the heading's line."""
    for number, open_ in _open(lines, found, wanted):
        yield number, next(((text, at) for _, text, at in reversed(open_) if names.in_line(text)), _NONE)


def _open(lines: Sequence[str], found: Sequence[Block], wanted: Set[int]) -> Iterator[tuple[int, list[tuple[int, str, int]]]]:
    """Yield each of the wanted lines with the headings whose sections it stands in, the outermost first: level, text and line."""
    inside = {number for block in found for number in range(block.first_line, block.first_line + len(block.lines))}
    open_: list[tuple[int, str, int]] = []
    for number, line in enumerate(lines, 1):
        match = _HEADING.match(line) if number not in inside else None
        if match:
            open_ = [*(entry for entry in open_ if entry[0] < len(match[1])), (len(match[1]), line, number)]
        if number in wanted:
            yield number, open_


def placed(text: str, found: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks, each with the directory that a heading above it names for all files of its section.

    Only a directory that the document calls as a module is one, and only where its section does not call it: no module calls itself.

    Args:
        text: The document.
        found: Its blocks in order.
    """
    called = set(_SOURCE.findall(text))
    above = dict(_directories(text.split("\n"), found, called)) if called else {}
    sections = [(block, above.get(block.first_line, _NONE)) for block in found]
    calling = {section for block, section in sections if section[0] and section[0] in _SOURCE.findall(block.text)}
    for block, section in sections:
        yield replace(block, directory=section[0]) if section not in calling else block


def _directories(lines: Sequence[str], found: Sequence[Block], called: Set[str]) -> Iterator[tuple[int, tuple[str, int]]]:
    """Yield for each block below a heading that names a directory of those called, by its first line, the directory with the heading's line."""
    for number, open_ in _open(lines, found, {block.first_line for block in found}):
        section = next(((name, at) for _, heading, at in reversed(open_) if (name := _directory(heading)) in called), None)
        if section:
            yield number, section


def _directory(heading: str) -> str:
    """Return the directory that is all that a heading names, but for words such as "module files" and those of its own name; empty for none."""
    found = _DIRECTORY.findall(heading)
    if len(found) != 1:
        return ""
    own = {word.lower() for word in re.findall(r"[A-Za-z]+", found[0])}
    beside = {word.lower() for word in re.findall(r"[A-Za-z]+", heading.replace(found[0], " "))}
    return str(found[0]) if beside <= own | _BESIDE else ""
