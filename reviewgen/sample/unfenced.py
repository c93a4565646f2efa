"""Documents without code fences: which lines are HCL."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Set
from itertools import pairwise

from . import names
from .assembly import REPEATED, addresses
from .fences import HEADER, Depth

# The header of a block in which a document ends before its brace; prose has such words, but no label behind them.
_CUT = re.compile(r'(?:resource|data|variable|output|module)(?:[ \t]+"[\w-]+")?[ \t]+"[\w-]*"?[ \t]*')
# A heading of Markdown that is no comment as people write them in code.
_HEADING = re.compile(r"#{2,6}\s")
# The edge of a box of comments, which is longer than the marks of any heading.
_RULER = re.compile(r"#{7,}\s*")


def regions(text: str) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Yield (file, first line, lines) of the stretches of HCL in a document without fences, comments before and between blocks included.

    The file is empty as long as no line names one.
    """
    lines = text.split("\n")
    headers = _headers(lines)
    path = ""
    opened = -1
    number = 0
    while number < len(lines):
        line = lines[number]
        named = _named(lines, headers, number) if ".tf" in line else None  # few lines name a file, and all are asked
        if named and named.endswith((".tf", ".tf.json")):
            path = names.safe(named) or path
            opened = number
        if not headers[number]:
            number += 1
            continue
        start = _first(lines, opened) if opened >= 0 and _passes(lines, opened + 1) >= number else number
        end = _whole(lines, headers, number)
        yield path, start + 1, tuple(lines[start:end])
        number, opened = end, -1


def others(text: str, wanted: Container[str]) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Yield (file, first line, lines) of the files in other languages that a document without fences gives below their names.

    Args:
        text: The document.
        wanted: The files that its code reads; of anything else below a name nobody can tell where it ends.
    """
    lines = text.split("\n")
    headers = _headers(lines)
    named = {number: names.in_comment(line) or names.in_label(line) for number, line in enumerate(lines) if "." in line}
    marks = [number for number in range(len(lines)) if headers[number] or named.get(number)]
    for number, end in pairwise([*marks, len(lines)]):
        path = names.safe(named.get(number) or "")
        if path and path in wanted:
            yield path, number + 2, tuple(lines[number + 1 : end])


def _named(lines: list[str], headers: list[bool], number: int) -> str | None:
    """Return the file that a line names: a comment, a label, a heading, or its name alone above code."""
    line = lines[number]
    named = names.in_comment(line) or names.in_label(line) or (names.in_line(line) if line.startswith(("#", "*")) else None)
    if named is None and (alone := names.alone(line)) and _code_follows(lines, headers, number):
        return alone
    return named


def _first(lines: list[str], named: int) -> int:
    """Return the first line of a file that a line names: that one if it is a comment among others, or of the code right below; or the next.

    Of a comment in a box it is the upper edge.
    """
    following = next(n for n in range(named + 1, len(lines)) if lines[n].strip())
    if not lines[named].startswith("# ") or (following != named + 1 and not lines[following].startswith("#")):
        return following
    return named - 1 if named and _RULER.fullmatch(lines[named - 1]) else named


def _whole(lines: list[str], headers: list[bool], start: int) -> int:
    """Return the line behind the stretches that comments alone set apart, until most of what follows stands before it: another version.

    A single declaration that a file has twice is an error of its own, and no other version of it.
    """
    end = _end(lines, headers, start)
    known = addresses("\n".join(lines[start:end]))
    while (following := _passes(lines, end)) < len(lines) and headers[following]:
        further = _end(lines, headers, following)
        more = addresses("\n".join(lines[following:further]))
        if known & more and _repeats(known, lines[following:]):
            break
        known |= more
        end = further
    return end


def _repeats(known: Set[str], lines: list[str]) -> bool:
    """Whether most of what some lines declare is known."""
    declared = addresses("\n".join(lines))
    return len(known & declared) >= REPEATED * len(declared)


def _passes(lines: list[str], number: int) -> int:
    """Return the first line from one on that is neither blank nor a comment without a file's name, as between the blocks of a file."""
    while number < len(lines):
        line = lines[number]
        if line.strip() and (not line.startswith("#") or _HEADING.match(line) or names.in_comment(line) or names.in_line(line)):
            break
        number += 1
    return number


def _code_follows(lines: list[str], headers: list[bool], number: int) -> bool:
    """Whether the next line with text begins a stretch of HCL, or comments that lead to one."""
    text = next((n for n in range(number + 1, min(number + 4, len(lines))) if lines[n].strip()), len(lines))
    return headers[text] or (text < len(lines) and headers[_passes(lines, text)])


def _headers(lines: list[str]) -> list[bool]:
    """Return for each line whether a header stands there, or a comment that is followed by one."""
    found = [False] * (len(lines) + 1)
    commented = _commented(lines)
    last = max((number for number, line in enumerate(lines) if line.strip()), default=-1)
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        if number in commented:
            continue
        if (line.startswith(("# ", "//")) or _RULER.fullmatch(line)) and names.in_comment(line) is None:
            found[number] = found[number + 1]
        else:
            whole = "{" in line and not line.startswith((" ", "\t")) and HEADER.match(line) is not None
            found[number] = whole or (number == last and is_cut_header(line))
    return found


def is_cut_header(line: str) -> bool:
    """Whether the last line of a document is the header of a block before its brace."""
    return _CUT.fullmatch(line) is not None


def _commented(lines: list[str]) -> set[int]:
    """Return the lines of block comments that begin at a line's start: what stands in them is code that was taken out."""
    found: set[int] = set()
    number = 0
    while number < len(lines):
        if lines[number].startswith("/*"):
            closed = next((n for n in range(number, len(lines)) if "*/" in lines[n]), None)
            if closed is None:
                break
            found.update(range(number, closed + 1))
            number = closed
        number += 1
    return found


def _end(lines: list[str], headers: list[bool], start: int) -> int:
    """Return the line behind the stretch: blocks, blank lines and comments that follow each other."""
    number = start
    while number < len(lines):
        if lines[number].strip() and not headers[number] and not lines[number].startswith("//"):
            break
        counter = Depth()
        open_ = counter.add(lines[number])
        while open_ > 0 and number + 1 < len(lines):
            number += 1
            open_ = counter.add(lines[number])
        number += 1
    while number > start and not lines[number - 1].strip():
        number -= 1
    return max(number, start + 1)
