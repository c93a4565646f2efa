"""Which correction a draft gets: what IDEAL does at its places, by the kind of defect that it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.review import Status
from reviewgen.rules import changes
from reviewgen.rules.metrics import filters, readings

from ..correction import (
    NOTHING,
    Correction,
    of_answers,
    of_circle,
    of_code,
    of_defects,
    of_heirs,
    of_modules,
    of_parsed,
    of_places,
    together,
)
from ..correction.argument_changes import matching
from ..correction.behind import value_changed
from ..correction.named import blocks, words
from ..defects import OF_A_FILE, Defect, remarks
from ..defects.asserted import is_missed, released, unmet, went_with
from ..defects.parts import COUNTED, made_instead
from ..draft import SECRETS, Draft
from ..inputs import Inputs
from ..needs import Need
from . import twins
from .elsewhere import TAGS, UNPUBLISHED, ZONES, counted, delivered, exchanged, let_go, looked_up, moved, published, tagged
from .introduced import argument, of_introduced

_UNKNOWN_TYPES = (tf.UNKNOWN_TYPE, tf.UNKNOWN_DATA_SOURCE)
_ROW = re.compile(r"(.+\.\w+_|.+\.[a-z]+)(?:\d+|[a-z])")


def repair(inputs: Inputs, draft: Draft) -> Correction:
    """Return the correction of a draft, with those of what follows from it: each kind of message is repaired in its own way."""
    kinds: dict[str, list[Defect]] = {}
    for defect in draft.along:
        kinds.setdefault(defect.finding.rule, []).append(defect)
    parts = (Draft(draft.status, tuple(defects)) for defects in kinds.values())
    return together(inputs, [_correction(inputs, replace(draft, along=())), *(_correction(inputs, part) for part in parts)])


def answer(inputs: Inputs, need: Need) -> Correction:
    """Return what IDEAL adds that answers a need, or what it does to what answered it in MODEL."""
    if need.status is Status.INTRODUCED:
        return of_defects(inputs, [place for gap in need.gaps if (place := _argument(inputs, gap)) is not None])
    paths: dict[str, list[str]] = {}
    for term in (term for condition in need.capability.met for term in condition.terms if term.tests and term.tests[0].path):
        paths.setdefault(term.type, []).append(".".join(term.tests[0].path))
    return of_answers(inputs, need.answers, paths) if need.status is Status.FIXED else NOTHING


def inherited(inputs: Inputs, draft: Draft) -> Correction:
    """Return a draft's correction with what IDEAL declares in the place of blocks that are gone."""
    heirs = {d.heir: d.finding.address for d in draft.told if d.heir}
    return of_heirs(inputs, draft.correction, heirs, draft.lead.cures if draft.lead else ())


def _correction(inputs: Inputs, draft: Draft) -> Correction:
    if draft.lead is None or draft.status in (Status.LEFT, Status.UNMET) or draft.lead.rule == remarks.RULE:
        return NOTHING
    if draft.lead.rule == tf.MISSING_MODULE:
        return of_modules(inputs, [address for address, _ in draft.places])
    if draft.status is Status.INTRODUCED:
        return of_introduced(inputs, draft, draft.lead)
    if all(unmet(d.finding, inputs) for d in draft.defects):
        return of_defects(inputs, (), gone=[a for d in draft.defects for a in unmet(d.finding, inputs) if a in inputs.diff.removed])
    if all(released(d.finding, inputs) for d in draft.defects):
        return of_places(inputs, _arguments(inputs, [a for d in draft.defects for a in released(d.finding, inputs)], ()))
    if all(d.removed and is_missed(d.finding.address, inputs) for d in draft.defects):
        # That IDEAL does not declare what it refers to repairs nothing.
        gone = [a for d in draft.defects if (a := went_with(d.finding, inputs)) in inputs.diff.removed]
        return of_defects(inputs, _arguments(inputs, [r for d in draft.defects for r in d.finding.related], ()), gone=gone)
    if (special := _of_its_kind(inputs, draft, draft.lead)) is not None:
        return special
    return _of_repaired(inputs, draft, draft.lead)


