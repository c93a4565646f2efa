"""Amounts that PROMPT gives, against the arguments of a tree that answer them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.model.finding import Finding
from reviewgen.model.prose import code, items, listed
from reviewgen.model.requirement import Requirement, Verdict
from reviewgen.model.review import Impact, Recommendation, Stage
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass

from ..prompt.hedges import is_negated, is_wish, sentence_at
from ..prompt.parse import ancestors
from ..prompt.phrases import prefixes
from ..prompt.quantities import Amount, Bound, amount, has_number, has_range, measured
from ..prompt.watched import watch
from ..prompt.words import normal
from ..tables.value import Argument, Value, values
from ..tree.conditions import Evidence
from ..tree.settled import readings
from .judgement import Judgement

RULE = "prompt-value-mismatch"
_MOST_PLACES = 6
# Amounts of one environment are none of the others', and the default need not be that environment.
_ENVIRONMENTS = re.compile(r"\b(?:dev|development|staging|stage|test|testing|qa|prod|production|per environment|environment specific)\b")
_NUMERIC = ("time", "size", "count", "percent", "dollars")
# What they set holds of no instance as long as nothing starts one from them.
_TEMPLATES = ("aws_launch_template", "aws_launch_configuration")
_RUNTIME = re.compile(r"([a-z]+)[a-z.]*? ?(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Expected:
    """An amount that a requirement gives."""

    requirement: Requirement
    value: Value
    amount: Amount

    @property
    def words(self) -> str:
        """How documents say it."""
        prefix = {Bound.LEAST: "at least ", Bound.MOST: "at most "}.get(self.amount.bound, "")
        # Normalised text has signs that belong into a word apart, or not at all.
        words = self.amount.words.replace(" / ", "/").replace("ami ", "ami-")
        return prefix + (_as_written(words) if self.value.kind == "runtime" else words)


def _as_written(runtime: str) -> str:
    """Return a runtime as functions name it: ``python3.12``, ``nodejs20.x``."""
    found = _RUNTIME.match(runtime)
    if found is None:
        return runtime
    return f"nodejs{found[2]}.x" if found[1].startswith("node") else f"{found[1]}{found[2]}"


@dataclass(frozen=True, slots=True)
class _Reading:
    address: str
    argument: Argument
    actual: Any
    unset: bool


def expected(rows: Iterable[Requirement]) -> Iterator[Expected]:
    """Yield the amounts that PROMPT gives without reservation; of one that it gives twice differently, with or without, none."""
    mentioned = _mentioned(tuple(rows))
    found = [e for e, plain in mentioned if plain]
    for candidate in found:
        others = {e.amount.low for e, _ in mentioned if e.value.id == candidate.value.id}
        first = next(e for e in found if e.value.id == candidate.value.id)
        if len(others) == 1 and candidate is first:
            yield candidate


def stated(rows: tuple[Requirement, ...]) -> tuple[Expected, ...]:
    """Return every amount that PROMPT gives without reservation."""
    return tuple(e for e, plain in _mentioned(rows) if plain)


@lru_cache(maxsize=1)
def _mentioned(rows: tuple[Requirement, ...]) -> tuple[tuple[Expected, bool], ...]:
    """Return every amount that PROMPT names, each with whether it does so without reservation."""
    return tuple(_found(rows))


def _found(rows: tuple[Requirement, ...]) -> Iterator[tuple[Expected, bool]]:
    known = {row.id: row for row in rows}
    for row in rows:
        text = measured(row.text)
        if not has_number(text) or not row.binding or row.forbids or has_range(row.text):
            continue
        context = " . ".join([*(normal(a.text) for a in ancestors(row, known)), normal(row.section)])
        if _ENVIRONMENTS.search(f"{text} . {context}"):
            continue
        if (watched := watch(row, ancestors(row, known))) is not None and not watched.figures:
            continue  # what is to be looked at is not what is to be there
        keys = prefixes(text)
        for value in values().asked(keys):
            phrases = (p for p in value.phrases if p.may_stand(keys))
            match = next((m for p in phrases if (m := p.find(text, context))), None)
            if match is not None:
                given = amount(value.kind, match)
                if value.kind == "instance-type" and given.bound is not Bound.EXACT:
                    continue  # sizes of different families have no order
                bound = value.bound if value.bound is not None and given.bound is Bound.EXACT else given.bound
                bound = Bound.EXACT if value.bound is None else bound
                yield Expected(row, value, Amount(given.low, given.high, bound, given.words)), not _is_hedged(text, match)


def _is_hedged(text: str, match: re.Match[str]) -> bool:
    begin, sentence = sentence_at(text, match.start())
    return is_wish(text, sentence, match.start(), match.end()) or is_negated(sentence, match.start() - begin, match.end() - begin)


def judge(asked: Expected, evidence: Evidence) -> Judgement:
    """Return a tree's answer: met when one declaration has the amount, unmet when all certainly have others."""
    found = list(_readings(asked.value, evidence))
    right = [r for r in found if r.actual is not UNKNOWN and _fits(asked, r)]
    subject = f"value:{asked.value.id}"
    if right:
        return Judgement(asked.requirement, subject, Verdict.MET, tuple(dict.fromkeys(r.address for r in right)))
    addresses = tuple(dict.fromkeys(r.address for r in found))
    if not found or not evidence.certain or any(r.actual is UNKNOWN for r in found):
        return Judgement(asked.requirement, subject, Verdict.UNKNOWN)
    return Judgement(asked.requirement, subject, Verdict.UNMET, addresses, _finding(asked, found))


