"""Text and where it came from: positions, files of a tree, documents, samples."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from functools import cached_property
from typing import Any

from reviewgen.records import dataclass

_LINE_END = re.compile(rb"\n")
# What a message shows of the code that it is about. No line that a person wrote is longer; one of a megabyte, repeated in each of a
# thousand messages, would be more than anybody can store.
_MOST_LINES = 1000
_MOST_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text: 1-based line and column (in characters), 0-based byte, as Terraform counts them."""

    line: int
    column: int
    byte: int


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch of one file, from ``start`` up to but not including ``end``."""

    filename: str
    start: Position
    end: Position


@dataclass(frozen=True)
class SourceFile:
    """One file of a tree.

    Attributes:
        path: POSIX path inside the tree, such as ``main.tf`` or ``modules/vpc/main.tf``.
        text: The content with LF line ends and without a byte order mark.
        origin: Name of the document that the file was taken from; empty for a file on disk.
        first_line: Line of ``origin`` on which the first line of ``text`` stands; 1 for a file on disk.
        fragment: True when the text is known to be a part only (a snippet, a placeholder, an answer cut short).
        pieces: Where the text was put together from several places of ``origin``: (line of the file, line of ``origin``) of each piece's
            first line, in order; empty when the text stands there in one piece.
        unnamed: True when the document gives the code without a file name: ``path`` is ours, and so is that it is a file of its own.
    """

    path: str
    text: str
    origin: str = ""
    first_line: int = 1
    fragment: bool = False
    pieces: tuple[tuple[int, int], ...] = ()
    unnamed: bool = False

    @cached_property
    def data(self) -> bytes:
        """The text as UTF-8, which is what byte offsets count in."""
        return self.text.encode("utf-8", "surrogatepass")

    @cached_property
    def line_starts(self) -> list[int]:
        """Byte offset at which each line begins."""
        return [0, *(match.end() for match in _LINE_END.finditer(self.data))]

    def position(self, byte: int) -> Position:
        """Return the position of a byte offset."""
        line = bisect_right(self.line_starts, byte)
        start = self.line_starts[line - 1]
        return Position(line, len(self.data[start:byte].decode("utf-8", "replace")) + 1, byte)

    def range(self, start: int, end: int) -> Range:
        """Return the range between two byte offsets."""
        return Range(self.path, self.position(start), self.position(end))

    def slice(self, start: int, end: int) -> str:
        """Return the text between two byte offsets."""
        return self.data[start:end].decode("utf-8", "replace")

    def lines(self, first: int, last: int) -> str:
        """Return lines ``first`` to ``last`` (1-based, inclusive), verbatim, without the final line end."""
        return "\n".join(self._lines[first - 1 : last])

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def excerpt(self, first: int, last: int) -> str:
        """Return lines as ``lines`` does, for messages: of a passage that nobody would read, only the beginning."""
        return self.lines(first, min(last, first + _MOST_LINES - 1))[:_MOST_CHARACTERS]

    def origin_line(self, line: int) -> int:
        """Return the line of the origin document for a line of this file."""
        start = max((p for p in self.pieces if p[0] <= line), default=(1, self.first_line))
        return start[1] + line - start[0]


@dataclass(frozen=True)
class Document:
    """One of the three texts of a sample as it stands on disk.

    Attributes:
        name: File or folder name, such as ``MODEL_RESPONSE.md``; what the review calls it.
        text: The Markdown text (normalised as in ``SourceFile``); empty when the side is a folder or a ``.tf`` file.
        files: The files of the tree that it holds, in order of first appearance, each path once.
        snippets: HCL passages that belong to no file: usage examples, attribute-only snippets. Evidence text, never resources.
        notes: What the loader assumed or left out, each a sentence for the reader.
        truncated: True when the text ends in the middle of a block or of a fence that holds code.
        languages: Programming languages other than HCL in which the answer is written (``typescript`` for a CDK answer).
        delivered: The files in the directories in which the text names them, when ``files`` has them in one, or
            together with the drafts that the text names; else empty.
        drafts: Files that stand before the answer, in the text's thoughts, and that the answer gives anew; no part of the tree.
    """

    name: str
    text: str = ""
    files: tuple[SourceFile, ...] = ()
    snippets: tuple[SourceFile, ...] = ()
    notes: tuple[str, ...] = ()
    truncated: bool = False
    languages: tuple[str, ...] = ()
    delivered: tuple[SourceFile, ...] = ()
    drafts: tuple[SourceFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Turns:
    """The texts of a sample's further turns, in the order of their names: ``MODEL_RESPONSE2.md`` and so on."""

    model: tuple[str, ...] = ()
    ideal: tuple[str, ...] = ()
    prompt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """What a curator decides about one issue.

    Attributes:
        issue: Fingerprint of the issue.
        reason: Why; shown in the document.
        dismiss: Whether the issue is left out.
        category: Another category (``blocker``, ``critical``, ``warning``); empty to keep it.
        title: Another title; empty to keep it.
        note: A remark for the reader; may be empty.
    """

    issue: str
    reason: str
    dismiss: bool = False
    category: str = ""
    title: str = ""
    note: str = ""


class SampleClass(StrEnum):
    """What a sample offers for comparison; values as in the contract of review.json."""

    PAIR = "pair"
    SNIPPET_IDEAL = "snippet_ideal"
    NO_IDEAL_CODE = "no_ideal_code"
    NO_MODEL_CODE = "no_model_code"
    WRONG_TASK = "wrong_task"
    IDENTICAL = "identical"


@dataclass(frozen=True)
class Sample:
    """A sample as read: three documents and what is known about them. ``prompt`` is None when there is none."""

    id: str
    model: Document
    ideal: Document
    prompt: Document | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
