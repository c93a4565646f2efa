"""Passages of one long file under headings that say which of its lines they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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
