"""A document as a file: its text, and whether it is one of failures at all."""

from __future__ import annotations

from pathlib import Path

from reviewgen.errors import InputError
from reviewgen.sample.text import read_text

from .kind import of_failures
from .reading import Reading, read

MOST_BYTES = 5 * 1024 * 1024
"""The largest document that is read; the longest of 420 that people wrote has 46 KB."""
_HINT = "give the Markdown document that says what is wrong with an answer, such as MODEL_FAILURES.md"


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
    if not of_failures(found, text):
        raise InputError("it is no document of failures: no title, label or heading says what was wrong", path=name, hint=_HINT)
    return found
