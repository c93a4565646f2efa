"""Diagnostics as ``terraform validate -json`` writes them: ranges, snippets, suggestions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import takewhile

from reviewgen.hcl.json_reader import json_path
from reviewgen.model.diagnostic import Diagnostic, Snippet
from reviewgen.model.hcl import Block
from reviewgen.model.source import Range, SourceFile

# Terraform repeats a line of any length with each of its diagnostics: of a line of 60 KB with thousands of wrong references that are 300 MB.
_LONGEST = 10_000
_CLOSE = 3  # Terraform suggests names that fewer than three edits lead to


def context(block: Block) -> str:
    """Return the header of a block as snippets show it: ``resource "aws_vpc" "main"``."""
    return " ".join([block.type, *(f'"{label}"' for label in block.labels)])


def snippet_for(file: SourceFile, place: Range, block: Block | None) -> Snippet | None:
    """Return the lines of a range, under the header of the top-level block that it stands in; None for code that nobody would read."""
    code = file.excerpt(place.start.line, place.end.line)
    if len(code) > _LONGEST:
        return None
    if file.path.endswith(".json"):
        return Snippet(json_path(file, place.start.byte), code, place.start.line)
    return Snippet(context(block) if block is not None else None, code, place.start.line)


def snippet_around(file: SourceFile, span: tuple[int, int], said: Diagnostic) -> Snippet | None:
    """Return the snippet of a diagnostic with all lines of a stretch around its place."""
    if said.snippet is None or said.range is None:
        return said.snippet
    first = min(file.position(span[0]).line, said.range.start.line)
    last = max(file.position(max(span[1] - 1, span[0])).line, said.range.end.line)
    return replace(said.snippet, code=file.excerpt(first, last), start_line=first)


def make(
    severity: str,
    summary: str,
    detail: str,
    file: SourceFile,
    start: int,
    end: int,
    block: Block | None = None,
    address: str | None = None,
) -> Diagnostic:
    """Return a diagnostic about a stretch of a file.

    Args:
        severity: ``error`` or ``warning``.
        summary: Terraform's summary.
        detail: Terraform's detail.
        file: The file.
        start: Byte offset of its begin.
        end: Byte offset behind its end; an empty stretch becomes one byte, as Terraform prints it.
        block: The top-level block in which it stands.
        address: Address that Terraform names; only what providers say has one.
    """
    place = file.range(start, max(end, start + 1))
    return Diagnostic(severity, summary, detail, address, place, snippet_for(file, place, block))


def suggestion(given: str, names: Iterable[str]) -> str:
    """Return the name that Terraform would suggest for a misspelt one, or an empty string; of several the closest."""
    best, distance = "", _CLOSE
    for name in sorted(names):
        if abs(len(name) - len(given)) < distance and (found := edits(given, name, distance)) < distance:
            best, distance = name, found
    return best


def edits(one: str, other: str, limit: int) -> int:
    """Return the Levenshtein distance of two words, or ``limit`` when it is at least that.

    What both words begin and end with costs nothing, and cells further than ``limit`` from the diagonal lead to no smaller distance.
    """
    one, other = _parted(one, other)
    far = max(len(one), len(other)) + limit
    row = [j if j < limit else far for j in range(len(other) + 1)]
    for i, a in enumerate(one, 1):
        before = [far, *row]  # the row above, one column to the right
        row = [i if i < limit else far] + [far] * len(other)
        for j in range(max(1, i - limit + 1), min(len(other), i + limit - 1) + 1):
            row[j] = min(before[j + 1] + 1, row[j - 1] + 1, before[j] + (a != other[j - 1]))
        if min(row) >= limit:
            return limit
    return min(row[-1], limit)


def _parted(one: str, other: str) -> tuple[str, str]:
    """Return two words without what both begin and end with."""
    head = _shared(one, other)
    one, other = one[head:], other[head:]
    tail = _shared(reversed(one), reversed(other))
    return one[: len(one) - tail], other[: len(other) - tail]


def _shared(one: Iterable[str], other: Iterable[str]) -> int:
    """Return how many letters two words begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def did_you_mean(given: str, names: Iterable[str]) -> str:
    """Return `` Did you mean "x"?``, or an empty string."""
    found = suggestion(given, names)
    return f' Did you mean "{found}"?' if found else ""
