"""What is said of a defect that both trees have: in the words of which tree, at which step, and how much it weighs."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile

from reviewgen.model import tf
from reviewgen.model.addresses import argument
from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Impact, Stage
from reviewgen.model.source import SampleClass
from reviewgen.rules.places import code
from reviewgen.terraform import Graph

from ..inputs import Inputs
from . import remarks
from .forms import follows, told_in, told_of_both
from .parts import messages, of_both

# A place in a sentence: the address of a block, its type, and the path of an argument behind it.
_PLACE = re.compile(r"`((?:module\.[\w-]+\.)*((?:data\.)?\w+)\.[\w-]+)((?:\.[\w-]+)*)`")


def continued(ours: Finding, theirs: Finding, inputs: Inputs) -> Finding:
    """Return IDEAL's finding of a defect that both trees have; where other blocks have it, MODEL's is named, and the check is about both.

    What snippets do not show is in both trees the same, and MODEL's finding says where it stands; of a remark its words do. What they do show
    may have the defect with another value.
    """
    told = _told(ours, theirs, inputs)
    certain = _of_the_created(ours, theirs)
    return replace(told, impact=certain) if certain else told


def _of_the_created(ours: Finding, theirs: Finding) -> tuple[Impact, ...]:
    """Return what follows in the tree that creates the block, where the other's own values do not, as its problem says; empty elsewhere."""
    for one, other in ((ours, theirs), (theirs, ours)):
        pairs = list(zip(one.impact, other.impact, strict=False))
        if pairs and len(one.impact) == len(other.impact) and all(o.text.endswith(f": {i.text}") for i, o in pairs):
            return one.impact
    return ()


def _told(ours: Finding, theirs: Finding, inputs: Inputs) -> Finding:
    """Return IDEAL's finding in the words that are true of both trees."""
    if inputs.class_ is SampleClass.SNIPPET_IDEAL and ours.check == theirs.check:
        return ours
    if ours.rule != theirs.rule:
        return told_of_both(inputs, ours, theirs)
    if ours.version != theirs.version:
        return _of_versions(ours, theirs)
    if ours.rule == tf.UNSUPPORTED_ATTRIBUTE and ours.attribute != theirs.attribute:
        return replace(ours, related=(f"{theirs.address}.{theirs.attribute}", *ours.related))  # it stands in MODEL's argument
    if ours.rule == remarks.RULE:
        return replace(ours, address=remarks.shared(ours, theirs, inputs), check=of_both(ours, theirs))
    if ours.address in ("", theirs.address):
        return _of_model(ours, theirs)
    if inputs.model.get(theirs.address) is not None:
        return _of_each(ours, theirs) if ours.rule.startswith("RG") and ours.problem != theirs.problem else _of_model(ours, theirs)
    place = argument(ours.address, ours.attribute)
    if inputs.later(ours.address) == theirs.address:
        plain = _of_model(ours, theirs) if ours.stage is theirs.stage else _of_each(ours, theirs)
        told = _sometimes(_as_later(ours, inputs), theirs) or plain
        said = f"{told.problem} {code(theirs.address)} is called {code(ours.address)} in MODEL."
        return replace(told, problem=said, related=(place, *told.related))
    kept = inputs.ideal.get(inputs.later(ours.address)) is not None
    same = ours.stage is theirs.stage and not kept and _unnamed(ours, inputs.model) == _unnamed(theirs, inputs.ideal)
    if not same:
        return replace(_of_each(ours, theirs), related=(place, *theirs.related))
    said = f"In IDEAL: {theirs.problem} In MODEL `{ours.address}` has the same defect."
    return replace(theirs, problem=said, check=of_both(ours, theirs), related=(place, *theirs.related), message=_of_ideal_too(ours, theirs))


def _as_later(finding: Finding, inputs: Inputs) -> Finding:
    """Return a finding of MODEL whose words call each block as IDEAL does."""
    named = _PLACE.sub(lambda m: f"`{inputs.later(m[1])}{m[3]}`" if inputs.model.get(m[1]) is not None else m[0], finding.problem)
    return replace(finding, problem=named)


def _of_versions(ours: Finding, theirs: Finding) -> Finding:
    """Return what is said of a defect that one tree certainly has, and the other with a newer version of the provider than it holds.

    Title and advice name that version, and are true of both.
    """
    held, certain = (ours, theirs) if ours.version else (theirs, ours)
    return replace(
        theirs,
        title=held.title,
        many=held.many,
        category=certain.category,
        severity=certain.severity,
        stage=certain.stage,
        message=certain.message,
        problem=_each_said(ours.problem, theirs.problem),
        check=of_both(ours, theirs),
        impact=follows(ours, theirs),
        version=held.version,
    )


def _unnamed(finding: Finding, graph: Graph) -> str:
    """Return what is said of a block without the names of blocks, which differ where another stands: what is left is of the defect."""
    return _PLACE.sub(lambda m: f"`{m[2]}{m[3]}`" if graph.get(m[1]) is not None else m[0], finding.problem)


