"""Failures of another platform: templates of CloudFormation and the like, in a document about Terraform."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.documents.page import Kind as Block

from .about import plain
from .finding import Case, Finding, Kind
from .statements import statements

_TESTS = re.compile(r"\btests?\b|\btesting\b|expect\(", re.I)


def check(case: Case) -> Iterator[Finding]:
    """Yield the first line of an issue that is about each platform that neither the answers nor PROMPT speak of."""
    if not case.model_has_code:
        return
    texts = (case.model_text, case.ideal_text, case.prompt_text)
    for platform in statements().platforms:
        if any(platform.known.search(text.text) for text in texts):
            continue
        for piece in case.reading.pieces:
            about = piece.kind is Block.CODE or piece.role in ("problem", "model", "cause", "error")
            text = piece.text if piece.kind is Block.CODE else plain(piece)
            match = platform.claimed.search(text) if about and case.issue_at(piece.line) else None
            if match and not statements().no_claim.search(text[: match.start()]) and not _TESTS.search(text):
                line = piece.line + text[: match.start()].count("\n") + (piece.kind is Block.CODE)
                evidence = f"Neither answer is written for {platform.name}, and PROMPT does not name it."
                yield Finding(Kind.UNSUPPORTED, line, case.issue_at(piece.line), f'"{match[0]}", of {platform.name}', (evidence,))
                break
