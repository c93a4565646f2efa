"""Functions that a correction is said to use, and that IDEAL does not call."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.documents.page import Kind as Block
from reviewgen.terraform.validate.evaluation.functions import signatures

from .about import of_correction, plain, sentences
from .finding import Case, Finding, Kind

_USED = re.compile(r"\b(?:used|uses|using|added|applied|introduced|via|through|with)\b[^.;]{0,30}?(?<![\w.])([a-z]\w+)\(\)", re.I)
_DENIED = re.compile(r"\b(?:not|no|instead of|rather than|replac\w*|remov\w*|tests?|from)\b", re.I)


def check(case: Case) -> Iterator[Finding]:
    """Yield the first statement about each function."""
    if not case.ideal_is_whole:
        return
    met: set[str] = set()
    for piece in case.reading.pieces:
        if piece.kind in (Block.CODE, Block.ROW) or not of_correction(piece, case):
            continue
        for sentence in sentences(plain(piece)):
            for match in _USED.finditer(sentence):
                name = match[1]
                if (
                    name in signatures()
                    and name not in met
                    and not _DENIED.search(sentence[: match.end()])
                    and not _calls(name, case.ideal_text.text)
                ):
                    met.add(name)
                    other = "; MODEL does" if _calls(name, case.model_text.text) else ", nor does MODEL"
                    evidence = f"IDEAL does not call `{name}`{other}."
                    yield Finding(Kind.ABSENT, piece.line, case.issue_at(piece.line), f'"{sentence[:160]}"', (evidence,))


def _calls(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w.]){name}\(", text) is not None