def _of_each(ours: Finding, theirs: Finding) -> Finding:
    """Return what is said of a defect that stands at another block in each tree, in the words of each: MODEL may have IDEAL's block as well.

    A bucket's policy leaves a service out, or the bucket has none; metrics lack one dimension, or another.
    """
    said = f"In MODEL: {ours.problem} In IDEAL: {theirs.problem}"
    told = replace(told_in("IDEAL", theirs, ours), impact=follows(ours, theirs))
    told = replace(told, problem=said, check=of_both(ours, theirs), message=_of_ideal_too(ours, theirs))
    return _at_stage_of(ours, told)


def _of_ideal_too(ours: Finding, theirs: Finding) -> str:
    """Return the messages of a defect that is told of IDEAL's block: MODEL's beside it where the same step gives another."""
    return messages(ours, theirs) if ours.message and theirs.message and ours.stage is theirs.stage else theirs.message


def _of_model(ours: Finding, theirs: Finding) -> Finding:
    """Return what a rule says of MODEL where the trees' findings at one place differ: a count, a file and its lines, a value.

    Where it weighs more or less in IDEAL, IDEAL's words say why. What is advised is for IDEAL, which is what there is to go on with: its key may have
    a policy that MODEL's lacks.
    """
    if ours.address == theirs.address and (sometimes := _sometimes(ours, theirs)) is not None:
        return sometimes
    alike = ours.problem == theirs.problem and ours.quotes == theirs.quotes
    if alike or ours.address != theirs.address or ours.category is not theirs.category or not ours.rule.startswith("RG"):
        return _at_stage_of(ours, _alike(ours, theirs)) if alike and ours.address == theirs.address else theirs
    check, advice = of_both(ours, theirs), theirs.recommendation
    said = ours.problem if ours.problem == theirs.problem else _each_said(ours.problem, theirs.problem)
    # Where nothing that takes part in one tree does in the other, none of it is named as taking part.
    apart = bool(ours.related and theirs.related) and not {*ours.related} & {*theirs.related}
    related = () if apart else theirs.related
    said += _shown_later(ours, theirs)
    # What one rule finds in two forms may have a title and consequences of its own in each tree.
    told = told_in("MODEL", ours, theirs)
    told = told if ours.impact == theirs.impact else replace(told, impact=follows(ours, theirs))
    return replace(told, related=related, check=check, problem=said, message=messages(ours, theirs), recommendation=advice)


def _alike(ours: Finding, theirs: Finding) -> Finding:
    """Return IDEAL's finding of what MODEL has in the same words, with what follows in each tree: nobody may hold a policy in one of them."""
    told = ours.rule.startswith("RG") and ours.category is theirs.category and ours.impact != theirs.impact
    return replace(theirs, impact=follows(ours, theirs)) if told else theirs


def _each_said(ours: str, theirs: str) -> str:
    """Return what is true of both trees once, and of each what is not: sentences with which both begin are about both."""
    pairs = zip(*(f"{text} ".split(". ")[:-1] for text in (ours, theirs)), strict=False)
    both = "".join(f"{one}. " for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    rests = (("In MODEL", ours[len(both) :]), ("In IDEAL", theirs[len(both) :]))
    return both + " ".join(f"{side}: {rest}" for side, rest in rests if rest)


def _at_stage_of(ours: Finding, theirs: Finding) -> Finding:
    """Return IDEAL's finding with the step at which MODEL fails and its message, where IDEAL fails at another: by a hash that IDEAL alone reads.

    IDEAL's own message may be one to which Terraform does not come there.
    """
    later = _shown_later(ours, theirs)
    return replace(theirs, stage=ours.stage, message=ours.message, problem=f"{theirs.problem}{later}") if later else theirs


def _shown_later(ours: Finding, theirs: Finding) -> str:
    """Say at which step IDEAL fails, where that is another than MODEL's; empty where it is the same, or a run saw one of them."""
    if ours.stage is None or theirs.stage is None or ours.stage is theirs.stage or ours.observed or theirs.observed:
        return ""
    return " In IDEAL it shows at " + ("run time only." if theirs.stage is Stage.RUNTIME else f"`terraform {theirs.stage.value}`.")


def _sometimes(ours: Finding, theirs: Finding) -> Finding | None:
    """Return IDEAL's finding where its own values decide about it in one of the trees only: it says in which, and weighs as much as it may."""
    for one, other, side in ((ours, theirs, "IDEAL"), (theirs, ours, "MODEL")):
        rest = other.problem.removeprefix(one.problem)
        if rest != other.problem and rest.startswith(" With "):
            category = min(ours.category, theirs.category, key=list(Category).index)
            return replace(theirs, category=category, problem=f"{one.problem} In {side}, {rest[1:2].lower()}{rest[2:]}")
    return None
