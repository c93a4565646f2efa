"""Documents without code fences: which lines are HCL."""

from __future__ import annotations

from collections.abc import Iterator

from . import names
from .fences import HEADER, depth


def regions(text: str) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Yield (file, first line, lines) of the stretches of HCL in a document without fences, comments before a block included."""
    lines = text.split("\n")
    path = "main.tf"
    number = 0
    while number < len(lines):
        line = lines[number]
        named = names.in_comment(line) or (names.in_line(line) if line.startswith(("#", "*")) else None)
        if named and named.endswith((".tf", ".tf.json")):
            path = names.safe(named) or path
        if not _begins(lines, number):
            number += 1
            continue
        end = _end(lines, number)
        yield path, number + 1, tuple(lines[number:end])
        number = end


def _begins(lines: list[str], number: int) -> bool:
    """Whether a header stands here, or a comment that is followed by one."""
    while number < len(lines) and lines[number].startswith(("# ", "//")) and names.in_comment(lines[number]) is None:
        number += 1
    return number < len(lines) and HEADER.match(lines[number]) is not None and not lines[number].startswith((" ", "\t"))


def _end(lines: list[str], start: int) -> int:
    """Return the line behind the stretch: blocks, blank lines and comments that follow each other."""
    number, open_ = start, 0
    while number < len(lines):
        if open_ == 0 and lines[number].strip() and not _begins(lines, number) and not lines[number].startswith("//"):
            break
        first = number
        open_ = depth(lines[first : number + 1])
        while open_ > 0 and number + 1 < len(lines):
            number += 1
            open_ = depth(lines[first : number + 1]) if "}" in lines[number] or "]" in lines[number] else open_
        open_ = 0
        number += 1
    while number > start and not lines[number - 1].strip():
        number -= 1
    return max(number, start + 1)