def _of_repaired(inputs: Inputs, draft: Draft, lead: Finding) -> Correction:
    """Return what IDEAL changed at the places of defects, or where what they are about went."""
    related = [r for d in draft.defects for r in (*map(inputs.later, d.finding.targets), *d.finding.related)]
    found = [d.finding for d in draft.defects]
    taking_part = [inputs.later(r) for r in related]
    absent = lead.rule in changes.IDS
    alone = tf.is_undeclared(lead.rule) or lead.rule in (tf.UNSUPPORTED_ATTRIBUTE, _TOO_LONG)
    correction = of_places(
        inputs,
        dict.fromkeys(_mended(inputs, draft, lead, related)),
        lead.cures,
        taking_part,
        words=words(found),
        names=blocks(found),
        absent=absent,
        alone=alone,
        behind=not _is_about_a_name(lead.rule),
    )
    behind = of_places(inputs, _untouched(inputs, draft)) if correction.changes else NOTHING
    if correction.addresses:
        return together(inputs, [correction, behind]) if behind.changes else correction
    return _beside_its_place(inputs, found)


def _mended(inputs: Inputs, draft: Draft, lead: Finding, related: list[str]) -> list[tuple[str, str]]:
    """Return the places at which IDEAL may have mended defects: their own, and those of what takes part in them."""
    places = [p for d in draft.defects for p in _repaired(inputs, d.finding)]
    places += [(r, "") for r in related if r in inputs.added]
    for finding in (d.finding for d in draft.defects):
        places += [(a, "") for a in (*_successors(inputs, finding), *_publishers(inputs, finding), *moved(inputs, finding))]
    declared = any(inputs.later(t) in inputs.added for d in draft.defects for t in d.finding.targets)
    mended = all(value_changed(inputs, inputs.later(d.finding.address), d.finding.attribute) for d in draft.defects)
    # Once what was missing is declared, or a value is another one, nothing is repaired by leaving out who referred to it.
    places += [p for p in _arguments(inputs, related, lead.cures) if not ((declared or mended) and p[0] in inputs.diff.removed)]
    places += [place for o in draft.others for place in twins.unset(o)]
    if lead.rule in SECRETS:  # another literal in its place repairs nothing
        places = [p for p in places if not _is_literal(inputs, *p) and not (lead.rule == OF_A_FILE and p[0] in inputs.diff.removed)]
    return places


def _untouched(inputs: Inputs, draft: Draft) -> list[tuple[str, str]]:
    """Return (IDEAL's address, argument path) of arguments that IDEAL has as MODEL, with all that takes part: what they are made of repairs them."""
    found: list[tuple[str, str]] = []
    known = draft.lead is not None and draft.lead.rule.startswith("RG") and not draft.lead.cures
    for defect in draft.defects if known else ():
        own, others = _repaired(inputs, defect.finding), _arguments(inputs, defect.finding.related, ())
        if all(path and a in inputs.ideal.tree.declarations for a, path in own) and not any(
            a in inputs.added or any(matching(inputs.changed.get(a), path)) for a, path in (*own, *others)
        ):
            found += own
    return found


