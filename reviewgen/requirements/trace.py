"""Requirements against the two trees: which capability each asks for, and whether MODEL and IDEAL have it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from reviewgen.model.hcl import Literal, Template
from reviewgen.model.requirement import Contradiction, Coverage, Requirement, Verdict
from reviewgen.model.source import Document
from reviewgen.records import dataclass
from reviewgen.terraform import Graph, instances

from .prompt.hedges import is_aside, is_confined, is_negated, is_way, is_wish, sentence_at
from .prompt.parse import ancestors, parse
from .prompt.phrases import beginnings, compile_phrase, prefixes
from .prompt.sections import Role, role
from .prompt.watched import watch
from .prompt.wording import wording
from .prompt.words import LINES, normal
from .tables.capability import Capability, capabilities
from .tree import own_logs
from .tree.conditions import Condition, Evidence, evidence_of
from .tree.idle import idle
from .whole import Judged, Span, is_form, owner, pieces, serves

_MOST_GAPS = 12
_SPACE = re.compile(r"\s")
# Headings of lists of what the stack is to tell.
_TOLD = re.compile(r"\boutputs?\b|\bexports?\b")
_TAGGED = re.compile(r"\W*tag(?:s|ging)?\b")
# Lines about outputs, tests and documents name parts of the stack without asking for them.
_OUTPUT = re.compile(
    r"^(?:\W*(?:terraform )?outputs?\b|.*\boutputs? (?:the|for|of|should|must|values?|include)|"
    r"(?:unit |integration )?tests?\b|document(?:ation)?\b(?! (?:bucket|store|table|db))|readme\b)"
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One capability that a requirement names.

    Attributes:
        capability: What is named.
        certain: It is asked and not only wished, mentioned or excluded.
        negated: It is excluded.
        whole: The requirement says little more than what its capabilities are.
        figures: Numbers and negations in the requirement's words outside of what names its capabilities.
        each: Words outside of what names its capabilities ask for it several times: "every bucket".
        aside: See ``Coverage.aside``.
        alone: See ``Coverage.alone``.
        way: It is named as the way by which something goes: "through SNS".
        kinds: Parts of a stack that the line names by a name of their own, and of which the capability is a manner: AWS Config in "AWS Config for
            compliance".
        start: Where the normalised text names it.
        end: Where that ends.
        purpose: Words that say what it is for, or whose it is.
        used: The line says what it is for, if only what such a part is always for: one that nothing uses is not for that.
    """

    capability: Capability
    certain: bool
    negated: bool = False
    whole: bool = True
    figures: int = 0
    each: bool = False
    start: int = 0
    end: int = 0
    purpose: frozenset[str] = frozenset()
    used: bool = False
    aside: bool = False
    alone: bool = False
    way: bool = False
    kinds: tuple[Capability, ...] = ()


def trace(requirements: Iterable[Requirement], model: Graph, ideal: Graph, undecided: Iterable[Contradiction] = ()) -> tuple[Coverage, ...]:
    """Return one row for each requirement and capability that its words ask for; requirements of no known capability are unknown.

    A tree meets what is asked when one of the capability's conditions certainly holds. It does not meet it only when the requirement asks
    without reservation, PROMPT excludes it nowhere, the tree is complete and nothing in it may be another way to the same end. On what
    contradicts itself nothing is decided.
    """
    open_ = {id_ for contradiction in undecided for id_ in contradiction.undecided}
    rows = tuple(requirements)
    asked = {row.id: named for row, named in asks(rows)}
    excluded = {a.capability.id for named in asked.values() for a in named if a.negated} | _waived(rows, asked.values())
    sides = [_Side(evidence_of(graph)) for graph in (model, ideal)]
    result: list[Coverage] = []
    for row in rows:
        wanted = [a for a in asked[row.id] if not a.negated]
        if not wanted:
            result.append(Coverage(row, Verdict.UNKNOWN, Verdict.UNKNOWN))
        for ask in wanted:
            certain = ask.certain and ask.capability.id not in excluded
            ours, theirs = _both(*(side.answer(ask.capability, certain) for side in sides))
            meant = [o for o in wanted if (ask.way and o.end <= ask.start) or (o.start <= ask.start and ask.end < o.end)]
            ours, theirs = (
                _of_use(a, [o for o in meant if o.capability.id not in excluded], side)
                for a, side in zip((ours, theirs), sides, strict=True)
            )
            if ask.capability.id in open_:
                ours = theirs = _UNKNOWN
            serve = all(a.all and _serves(ask, a, s.evidence.graph) for a, s in zip((ours, theirs), sides, strict=True))
            whole = ask.whole and not ask.capability.is_sign and serve
            result.append(
                Coverage(
                    row, ours.verdict, theirs.verdict, ours.addresses, theirs.addresses, ask.capability.id,
                    model_gaps=ours.gaps, ideal_gaps=theirs.gaps,
                    whole=whole, figures=ask.figures, each=ask.each, aside=ask.aside, alone=ask.alone,
                )
            )  # fmt: skip
            result += (found for kind in ask.kinds if (found := _kind(result[-1], kind, sides)) is not None)
    return tuple(result)


