"""One defect that has another form in the other tree, where another rule finds it.

An alarm whose topic nobody subscribes to, and an alarm without a topic, both tell nobody: taking the topic away repairs nothing. A filter
that does not understand the events of a trail finds no more of them once the trail is gone. A zone of a reserved domain can neither be
created nor looked up. Code that is not delivered is not there for an archive that should pack it either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.addresses import argument
from reviewgen.model.finding import Finding
from reviewgen.model.review import Impact, Stage
from reviewgen.terraform import Graph

from ..inputs import Inputs
from .parts import Key, messages, of_both, present

# Rules that find one defect in two forms.
_NOTICES, _ZONES = ("RG357", "RG806"), ("RG471", "RG472")
# An event selector of a type that it does not take: by our rule, and by the provider where it knows all of the selector.
_SELECTED = ("RG708", tf.VALUE_NOT_ALLOWED)
_SELECTOR = "event_selector"
# What is uploaded or read and not there, and what is to be made of sources that are not there.
_PACKAGES, _SOURCES = ("RG324", tf.MISSING_FILE), "RG325"
_PAIRS = (_NOTICES, _ZONES, *((rule, _SOURCES) for rule in _PACKAGES), ("RG811", "RG812"), ("RG497", "RG499"), _SELECTED)
_FORMS = {rule: frozenset(other for pair in _PAIRS for other in pair if rule in pair and other != rule) for pair in _PAIRS for rule in pair}
# What a rule finds at a place, and what keeps the defect of another rule from being repaired there, though it is another defect: a rule of AWS
# Config for which no recorder is created waits for none, either.
_STILL = {"RG811": "RG814", "RG812": "RG814", "RG713": "RG714"}
# A defect whose worse form is told by a rule of its own: a runtime that AWS has given up, and one that Lambda does not take any more, either; a
# deployment that some changes do not make anew, and one that none does.
_OF_PARTS = "RG313"
_WORSE = {"RG321": "RG322", _OF_PARTS: "RG303"}

# How a title says that no version that is taken has a block, and how it says it where one has.
_NO_BLOCK, _NOT_SO = " has no block ", " does not take the block "


def in_other_form(inputs: Inputs, ours: Mapping[Key, Finding], theirs: Mapping[Key, Finding]) -> dict[Key, Finding]:
    """Return MODEL's findings, those that IDEAL has in another form under that one's key.

    Args:
        inputs: The pair.
        ours: MODEL's findings under their keys.
        theirs: IDEAL's.
    """
    gone = [k for k in ours if k not in theirs and (k[0] in _FORMS or k[0] in _STILL)]
    new = [k for k in theirs if k not in ours and k[0] in _FORMS]
    near = [(o, n) for o in gone for n in new if n[0] in _FORMS.get(o[0], ()) and _is_near(inputs, ours[o], theirs[n])]
    heirs = {n: ours[o] for o, n in reversed(near)}  # the first of several is told
    carried = {o for o, _ in near} | {
        o for o in gone if any(_STILL.get(o[0]) == n[0] and o[1] in (n[1], *f.related) for n, f in theirs.items())
    }
    return {k: f for k, f in ours.items() if k not in carried and not _is_worse(inputs, k, theirs)} | heirs | _milder(inputs, ours, theirs)


def _milder(inputs: Inputs, ours: Mapping[Key, Finding], theirs: Mapping[Key, Finding]) -> dict[Key, Finding]:
    """Return the defects of which IDEAL repairs the worst only, in MODEL's words: the milder form is not new."""
    worse = {
        key: next((f for o, f in ours.items() if o[0] == _WORSE[key[0]] and _is_same(inputs, key[0], o, key)), None)
        for key in theirs
        if key[0] in _WORSE and key not in ours
    }
    return {k: replace(theirs[k], problem=f.problem, check=f.check) for k, f in worse.items() if f is not None}


def _is_same(inputs: Inputs, rule: str, ours: Key, theirs: Key) -> bool:
    """Whether a place of MODEL is one of IDEAL, or another block stands there now."""
    return ours[1:] == theirs[1:] or _replaced(inputs, rule, inputs.later(ours[1]), theirs[1])


def _is_worse(inputs: Inputs, key: Key, theirs: Mapping[Key, Finding]) -> bool:
    """Whether IDEAL has a defect of MODEL in its worse form: then it is not repaired."""
    if key in theirs or key[0] not in _WORSE:
        return False
    return any(n[0] == _WORSE[key[0]] and _is_same(inputs, key[0], key, n) for n in theirs)


def of_one_block(
    inputs: Inputs, ours: Mapping[Key, Finding], theirs: Mapping[Key, Finding]
) -> tuple[dict[Key, Finding], dict[Key, Finding]]:
    """Return both trees' findings, those about one nested block under one key.

    Where one tree's version of the provider does not know the block, and the other's knows it without what both write in it, one mistake is left.
    """
    model, ideal = dict(ours), dict(theirs)
    for key in ours:
        inner = _inside(key, theirs.keys() - ours.keys(), inputs.model) if key not in theirs else []
        if inner:
            model[inner[0]] = model.pop(key)
            ideal = {k: f for k, f in ideal.items() if k not in inner[1:]}
    for key in theirs:
        inner = _inside(key, ours.keys() - theirs.keys(), inputs.ideal) if key not in ours else []
        if inner:
            model = {k: f for k, f in model.items() if k not in inner} | {key: ours[inner[0]]}
    return model, ideal


