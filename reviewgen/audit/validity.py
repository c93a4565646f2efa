"""Statements that the code is valid, deployed or ready for production, of code that Terraform rejects."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.documents.page import Kind as Block
from reviewgen.documents.said import Said
from reviewgen.model import Diagnostic

from .about import of_correction, plain, sentences
from .finding import Case, Finding, Kind
from .statements import statements


def check(case: Case) -> Iterator[Finding]:
    """Yield the first such statement about each answer."""
    met: set[str] = set()
    for piece in case.reading.pieces:
        if piece.kind in (Block.CODE, Block.ROW, Block.HTML) or piece.role == "recommendation":
            continue
        for sentence in sentences(plain(piece)):
            side = _praised(sentence, piece, case)
            error = _error(side, case) if side and side not in met else None
            if error is not None:
                met.add(side)
                place = f" (`{error.range.filename}:{error.range.start.line}`)" if error.range else ""
                evidence = f"Terraform rejects {side.upper()}: {error.summary}{place}."
                yield Finding(Kind.VALID, piece.line, case.issue_at(piece.line), f'"{sentence[:160]}"', (evidence,))


def _praised(sentence: str, piece: Said, case: Case) -> str:
    """Return which answer a sentence says is valid; empty for none, or where a condition stands beside it."""
    match = statements().valid.search(sentence)
    if match is None or statements().valid_if.search(sentence):
        return ""
    if statements().valid_model.search(sentence):
        return "model"
    if piece.side == "model" or piece.role in ("problem", "requirement"):
        return ""
    return "ideal" if statements().valid_ideal.search(sentence) or of_correction(piece, case) or piece.side == "ideal" else ""


def _error(side: str, case: Case) -> Diagnostic | None:
    """Return an error that does not come from parts that may be delivered elsewhere.

    What MODEL does not declare is its fault, unless PROMPT speaks of it; IDEAL may show parts only.
    """
    review = case.review
    checked = review.model_validation if side == "model" else review.ideal_validation
    if checked is None or checked.incomplete or review.sample.class_ not in ("pair", "identical", "wrong_task"):
        return None
    for error in checked.errors:
        named = re.search(r'"(\w+)" has not been declared|named "(\w+)"|"(\w+)"', error.detail)
        undeclared = side == "model" and error.summary.startswith("Reference to undeclared") and len(case.turns) == 1
        if undeclared and named and not any(name and name in case.prompt_text.text for name in (*named.groups(), "variables.tf")):
            return error
        if not statements().elsewhere.search(error.summary):
            return error
    return None
