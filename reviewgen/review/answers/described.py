"""Files of MODEL of which an IDEAL of parts tells in words and shows nothing: that their code is unchanged is not known.

A heading that names the file, and below it what the file does, or where the whole of it can be found.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from reviewgen.model.requirement import Coverage, Verdict
from reviewgen.model.source import Document
from reviewgen.model.tree import LAID_UNDER
from reviewgen.sample import names
from reviewgen.terraform import Graph

_HEADING = re.compile(r"\s{0,3}#{1,6}\s")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_FILE = re.compile(r"[\w./-]+\.tf\b")
_AS_IT_IS = re.compile(
    r"\b(?:same|identical|unchanged|no (?:changes?|fix(?:es)?)|not (?:changed|modified)|remains?|as (?:it )?is)\b", re.IGNORECASE
)


def described(model: Document, ideal: Document) -> tuple[str, ...]:
    """Return the Terraform files of MODEL that IDEAL has a section about without code, and does not hold, in their order."""
    held = {file.path for file in ideal.files}
    told = {name for said in _sections(ideal.text) for name in said}
    theirs = [file.path for file in model.files if file.path.endswith(".tf")]
    alone = {name for name in told if "/" not in name and sum(posixpath.basename(path) == name for path in theirs) == 1}
    return tuple(
        path for path in theirs if path not in held and (path in told or (posixpath.basename(path) in alone and not _shows(ideal, path)))
    )


def without_described(rows: Iterable[Coverage], ideal: Graph, files: Collection[str]) -> Iterator[Coverage]:
    """Yield rows that say nothing of an IDEAL of parts where all that answers one there is read out of MODEL's files that it only describes.

    Args:
        rows: The rows of PROMPT's requirements.
        ideal: IDEAL's parts laid over MODEL.
        files: What it only describes.
    """
    names = {f"{path}{LAID_UNDER}" for path in files}
    for row in rows:
        found = [d.block.file for address in row.ideal_addresses if (d := ideal.get(ideal.owner(address)[0])) is not None]
        if found and names.issuperset(found):
            row = replace(row, ideal=Verdict.UNKNOWN, ideal_addresses=())
            row = replace(row, model_addresses=()) if row.model is Verdict.UNKNOWN else row
        yield row


def _shows(ideal: Document, path: str) -> bool:
    """Whether a document holds a file of the name of one, wherever it lies."""
    return any(posixpath.basename(file.path) == posixpath.basename(path) for file in ideal.files)


def _sections(text: str) -> Iterator[set[str]]:
    """Yield the files that each section without code names whose heading names one; not where it says that nothing changes."""
    heading, said, coded, fenced = "", list[str](), False, False
    for line in (*text.split("\n"), "# "):
        if _FENCE.match(line):
            coded, fenced = True, not fenced
        elif _HEADING.match(line) and not fenced:
            words = " ".join(said)
            if (name := names.in_line(heading)) and words.strip() and not coded and not _AS_IT_IS.search(words):
                yield {name, *_FILE.findall(words)}
            heading, said, coded = line, [], False
        else:
            said.append(line)
