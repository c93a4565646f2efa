"""Numbers of resources that PROMPT asks for, against what a tree creates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from reviewgen.hcl import UNKNOWN
from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Expression
from reviewgen.model.prose import code, items, listed
from reviewgen.model.requirement import Requirement, Verdict
from reviewgen.model.review import Category, Impact, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass

from ..prompt.hedges import is_negated, is_wish, sentence_at
from ..prompt.parse import ancestors
from ..prompt.phrases import prefixes
from ..prompt.quantities import Bound, amount, has_number, has_range, measured
from ..prompt.watched import watch
from ..prompt.words import normal
from ..tables.count import Count, counts
from ..tree.conditions import Evidence
from ..tree.settled import settled
from .judgement import Judgement

RULE = "prompt-count-mismatch"
_MOST_PLACES = 6
# A number for each of several things, or of one environment, is not that of the stack.
_FOR_EACH = re.compile(r"\b(?:per|each|every|both|respective\w*|another|additional|more|dev|development|staging|qa|test|prod|production)\b")
_EXACTLY = re.compile(r"\b(?:exactly|only|precisely) (?:\w+ )?$")
# "NAT in two public subnets" says where something stands, and not how many there are.
_PLACE = re.compile(r"\b(?:in|into|from|of|to|between) $")
# One is what the vocabulary asks for; more are no number of resources that somebody writes down one by one.
_NUMBERS = range(1, 51)
_SCALABLE = ("count", "for_each")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number of resources that a requirement gives."""

    requirement: Requirement
    count: Count
    number: int
    exactly: bool = False

    @property
    def words(self) -> str:
        """How documents say it."""
        return f"exactly {_named(self.number, self.count)}" if self.exactly else _named(self.number, self.count)


def wanted(rows: Iterable[Requirement]) -> Iterator[Wanted]:
    """Yield the numbers that PROMPT gives without reservation, of each kind the largest."""
    largest: dict[str, Wanted] = {}
    for found in stated(tuple(rows)):
        before = largest.get(found.count.id)
        if before is None or found.number > before.number:
            largest[found.count.id] = found
    yield from largest.values()


@lru_cache(maxsize=1)
def stated(rows: tuple[Requirement, ...]) -> tuple[Wanted, ...]:
    """Return every number of resources that PROMPT gives without reservation."""
    return tuple(_found(rows))


def _found(rows: tuple[Requirement, ...]) -> Iterator[Wanted]:
    known = {row.id: row for row in rows}
    for row in rows:
        if not row.binding or row.forbids or has_range(row.text):
            continue
        text = measured(row.text)
        if not has_number(text):
            continue
        context = " . ".join([*(normal(a.text) for a in ancestors(row, known)), normal(row.section)])
        if _FOR_EACH.search(context):
            continue
        if (watched := watch(row, ancestors(row, known))) is not None and not watched.figures:
            continue  # what is to be looked at is not what is to be there
        keys = prefixes(text)
        for count in counts().asked(keys):
            phrases = (p for p in count.phrases if p.may_stand(keys))
            match = next((m for p in phrases if (m := p.find(text, context))), None)
            if match is not None and (found := _stated(row, count, text, match)) is not None:
                yield found


def _stated(row: Requirement, count: Count, text: str, match: re.Match[str]) -> Wanted | None:
    begin, sentence = sentence_at(text, match.start())
    if _FOR_EACH.search(sentence) or is_wish(text, sentence, match.start(), match.end()):
        return None
    given = amount("count", match)
    assert isinstance(given.low, float)
    before, exactly = text[: match.start()], bool(_EXACTLY.search(text[: match.start()]))
    negated = is_negated(sentence, match.start() - begin, match.end() - begin)
    if given.bound is Bound.MOST or negated or _PLACE.search(before) or given.low not in _NUMBERS or (given.low == 1 and not exactly):
        return None
    return Wanted(row, count, int(given.low), exactly)


