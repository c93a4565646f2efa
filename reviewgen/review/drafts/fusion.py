"""Defects and unmet needs to drafts of issues: one root cause is one draft."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.addresses import argument
from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Stage, Status
from reviewgen.rules import changes
from reviewgen.rules.places import type_of

from .. import causes
from ..correction import together
from ..defects import Defect
from ..draft import Draft
from ..inputs import Inputs
from ..needs import Need
from . import admissions, twins
from .corrected import answer, inherited, repair

# More causes of one kind than this read as one: the answer did not know the types it used.
_MOST_GROUPS = 3
_WATCHERS = frozenset(["aws_cloudwatch_dashboard", "aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"])
# Rules that find what does nothing at all: it never gets data, no threshold of it is passed, it has no subnets, nothing is ever written or matched.
_IDLE = frozenset(["RG362", "RG452", "RG723", "RG801", "RG803", "RG805", "RG835"])
# Words of types that say nothing of what they are for.
_FILLERS = ("configuration", "config", "settings")
# What Terraform says of a reference by itself, before it knows a value; and when a value shows that it is refused.
_OF_REFERENCES = (
    tf.UNDECLARED_RESOURCE, tf.UNDECLARED_MODULE, tf.UNDECLARED_VARIABLE, tf.UNDECLARED_LOCAL,
    tf.MISSING_INSTANCE_KEY, tf.UNEXPECTED_INSTANCE_KEY,
)  # fmt: skip
_LATER = (Stage.PLAN, Stage.APPLY, Stage.RUNTIME)
# A place within a resource: type, name and argument.
_ARGUMENT = re.compile(r"(?:module\.[^.]+\.)*[^.]+\.[^.]+\.[^.]")


def drafts(inputs: Inputs, defects: Iterable[Defect], needs: Iterable[Need]) -> list[Draft]:
    """Return the drafts of a pair, fused."""
    joined = _explained(causes.joined(inputs, twins.joined(_joined_places(_grouped(defects)))))
    corrected = [replace(d, correction=repair(inputs, d)) for d in joined]
    wanted = [Draft(n.status, need=n, correction=answer(inputs, n)) for n in needs]
    corrected = _without_misnamed(corrected)
    fused = _without_shadows([*_with_needs(inputs, corrected, [w for w in wanted if not _was_wrong(w, corrected)])])
    # What stands in the place of a block brings nothing else along: it is shown when all is fused.
    return admissions.given(inputs, [replace(d, correction=inherited(inputs, d)) for d in _without_idle(inputs, fused)])


def _grouped(defects: Iterable[Defect]) -> list[Draft]:
    groups: dict[tuple[str, ...], list[Defect]] = {}
    for defect in defects:
        groups.setdefault(_root_cause(defect), []).append(defect)
    crowded = {key[:2] for key, number in Counter(k[:2] for k in groups).items() if number > _MOST_GROUPS}
    joined: dict[tuple[str, ...], list[Defect]] = {}
    for key, found in groups.items():
        together = key[:2] in crowded and found[0].finding.many
        joined.setdefault(key[:2] if together else key, []).extend(found)
    return [Draft(found[0].status, tuple(found)) for found in joined.values()]


def _root_cause(defect: Defect) -> tuple[str, ...]:
    """A rule that hits several places is one cause, unless its findings say that they are several."""
    return defect.status, defect.finding.rule, defect.finding.group


def _joined_places(found: list[Draft]) -> list[Draft]:
    """Join what a rule and Terraform say of the same argument: the rule explains, Terraform's words are its evidence."""
    rules = [d for d in found if d.lead is not None and not tf.is_rule(d.lead.rule)]
    result = list(rules)
    for draft in found:
        if draft in rules:
            continue
        host = next(
            (r for r in rules if r.status is draft.status and _named(draft.places) <= _taking_part(r) and _mentions(r, draft)), None
        )
        if host is None:
            result.append(draft)
        else:
            position = next(i for i, r in enumerate(result) if r.defects == host.defects)
            said = tuple(d.finding for d in draft.defects)
            result[position] = replace(result[position], others=result[position].others + said)
    return result


def _mentions(rule: Draft, draft: Draft) -> bool:
    """Whether a rule speaks of what Terraform says: of the file that it misses, of no syntax, and of everything else at its argument.

    What the plan or AWS would refuse is another mistake than a reference that `validate` does not find.
    """
    if draft.lead is not None and draft.lead.rule == tf.SYNTAX:
        return False
    if draft.lead is not None and draft.lead.rule in _OF_REFERENCES and rule.lead is not None and rule.lead.stage in _LATER:
        return False
    if draft.lead is None or draft.lead.rule != tf.MISSING_FILE:
        return True
    return any(name.removeprefix("./") in d.finding.problem for name in draft.lead.names for d in rule.defects)


def _named(places: Iterable[tuple[str, str]]) -> frozenset[str]:
    return frozenset(argument(address, attribute) for address, attribute in places)


