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
# Words that forbid what follows them in their part of a line.
_DENIAL = re.compile(
    r"\b(?:no|not|never|don't|dont|cannot|can't|mustn't|shouldn't|without|avoid\w*|forbid\w*|prohibit\w*|exclud\w*|nor|neither)\b"
)
# What stands in the place of what is forbidden: "do not hardcode names; append a random suffix".
_TURN = re.compile(
    r"(?:[,;:.(]|\bbut\b|\binstead\b)\s*(?:(?:all|everything|always|please|then|instead|but) )*(?:use|using|create|encrypt\w*|append|restrict|only|"
    r"instead|rather|put|keep|store|rely|ensure|make|generate|look|fetch|retrieve|read|reference|add|enable|set|route|provision|configure)\b"
)
# "Never disable it" wants it kept.
_LOSING = re.compile(r"\b(?:disabl\w*|remov(?:e|es|ed|ing)|turn\w* off|switch\w* off|skip\w*|omit\w*|forget\w*|bypass\w*|drop\w*)\b")
_WANTED = re.compile(r"s? (?:is|are) (?:mandatory|required|a must|needed)\b")
# What is forbidden under a condition of the account's nobody sees.
_OPEN = re.compile(r"^(?:(?!\b(?:because|since|caus\w+)\b)[^.;])*\b(?:if|unless|when)\b")
_CONDITIONAL = re.compile(r"\b(?:unless|except|if|optional|possible|(?:for|in) production|may|could|consider|prefer\w*)\b")


@dataclass(frozen=True, slots=True)
class _Text:
    row: Requirement
    words: str
    section: str
    prefixes: frozenset[str]

    def has(self, phrase: Phrase) -> bool:
        return phrase.may_stand(self.prefixes) and phrase.find(self.words, self.section) is not None

    def denies(self, phrase: Phrase) -> bool:
        """Whether the words forbid what a phrase names, and do not name it as what is to be done in its place, or kept."""
        match = phrase.find(self.words, self.section) if phrase.may_stand(self.prefixes) else None
        if match is None:
            return False
        before, behind = self.words[: match.start()], self.words[match.end() :]
        denials = list(_DENIAL.finditer(before))
        since = before[denials[-1].end() :] if denials else before
        turns = [turn for turn in _TURN.finditer(f"{since}{match[0]}") if turn.end() <= len(since) + len(match[0])]
        turned = any(turn.start() <= len(since) and len(since[: turn.start()].split()) > 1 for turn in turns)
        kept = bool(denials) and (bool(_LOSING.search(since)) or (len(denials) > 1 and denials[-1][0] == "without"))
        return not (turned or kept or _WANTED.match(behind) or _OPEN.search(behind))


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
    if text.row.forbids:
        return any(map(text.denies, known.words)) and not any(text.has(phrase) for phrase in known.unless)
    if not text.row.binding or not any(text.has(phrase) for phrase in known.ask):
        return False
    return not _CONDITIONAL.search(text.words) and not any(text.has(phrase) for phrase in known.unless)


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
        recommendation=Recommendation(f"Bring {listed(list(found))} in line with what PROMPT asks."),
        source=known.source,
        signals=("prompt",),
        requirement=asked.requirement,
    )
