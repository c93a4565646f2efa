"""Headings above headings: a section with a file's name, in which the code stands under a heading of its own.

``## main.tf (the whole stack)`` and below it ``### Network and servers`` with one block: the block is the file. Several blocks of such a
section are its parts or passages of it, and nobody can tell which.
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
    inside = {number for block in found for number in range(block.first_line, block.first_line + len(block.lines))}
    open_: list[tuple[int, str, int]] = []
    for number, line in enumerate(lines, 1):
        match = _HEADING.match(line) if number not in inside else None
        if match:
            open_ = [*(entry for entry in open_ if entry[0] < len(match[1])), (len(match[1]), line, number)]
        if number in wanted:
            yield number, next(((text, at) for _, text, at in reversed(open_) if names.in_line(text)), _NONE)
