"""Which file a block of an answer is, and where one block holds several files: names beside it and in its comments."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from . import names
from .assembly import addresses
from .fences import HEADER, MARKDOWN, Block, Depth, ends_in_comment, without_lines
from .languages import HCL

# How the names of files of configuration end.
TREE_SUFFIXES = (".tf", ".tf.json")
# A name on a line after this one is not that of the beginning.
_FIRST = 3
_FILE = re.compile(r"\s*(?:#|//)+\s*file(?: ?name)?:\s", re.IGNORECASE)


def is_code(block: Block) -> bool:
    """Whether a block is Terraform: by the language of its fence, or without one by a header of a block in it."""
    return block.language in HCL or (not block.language and HEADER.search(block.text) is not None)


def parts(block: Block) -> Iterator[Block]:
    """Split a block in which comments on lines of their own name several files, the first at its beginning or above it."""
    if not is_code(block) and _above(block):
        yield block
        return
    marks = list(_named(block) if is_code(block) else _marks_elsewhere(block))
    distinct = {path.replace("-", "_") for _, path in marks}
    if len(distinct) < 2 or marks[0][0] > _FIRST:
        yield block
        return
    starts = [0, *(number for number, _ in marks[1:])]
    pieces = [without_lines(block, start, end) for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True)]
    if all(path.endswith(".tfvars") for _, path in marks[1:]) and ends_in_comment(pieces[-1].lines):
        pieces[0] = block  # values in comments of the configuration, which a comment that is never closed keeps from being read
        pieces.pop()
    yield pieces[0]
    yield from (replace(piece, title="", info=block.language) for piece in pieces[1:])


def _named(block: Block) -> Iterator[tuple[int, str]]:
    """Yield (line, file) of what names the files of a block of code; below a name, only what calls a path a file: ``# File: a/outputs.tf``."""
    above = _above(block)
    if above is None:
        yield from _marks(block)
        return
    yield 0, above
    later = ((n, path) for n, path in _marks(block) if n > _FIRST and "/" in path and _FILE.match(block.lines[n]))
    yield from later


def _above(block: Block) -> str | None:
    """Return the file that stands with the fence of a block, or on the line above it."""
    return names.in_info(block.info) or (names.in_line(block.title) if block.title else None)


def _marks_elsewhere(block: Block) -> Iterator[tuple[int, str]]:
    """Yield (line, file) of the comments behind blank lines of other languages that are the path of a file and nothing else."""
    if block.language in MARKDOWN:
        return
    for number, line in enumerate(block.lines):
        if line.startswith(("# ", "// ")) and "/" in line and not (number and block.lines[number - 1].strip()):
            path = names.in_comment(line)
            if path and "/" in path and line.rstrip().endswith(path):
                yield number, path


def _marks(block: Block) -> Iterator[tuple[int, str]]:
    """Yield (line, file) of the comments between top-level blocks that name a file of the tree."""
    comments = {n for n, line in enumerate(block.lines) if ".tf" in line and line.lstrip().startswith(("#", "//"))}
    counter = Depth()
    for number, line in enumerate(block.lines[: max(comments) + 1] if comments else ()):
        path = names.in_comment(line) if number in comments and counter.open == 0 else None
        if path is not None and path.endswith((".tf", ".tfvars", ".tf.json")):
            yield number, path
        counter.add(line)


def path_of(block: Block) -> str | None:
    """Return the file that a block is: named in the info string, the line before it, one of its first comments, or the heading above."""
    first = [line for line in block.lines[:6] if line.strip()][:3]
    comment = next((p for line in first if (p := names.in_comment(line)) is not None), None)
    title = names.in_line(block.title) if block.title else None
    info = names.in_info(block.info) if block.info else None
    if info:
        return info
    above = names.in_line(block.heading) if block.headed and not title else None
    if above and comment and posixpath.basename(above) == posixpath.basename(comment):
        return above  # the heading of the file says in which directory it is, a comment in it need not
    if title and comment and comment.endswith(TREE_SUFFIXES) and not title.endswith(TREE_SUFFIXES) and is_code(block):
        return comment
    prose = names.in_prose(block.title) or names.of_the_whole(block.title) if block.title else None
    words = next((line for line in first if any(map(str.isalnum, line))), "")
    return title or comment or prose or (names.behind_words(words) or _only_mark(block) if is_code(block) else None)


def _only_mark(block: Block) -> str | None:
    """Return the one file that comments of a block name, where nothing but variables stands before that name."""
    marks = list(_marks(block))
    if len({path for _, path in marks}) != 1 or names.alone(block.lines[marks[0][0]].lstrip("#/ ")) is None:
        return None
    before = addresses("\n".join(block.lines[: marks[0][0]]))
    return marks[0][1] if all(address.startswith("variable ") for address in before) else None
