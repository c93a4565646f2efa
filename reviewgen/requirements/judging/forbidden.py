"""What PROMPT forbids, against the declarations of a tree that do it all the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewgen.model.finding import Finding
from reviewgen.model.prose import code, listed
from reviewgen.model.requirement import Requirement, Verdict
from reviewgen.model.review import Impact, Recommendation
from reviewgen.records import dataclass

from ..prompt.parse import ancestors
from ..prompt.phrases import Phrase, prefixes
from ..prompt.watched import watch
from ..prompt.words import normal
from ..tables.prohibition import Prohibition, prohibitions
from ..tree.conditions import Evidence
from .judgement import Judgement

RULE = "forbidden-construct"
_MOST_PLACES = 6
_LONGEST = 400
_CONDITIONAL = re.compile(r"\b(?:unless|except|if|optional|possible|(?:for|in) production|may|could|consider|prefer\w*)\b")


@dataclass(frozen=True, slots=True)
class _Text:
    row: Requirement
    words: str
    section: str
    prefixes: frozenset[str]

    def has(self, phrase: Phrase) -> bool:
        return phrase.may_stand(self.prefixes) and phrase.find(self.words, self.section) is not None


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A prohibition that a requirement states."""

    requirement: Requirement
    prohibition: Prohibition


def stated(rows: Iterable[Requirement]) -> Iterator[Forbidden]:
    """Yield what PROMPT forbids, each prohibition once, in the order of the table."""
    found = tuple(rows)
    known_rows = {row.id: row for row in found}
    stating = (row for row in found if len(row.text) <= _LONGEST and watch(row, ancestors(row, known_rows)) is None)
    texts = [_Text(row, words := normal(row.text), normal(row.section), prefixes(words)) for row in stating]
    for known in prohibitions().asked(frozenset().union(*(text.prefixes for text in texts))):
        text = next((text for text in texts if _states(text, known)), None)
        if text is not None:
            yield Forbidden(text.row, known)


def _states(text: _Text, known: Prohibition) -> bool:
    phrases = known.words if text.row.forbids else known.ask if text.row.binding else ()
    if not any(text.has(phrase) for phrase in phrases):
        return False
    conditional = not text.row.forbids and _CONDITIONAL.search(text.words)
    return not conditional and not any(text.has(phrase) for phrase in known.unless)


def judge(asked: Forbidden, evidence: Evidence) -> Judgement:
    """Return a tree's answer: unmet when declarations certainly do what is forbidden."""
    known = asked.prohibition
    found: dict[str, str] = {}
    for term in known.found:
        for declaration in evidence.declarations(term):
            if declaration.block.file.rpartition("/")[2] not in known.apart:
                found.setdefault(declaration.address, known.path(term))
    subject = f"forbidden:{known.id}"
    if found:
        return Judgement(asked.requirement, subject, Verdict.UNMET, tuple(found), _finding(asked, found))
    return Judgement(asked.requirement, subject, Verdict.MET if evidence.certain else Verdict.UNKNOWN)


def _finding(asked: Forbidden, found: dict[str, str]) -> Finding:
    known = asked.prohibition
    (address, path), *others = found.items()
    problem = f"Against what PROMPT asks, {code(address)} {known.done}."
    if others:
        problem += f" The same holds for {listed([a for a, _ in others])}."
    return Finding(
        rule=f"{RULE}:{known.id}",
        title=known.title,
        category=known.category,
        severity=known.severity,
        address=address,
        problem=problem,
        check=f"{code(address)} {known.undone}",
        attribute=path,
        key=known.id,
        fix_class=known.fix_class,
        related=tuple(f"{a}.{p}" if p else a for a, p in others[: _MOST_PLACES - 1]),
        stage=known.stage,
        impact=tuple(Impact(aspect, text) for aspect, text in known.impact),
        lesson="Read the prohibitions of the task as requirements: each is checked against every resource.",
        recommendation=Recommendation(f"Change {listed(list(found))} so that it is as PROMPT asks."),
        source=known.source,
        signals=("prompt",),
        requirement=asked.requirement,
    )
