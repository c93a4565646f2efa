"""Whether a document is one of failures, and not an answer, a task, or any other text that speaks of errors in passing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .page import Kind
from .reading import Reading
from .said import Said
from .words import words

_LONGEST, _EARLY = 240, 8
_MESSAGE = re.compile(r"^\W*(?:Error|Warning): ", re.MULTILINE)
_BLOCK = re.compile(r"^(?:resource|data|variable|output|provider|module|terraform|locals)\b[^\n]*\{", re.MULTILINE)
# Labels that only documents of failures have; those that a guide to troubleshooting may have, too.
_OWN = frozenset(["model", "ideal", "severity"])
_SHARED = frozenset(["problem", "solution", "cause", "error"])
_SEVERAL = 3
_FEW, _MANY, _MOSTLY = 5, 25, 0.4


def of_failures(found: Reading, text: str) -> bool:
    """Whether a document says what is wrong with something.

    Its title or first line says so; else it has the labels that such documents give their issues, headings of several issues, or quotes
    Terraform's messages. A document that consists of configuration needs more: answers have guides to troubleshooting.

    Args:
        found: The document, read.
        text: Its text.
    """
    prose = [piece for piece in found.pieces if piece.kind is not Kind.CODE]
    line = next((line.strip("#* ") for line in text.split("\n") if line.strip("`~ \t")), "")
    first = prose[0].text if prose else line
    title = next((piece.text for piece in prose[:_EARLY] if piece.kind is Kind.HEADING), "")
    heads = {title, *(head for head in (first, line) if len(head) <= _LONGEST)}
    if any(words().title.search(head) and not words().task.search(head) for head in heads):
        return True
    if any(words().nothing.search(piece.text) for piece in prose):
        return True
    if _labelled(found.pieces, _is_answer(found.pieces, text)):
        return True
    if _is_answer(found.pieces, text) or words().answer.search(found.title):
        return False
    return _headed(prose) or any(_MESSAGE.search(piece.text) for piece in found.pieces if piece.kind is Kind.CODE)


def _is_answer(pieces: Sequence[Said], text: str) -> bool:
    """Whether a document consists of configuration: some blocks that make up a good part of it, or very many."""
    blocks = len(_BLOCK.findall(text))
    code = sum(piece.text.count("\n") for piece in pieces if piece.kind is Kind.CODE)
    return blocks >= _MANY or (blocks >= _FEW and code > _MOSTLY * (text.count("\n") + 1))


def _labelled(pieces: Sequence[Said], answer: bool) -> bool:
    """Whether issues have their labels: two of a failure's own, or several of those that others have, too."""
    counted = Counter(piece.role for piece in pieces if piece.labelled and piece.role in _OWN | _SHARED)
    if counted.keys() & _OWN and counted.total() > 1:
        return True
    if answer:
        return len(counted) >= _SEVERAL and "cause" in counted
    return len(counted) > 1 or (counted.total() >= _SEVERAL and set(counted) != {"solution"})


def _headed(prose: Sequence[Said]) -> bool:
    """Whether headings name several issues, or, where there is none, lines several corrections of which nobody is asked."""
    headings = [piece for piece in prose if piece.kind is Kind.HEADING]
    issues = sum(words().title.search(piece.text) is not None for piece in headings)
    roles = sum(piece.role in _OWN | _SHARED for piece in headings)
    asked = bool(headings) or any(words().task.search(piece.text) for piece in prose[:_SEVERAL])
    fixes = 0 if asked else sum(words().fix.match(piece.text) is not None for piece in prose)
    return max(issues, roles, fixes) > 1