def _readings(value: Value, evidence: Evidence) -> Iterator[_Reading]:
    for argument in value.arguments:
        for declaration in evidence.declarations(argument.term):
            if declaration.type in _TEMPLATES and not _serves(evidence, declaration):
                continue
            found = [actual for _, actual in readings(evidence.graph, declaration, argument.path, argument.only)]
            for actual in found:
                yield _Reading(declaration.address, argument, actual, False)
            if not found and argument.unset is not None:
                yield _Reading(declaration.address, argument, argument.unset, True)


def _serves(evidence: Evidence, declaration: Declaration) -> bool:
    """Whether anything may be made after a template; an output of the root module makes nothing."""
    graph = evidence.graph
    users = [graph.get(reference.source) for reference in graph.incoming.get(declaration.address, ())]
    return any(user is not None and (user.kind != "output" or user.module != graph.tree.root) for user in users)


def _fits(asked: Expected, reading: _Reading) -> bool:
    wanted, actual = asked.amount, reading.actual
    if asked.value.kind not in _NUMERIC:
        return _same_word(asked.value.kind, str(wanted.low), str(actual), wanted.bound)
    try:
        size = float(actual) * reading.argument.scale
    except (TypeError, ValueError):
        return False
    assert isinstance(wanted.low, float) and isinstance(wanted.high, float)
    return (wanted.bound is Bound.MOST or size >= wanted.low) and (wanted.bound is Bound.LEAST or size <= wanted.high)


def _same_word(kind: str, wanted: str, actual: str, bound: Bound) -> bool:
    found = normal(actual)
    if kind == "version":
        want, have = (_version(w) for w in (wanted, found))
        return have >= want if bound is Bound.LEAST else have[: len(want)] == want
    if kind == "runtime":
        one, other = (_RUNTIME.match(w) for w in (wanted, found))
        if not one or not other or one[1][:4] != other[1][:4]:
            return False
        want, have = _version(one[2]), _version(other[2])
        return have >= want if bound is Bound.LEAST else have == want
    return found.endswith(wanted) if kind == "email" else found == wanted


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))


def _shown(reading: _Reading) -> str:
    actual = int(reading.actual) if isinstance(reading.actual, float) and reading.actual.is_integer() else reading.actual
    unit = "%" if reading.argument.unit == "percent" else f" {reading.argument.unit}" if reading.argument.unit else ""
    return f"{actual}{unit.removesuffix('s') if str(actual) == '1' and unit != ' s' else unit}"


def _finding(asked: Expected, found: list[_Reading]) -> Finding:
    value, lead = asked.value, found[0]
    path = ".".join(lead.argument.path)
    actual = " and ".join(list(dict.fromkeys(_shown(r) for r in found))[:2])
    title = f"{value.title[0].upper()}{value.title[1:]}: {actual} instead of {asked.words}"
    places = list(dict.fromkeys(f"{r.address}.{'.'.join(r.argument.path)}" for r in found))
    sets = f"does not set {code(path)}, for which AWS takes" if lead.unset else f"sets {code(path)} to"
    problem = f"PROMPT asks for {asked.words}; {code(lead.address)} {sets} {_shown(lead)}."
    if len(places) > 1:
        problem += f" None of the others has it either: {listed(places[1:])}."
    return Finding(
        rule=f"{RULE}:{value.id}",
        title=title if len(title) <= 90 else f"{value.title[0].upper()}{value.title[1:]} differs from PROMPT",
        category=value.category,
        severity=value.severity,
        address=lead.address,
        problem=problem,
        check=f"{code(lead.address)} sets {code(path)} to {asked.words}",
        attribute=path,
        key=f"{value.id}={asked.words}",
        fix_class=value.fix_class,
        related=tuple(places[1:_MOST_PLACES]),
        stage=Stage.RUNTIME,
        present=items([f"{code(r.address)}: {_shown(r)}" for r in found], _MOST_PLACES),
        absent=(f"{value.title} of {asked.words}" if " of " not in value.title else asked.words,),
        impact=tuple(Impact(aspect, text) for aspect, text in value.impact),
        lesson="Carry every value of the task over to the argument that answers it.",
        recommendation=Recommendation(f"Set {code(path)} to {asked.words}."),
        source=value.source,
        signals=("prompt",),
        requirement=asked.requirement,
    )
