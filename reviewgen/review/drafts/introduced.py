"""What IDEAL changed where a defect is new: what it adds at its places, and what it brought that makes a block of MODEL's defective."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.addresses import in_module
from reviewgen.model.diff import AttributeChange
from reviewgen.model.finding import Finding
from reviewgen.model.tree import Declaration
from reviewgen.rules import changes
from reviewgen.rules.changes import settings
from reviewgen.rules.places import type_of

from ..answers.unparsed import stands_in_broken
from ..correction import Correction, of_defects
from ..correction.argument_changes import matching, names_anew
from ..correction.behind import value_changed
from ..correction.brought import POLICIES
from ..correction.named import words
from ..defects.parts import changes_of
from ..draft import SECRETS, Draft
from ..inputs import Inputs

_MOST_ALIKE = 3
_LACKING = (tf.MISSING_ARGUMENT, tf.MISSING_BLOCK)
_KEY = "aws_kms_key"
_VERSIONS = "terraform.required_providers"
_LITERAL = "RG134"
# Of these the finding names what stands in a policy, whosever it is, and not what the policy lacks.
_SAID = frozenset([_LITERAL, "RG138", "RG142", "RG144", "RG145", "RG146"])


def of_introduced(inputs: Inputs, draft: Draft, lead: Finding) -> Correction:
    """Return what IDEAL changed where a defect is new."""
    parts = (a for d in draft.defects for a in (d.finding.address, *d.finding.targets, *d.finding.related))
    gone = [a for a in parts if a in inputs.diff.removed and not stands_in_broken(inputs.ideal, inputs.model.get(a))]
    if lead.rule == settings.PROVIDER:  # which versions of the providers are wanted sets no region
        gone = [a for a in gone if not a.endswith(_VERSIONS)]
    brought = [p for d in draft.defects for p in _brought(inputs, d.finding)]
    # A policy that let nobody in before, either, is not what made it wrong.
    as_before = {(d.finding.address, d.finding.attribute) for d in draft.defects if brought and _shut_out_before(inputs, d.finding)}
    whole = tf.is_rule(lead.rule) and lead.rule != tf.DECLARED_TWICE

    def at(shown: Iterator[tuple[str, str]]) -> Correction:
        places = [*(p for p in shown if p not in as_before), *brought]
        if tf.is_twice(lead.rule):  # with which of two MODEL's one is to be compared, nobody knows
            places = [p for p in places if p[0] in inputs.added]
        return of_defects(inputs, dict.fromkeys(places), whole, gone, _granted(draft), _missing(draft))

    if not tf.is_rule(lead.rule):
        return at(_shown(inputs, draft))
    found = at(_alike(inputs, draft, _MOST_ALIKE))
    if not (found.added or found.changes) or found.parts == at(_alike(inputs, draft)).parts:
        return found
    return replace(found, lines_added=0, lines_removed=0)  # the lines of some of many places are not those of the issue


def _granted(draft: Draft) -> frozenset[str]:
    """Return what policies of identities allow too much, and what else stands in a policy; that one lacks something only the whole of it shows."""
    found = [d.finding for d in draft.defects]
    if not all(type_of(f.address).startswith("aws_iam_") or f.rule in _SAID for f in found):
        return frozenset()
    named = words(found)
    # Operator and key stand in other statements too; the pattern that is compared does not.
    patterns = frozenset(word for word in named if "*" in word and all(f.rule == _LITERAL for f in found))
    return patterns or named


def _shown(inputs: Inputs, draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield the places of a new defect whose code shows it."""
    beside = {p for d in draft.defects for p in _beside(inputs, d.finding)}
    yield from sorted(beside) if beside else draft.places
    yield from (place for d in draft.defects if d.finding.rule in changes.IDS for place in _together(inputs, d.finding))


def _alike(inputs: Inputs, draft: Draft, most: int | None = None) -> Iterator[tuple[str, str]]:
    """Yield the places of what Terraform says of a new defect, of many alike only the first ones."""
    missing = _missing(draft)
    places = [(d.finding.address, argument(d.finding)) for d in draft.told]
    yield from (p for p in places[:most] if not missing or _refers_anew(inputs, p, missing))