def judge(asked: Wanted, evidence: Evidence) -> Judgement:
    """Return a tree's answer: met when it certainly creates that many, unmet when it certainly creates fewer, or more than exactly that many."""
    subject = f"count:{asked.count.id}"
    unknown = Judgement(asked.requirement, subject, Verdict.UNKNOWN)
    found = _counted(asked.count, evidence)
    numbers = [number(evidence, declaration) for declaration in found]
    least = sum(n for n in numbers if n is not None)
    certain = evidence.certain and None not in numbers and not any(t in evidence.types for t in asked.count.unless)
    addresses = tuple(d.address for d in found)
    if least >= asked.number and not asked.exactly:
        return Judgement(asked.requirement, subject, Verdict.MET, addresses)
    if not certain or not found or not _roles_known(asked.count, evidence):
        return unknown
    if least == asked.number:
        return Judgement(asked.requirement, subject, Verdict.MET, addresses)
    return Judgement(asked.requirement, subject, Verdict.UNMET, addresses, _finding(asked, found, least))


def _counted(count: Count, evidence: Evidence) -> list[Declaration]:
    found = {d.address: d for term in count.terms for d in evidence.declarations(term)}
    return [d for d in found.values() if count.label is None or count.label.search(d.name)]


def _roles_known(count: Count, evidence: Evidence) -> bool:
    """Whether the names of all resources of the type tell what they are for."""
    if count.labels is None:
        return True
    return all(count.labels.search(d.name) for term in count.terms for d in evidence.declarations(term))


def number(evidence: Evidence, declaration: Declaration) -> int | None:
    """Return how many instances of a resource every deployment has; None when that is not certain."""
    graph = evidence.graph
    if declaration.module != graph.tree.root:
        calls = graph.callers(declaration.module)
        if len(calls) != 1 or calls[0].module != graph.tree.root or any(calls[0].block.value(n) is not None for n in _SCALABLE):
            return None
    count, each = (declaration.block.value(name) for name in _SCALABLE)
    if count is not None:
        value = settled(graph, count, declaration.module)
        return int(value) if isinstance(value, int) and not isinstance(value, bool) else None
    if each is not None:
        return _length(evidence, each, declaration.module)
    return 1


def _length(evidence: Evidence, collection: Expression, module: str) -> int | None:
    value = settled(evidence.graph, collection, module)
    return len(value) if value is not UNKNOWN and isinstance(value, list | dict) else None


def _named(number: int, count: Count) -> str:
    return f"{number} {count.title.removesuffix('s') if number == 1 else count.title}"


def _finding(asked: Wanted, found: list[Declaration], actual: int) -> Finding:
    known, lead = asked.count, found[0]
    argument = next((n for n in _SCALABLE if lead.block.value(n) is not None), "")
    places = [f"{d.address}.{a}" if (a := next((n for n in _SCALABLE if d.block.value(n) is not None), "")) else d.address for d in found]
    creates = f"{listed([d.address for d in found])} {'make' if len(found) > 1 else 'makes'} {actual}"
    many = actual > asked.number
    return Finding(
        rule=f"{RULE}:{known.id}",
        title=f"{_named(actual, known)} instead of {'exactly ' if asked.exactly else ''}{asked.number}",
        category=known.category,
        severity=Severity.HIGH if known.category is Category.CRITICAL else Severity.MEDIUM,
        address=lead.address,
        problem=f"PROMPT asks for {asked.words}; {creates}.",
        check=f"There are {asked.words}" if asked.exactly else f"There are at least {asked.words}",
        attribute=argument,
        key=f"{known.id}={asked.number}",
        related=tuple(places[1:_MOST_PLACES]),
        stage=Stage.RUNTIME,
        present=items([code(d.address) for d in found], _MOST_PLACES),
        impact=() if many else tuple(Impact(aspect, text) for aspect, text in known.impact),
        lesson="Count what the code creates against every number of the task.",
        recommendation=Recommendation(f"Create {asked.words}."),
        source=known.source,
        signals=("prompt",),
        requirement=asked.requirement,
    )
