"""Tables that say for each answer what it has: a row for a capability, a column for MODEL and one for IDEAL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.documents.page import Kind as Block
from reviewgen.documents.said import Said

from .finding import Case, Finding, Kind
from .having import in_files, of_noun, places
from .words import Noun, words

_MODEL = re.compile(r"\W*model(?:[_ ]response)?(?:\.md)?\W*", re.I)
_IDEAL = re.compile(r"\W*ideal(?:[_ ]response)?(?:\.md)?\W*", re.I)
_NONE = re.compile(
    r"\W*(?:[\u274c\u2717\u2718]\ufe0f?\s*)?(?:missing|none|no|absent|not (?:implemented|included|present|"
    r"configured|shown|found|defined))\W*|[\u274c\u2717\u2718]\ufe0f?",
    re.I,
)
_THERE = re.compile(r"[\u2705\u2714\u2713]\ufe0f?\s*(?:implemented|present|included|yes|configured|complete|added|enabled|full)?\W*", re.I)


def check(case: Case) -> Iterator[Finding]:
    """Yield the cells that the trees contradict."""
    table, columns = 0, (-1, -1)
    for piece in case.reading.pieces:
        if piece.kind is not Block.ROW:
            continue
        if piece.level != table:
            table, columns = piece.level, (_column(piece, _MODEL), _column(piece, _IDEAL))
        elif 0 <= max(columns) < len(piece.cells):
            yield from _row(piece, *columns, case)


def _column(piece: Said, name: re.Pattern[str]) -> int:
    """Return which column of a table is an answer's; -1 for none or several."""
    found = [index for index, cell in enumerate(piece.cells) if name.fullmatch(cell)]
    return found[0] if len(found) == 1 else -1


def _row(piece: Said, model: int, ideal: int, case: Case) -> Iterator[Finding]:
    """Yield what is wrong with a row about things that the table of words knows."""
    for noun in words().named(piece.cells[0]):
        says = f'"{" | ".join(piece.cells)}"'
        if model > 0 and _NONE.fullmatch(piece.cells[model]) and _have(noun, case):
            evidence = f"MODEL declares {places(of_noun(noun, case.model), case.model)}."
            yield Finding(Kind.PRESENT, piece.line, case.issue_at(piece.line), says, (evidence,))
        whole = case.ideal_is_whole and not case.ideal.has_remote_modules
        absent = whole and not case.ideal_text.matches(noun.code) and not in_files(case.ideal, noun)
        if ideal > 0 and absent and _THERE.fullmatch(piece.cells[ideal]):
            yield Finding(Kind.ABSENT, piece.line, case.issue_at(piece.line), says, (f"Nothing in IDEAL's code is one: {noun.name}.",))


def _have(noun: Noun, case: Case) -> bool:
    """Whether MODEL has a thing, in each of its turns."""
    return bool(of_noun(noun, case.model)) and all(turn.matches(noun.code) for turn in case.turns)