def _of_its_kind(inputs: Inputs, draft: Draft, lead: Finding) -> Correction | None:
    """Return the correction of what is not repaired by a change of its own argument; None of all else."""
    if lead.rule == tf.MISSING_FILE and all(_is_delivered(inputs, d.finding) for d in draft.defects):
        # The file repairs it, and not what else became of the argument.
        return of_code(inputs, [hunk for d in draft.defects for hunk in delivered(inputs, d.finding)])
    if lead.rule.startswith(COUNTED):
        return of_places(inputs, [(a, "") for d in draft.defects for a in counted(inputs, d.finding)])
    if lead.rule.startswith((TAGS, ZONES)):
        beside = looked_up if lead.rule == ZONES else tagged
        places = [p for d in draft.defects for p in beside(inputs, d.finding)]
        return of_places(inputs, dict.fromkeys(places)) if places else None
    if tf.is_twice(lead.rule):  # that one of two is gone repairs it, and not what else became of the other
        return of_defects(inputs, (), gone=[a for a, _ in draft.places if a in inputs.diff.removed])
    if lead.rule == tf.SYNTAX:
        return of_parsed(
            inputs, [(place, "".join(d.finding.names)) for d in draft.defects for place in d.finding.related or (d.finding.address,)]
        )
    if lead.rule == tf.CYCLE:
        return of_circle(inputs, (lead.address, *lead.related))
    return None


def _beside_its_place(inputs: Inputs, found: Sequence[Finding]) -> Correction:
    """Return what repairs defects at whose places nothing was done: a reference between their parts that went, or code."""
    places = [place for f in found if f.rule.startswith("RG") for place in (*let_go(inputs, f), *exchanged(inputs, f))]
    if places:
        return of_places(inputs, dict.fromkeys(places))
    return of_code(inputs, [hunk for f in found if f.rule == UNPUBLISHED for hunk in published(inputs, f)])


# A name is shorter by the words that stand there now, not by what makes a value that they name.
_TOO_LONG = "RG601"


def _is_about_a_name(rule: str) -> bool:
    """Whether a rule is about a name, whatever its value."""
    return tf.is_undeclared(rule) or tf.is_unsupported(rule)


def _is_delivered(inputs: Inputs, finding: Finding) -> bool:
    """Whether IDEAL has the files that something reads in MODEL, and still reads them there."""
    declaration = inputs.ideal.get(inputs.later(finding.address))
    if declaration is None:
        return False
    block = declaration.attribute or declaration.block
    read = inputs.ideal.files[declaration.block.file].slice(block.start, block.end)
    names = [name.rpartition("/")[2] for name in finding.names]
    there = {file.path.rpartition("/")[2] for file in inputs.sample.ideal.files}
    return bool(names) and all(name in there and name in read for name in names)


def _is_literal(inputs: Inputs, address: str, attribute: str) -> bool:
    changed = inputs.changed.get(address)
    after = next((c.after or "" for c in changed.attributes if not attribute or c.path == attribute), "") if changed else ""
    return after.startswith('"') and "${" not in after


def _repaired(inputs: Inputs, finding: Finding) -> list[tuple[str, str]]:
    """Return (IDEAL's address, argument path) of what repairs a finding: what it referred to, once that is declared, or its own place."""
    declared = [(t, "") for t in (*map(inputs.later, finding.targets), *_instead(inputs, finding)) if t in inputs.added]
    if finding.rule == tf.UNSUPPORTED_ARGUMENT:  # the module takes what its call gives it
        declared += [(a, "") for a in [inputs.later(f"{finding.address}.var.{finding.attribute}")] if a in inputs.added]
    if finding.rule == tf.PROVIDER_UNDEFINED:  # the module names what it is given
        declared += [(a, "") for a in [f"{finding.address}.terraform.required_providers"] if a in inputs.added]
    if finding.rule == tf.UNSUPPORTED_ATTRIBUTE:  # the module gives what is read of it
        read = [r.target for r in inputs.model.outgoing.get(finding.address, ()) if r.path == finding.attribute]
        outputs = [inputs.later(f"{target}.output.{name}") for target in dict.fromkeys(read) for name in finding.names]
        declared += [(a, "") for a in outputs if a in inputs.added]
    if finding.rule == tf.UNSUPPORTED_ARGUMENT:  # the module takes what it is given
        call = inputs.later(finding.address)
        declared += [(a, "") for a in (f"{call}.var.{name}" for name in finding.names) if a in inputs.added]
    return declared or [(inputs.later(finding.address), argument(finding))]


