"""Things that a correction is said to have removed or replaced, and that IDEAL still has just as MODEL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.documents.page import Kind as Block

from .about import of_correction
from .claims import GROWING, Claim, claims, objects, unchanged
from .finding import Case, Finding, Kind
from .having import of_noun, places
from .things import Thing, holders
from .words import words

_TESTS = re.compile(r"\b(?:tests?|mocks?|spec|workflows?|pipeline|ci|readme|documentation)\b", re.I)
_BEHIND = re.compile(r" (?:with|by|in favou?r of)\b.*", re.I)


def check(case: Case) -> Iterator[Finding]:
    """Yield such statements; a document is left alone where IDEAL shows parts only."""
    if not case.ideal_is_whole or len(case.turns) > 1:
        return
    for piece in case.reading.pieces:
        if piece.kind in (Block.CODE, Block.ROW) or not of_correction(piece, case) or _TESTS.search(piece.text):
            continue
        for claim in claims(piece):
            if claim.verb == "removed":
                yield from _things(claim, case)
                yield from _nouns(claim, case)


def _things(claim: Claim, case: Case) -> Iterator[Finding]:
    """Yield a thing in Terraform's words that no declaration has lost, and that stands as often in IDEAL as in MODEL."""
    for found in objects(claim):
        model, ideal = holders(found, case.model), holders(found, case.ideal)
        if (
            model
            and model <= ideal
            and found.name not in GROWING
            and _number(found, case.model_text.text) <= _number(found, case.ideal_text.text)
        ):
            yield _finding(claim, case, f"IDEAL still has it: {places(ideal, case.ideal)}.")


def _number(found: Thing, text: str) -> int:
    return len(re.findall(rf"(?<![\w-]){re.escape(found.key)}(?![\w-])", text))


def _nouns(claim: Claim, case: Case) -> Iterator[Finding]:
    """Yield a thing in people's words that all stays as it was: the whole object, or what stands before "with"."""
    for noun in words().named(_BEHIND.sub("", claim.object)):
        have, kept = of_noun(noun, case.model), of_noun(noun, case.ideal)
        if have and have == kept and unchanged(have, case):
            yield _finding(claim, case, f"IDEAL has the same as MODEL: {places(kept, case.ideal)}.")


def _finding(claim: Claim, case: Case, evidence: str) -> Finding:
    return Finding(Kind.KEPT, claim.piece.line, case.issue_at(claim.piece.line), f'"{claim.sentence}"', (evidence,))