def _taking_part(draft: Draft) -> frozenset[str]:
    """Return the arguments and local values that a rule's findings are about or name beside that."""
    return _named(p for p in draft.places if p[1] or ".local." in f".{p[0]}") | {r for d in draft.told for r in d.finding.related}


def _arguments(places: Iterable[str]) -> frozenset[str]:
    """Return those of some places that are an argument and no whole declaration."""
    return frozenset(place for place in places if _ARGUMENT.match(place))


def _explained(found: list[Draft]) -> list[Draft]:
    """Drop what a comparison shows at places where a rule or a requirement says why it matters."""
    known = {(d.status, place) for d in found if d.lead is not None and d.lead.rule not in changes.IDS for place in _taking_part(d)}

    def told(status: Status, finding: Finding) -> bool:
        place = f"{finding.address}.{finding.attribute}"
        # What IDEAL took away because it was wrong is no loss.
        return bool(finding.attribute) and ((status, place) in known or (status is Status.INTRODUCED and (Status.FIXED, place) in known))

    def left(draft: Draft) -> tuple[Defect, ...]:
        if draft.lead is None or draft.lead.rule not in changes.IDS:
            return draft.defects
        return tuple(d for d in draft.defects if not told(draft.status, d.finding))

    return [replace(draft, defects=kept) for draft in found if (kept := left(draft))]


def _without_misnamed(found: list[Draft]) -> list[Draft]:
    """Drop that MODEL lacks what it has under a type that does not exist: what gives it the right type is the same correction."""
    misnamed = [d for d in found if d.lead is not None and d.lead.rule == tf.UNKNOWN_TYPE]
    return [d for d in found if not _is_difference(d) or not any(_repaired_with(d, other) for other in misnamed)]


def _was_wrong(wanted: Draft, found: Iterable[Draft]) -> bool:
    """Whether what IDEAL drops of a capability is exactly what a rule calls wrong in MODEL: then a defect was repaired, and nothing lost."""
    need = wanted.need
    if need is None or need.status is not Status.INTRODUCED or not need.answers:
        return False
    wrong = {a for d in found if d.status is Status.FIXED and d.lead and d.lead.rule in need.capability.wrong for a, _ in d.places}
    return wrong.issuperset(need.answers)


def _with_needs(inputs: Inputs, found: list[Draft], wanted: list[Draft]) -> Iterator[Draft]:
    """Join a need with the finding that is about all of its answers, or whose correction brings them: one issue, with PROMPT's words."""
    free = list(wanted)
    for draft in found:
        about = _about_what(draft)
        matches = [w for w in free if w.need and (_says_the_same(draft, w.need) or _is_about(draft, w.need, about))]
        if draft.lead is None or draft.lead.rule != changes.omitted.RULE:
            matches = matches[:1]  # only a fragment takes several capabilities with it
        for match in matches:
            free.remove(match)
        yield _with_need(inputs, draft, matches) if matches else draft
    yield from free


def _with_need(inputs: Inputs, draft: Draft, matches: list[Draft]) -> Draft:
    """Return a draft with what PROMPT asks; what answers PROMPT elsewhere is the correction where nothing was done at the places.

    Where a type that does not exist only went, it is what comes beside that.
    """
    correction = draft.correction if draft.correction.addresses else matches[0].correction
    if draft.lead is not None and draft.lead.rule == tf.UNKNOWN_TYPE and not correction.added:
        correction = together(inputs, [correction, matches[0].correction])
    return replace(draft, need=_together([m.need for m in matches if m.need]), correction=correction)


def _is_about(draft: Draft, need: Need, about: frozenset[str]) -> bool:
    answered = bool(need.answers) and set(need.answers) <= about and _is_argument_of(draft, need)
    # That a resource takes part in a defect does not mean that what it lacks is that defect: the argument must.
    lacking = bool(need.gaps) and draft.status is Status.FIXED and set(need.gaps) <= _arguments(_taking_part(draft))
    return need.status is draft.status and (answered or lacking)


def _says_the_same(draft: Draft, need: Need) -> bool:
    """Whether a rule finds the very absence that PROMPT's words show; what neither tree has is left by both."""
    left = draft.status is Status.LEFT and need.status is Status.UNMET
    told = draft.lead is not None and (draft.lead.rule in need.capability.rules or _is_meant(draft.lead, need))
    return told and (left or draft.status is need.status)


def _is_meant(lead: Finding, need: Need) -> bool:
    """Whether a type that does not exist says in its name what PROMPT asks for: it was to be there, and its name is what is wrong."""
    if lead.rule != tf.UNKNOWN_TYPE:
        return False
    words = {w.rstrip("s") for w in re.findall(r"\w+", need.capability.title.lower())}
    named = [w for w in type_of(lead.address).split("_")[1:] if w not in _FILLERS]
    return len(named) > 1 and all(w.rstrip("s") in words for w in named)