def _successors(inputs: Inputs, finding: Finding) -> Iterator[str]:
    """Yield what stands for a block that IDEAL removes: a new one of its type, to which something that takes part, or used it, refers now."""
    if finding.address not in inputs.diff.removed:
        return
    yield from made_instead(inputs, finding.address)
    if finding.rule == tf.MULTIPLIED_PROVIDER:
        yield from _configurations(inputs, finding.address)
    kind = finding.address.split(".")[-2:-1]
    for place in finding.related:
        address, path = _argument(inputs, place) or (place, "")
        led = {r.path for r in inputs.model.outgoing.get(inputs.model.owner(place)[0], ()) if r.target == finding.address} | {"depends_on"}
        targets = {r.target for r in inputs.ideal.outgoing.get(address, ()) if r.path.startswith(path) or r.path in led}
        for heir in sorted(t for t in targets & set(inputs.added) if t.split(".")[-2:-1] == kind):
            yield from sorted(a for a in inputs.added if a == heir or _of_one_row(a, heir))


def _configurations(inputs: Inputs, address: str) -> Iterator[str]:
    """Yield the new configurations of a provider under names of their own that IDEAL's root has instead of one in a loop."""
    old = inputs.model.get(address)
    root = inputs.ideal.tree.root
    for new in sorted(inputs.added) if old is not None and old.module == inputs.model.tree.root else ():
        found = inputs.ideal.get(new)
        alike = old is not None and found is not None and (found.kind, found.type, found.module) == (old.kind, old.type, root)
        if alike and found is not None and "alias" in found.block.attributes:
            yield new


def _publishers(inputs: Inputs, finding: Finding) -> Iterator[str]:
    """Yield the new metric filters that publish what an alarm reads, and nothing published before."""
    if finding.rule != UNPUBLISHED:
        return
    own = inputs.later(finding.address)
    read = {(r.namespace, r.metric) for r in readings(inputs.ideal) if r.owner.address == own and r.metric}
    for found in filters(inputs.ideal):
        if found.owner.address in inputs.added and any(found.metric == m and found.may_be(n, m) for n, m in read):
            yield found.owner.address


def _of_one_row(one: str, other: str) -> bool:
    """Whether two addresses differ by a number or letter at their end: ``aws_nat_gateway.nat_1`` and ``aws_nat_gateway.nat_2``."""
    rows = [_ROW.fullmatch(address) for address in (one, other)]
    return all(rows) and len({row[1] for row in rows if row}) == 1


def _instead(inputs: Inputs, finding: Finding) -> Iterator[str]:
    """Yield what IDEAL declares in place of a type that does not exist: a new type of the same service under the same label."""
    if finding.rule not in _UNKNOWN_TYPES or inputs.ideal.get(inputs.later(finding.address)) is not None:
        return
    home, _, label = finding.address.rpartition(".")
    service = "_".join(home.split("_")[:2])
    words = set(home.split("_"))
    found = [a for a in sorted(inputs.added) if a.endswith(f".{label}") and a.startswith(f"{service}_")]
    likest = max((len(words & set(_type_words(a))) for a in found), default=0)
    yield from (a for a in found if len(words & set(_type_words(a))) == likest)


def _type_words(address: str) -> list[str]:
    return address.rpartition(".")[0].split("_")


def _arguments(inputs: Inputs, related: Iterable[str], cures: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the arguments that take part; where what cures the defect was changed, nothing else belongs to the correction."""
    found = [place for r in related if (place := _argument(inputs, r)) is not None]
    cured = [(a, path) for a, path in found if a in inputs.changed and a.split(".")[-2] in cures]
    return cured or found


def _argument(inputs: Inputs, place: str) -> tuple[str, str] | None:
    """Return (IDEAL's address, argument path) of a place that names an argument of something both trees declare."""
    address, attribute = inputs.model.owner(place)
    return (inputs.later(address), attribute) if address and attribute else None
