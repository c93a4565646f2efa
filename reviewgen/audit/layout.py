"""How MODEL's code is said to be laid out: in one file, in many, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.documents.page import Kind as Block

from .about import of_model, plain, sentences
from .finding import Case, Finding, Kind
from .statements import statements

_NAMED = re.compile(r"[\w-]+\.tf\b")
_SEVERAL = 3
_TESTS = re.compile(r"\btests?\b|\bmodules?\b|\bif\b", re.I)


def check(case: Case) -> Iterator[Finding]:
    """Yield the first statement of each kind that MODEL's files contradict."""
    if case.sample.model.text.strip() and (line := _no_answer(case)):
        yield line
    if not case.model_has_code or len(case.turns) > 1 or case.model.tree.incomplete:
        return
    files = sorted(path for path in case.model.tree.files if path.endswith(".tf"))
    named = {name for name in _NAMED.findall(case.model_text.text)}
    shown = f"MODEL has {', '.join(f'`{path}`' for path in files[:4])}" + (f" and {len(files) - 4} more" if len(files) > 4 else "")
    if len(files) >= _SEVERAL and all(path.rpartition("/")[2] in named for path in files):
        yield from _first(statements().one_file, Kind.PRESENT, f"{shown}.", case)
    elif len(files) == 1 and len(named) <= 1 and len(case.model.tree.modules) == 1:
        yield from _first(statements().many_files, Kind.ABSENT, f"All of MODEL's code stands in one file, `{files[0]}`.", case)


def _first(pattern: re.Pattern[str], kind: Kind, evidence: str, case: Case) -> Iterator[Finding]:
    for piece in of_model(case):
        for sentence in sentences(plain(piece)):
            match = pattern.search(sentence)
            if match and not statements().no_claim.search(sentence[: match.start()]) and not _TESTS.search(sentence):
                yield Finding(kind, piece.line, case.issue_at(piece.line), f'"{sentence[:160]}"', (evidence,))
                return


def _no_answer(case: Case) -> Finding | None:
    """Return the statement that there is no answer at all."""
    for piece in case.reading.pieces:
        if piece.kind is not Block.CODE and (match := statements().no_answer.search(plain(piece))):
            return Finding(Kind.PRESENT, piece.line, case.issue_at(piece.line), f'"{match[0]}"', ("The sample has MODEL's answer.",))
    return None
