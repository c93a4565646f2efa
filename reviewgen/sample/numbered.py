"""Passages of one long file under headings that say which of its lines they are, and under labels that name the file as well."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from . import names
from .fences import Block

# At the end of a heading or a label: ``SECTION 2: Data Sources (Lines 75-98)``.
_LINES = re.compile(r"\(lines? (\d+)\s*[-\u2013]\s*(\d+)\)[\s*:`]*$", re.IGNORECASE)
_FEWEST = 3
# A blank line and a comment may stand between two passages.
_MOST_BETWEEN = 20


def skips_lines(found: Iterable[Block]) -> bool:
    """Whether the passages of a document give their line numbers, and these leave out more than what stands between two blocks."""
    ranges = sorted({numbers for block in found for numbers in _numbers(block)})
    if len(ranges) < _FEWEST:
        return False
    end = ranges[0][1]
    for first, last in ranges[1:]:
        if first - end > _MOST_BETWEEN:
            return True
        end = max(end, last)
    return False


def _numbers(block: Block) -> Iterator[tuple[int, int]]:
    for line in (block.heading, block.title):
        if match := _LINES.search(line):
            yield int(match[1]), int(match[2])


def labelled(text: str, found: Sequence[Block], path: Callable[[Block], str | None]) -> Iterator[Block]:
    """Yield the blocks; one that names no file has the label with lines of a file, if there is one in its section, as its heading.

    ``**stack.tf** (lines 12-80)`` is followed by ``**The bucket:**`` and a block, and by further ones.

    Args:
        text: The document.
        found: Its blocks in order.
        path: The file that a block names itself.
    """
    label, line = "", 1
    lines = text.split("\n")
    for block in found:
        for passed in lines[line - 1 : block.first_line - 1]:
            if passed.startswith("#"):
                label = ""
            elif _LINES.search(passed) and names.in_line(passed):
                label = passed
        line = max(line, block.first_line + len(block.lines))
        nameless = label and path(block) is None and not names.in_line(block.heading)
        yield replace(block, heading=label) if nameless else block
