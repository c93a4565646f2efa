"""The assertion of a finding with its result on both trees."""

from __future__ import annotations

import re

from reviewgen.model.finding import Finding
from reviewgen.model.review import Check, Status
from reviewgen.rules import changes
from reviewgen.rules.places import code, type_of
from reviewgen.terraform import Graph

from ..correction.argument_changes import matching
from ..correction.behind import value_changed
from ..correction.named import words
from ..diagnostics import BREAKS_OFF
from ..inputs import Inputs
from .heirs import successor
from .parts import OF_A_FILE, made_instead, present
from .unread import OF_KEYS

# Of an answer that shows a part of itself, what it shows can be said to parse.
SHOWN = "The code that is shown parses"


def check(finding: Finding, status: Status, inputs: Inputs, heir: str = "") -> Check:
    """Return the finding's assertion with its results.

    Where the other tree lacks the declaration, or something else that takes part, its assertion would be void: it says so instead.

    Args:
        finding: The finding.
        status: What became of it.
        inputs: The pair.
        heir: What IDEAL declares in the place of the block that had it, if that is known.
    """
    if status is Status.FIXED:
        if heir and (named := _with_new_name(finding, heir)) != finding.check:
            return Check(named, False, True)
        gone = went_with(finding, inputs)
        if gone and gone == finding.address:
            return Check(f"`{gone}` is no longer declared", False, True)
        said = _with_new_name(finding, inputs.later(finding.address))
        return Check(f"{_without(gone, inputs.model, inputs.ideal, 'no longer')}, or {said}" if gone else said, False, True)
    if status is Status.INTRODUCED and value_changed(inputs, finding.address, finding.attribute):
        return Check(finding.check, True, False)
    if status is Status.INTRODUCED:
        new = next((p for p in _parts(finding) if present(inputs.ideal, p) and not present(inputs.model, p)), "")
        return Check(f"{_without(new, inputs.ideal, inputs.model)}, or {finding.check}" if new else finding.check, True, False)
    return Check(finding.check, False, False)


def _with_new_name(finding: Finding, new: str) -> str:
    """Return a finding's assertion, with the name that its block has in IDEAL where that is another one."""
    if new == finding.address:
        return finding.check
    named = rf"`{re.escape(finding.address)}((?:\.[\w.]+)?)`"
    return re.sub(named, lambda m: f"{m[0]} (in IDEAL {code(new + m[1])})", finding.check, count=1)


def _parts(finding: Finding) -> tuple[str, ...]:
    """Return the places of a finding; what Terraform says of a place, it says of the place alone."""
    if finding.title == BREAKS_OFF or finding.check == SHOWN:
        return ()
    alone = not finding.rule.startswith("RG") or finding.rule in changes.IDS or finding.rule == OF_A_FILE
    return (finding.address, *(() if alone else finding.related)) if finding.address else ()


def first_gone(finding: Finding, inputs: Inputs) -> str:
    """Return the first place of MODEL's finding that IDEAL does not have; empty where it has them all."""
    return next((p for p in _parts(finding) if present(inputs.model, p) and not present(inputs.ideal, p, inputs.names)), "")


def _gone_for_good(finding: Finding, inputs: Inputs) -> str:
    """Return the first place that IDEAL does not have; where IDEAL still refers to it, another declaration to which nothing does, if there is one.

    What a tree refers to and does not declare is its own mistake, and no repair.
    """
    first = first_gone(finding, inputs)
    if not is_missed(first, inputs):
        return first
    gone = (p for p in _parts(finding) if inputs.model.get(p) is not None and inputs.ideal.get(inputs.later(p)) is None)
    return next((p for p in gone if not is_missed(p, inputs)), first)


def is_missed(place: str, inputs: Inputs) -> bool:
    """Whether IDEAL refers to a declaration that it does not have."""
    return any(not r.declared for r in inputs.ideal.incoming.get(inputs.later(place), ()))


def unmet(finding: Finding, inputs: Inputs) -> tuple[str, ...]:
    """Return who alone could meet MODEL's defect and is no longer declared in IDEAL; nothing where somebody is left, under whatever name."""
    if finding.needs and not any(inputs.ideal.get(inputs.later(address)) or successor(inputs, address) for address in finding.needs):
        return finding.needs
    return finding.users if unused(finding, inputs) else ()


def unused(finding: Finding, inputs: Inputs) -> bool:
    """Whether IDEAL has nothing of the types of those who meet MODEL's defect, so that nobody does under any name."""
    types = {type_of(address) for address in finding.users}
    return bool(types) and not inputs.ideal.of_type(*types) and not inputs.ideal.has_remote_modules


def went_with(finding: Finding, inputs: Inputs) -> str:
    """Return the place with which MODEL's finding went: the first that IDEAL does not have; empty where the very argument was changed.

    Who alone could meet it goes first: once nobody does, what was done to the argument repairs nothing. Nor does it once they use a key no more.
    """
    if nobody := unmet(finding, inputs):
        return nobody[0]
    if given_up := released(finding, inputs):
        return given_up[0]
    if finding.attribute and any(matching(inputs.changed.get(inputs.later(finding.address)), finding.attribute)):
        return ""
    return _gone_for_good(finding, inputs)


def released(finding: Finding, inputs: Inputs) -> tuple[str, ...]:
    """Return the arguments by which blocks of MODEL use a key that shuts a service out, where IDEAL keeps the blocks and sets none of them.

    Nothing where IDEAL's policy of the key names now whom MODEL's leaves out.
    """
    if finding.rule not in OF_KEYS:
        return ()
    owned = [(place, *inputs.model.owner(place)) for place in finding.related]
    places = [place for place, address, path in owned if path and address != finding.address]
    kept = all(inputs.ideal.get(inputs.later(address)) is not None for _, address, path in owned if path)
    if not places or not kept or any(present(inputs.ideal, place, inputs.names) for place in places):
        return ()
    changed = matching(inputs.changed.get(inputs.later(finding.address)), finding.attribute)
    named = words([finding])
    return () if any(word in (c.after or "") for c in changed for word in named) else tuple(places)


def is_removed(place: str, inputs: Inputs) -> bool:
    """Whether IDEAL has no declaration at a place of MODEL, makes none for a lookup, and does not merely set an argument no longer."""
    address, _ = inputs.model.owner(place)
    return bool(address) and inputs.ideal.get(inputs.later(address)) is None and not made_instead(inputs, address)


def _without(place: str, own: Graph, other: Graph, no: str = "not") -> str:
    """Say that the other tree lacks a place of the own one: ``"`aws_x.y` is not declared"``."""
    address, path = own.owner(place)
    if path and other.get(address) is not None:
        return f"`{address}` {'does not' if no == 'not' else no} {'set' if no == 'not' else 'sets'} `{path}`"
    return f"`{address}` is {no} declared"
