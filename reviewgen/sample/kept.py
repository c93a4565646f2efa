"""Files that IDEAL names and does not show: those of MODEL that it says are the same, and those that its listing of the tree has beside them.

An IDEAL that calls each file that it shows a corrected one shows what it corrects of MODEL, and not what stays.
"""

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
# How a document says of itself, in lower case, that it shows passages of its files.
_PASSAGES = re.compile(
    r"\b(?:key|important|relevant|selected) (?:code )?(?:snippets|excerpts) (?:are|is) (?:given|included|provided|shown)\b"
)
# How a heading says of a file that it is MODEL's, corrected: ``main.tf (Corrected)``.
_CORRECTED = re.compile(r"\((?:corrected|enhanced|fixed|improved|modified|updated)\b", re.IGNORECASE)
# A line of a drawn tree, and the files of Terraform in it, without what is said of them.
_BRANCH = re.compile(r"[\s│|]*(?:[├└]──|[|+`]--)(?P<said>[^#]*)")
_LISTED = re.compile(r"[\w.-]+\.tf\b")
# What each line of a drawn tree holds.
_DRAWN = ("├──", "└──", "|--", "+--", "`--")
# A listing of this many files of which the document holds less than half is of more than what is shown.
_FEWEST = 4
# A remark of more lines tells of more than that.
_MOST_LINES = 3


def with_named(ideal: Document, model: Document) -> Document:
    """Return IDEAL with the files of MODEL that it says are the same, and as a part where it shows only some of its files."""
    ideal = _with_kept(ideal, model)
    said = ideal.text.lower()
    if ("snippets" in said or "excerpts" in said) and _PASSAGES.search(said):
        note = "IDEAL says that it shows snippets of its files: what they leave out may stand there, although it is gone or missing in what is shown."
        ideal = replace(ideal, notes=(*ideal.notes, note))
    part = _lists_more(ideal) or _shows_corrected(ideal, model)
    return replace(ideal, files=tuple(replace(file, fragment=True) for file in ideal.files)) if part else ideal


def _shows_corrected(ideal: Document, model: Document) -> bool:
    """Whether all code that a document shows is that of some of MODEL's files, each of which it calls a corrected one."""
    shown, theirs = ({file.path for file in side.files if file.path.endswith(".tf")} for side in (ideal, model))
    if not shown or not shown < theirs:
        return False
    return shown <= {names.in_line(line) for line in ideal.text.split("\n") if _HEADING.match(line) and _CORRECTED.search(line)}


def _lists_more(ideal: Document) -> bool:
    """Whether most of the files in a drawn tree are none of those that a document shows."""
    if not any(mark in ideal.text for mark in _DRAWN):
        return False
    lines = (m["said"] for line in ideal.text.split("\n") if (m := _BRANCH.match(line)))
    listed = [name for line in lines for name in _LISTED.findall(line)]
    shown = [file.path.rpartition("/")[2] for file in ideal.files if file.path.endswith(".tf")]
    # Code without file names may be that of any file: it counts as one that is listed.
    known = max(sum(name in shown for name in listed), len(shown))
    return len(listed) >= _FEWEST and 2 * known < len(listed)


def _with_kept(ideal: Document, model: Document) -> Document:
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
    if "model" not in text.lower():
        return
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
