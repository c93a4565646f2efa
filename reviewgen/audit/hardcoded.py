"""Values that MODEL is said to have hardcoded, and nothing in its text looks like."""

from __future__ import annotations

from collections.abc import Iterator

from .about import of_model, plain, sentences
from .finding import Case, Finding, Kind
from .statements import statements


def check(case: Case) -> Iterator[Finding]:
    """Yield the first such statement about each kind of value."""
    if not case.model_has_code or case.model.tree.incomplete or case.model.has_remote_modules:
        return
    there = [literal for literal in statements().literals if not literal.code.search(case.model_text.text)]
    for piece in of_model(case):
        for sentence in sentences(plain(piece)):
            for literal in list(there):
                match = literal.claimed.search(sentence)
                if match and not statements().no_claim.search(sentence[: match.start()]):
                    there.remove(literal)
                    evidence = f"Nothing in MODEL, in any of its turns, is {literal.name}."
                    yield Finding(Kind.ABSENT, piece.line, case.issue_at(piece.line), f'"{sentence[:160]}"', (evidence,))
