"""Which lines of a document speak of MODEL, and which of what was corrected; their sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.documents.page import Kind as Block
from reviewgen.documents.said import Said
from reviewgen.documents.words import words as labels

from .finding import Case
from .statements import statements
from .words import words

_SENTENCE = re.compile(r"(?<=[a-z0-9`)\"'*%])[.;!](?:\s|$)")
_ADVICE = frozenset(["solution", "recommendation", "verification", "impact", "requirement"])


def of_model(case: Case) -> Iterator[Said]:
    """Yield the lines of prose that say what MODEL has or lacks: no correction, no advice, nothing under a heading of another purpose."""
    for piece in case.reading.pieces:
        if piece.kind in (Block.CODE, Block.ROW, Block.HTML) or piece.side == "ideal" or piece.role in _ADVICE:
            continue
        if not any(map(_other, (piece.label, *case.headings[piece.line]))):
            yield piece


def _other(text: str) -> bool:
    """Whether what stands under a heading or label is not about what MODEL did wrong."""
    return labels().elsewhere.match(text) is not None or statements().other_heading.search(text) is not None or done(text)


def done(text: str) -> bool:
    """Whether a heading or label introduces what was corrected, not what was wrong."""
    return words().corrected.search(text) is not None and words().open.search(text) is None


def of_correction(piece: Said, case: Case) -> bool:
    """Whether a line says what was done about something, so that it is to be seen in IDEAL."""
    if piece.side or piece.role in ("recommendation", "problem", "requirement"):
        return piece.side == "ideal"
    return piece.role == "solution" or any(done(text) for text in (piece.label, *case.headings[piece.line]))


def plain(piece: Said) -> str:
    """Return a line as a reader sees it, its label included, without marks of code."""
    return "".join(text for _, text in piece.spans) or piece.text


def marked(piece: Said) -> str:
    """Return a line with backticks around what is marked as code, its label included."""
    return "".join(f"`{text}`" if is_code else text for is_code, text in piece.spans) or piece.text


def sentences(text: str) -> list[str]:
    """Return the sentences of a line."""
    return [" ".join(sentence.split()) for sentence in _SENTENCE.split(text) if sentence.strip()]
