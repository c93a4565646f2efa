"""Words in quotation marks that a document gives as PROMPT's."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from reviewgen.documents.page import Kind as Block
from reviewgen.documents.said import Said

from .finding import Case, Finding, Kind
from .texts import worded

_QUOTED = re.compile(r"\"([^\"]{12,400})\"|\u201c([^\u201d]{12,400})\u201d")
# `PROMPT requires "..."`, `the requirement states: "..."`, right before the quotation.
_INTRODUCED = re.compile(
    r"\bprompt(?:\.md)?(?:'s)?\b[^.;\"\u201d]{0,40}?\b(?:says?|states?|stated|specif\w+|requires?|required|asks?|"
        r"asked|demands?|mandates?|calls? for|wants?|explicitly|constraint|requirement|requested)\b[^.;\"\u201d]{0,30}$|"
        r"\b(?:per|from|in) (?:the )?prompt(?:\.md)?\b[^.;\"\u201d]{0,12}$|\bprompt(?:\.md)?\W{0,4}$",
    re.I,
)  # fmt: skip
_DENIED = re.compile(
    r"\b(?:not|never|n't|nowhere|no|without|instead|rather|model|ideal|response|like|such as|implies|implied|interpret\w*|something)\b",
    re.I,
)
_LEAST_WORDS = 4
_JOINED = re.compile(r" [-\u2013\u2014] |: ")
_CUT = re.compile(r"\.{3}|\u2026|\[[^\]]*\]|<[^>]*>")
_NEAR = 0.5


def check(case: Case) -> Iterator[Finding]:
    """Yield the quotations of PROMPT whose words are not PROMPT's."""
    if case.sample.prompt is None:
        return
    for piece in case.reading.pieces:
        if piece.kind is not Block.CODE:
            for words in _quotations(piece):
                yield from _quotation(words, piece, case)


def _quotations(piece: Said) -> Iterator[str]:
    """Yield the words that a line gives as PROMPT's."""
    whole = "".join(text for _, text in piece.spans) or piece.text
    for match in _QUOTED.finditer(whole):
        before = whole[: match.start()]
        labelled = piece.labelled and piece.role == "requirement" and not before[len(piece.label) :].strip(" :*")
        if (labelled or _INTRODUCED.search(before)) and not _DENIED.search(before[-60:]):
            yield match[1] or match[2]


def _quotation(words: str, piece: Said, case: Case) -> Iterator[Finding]:
    """Yield a finding when a part of a quotation, between dots, is not in PROMPT."""
    for part in _CUT.split(words):
        if len(worded(part).split()) < _LEAST_WORDS or case.prompt_text.has_words(part):
            continue
        if all(case.prompt_text.has_words(piece) for piece in _JOINED.split(part) if worded(piece)):
            continue  # a heading and a line below it, as people quote lists
        if case.model_text.has_words(part) or case.ideal_text.has_words(part):
            return
        nearest = _nearest(part, case)
        evidence = f'PROMPT has "{nearest}".' if nearest else "PROMPT has no line like it."
        yield Finding(Kind.QUOTATION, piece.line, case.issue_at(piece.line), f'PROMPT is quoted with "{part.strip()}"', (evidence,))
        return


def _nearest(part: str, case: Case) -> str:
    """Return the line of PROMPT that is most like some words; empty when none is."""
    wanted, best, line_found = set(worded(part).split()), _NEAR, ""
    for line in case.prompt_text.text.split("\n"):
        words = set(worded(line).split())
        share = len(wanted & words) / len(wanted)
        if share > best or (
            share == best
            and line_found
            and difflib.SequenceMatcher(None, part, line).ratio() > difflib.SequenceMatcher(None, part, line_found).ratio()
        ):
            best, line_found = share, " ".join(line.split())
    return line_found[:200]
