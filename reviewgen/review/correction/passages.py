"""Code of IDEAL to show: contiguous passages, verbatim, joined where only blank lines and comments stand between."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from reviewgen.model.review import Passage, Quote
from reviewgen.model.source import SourceFile
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

# A document shows code to be read: past this many lines in an issue, further passages are counted, not shown.
MOST_LINES = 140
# Comments by which the author of a correction explains it; capitals, for in small letters the words say nothing. A mere note is no reason.
_REASON = re.compile(r"\b(?:FIX(?:ED)?|CORRECT(?:ED|ION)|ADDED|CHANGED|REMOVED|UPDATED|REQUIRED)\b")

Hunk = tuple[str, int, int]
"""File, first line, last line (1-based, inclusive)."""


def _is_gap(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith(("#", "//"))


def first_line(files: Mapping[str, SourceFile], declaration: Declaration) -> int:
    """Return the line from which a block is shown: comment lines right above it belong to it."""
    first = declaration.attribute.line if declaration.attribute is not None else declaration.block.line
    source = files.get(declaration.block.file)
    while source and first > 1 and source.lines(first - 1, first - 1).lstrip().startswith(("#", "//")):
        first -= 1
    return first


def passages(files: Mapping[str, SourceFile], hunks: Iterable[Hunk], further: Iterable[Hunk] = ()) -> tuple[tuple[Passage, ...], int]:
    """Return the passages of some hunks in file order, and the number of lines left out for length.

    Args:
        files: The files of a tree.
        hunks: What matters most.
        further: What comes along; where all together is too long, it is left out first.
    """
    first, rest = sorted(set(hunks)), sorted(set(further) - set(hunks))
    whole = _merged(files, [*first, *rest])
    chosen = whole if _height(whole) <= MOST_LINES else _merged(files, _fitting([*first, *(() if first else rest)]))
    shown = [Passage(*hunk, files[hunk[0]].lines(*hunk[1:])) for hunk in chosen]
    return tuple(shown), _height(whole) - _height(chosen)


def _fitting(hunks: list[Hunk]) -> list[Hunk]:
    """Return the hunks that are shown, the first ones that fit; one that alone is too long only where no other one is there."""
    shown: list[Hunk] = []
    for hunk in sorted(hunks, key=lambda h: _height([h]) > MOST_LINES):
        if not shown or _height([*shown, hunk]) <= MOST_LINES:
            shown.append(hunk)
    return shown


def _height(hunks: Iterable[Hunk]) -> int:
    return sum(last - first + 1 for _, first, last in hunks)


def _apart(file: SourceFile, last: int, first: int) -> bool:
    """Whether other text of the document stands between two lines of a file that was put together from pieces."""
    return file.origin_line(first) - file.origin_line(last) != first - last


def _unbroken(files: Mapping[str, SourceFile], hunk: Hunk) -> Iterator[Hunk]:
    """Yield the parts of a hunk that stand in the document in one piece."""
    file, first, last = hunk
    starts = [line for line, _ in files[file].pieces if first < line <= last]
    for begin, end in zip([first, *starts], [*(line - 1 for line in starts), last], strict=True):
        yield file, begin, end


def _merged(files: Mapping[str, SourceFile], hunks: Iterable[Hunk]) -> list[Hunk]:
    result: list[Hunk] = []
    for file, first, last in sorted(part for hunk in hunks for part in _unbroken(files, hunk)):
        if result and result[-1][0] == file and not _apart(files[file], result[-1][2], first):
            between = files[file].lines(result[-1][2] + 1, first - 1)
            if all(map(_is_gap, between.split("\n"))):
                result[-1] = (file, result[-1][1], max(last, result[-1][2]))
                continue
        result.append((file, first, last))
    return result


def reasons(graph: Graph, shown: Iterable[Passage], own: Collection[Hunk] = ()) -> Iterator[Quote]:
    """Yield the comments inside passages that give a reason for the correction.

    Args:
        graph: The tree.
        shown: The passages.
        own: What repairs the defect; over what came along with it stand the reasons of that. Empty where nothing did.
    """
    comments = {path: found for module in graph.tree.modules.values() for path, found in module.comments.items()}
    for passage in shown:
        for comment in comments.get(passage.file, ()):
            told = not own or any(file == passage.file and first <= comment.line <= last for file, first, last in own)
            if (
                told
                and passage.start_line <= comment.line <= passage.end_line
                and _REASON.search(comment.text)
                and "\n" not in comment.text
            ):
                yield Quote(passage.file, comment.line, comment.line, comment.text)
