"""What a document praises, and the answers do not have: MODEL alone where the document's title says that it is about MODEL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.documents.page import Kind as Block
from reviewgen.documents.said import Said

from .about import marked, sentences
from .finding import Case, Finding, Kind
from .having import in_files
from .statements import statements
from .words import words

_NAME = re.compile(r"`([a-z][a-z0-9]*(?:_[a-z0-9]+)+)`")
_MARKS = re.compile(r"^[\W_]+")


def check(case: Case) -> Iterator[Finding]:
    """Yield the names and things that a line under a heading of strengths, or one that ends with praise, has as its own."""
    graphs, texts, who = [case.model, case.ideal], [case.model_text, case.ideal_text], "Neither MODEL, in any of its turns, nor IDEAL"
    if statements().of_model.search(case.reading.title):
        graphs, texts, who = graphs[:1], texts[:1], "No turn of MODEL"
    if not case.model_has_code or any(graph.has_remote_modules or graph.tree.incomplete for graph in graphs) or not case.ideal_is_whole:
        return
    for piece in case.reading.pieces:
        if piece.kind not in (Block.ITEM, Block.PARAGRAPH) or not _praises(piece, case):
            continue
        for sentence in sentences(marked(piece)):
            if statements().no_praise.search(sentence):
                continue
            for name in _NAME.findall(sentence):
                if not any(text.has_name(name) for text in texts) and name not in case.prompt_text.text:
                    yield _finding(piece, case, sentence, f"{who} has `{name}`.")
            bare = statements().praise.sub("", _MARKS.sub("", sentence))
            noun = words().leading(bare)
            if noun is not None and not any(text.matches(noun.code) for text in texts) and not any(in_files(g, noun) for g in graphs):
                yield _finding(piece, case, sentence, f"{who} has one: {noun.name}.")


def _praises(piece: Said, case: Case) -> bool:
    """Whether a line is one of praise: by its headings or label, or by what it says."""
    above = (piece.label, *case.headings[piece.line])
    if piece.side == "ideal" or any(statements().other_heading.search(text) for text in above):
        return False
    return any(statements().strengths.search(text) for text in above) or statements().praised.search(piece.text) is not None


def _finding(piece: Said, case: Case, sentence: str, evidence: str) -> Finding:
    return Finding(Kind.ABSENT, piece.line, case.issue_at(piece.line), f'"{sentence[:160]}"', (evidence,))