def argument(finding: Finding) -> str:
    """Return the path of the argument that a finding is about; of one that lacks a single argument or block, that one's."""
    if finding.rule not in _LACKING or len(finding.names) != 1 or finding.attribute.split(".")[-1] == finding.names[0]:
        return finding.attribute
    return f"{finding.attribute}.{finding.names[0]}".strip(".")


def _missing(draft: Draft) -> frozenset[str]:
    """Return what defects refer to and nobody declares, as it is written in their modules; what referred to it before is not what made it so."""
    found = [d.finding for d in draft.defects]
    return frozenset(in_module(t) for f in found for t in f.targets if tf.is_undeclared(f.rule))


def _refers_anew(inputs: Inputs, place: tuple[str, str], missing: frozenset[str]) -> bool:
    address, attribute = place
    return address in inputs.added or any(names_anew(c, missing) for c in matching(inputs.changed.get(address), attribute))


def _together(inputs: Inputs, finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield the further arguments of a block that came or went with the one that a finding is about."""
    parts = map(inputs.ideal.owner, finding.related)
    return ((address, path) for address, path in parts if address == finding.address and path)


def _beside(inputs: Inputs, finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield the new resource that is what a finding calls the argument of a new block: the policy of a topic."""
    declaration = inputs.ideal.get(finding.address)
    if (
        finding.address not in inputs.added
        or declaration is None
        or not finding.attribute
        or finding.attribute in declaration.block.attributes
    ):
        return
    for place in finding.related:
        address, path = inputs.ideal.owner(place)
        of_its_own = type_of(address).startswith(f"{type_of(finding.address)}_")
        if path == finding.attribute and address in inputs.added and of_its_own:
            yield address, ""


def _brought(inputs: Inputs, finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield (IDEAL's address, argument path) of what makes a block of MODEL's defective: what IDEAL adds to it, the first kind that takes part."""
    if not finding.rule.startswith("RG") or finding.rule in (*changes.IDS, *SECRETS) or _is_new(inputs, finding.address):
        return
    if value_changed(inputs, finding.address, finding.attribute):
        return  # who takes the value is not what made it wrong
    first = ""
    parts = map(inputs.ideal.owner, finding.related)
    sends = finding.attribute not in POLICIES and any(_adds(c, finding.attribute) for c in changes_of(inputs, finding.address))
    # A policy that was rewritten beside a new sender, or one that sends there only now, leaves the sender out as before.
    for address, path in sorted(parts, key=lambda owned: (owned[1] in POLICIES and owned[0] not in inputs.added, not owned[1])):
        new = _is_new(inputs, address)
        if address == finding.address or (not new and not (path and any(_adds(c, path) for c in changes_of(inputs, address)))):
            continue
        if sends and not new and path in POLICIES:
            continue
        first = first or type_of(address)
        if type_of(address) == first:
            yield address, "" if new else path


def _is_new(inputs: Inputs, address: str) -> bool:
    """Whether MODEL has nothing that a block of IDEAL is; a key that it has under another name is no new one."""
    return address in inputs.added and _key_before(inputs, address) is None


def _key_before(inputs: Inputs, address: str) -> Declaration | None:
    """Return MODEL's key under an address of IDEAL, or the only one that went where only this one came."""
    if type_of(address) != _KEY:
        return None
    if (same := inputs.model.get(address)) is not None:
        return same
    gone, new = ([a for a in sorted(side) if type_of(a) == _KEY] for side in (inputs.diff.removed, inputs.added))
    return inputs.model.get(gone[0]) if len(gone) == 1 and new == [address] else None


def _shut_out_before(inputs: Inputs, finding: Finding) -> bool:
    """Whether MODEL's policy of a key certainly names nobody of those, either, whom IDEAL's does not let use the key."""
    keys = (_key_before(inputs, a) for a in (finding.address, *finding.related))
    key = next((k for k in keys if k is not None), None) if finding.shut_out else None
    policy = inputs.model.policies.on(key) if key is not None else None
    if policy is None or not policy.complete:
        return False
    named = [who for s in policy.statements if s.effect == "Allow" for _, who in s.principals]
    return not any(who.anything or word.lower() in who.text.lower() for who in named for word in finding.shut_out)


def _adds(change: AttributeChange, path: str) -> bool:
    """Whether IDEAL sets something at a path, or has a new block around it."""
    return bool(change.after) and (change.path.startswith(path) or (change.before is None and path.startswith(f"{change.path}.")))
