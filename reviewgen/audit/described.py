"""How MODEL is described, against the arguments that say the opposite: switches, protocols, zones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.terraform import Graph
from reviewgen.terraform.graph import arguments

from .about import of_model, plain, sentences
from .finding import Case, Finding, Kind
from .having import places
from .statements import Described, statements
from .words import Noun, words

_ON = r"(?: (?:was|is|were|are|being|been))?(?: (?:already|always|explicitly))? (?:enabled|activated|turned on|switched on)\b"
_UNLIKE = re.compile(r"\b(?:if|when|should|must|could|would|may|might|needs?|instead|only|some|replica|secondary|ideal)\b", re.I)


def check(case: Case) -> Iterator[Finding]:
    """Yield the first statement about each thing."""
    if not case.model_has_code or case.model.tree.incomplete or case.model.has_remote_modules:
        return
    off = [noun for noun in words().nouns if noun.setting is not None and _nowhere_on(noun, case)]
    rows = [(row, found) for row in statements().described if (found := _opposite(row, case.model))]
    for piece in of_model(case):
        for sentence in sentences(plain(piece)):
            for noun in list(off):
                match = re.search(noun.words.pattern + _ON, sentence, re.I)
                if match and not _unlike(sentence, match):
                    off.remove(noun)
                    evidence = f"No turn of MODEL switches it on: {noun.name}."
                    yield Finding(Kind.ABSENT, piece.line, case.issue_at(piece.line), f'"{sentence[:160]}"', (evidence,))
            for row, found in list(rows):
                match = row.words.search(sentence)
                if match and len(case.turns) == 1 and not _unlike(sentence, match):
                    rows.remove((row, found))
                    evidence = f"MODEL sets `{row.argument}` otherwise: {places(found, case.model)}."
                    yield Finding(Kind.PRESENT, piece.line, case.issue_at(piece.line), f'"{sentence[:160]}"', (evidence,))


def _unlike(sentence: str, match: re.Match[str]) -> bool:
    """Whether something before a description denies it or makes it one about a part."""
    before = sentence[: match.start()]
    return statements().no_claim.search(before) is not None or _UNLIKE.search(before) is not None


def _nowhere_on(noun: Noun, case: Case) -> bool:
    """Whether all that MODEL's text gives a switch is ``false``, in each of its turns; none of the table's switches is on by default."""
    if noun.setting is None:
        return False
    given = re.findall(rf"\b(?:{noun.setting.pattern.removesuffix(chr(92) + 'Z')})\b\"?\s*[=:]?\s*([\w.]*)", case.model_text.text)
    return all(value == "false" for value in given)


def _opposite(row: Described, graph: Graph) -> frozenset[str]:
    """Return the resources whose argument says the opposite of a description, if they are enough to contradict it."""
    every = [d for d in graph.tree.declarations.values() if d.kind == "resource" and row.types.match(d.type)]
    found = set()
    for declaration in every:
        for path, _, attribute in arguments(declaration.block):
            value = graph.constant(attribute.expr, declaration.module)
            if path == row.argument and isinstance(value, str | bool) and row.value.fullmatch(str(value).lower()):
                found.add(declaration.address)
    return frozenset(found) if found and (row.any or len(found) == len(every)) else frozenset()