def _inside(key: Key, found: Iterable[Key], other: Graph) -> list[Key]:
    """Return which of one tree's findings stand inside of a block that Terraform does not know in the other tree, where the same is written."""
    rule, address, path, _ = key
    if rule != tf.UNSUPPORTED_BLOCK:
        return []
    return sorted(
        k for k in found if tf.is_unsupported(k[0]) and k[1] == address and k[2].startswith(f"{path}.") and present(other, f"{k[1]}.{k[2]}")
    )


def unchanged(inputs: Inputs, ours: Mapping[Key, Finding], theirs: Mapping[Key, Finding]) -> frozenset[str]:
    """Return the addresses that take part in a defect which each tree has in a form of its own, or refer to where it stands.

    What a comparison finds at them repairs nothing and breaks nothing; of a function only its code is not there.
    """
    code = {*_PACKAGES, _SOURCES}
    pairs = [(f, theirs[k]) for k, f in ours.items() if k in theirs and theirs[k].rule in _FORMS.get(f.rule, ()) and f.rule not in code]
    told = [(graph, finding) for pair in pairs for graph, finding in zip((inputs.model, inputs.ideal), pair, strict=True)]
    return frozenset(a for graph, finding in told for a in (finding.address, *_users(graph, finding.address)))


def told_of_both(inputs: Inputs, ours: Finding, theirs: Finding) -> Finding:
    """Return what is said of a defect that each tree has in a form of its own: of both, each by its name.

    Where one block has it in both trees it goes by MODEL's form, for IDEAL's title and advice need not be true of MODEL, with the messages of
    both; elsewhere it stands at IDEAL's place, without a message that the other form does not bring: the step at which MODEL's form shows and
    what follows from it are told too, and its place where MODEL has none at that address.
    """
    said, check = f"In MODEL: {ours.problem} In IDEAL: {theirs.problem}", of_both(ours, theirs)
    if ours.address == theirs.address:
        told = told_in("MODEL", replace(_of_versions(ours, theirs), impact=follows(ours, theirs)), theirs)
        return replace(told, problem=said, check=check, message=messages(ours, theirs))
    if ours.stage not in (None, theirs.stage) and theirs.stage is not None and not (ours.observed or theirs.observed):
        said += " In MODEL it shows at " + ("run time only." if ours.stage is Stage.RUNTIME else f"`terraform {ours.stage.value}`.")
    place = argument(ours.address, ours.attribute)
    return replace(
        told_in("IDEAL", theirs, ours),
        problem=said,
        check=check,
        message=theirs.message if theirs.message == ours.message else "",
        related=theirs.related if inputs.model.get(theirs.address) is not None else (place, *theirs.related),
        impact=follows(ours, theirs),
    )


def told_in(side: str, told: Finding, other: Finding) -> Finding:
    """Return the finding of one tree that is told of both; where a rule calls it something else in the other tree, the title says whose it is."""
    alike = told.title == other.title or not (told.rule.startswith("RG") and other.rule.startswith("RG"))
    return told if alike else replace(told, title=f"{told.title} (in {side})")


def _of_versions(ours: Finding, theirs: Finding) -> Finding:
    """Return MODEL's finding with a title that is true of IDEAL, where its version of the provider knows the block and not what stands in it."""
    if ours.rule != tf.UNSUPPORTED_BLOCK or not tf.is_unsupported(theirs.rule):
        return ours
    return replace(
        ours,
        title=f"{ours.title.replace(_NO_BLOCK, _NOT_SO)} as it is written",
        many="Blocks that are not taken as they are written: {name}",
    )


def follows(ours: Finding, theirs: Finding) -> tuple[Impact, ...]:
    """Return what follows from the form that IDEAL has, and beside it, under the same aspect, from MODEL's where that is something else."""
    old = {impact.aspect: impact.text for impact in ours.impact}
    return tuple(
        impact
        if old.get(impact.aspect, impact.text) == impact.text
        else replace(impact, text=f"In MODEL: {old[impact.aspect]} In IDEAL: {impact.text}")
        for impact in theirs.impact
    )


def _is_near(inputs: Inputs, ours: Finding, theirs: Finding) -> bool:
    """Whether one of the two places takes part in the other finding, or refers to its place."""
    old = inputs.later(ours.address)
    before = {inputs.later(a) for a in (*ours.related, *_users(inputs.model, ours.address))}
    after = {*theirs.related, *_users(inputs.ideal, theirs.address)}
    if ours.rule in _SELECTED:  # the provider has more to say of a trail
        return theirs.address == old and all(f.attribute.partition(".")[0] == _SELECTOR for f in (ours, theirs))
    met = theirs.address in before or old in after or theirs.address == old
    return met or _replaced(inputs, ours.rule, old, theirs.address)


def _replaced(inputs: Inputs, rule: str, old: str, new: str) -> bool:
    """Whether other blocks stand where those of MODEL were: zones of a reserved domain, deployments, or alarms in a tree that notifies nobody."""
    if inputs.ideal.get(old) is not None or inputs.model.get(new) is not None:
        return False
    return rule in (*_ZONES, _OF_PARTS) or (rule in _NOTICES and not inputs.ideal.of_type("aws_sns_topic_subscription"))


def _users(graph: Graph, address: str) -> Iterable[str]:
    return (r.source for r in graph.incoming.get(address, ()))
