"""A document as a file: its text, and whether it is one of failures at all."""

from __future__ import annotations

import re
from pathlib import Path

from reviewgen.errors import InputError
from reviewgen.sample.text import read_text

from .page import Kind
from .reading import Reading, read
from .words import words

MOST_BYTES = 5 * 1024 * 1024
"""The largest document that is read; the longest of 420 that people wrote has 46 KB."""
_HINT = "give the Markdown document that says what is wrong with an answer, such as MODEL_FAILURES.md"
_FIRST = 8
_MESSAGE = re.compile(r"^\W*(?:Error|Warning): ", re.MULTILINE)
_ROLES = frozenset(["problem", "model", "ideal", "solution", "severity", "cause", "error"])


def load_text(path: Path) -> str:
    """Return the text of a document.

    Raises:
        InputError: It cannot be read, is larger than 5 MB, or binary.
    """
    if path.is_dir():
        raise InputError("it is a folder", path=str(path), hint="give one Markdown document")
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise InputError("the document is larger than 5 MB", path=str(path), hint=_HINT)
    return read_text(path)[0]


def read_failures(text: str, name: str) -> Reading:
    """Return what a document says.

    Raises:
        InputError: It speaks of no failures: another document, or other text.
    """
    found = read(text)
    if not _of_failures(found):
        raise InputError("it is no document of failures: it names no issue, error or fix", path=name, hint=_HINT)
    return found


def _of_failures(found: Reading) -> bool:
    """Whether a document speaks of failures: in its headings, labels or first lines, or by quoting Terraform's messages."""
    if any(piece.role in _ROLES and (piece.labelled or piece.kind is Kind.HEADING) for piece in found.pieces):
        return True
    prose = [piece for piece in found.pieces if piece.kind is not Kind.CODE]
    said = (*prose[:_FIRST], *(piece for piece in prose if piece.kind is Kind.HEADING))
    if any(words().failures.search(piece.text) for piece in said):
        return True
    return any(_MESSAGE.search(piece.text) for piece in found.pieces if piece.kind is Kind.CODE)
