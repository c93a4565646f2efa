"""Headings above headings: a section with a file's name, in which the code stands under a heading of its own.

``## main.tf (the whole stack)`` and below it ``### Network and servers`` with one block: the block is the file. Several blocks of such a
section are its parts, or passages of it; either way they stand in that file. Only where one declares what another one declares, too,
nobody can tell which of them the file has.

``# File: main.tf`` with ``# Network`` right below it is the title of all that follows, up to the next file.

``## Module files (modules/network)`` and below it ``### main.tf``: the files stand in that directory, as the call of the module says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace

from . import names
from .assembly import addresses
from .fences import HEADER, Block

_HEADING = re.compile(r"(#{1,6})\s+\S")
_NONE = ("", 0)
# The level of a file's title over headings of its own rank.
_TITLE = 0
# The directory of a module that the document itself calls.
_SOURCE = re.compile(r'^[ \t]*source[ \t]*=[ \t]*"(?:\.{1,2}/)+([\w-]+(?:/[\w-]+)+)/?"', re.MULTILINE)
# How the path of a module of one's own begins.
_LOCAL = ('"./', '"../')
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
    # What declares nothing and names a file tells of a line in it.
    named = {path(block) or names.in_line(block.heading) for block in code if HEADER.search(block.text)}
    parts: dict[tuple[str, int], list[Block]] = {}
    for block in code:
        section = above.get(block.first_line, _NONE)
        file = names.in_line(section[0])
        if file and file.endswith(".tf") and file not in named and path(block) is None and not names.in_line(block.heading):
            parts.setdefault(section, []).append(block)
    heading = {block.first_line: section[0] for section, blocks in parts.items() if _are_parts(blocks) for block in blocks}
    for block in found:
        yield replace(block, heading=heading[block.first_line]) if block.first_line in heading else block


def _are_parts(blocks: Sequence[Block]) -> bool:
    """Whether no block declares what another one declares."""
    declared = [address for block in blocks for address in addresses(block.text)]
    return len(declared) == len(set(declared))


def _sections(lines: Sequence[str], found: Sequence[Block], wanted: Set[int]) -> Iterator[tuple[int, tuple[str, int]]]:
    """Yield for each block of code, by its first line, the nearest heading above it that names a file, with the heading's line."""
    for number, open_ in _open(lines, found, wanted):
        yield number, next(((text, at) for _, text, at in reversed(open_) if names.in_line(text)), _NONE)


def _open(lines: Sequence[str], found: Sequence[Block], wanted: Set[int]) -> Iterator[tuple[int, list[tuple[int, str, int]]]]:
    """Yield each of the wanted lines with the headings whose sections it stands in, the outermost first: level, text and line."""
    inside = {number for block in found for number in range(block.first_line, block.first_line + len(block.lines))}
    open_: list[tuple[int, str, int]] = []
    written = 0
    for number, line in enumerate(lines, 1):
        match = _HEADING.match(line) if number not in inside else None
        if match:
            level = len(match[1])
            if (
                open_
                and open_[-1] == (level, lines[written - 1], written)
                and names.in_label(_words(lines[written - 1]))
                and not names.in_line(line)
            ):
                open_[-1] = (_TITLE, open_[-1][1], written)
            kept = (entry for entry in open_ if entry[0] < level and not (entry[0] == _TITLE and names.in_line(line)))
            open_ = [*kept, (level, line, number)]
        if line.strip():
            written = number
        if number in wanted:
            yield number, open_


def _words(heading: str) -> str:
    return heading.lstrip("# ")


def placed(text: str, found: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks, each with the directory that a heading above it names for all files of its section.

    Only a directory that the document calls as a module is one, and only where its section does not call it: no module calls itself.

    Args:
        text: The document.
        found: Its blocks in order.
    """
    called = set(_SOURCE.findall(text)) if any(mark in text for mark in _LOCAL) else set[str]()
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