def _kind(manner: Coverage, kind: Capability, sides: Iterable[_Side]) -> Coverage | None:
    """Return what the trees have of a part that a line names with a manner, where one of them lacks the manner; None where they have nothing.

    Where the manner is missing it is no verdict that the part is there.
    """
    ours, theirs = (side.answer(kind, certain=False).addresses for side in sides)
    if Verdict.UNMET not in (manner.model, manner.ideal) or not (ours or theirs):
        return None
    model, ideal = (verdict if verdict is Verdict.MET else Verdict.UNKNOWN for verdict in (manner.model, manner.ideal))
    return Coverage(manner.requirement, model, ideal, ours, theirs, kind.id, alone=manner.alone)


def services(prompt: Document) -> tuple[str, ...]:
    """Return the ids of the parts of a stack that PROMPT asks for anywhere, in the order of their first mention."""
    found = (a.capability for _, named in asks(tuple(parse(prompt))) for a in named if not a.negated)
    return tuple(dict.fromkeys(c.id for c in found if c.core))


@dataclass(frozen=True, slots=True)
class _Answer:
    """One tree's answer.

    Attributes:
        verdict: Whether it has the capability.
        addresses: What provides it.
        gaps: What lacks it, with the argument where one would do.
        all: As many things surely have the capability as there are that could.
        absent: The verdict is unknown, but nothing speaks for the capability: its part is missing altogether, the answer shows a part
            of the stack only, or what would provide it refers to what nothing declares.
    """

    verdict: Verdict
    addresses: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    all: bool = True
    absent: bool = False


_UNKNOWN = _Answer(Verdict.UNKNOWN)


def _both(model: _Answer, ideal: _Answer) -> tuple[_Answer, _Answer]:
    """Return the answers of both trees; where one certainly lacks a capability, the other's absence is a lack as well."""
    if model.verdict is Verdict.UNMET and ideal.absent:
        return model, replace(ideal, verdict=Verdict.UNMET)
    if ideal.verdict is Verdict.UNMET and model.absent:
        return replace(model, verdict=Verdict.UNMET), ideal
    return model, ideal


def _of_use(answer: _Answer, meant: Iterable[Ask], side: _Side) -> _Answer:
    """Return an answer; nothing of it where it is idle, and what the line names it for is missing: a topic for findings that none goes to."""
    lacked = any(side.answer(ask.capability, ask.certain).verdict is Verdict.UNMET for ask in meant)
    return _UNKNOWN if lacked and answer.verdict is Verdict.MET and idle(side.evidence.graph, answer.addresses) else answer


