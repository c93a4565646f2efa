"""What PROMPT asks of each of several things, judged thing by thing: how many a tree has, and which of them lack it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from reviewgen.model.finding import Finding
from reviewgen.model.prose import code, items, listed
from reviewgen.model.requirement import Requirement, Verdict
from reviewgen.model.review import Impact, Recommendation, Stage
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph

from ..prompt.hedges import sentence_at
from ..prompt.phrases import Phrase
from ..prompt.words import normal
from ..tables.everywhere import Companion, Everywhere, everywhere
from ..trace import Ask, asks
from ..tree import own_logs
from ..tree.conditions import Evidence, evidence_of
from ..whole import quantified
from .judgement import Judgement

RULE = "not-everywhere"
SUBJECT = "each:"
_MOST_PLACES = 6
# Words that may stand before what a sentence is about ("for each bucket ..."), and how many between a capability and what has it.
_FRONT = frozenset(["for", "in", "on", "with", "across", "ensure", "make", "sure", "verify", "that", "also", "and", "please"])
_NEAR = 8
# Ends of sentences that are typed carelessly.
_STOP = re.compile(r" \.|\. |;")


@dataclass(frozen=True, slots=True)
class Each:
    """A requirement that wants a capability of each thing of a kind."""

    requirement: Requirement
    known: Everywhere


def wanted(rows: Iterable[Requirement]) -> Iterator[Each]:
    """Yield what PROMPT certainly asks of each of several things, each requirement with each capability once."""
    found = tuple(rows)
    speaking = {row.id for row in found if row.binding and not row.forbids and quantified(normal(row.text))}
    for row, named in asks(found, speaking):
        text = normal(row.text)
        for ask in named:
            known = everywhere().get(ask.capability.id)
            if known is not None and ask.certain and not ask.negated and any(_is_of(ask, p, text) for p in known.phrases):
                yield Each(row, known)


def _is_of(ask: Ask, things: Phrase, text: str) -> bool:
    """Whether a capability is asked of each of some things, and not of something else in the same line.

    Behind the things they must be what the sentence is about ("each bucket needs versioning"), before them nothing may part the two.
    """
    match = things.find(text, text)
    if match is None:
        return False
    begin, sentence = sentence_at(text, match.start())
    if not begin <= ask.start < begin + len(sentence):
        return False
    if ask.start >= match.start():
        if _STOP.search(text, match.end(), max(match.end(), ask.start)):
            return False
        return _FRONT.issuperset(text[begin : match.start()].split())
    return "," not in text[ask.end : match.start()] and len(text[ask.end : match.start()].split()) <= _NEAR


def judge(asked: Each, evidence: Evidence) -> Judgement:
    """Return a tree's answer: met when each thing certainly has it, partial when some have it and others certainly lack it."""
    known = asked.known
    subject = f"{SUBJECT}{known.capability.id}"
    things = _things(known, evidence)
    if any(evidence.declarations(term) for term in known.all):
        return Judgement(asked.requirement, subject, Verdict.MET, tuple(d.address for d in things))
    verdicts = {d.address: _has(known, d, evidence) for d in things}
    having = [a for a, has in verdicts.items() if has]
    lacking = [a for a, has in verdicts.items() if has is False]
    if not things or not evidence.certain or (lacking and known.implied) or (None in verdicts.values() and not lacking):
        return Judgement(asked.requirement, subject, Verdict.UNKNOWN)
    if not lacking:
        if any(term.type == own_logs.GROUP for term in known.subjects) and not own_logs.all_declared(evidence):
            return Judgement(asked.requirement, subject, Verdict.UNKNOWN)
        return Judgement(asked.requirement, subject, Verdict.MET, tuple(having))
    if not having:
        verdict = Verdict.UNMET if len(lacking) == len(things) else Verdict.UNKNOWN
        return Judgement(asked.requirement, subject, verdict, tuple(lacking))
    finding = None if known.rule else _finding(asked, having, lacking, len(things), evidence)
    return Judgement(asked.requirement, subject, Verdict.PARTIAL, tuple(having), finding)


@dataclass(frozen=True, slots=True)
class Haves:
    """Which of several things certainly have a capability in a tree, and which certainly lack it.

    Attributes:
        what: What those have.
        having: Addresses.
        lacking: Addresses.
    """

    what: str
    having: tuple[str, ...]
    lacking: tuple[str, ...]


