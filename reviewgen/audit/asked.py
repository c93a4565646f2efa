"""Things that PROMPT is said to mention, and that it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.documents.page import Kind as Block

from .about import plain, sentences
from .finding import Case, Finding, Kind
from .statements import statements
from .words import words

_OPENING = re.compile(r"^(?:while|although|though|since|because|as|even though)\s+", re.I)


def check(case: Case) -> Iterator[Finding]:
    """Yield the statements whose subject is a thing of the table of words."""
    if case.sample.prompt is None:
        return
    for piece in case.reading.pieces:
        if piece.kind in (Block.CODE, Block.ROW, Block.HTML):
            continue
        for sentence in sentences(plain(piece)):
            match = statements().asked.search(sentence)
            subject = _OPENING.sub("", sentence[: match.start()].removeprefix(piece.label).strip(" :*-")) if match else ""
            for noun in words().named(subject) if subject else ():
                text = case.prompt_text.text
                if not noun.words.search(text) and not noun.code.search(text):
                    evidence = f"PROMPT does not speak of it: {noun.name}."
                    yield Finding(Kind.QUOTATION, piece.line, case.issue_at(piece.line), f'"{sentence[:160]}"', (evidence,))
