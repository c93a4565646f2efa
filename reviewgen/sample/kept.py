"""Files of MODEL that IDEAL does not show once more: below the heading with their name it says that nothing changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from reviewgen.model.prose import code, series
from reviewgen.model.source import Document

from . import names

_HEADING = re.compile(r"\s{0,3}#{1,6}\s")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_SAME = re.compile(r"\b(?:same as|identical to|unchanged from|as in) (?:the )?[`*_]*MODEL", re.IGNORECASE)
# A remark of more lines tells of more than that.
_MOST_LINES = 3


def with_kept(ideal: Document, model: Document) -> Document:
    """Return IDEAL with the files of MODEL that it says are the same; they have no place in IDEAL's own text."""
    shown = {file.path for file in ideal.files}
    theirs = {file.path: file for file in model.files}
    kept = [theirs[path] for path in dict.fromkeys(_named(ideal.text)) if path in theirs and path not in shown]
    if not kept:
        return ideal
    files = tuple(replace(file, origin="", first_line=1, pieces=()) for file in kept)
    said = series([code(file.path) for file in files])
    note = f"IDEAL says that {said} {'is' if len(files) == 1 else 'are'} the same as in MODEL: read from there."
    return replace(ideal, files=(*ideal.files, *files), notes=(*ideal.notes, note))


def _named(text: str) -> Iterator[str]:
    """Yield the files that a document names in a heading, with nothing below it but that they are the same as MODEL's."""
    path, said = "", list[str]()
    for line in (*text.split("\n"), "# "):
        if _HEADING.match(line):
            if path and 0 < len(said) <= _MOST_LINES and _SAME.search(" ".join(said)):
                yield path
            path, said = names.in_line(line) or "", []
        elif line.strip().strip("-"):
            said.append(line)
            if _FENCE.match(line):
                path = ""