class _Side:
    """One tree's answers, each worked out once."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.known: dict[str, _Answer] = {}

    def answer(self, capability: Capability, certain: bool) -> _Answer:
        if capability.id not in self.known:
            self.known[capability.id] = self._answer(capability)
        answer = self.known[capability.id]
        return replace(_UNKNOWN, addresses=answer.addresses) if not certain and answer.verdict is not Verdict.MET else answer

    def _answer(self, capability: Capability) -> _Answer:
        ask, evidence = self.evidence.ask, self.evidence
        doubt = False
        found: list[str] = []
        for condition in capability.met:
            answer = ask(condition)
            if answer.holds:
                found.extend(a for a in answer.addresses if a not in found)
            doubt = doubt or answer.holds is None
        if found:
            return _Answer(Verdict.MET, tuple(found), all=self._have_all(capability, found))
        if doubt or any(ask(c).holds is not False for c in capability.maybe):
            doubtful = [c for c in (*capability.met, *capability.maybe) if ask(c).holds is not False]
            lacking = evidence.resources > 0 and not evidence.foreign and all(map(evidence.lacks, doubtful))
            return replace(_UNKNOWN, addresses=tuple(self._parts(capability)), absent=lacking)
        if not evidence.certain and not (evidence.settings_certain and _is_setting(capability)):
            return _Answer(Verdict.UNKNOWN, absent=evidence.resources > 0 and not evidence.foreign)
        given = [ask(c) for c in capability.given]
        if given and not any(g.addresses for g in given):
            return _Answer(Verdict.UNKNOWN, absent=all(g.holds is False for g in given))
        return _Answer(Verdict.UNMET, gaps=tuple(self._gaps(capability)))

    def _parts(self, capability: Capability) -> Iterator[str]:
        """Yield what is a part of the answer and not all of it: a recorder that nothing starts."""
        for condition in capability.maybe if capability.core else ():
            if all(not t.tests and t.type in capability.types for t in condition.terms):
                yield from self.evidence.ask(condition).addresses

    def _have_all(self, capability: Capability, found: list[str]) -> bool:
        """Whether at least as many things have a property as there are that could: one of two buckets with versioning is not all of them.

        What hangs on a choice is not one that has it, and a tree that creates nothing has nothing. Of log groups there are those as well that
        a service creates by itself.
        """
        graph = self.evidence.graph
        if not (graph.of_kind("resource") or graph.of_kind("module")):
            return False
        declared = [found_at for address in found if (found_at := graph.get(address)) is not None]
        if not all(instances.certain(graph, declaration) for declaration in declared):
            return False
        if capability.core:
            return True
        if own_logs.GROUP in _types(capability.given) and not own_logs.all_declared(self.evidence):
            return False
        subjects = {a for c in capability.given for a in self.evidence.ask(c).addresses}
        having = len(subjects.intersection(found))
        return len(subjects) <= max(having, len(found) - having)

    def _gaps(self, capability: Capability) -> Iterator[str]:
        """Yield what the capability would be a property of, with the argument that would give it."""
        own = _types(capability.given)
        own = own if own.intersection(t.type for t in capability.met[0].terms) else set()  # else a resource of its own gives it
        arguments = {t.type: t.tests[0].path for c in reversed(capability.met) for t in c.terms if t.tests and t.type in own}
        subjects = [a for c in capability.given for a in self.evidence.ask(c).addresses]
        for address in list(dict.fromkeys(subjects))[:_MOST_GAPS]:
            declaration = self.evidence.graph.get(address)
            path = arguments.get(declaration.type, ()) if declaration is not None else ()
            yield ".".join([address, *path])


def _types(conditions: Iterable[Condition]) -> set[str]:
    return {t.type for condition in conditions for t in condition.terms}


def _is_setting(capability: Capability) -> bool:
    """Whether only the root module's own settings can provide it: no module from elsewhere can."""
    return all(t.type.startswith(("terraform.", "provider.")) for c in capability.met for t in c.terms)


def _serves(ask: Ask, answer: _Answer, graph: Graph) -> bool:
    """Whether what answers is for what the line says, by its address or by how its name begins: ``/aws/lambda/``."""
    if answer.verdict is not Verdict.MET:
        return True
    if ask.used and idle(graph, answer.addresses):
        return False
    if not ask.purpose:
        return True
    named = (d.block.value("name") for a in answer.addresses if (d := graph.get(a)) is not None)
    begun = (name.parts[0] if isinstance(name, Template) else name for name in named)
    return serves(ask.purpose, (*answer.addresses, *(str(n.value) for n in begun if isinstance(n, Literal))))


# ---- who asks for what


def asks(rows: tuple[Requirement, ...], ids: Collection[str] | None = None) -> Iterator[tuple[Requirement, list[Ask]]]:
    """Yield requirements, only those with some ids if they are given, with the capabilities that they name."""
    for row, named in _asked(rows):
        if ids is None or row.id in ids:
            yield row, list(named)


@lru_cache(maxsize=1)  # several stages ask it of one PROMPT
def _asked(rows: tuple[Requirement, ...]) -> tuple[tuple[Requirement, tuple[Ask, ...]], ...]:
    known = {row.id: row for row in rows}
    words = {row.id: normal(row.text) for row in rows}
    found = []
    leading = {a.id for row in rows for a in ancestors(row, known)}
    for row in rows:
        above = list(ancestors(row, known))
        context = " . ".join([*(words[a.id] for a in above), normal(row.section)])
        asked = _asks(row, words[row.id], context, above)
        # What a line demands that leads a list stands in the list.
        found.append((row, tuple(replace(ask, whole=False) if row.id in leading else ask for ask in asked)))
    return tuple(found)


