"""Files that a document says MODEL has, and that nobody names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.documents.page import Kind as Block

from .finding import Case, Finding, Kind

_FILE = re.compile(r"(?<![\w/.-])(?:lib/)?([\w-]+\.tf)\b(?!\w)")
_OF_MODEL = re.compile(r"\bmodel|\boriginal\b|\binitial\b|\bgenerated\b|\bresponse\b", re.I)
_DENIED = re.compile(
    r"\b(?:not|no|missing|without|should|would|could|must|need\w*|separate|expected|instead|add\w*|creat\w*|lack\w*|"
    r"omit\w*|tests?|tested|checked|non-?existent)\b",
    re.I,
)
_MISSING = re.compile(r"^`?\W*(?:is|was|file is|file was)? ?(?:missing|absent|not)\b", re.I)
# What says outright that MODEL's code was in a file, whatever IDEAL has.
_WAS = re.compile(r"\b(?:duplicat\w+ (?:between|in|across)|had an?|was (?:incomplete|truncated|cut off))\b", re.I)
_LISTED = re.compile(r"^\W*(?:lib/)?([\w-]+\.tf)\b\W+(?!missing|not|absent|no\b|should)[A-Z]")
_HAS = re.compile(r"\b(?:file|had|has|contain\w*|includ\w*|defin\w*|us(?:es|ed)|generated|created|in)\b", re.I)


def check(case: Case) -> Iterator[Finding]:
    """Yield the first mention of each file that is said to be MODEL's and that no answer and no PROMPT names."""
    named = [path for path in case.model.tree.files if path.endswith(".tf") and case.model_text.has_name(path.rpartition("/")[2])]
    if (
        not named
        or len(named) < sum(path.endswith(".tf") for path in case.model.tree.files)
        or case.model.tree.incomplete
        or not case.model_has_code
    ):
        return
    met: set[str] = set()
    for piece in case.reading.pieces:
        if piece.kind in (Block.CODE, Block.ROW) or piece.side == "ideal" or piece.role not in ("problem", "model"):
            continue
        outright = _WAS.search(piece.text) is not None or (piece.side == "model" and _LISTED.match(piece.text) is not None)
        told = piece.side == "model" or _OF_MODEL.search(piece.text)
        if not outright and not (_HAS.search(piece.text) and told):
            continue
        texts = (case.model_text, case.prompt_text) if outright else (case.model_text, case.ideal_text, case.prompt_text)
        for name in _FILE.findall(piece.text):
            before, _, behind = piece.text.partition(name)
            denied = _DENIED.search(before) or _MISSING.search(behind)
            if name not in met and not denied and not any(name in text.text for text in texts):
                met.add(name)
                listed = ", ".join(f"`{path}`" for path in sorted(named)[:4])
                who = "Neither MODEL, in any of its turns, nor PROMPT" if outright else "No answer and no PROMPT"
                evidence = f"{who} names a file `{name}`; MODEL has {listed}."
                yield Finding(Kind.ABSENT, piece.line, case.issue_at(piece.line), f"file `{name}`", (evidence,))