def _together(found: list[Need]) -> Need:
    """Return the first need, with the requirements of all."""
    return replace(found[0], requirements=tuple(dict.fromkeys(id_ for need in found for id_ in need.requirements)))


def _about_what(draft: Draft) -> frozenset[str]:
    """Return what a draft is about: of a comparison the blocks themselves, of a rule what its correction adds and changes.

    That a file is missing says nothing of what stands in its place.
    """
    if draft.lead is not None and draft.lead.rule in changes.IDS:
        return frozenset(a for d in draft.defects for a in (d.finding.address, *d.finding.related))
    if draft.status is not Status.FIXED or not draft.correction.added or (draft.lead is not None and draft.lead.rule == tf.MISSING_FILE):
        return frozenset()
    return frozenset(a for a in draft.correction.addresses if not _is_only_watched(draft, a))


def _is_only_watched(draft: Draft, address: str) -> bool:
    """Whether a draft is about dashboards and alarms alone, which name something else to show it and give nothing that it gives."""
    types = {type_of(place) for place, _ in draft.places}
    return bool(types) and types <= _WATCHERS and not type_of(address).startswith(("aws_cloudwatch_", "aws_sns_"))


def _without_shadows(found: list[Draft]) -> list[Draft]:
    """Drop what one fix repairs together with another one's cause.

    Two lines of PROMPT and one thing that was missing; a difference that is nothing but the correction of a defect.
    """
    result: list[Draft] = []
    for draft in found:
        twin = next((r for r in result if draft.need and r.need and not draft.defects and _repaired_with(draft, r)), None)
        if twin is None:
            result.append(draft)
    return _without_differences(result)


def _without_differences(found: list[Draft]) -> list[Draft]:
    """Give what another correction repairs along with its own cause to that one: it weighs no less for it, and needs no more words.

    That is a difference which is nothing but the correction of a defect, and a warning about what a capability of PROMPT brings.
    """
    result = [d for d in found if not _is_difference(d) and not _is_warning(d)]
    for draft in [d for d in found if _is_warning(d)]:
        added = draft.correction.along | set(draft.correction.added)
        if not any(d.need and _repaired_with(draft, d) and added.intersection(d.need.answers) for d in result):
            result.append(draft)
    for draft in [d for d in found if _is_difference(d)]:
        host = next((n for n, d in enumerate(result) if _repaired_with(draft, d) and (d.defects or _is_answer(draft, d))), None)
        if host is None:
            result.append(draft)
        elif not result[host].defects:
            result[host] = replace(result[host], defects=draft.defects)
        else:
            weight = tuple(replace(d.finding, problem="", message="") for d in draft.defects[:1])
            result[host] = replace(result[host], others=result[host].others + weight)
    return result


def _without_idle(inputs: Inputs, found: list[Draft]) -> list[Draft]:
    """Drop that a tree lacks what the other one has, where all of that does nothing: neither is it a repair, nor is its loss one.

    What PROMPT asks for is missing all the same in the IDEAL that takes it away instead of putting it right.
    """
    idle = {
        (draft.status, address)
        for draft in found
        if draft.lead is not None and draft.lead.rule in _IDLE
        for address, path in draft.places
        if "." not in path  # what one of several metrics of an alarm lacks does not make all of it idle
    }
    other = {Status.FIXED: Status.INTRODUCED, Status.INTRODUCED: Status.FIXED}

    def kept(draft: Draft) -> bool:
        if not _is_difference(draft) or draft.status not in other or any(path for _, path in draft.places):
            return True
        if draft.status is Status.INTRODUCED and draft.lead is not None and any(topic in inputs.prompt for topic in draft.lead.topics):
            return True
        return not all((other[draft.status], address) in idle for address in _about_what(draft))

    return [draft for draft in found if kept(draft)]


def _is_answer(draft: Draft, other: Draft) -> bool:
    """Whether a difference is about what answers a need, and not about something that comes along with the answer."""
    need = other.need
    return need is not None and {address for address, _ in draft.places} <= set(need.answers) and _is_argument_of(draft, need)


def _is_argument_of(draft: Draft, need: Need) -> bool:
    """Whether a difference in an argument is one in what gives the capability: Multi-AZ of a database says nothing of its backups."""
    if draft.lead is None or draft.lead.rule not in changes.IDS or not need.gaps:
        return True
    return all(not path or any(f"{address}.{path}.".startswith(f"{gap}.") for gap in need.gaps) for address, path in draft.places)


def _is_warning(draft: Draft) -> bool:
    return draft.lead is not None and draft.need is None and draft.lead.category is Category.WARNING and not _is_difference(draft)


def _is_difference(draft: Draft) -> bool:
    return draft.lead is not None and draft.lead.rule in changes.IDS and draft.need is None


def _repaired_with(draft: Draft, other: Draft) -> bool:
    """Whether IDEAL's correction of a draft is a part of that of another one."""
    mine, others = draft.correction.parts, other.correction.parts
    return draft.status is other.status is Status.FIXED and bool(mine) and mine <= others