def _asks(row: Requirement, text: str, context: str, above: list[Requirement]) -> Iterator[Ask]:
    # A single word or a name cannot be told apart from a mention.
    matches = _matches(text, context) if _SPACE.search(row.text.strip()) else ()
    if not matches:
        return
    hedged = not row.binding or any(not a.binding for a in above) or bool(_OUTPUT.match(text))
    told = bool(_OUTPUT.match(text) or _TOLD.search(normal(row.section)) or (above and _TOLD.search(normal(above[0].text))))
    title = normal(above[0].text if above else row.section)
    others = bool(wording().others.search(title))
    # What a list of tags names is said to be tagged so, and asked for elsewhere.
    hedged = hedged or bool(_TAGGED.match(title))
    general = {id_ for match in matches for id_ in match[0].narrows}
    judged = Judged(text, tuple(capability for capability, *_ in matches), tuple(piece for match in matches for piece in match[-1]))
    plain = not _is_beside(row, text, above) and not is_form(row.text)
    watched = watch(row, above)
    whose = owner(title)
    for capability, start, end, head, named in matches:
        if capability.id in general or (told and capability.id != "outputs"):
            continue  # what is to be put out, tested or described is asked for elsewhere
        if watched is not None and capability.service not in watched.services:
            continue  # what is to be looked at, too
        if row.forbids:
            yield Ask(capability, False, negated=True)
            continue
        begin, sentence = sentence_at(text, start)
        weak = hedged or (others and head and capability.service not in wording().oversight) or is_wish(text, sentence, start, end)
        weak = weak or is_confined(sentence, start - begin, end - begin)
        negated = is_negated(sentence, start - begin, end - begin)
        name = _name_around(capability, (start, end), matches)
        beside = name is not None and _is_named_in(capability, f"{text[: name[0]]} . {text[name[1] :]}", context)
        aside = is_aside(text, start, [match[1:3] for match in matches]) or (name is not None and not beside)
        whole, alone = plain and judged.whole, plain and judged.alone and not weak and not capability.is_sign
        yield Ask(
            capability,
            not weak,
            negated,
            whole,
            judged.figures,
            judged.each,
            start,
            end,
            judged.purpose or _of(whose, capability),
            judged.has_purpose,
            aside,
            alone,
            is_way(text, start, end),
            tuple(other for other, *at, _, _ in matches if other.id in capability.narrows and other.core and _is_piece(text, at, named)),
        )


def _of(whose: frozenset[str], capability: Capability) -> frozenset[str]:
    """Return whose something is that another part of the stack has: the log group of an API does not answer for that of a function."""
    return whose if _types(capability.met) == {own_logs.GROUP} else frozenset()


def _name_around(capability: Capability, span: Span, matches: Iterable[tuple[Capability, int, int, bool, tuple[Span, ...]]]) -> Span | None:
    """Return where the name of another thing stands within which a match lies: the database in "RDS parameter groups"."""
    for other, start, end, _, named in matches:
        together = start <= span[0] and span[1] <= end and end - start > span[1] - span[0] and len(named) == 1
        if together and not set(other.types) & set(capability.types):
            return start, end
    return None


def _is_piece(text: str, at: Sequence[int], named: Sequence[Span]) -> bool:
    """Whether words are one of several pieces of a match: "AWS Config" of "AWS Config for compliance"."""
    start, end = at
    return len(named) > 1 and any(first == start and text[start:last].rstrip() == text[start:end] for first, last in named)


def _is_named_in(capability: Capability, text: str, context: str) -> bool:
    return any(found is capability for found, *_ in _matches(text, context))


def _is_beside(row: Requirement, text: str, above: list[Requirement]) -> bool:
    """Whether a line says which outputs there are, or what may be left out: that the part is there does not meet it."""
    titles = (row.section, *(a.text for a in above))
    return bool(_OUTPUT.match(text)) or any(role(t) in (Role.OUTPUTS, Role.OPTIONAL) or _OUTPUT.match(normal(t)) for t in titles)


def _waived(rows: tuple[Requirement, ...], asked: Iterable[list[Ask]]) -> set[str]:
    """Return the ids of asked capabilities that PROMPT leaves to somebody else."""
    waivable = {a.capability.id: a.capability for asks in asked for a in asks if a.capability.waived}
    texts = [normal(row.text) for row in rows] if waivable else []
    return {id_ for id_, c in waivable.items() if any(phrase.find(text, text) for phrase in c.waived for text in texts)}


@lru_cache(maxsize=LINES)
def _matches(text: str, context: str) -> tuple[tuple[Capability, int, int, bool, tuple[Span, ...]], ...]:
    """Return (capability, start, end, as a head, named words) for what a normalised text names, each capability once, in the vocabulary's order."""
    vocabulary = capabilities()
    found: dict[str, tuple[int, int, bool, tuple[Span, ...]]] = {}
    begun = prefixes(text)
    for beginning in beginnings(text):
        for id, words in vocabulary.begun.get(beginning, ()):
            if id not in found:
                phrase = compile_phrase(words)
                if phrase.others <= begun and (match := phrase.find(text, context)):
                    found[id] = (match.start(), match.end(), phrase.head, pieces(match))
    return tuple((vocabulary[id], *found[id]) for id in vocabulary.ordered(found))