def haves(capability: str, graph: Graph, *, declared: bool = False) -> Haves | None:
    """Return which things of a tree have a capability that each can have; None where the table knows of none, or what gives it to all.

    Args:
        capability: Its id.
        graph: The tree.
        declared: Whether it is asked for what is declared for a thing, whatever that is worth, and no other way to the same counts.
    """
    known, evidence = everywhere().get(capability), evidence_of(graph)
    if known is None or not evidence.certain or any(evidence.declarations(term) for term in known.all):
        return None
    if declared:
        by = tuple(replace(companion, term=replace(companion.term, tests=())) for companion in known.by)
        known = replace(known, by=by, capability=replace(known.capability, maybe=()))
    verdicts = {d.address: _has(known, d, evidence) for d in _things(known, evidence)}
    having, lacking = (tuple(a for a, has in verdicts.items() if has is wanted) for wanted in (True, False))
    return Haves(known.what, having, lacking)


def _things(known: Everywhere, evidence: Evidence) -> list[Declaration]:
    found = {d.address: d for term in known.subjects for d in evidence.declarations(term)}
    apart = {d.address for term in known.none for d in evidence.declarations(term)}
    return [d for a, d in found.items() if a not in apart]


def _has(known: Everywhere, thing: Declaration, evidence: Evidence) -> bool | None:
    """Whether a thing has the capability; None when that is not certain."""
    own = [evidence.passes(thing, term) for term in known.own if term.type == thing.type]
    if any(own):
        return True
    given = [_gives(companion, thing, evidence) for companion in known.by]
    if any(given):
        return True
    perhaps = any(_gives(companion, thing, evidence) is not False for companion in known.perhaps)
    elsewhere = any(evidence.ask(condition).holds is not False for condition in known.capability.maybe)
    return None if perhaps or elsewhere or None in own or None in given else False


def _gives(companion: Companion, thing: Declaration, evidence: Evidence) -> bool | None:
    """Whether a resource of a kind certainly names a thing and is what it must be; None when one may."""
    verdicts = [_speaks_of(companion, resource, thing, evidence) for resource in evidence.graph.of_type(companion.term.type)]
    return True if True in verdicts else None if None in verdicts else False


def _speaks_of(companion: Companion, resource: Declaration, thing: Declaration, evidence: Evidence) -> bool | None:
    graph, (*path, last) = evidence.graph, companion.path
    given = [expr for block in resource.block.nested(*path) if (expr := block.value(last)) is not None]
    if not given:
        return False
    named = [t for expr in given for t in graph.targets(expr, resource.module) if t.type == thing.type]
    named = named or [t for t in graph.targets(resource.block.value("for_each"), resource.module) if t.type == thing.type]
    if named and all(t.address != thing.address for t in named):
        return False
    passes = evidence.passes(resource, companion.term)
    if passes is False:
        return False
    return True if named and passes and evidence.exists(resource) and _as_many(resource, thing) else None


def _as_many(resource: Declaration, thing: Declaration) -> bool:
    """Whether a resource can speak of all instances of a thing: one alone speaks of one."""
    return not _is_many(thing) or _is_many(resource)


def _is_many(declaration: Declaration) -> bool:
    return any(declaration.block.value(name) is not None for name in ("count", "for_each"))


def _finding(asked: Each, having: list[str], lacking: list[str], total: int, evidence: Evidence) -> Finding:
    known, capability = asked.known, asked.known.capability
    places = [_place(known, address, evidence) for address in lacking]
    lead = evidence.graph.get(lacking[0])
    path = ".".join(known.argument(lead.type)) if lead is not None else ""
    verb, not_ = ("have", "do not") if len(lacking) > 1 else ("has", "does not")
    return Finding(
        rule=f"{RULE}:{capability.id}",
        title=f"{len(lacking)} of {total} {known.plural} without {known.what}",
        category=capability.category,
        severity=capability.severity,
        address=lacking[0],
        problem=f"PROMPT asks for {known.what} of all {known.plural}; {len(having)} of {total} {known.plural} {'have' if len(having) > 1 else 'has'} it, "
        f"{listed(lacking)} {not_}.",
        check=f"{listed(lacking)} {verb} {known.what}",
        attribute=path,
        key=capability.id,
        fix_class=capability.fix_class,
        related=tuple(places[1:_MOST_PLACES]),
        stage=Stage.RUNTIME,
        present=items([code(a) for a in having], _MOST_PLACES),
        absent=items([code(a) for a in lacking], _MOST_PLACES),
        impact=tuple(Impact(aspect, text) for aspect, text in capability.impact),
        lesson="What the task asks of all is checked against each.",
        recommendation=Recommendation(f"Add {known.what} to {listed(lacking)}."),
        source=capability.source,
        signals=("prompt",),
        requirement=asked.requirement,
    )


def _place(known: Everywhere, address: str, evidence: Evidence) -> str:
    declaration = evidence.graph.get(address)
    path = known.argument(declaration.type) if declaration is not None else ()
    return ".".join([address, *path])
