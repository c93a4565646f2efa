"""What MODEL's buckets are said to lack, and each of them has in a resource of its own."""

from __future__ import annotations

from collections.abc import Iterator

from .about import of_model, plain, sentences
from .finding import Case, Finding, Kind
from .having import of_noun, places
from .statements import statements
from .words import Noun, words

_BUCKET = "aws_s3_bucket"


def check(case: Case) -> Iterator[Finding]:
    """Yield the statements about things of the table of words that stand beside each bucket of MODEL."""
    if not case.model_has_code or len(case.turns) > 1 or case.model.tree.diagnostics:
        return
    for piece in of_model(case):
        for sentence in sentences(plain(piece)):
            match = statements().buckets.search(sentence)
            if match is None or statements().no_claim.search(sentence[: match.start()]):
                continue
            for noun in words().among(match[1]):
                if _beside_each(noun, case):
                    have = of_noun(noun, case.model)
                    evidence = f"Each bucket of MODEL has one: {places(have, case.model)}."
                    yield Finding(Kind.PRESENT, piece.line, case.issue_at(piece.line), f'"{sentence[:160]}"', (evidence,))
                    break


def _beside_each(noun: Noun, case: Case) -> bool:
    """Whether each bucket has a resource of a noun's types that names it."""
    found = [case.model.tree.declarations[address] for address in of_noun(noun, case.model)]
    of_bucket = [d for d in found if d.type.startswith(f"{_BUCKET}_")]
    named = {t.address for d in of_bucket for t in case.model.targets(d.block.value("bucket"), d.module)}
    buckets = {d.address for d in case.model.of_type(_BUCKET)}
    return bool(buckets) and buckets <= named
