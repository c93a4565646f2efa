"""What IDEAL's changed arguments name that only IDEAL declares: what a change needs, and what came together with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.addresses import without_positions
from reviewgen.model.diff import AttributeChange
from reviewgen.rules.places import type_of
from reviewgen.terraform.graph import Reference

from ..inputs import Inputs
from .argument_changes import LABELS
from .behind import SOFT
from .brought import DOCUMENT, POLICIES, is_managed, serves_only
from .spans import instead, is_dropped, is_long, new_lines, of_other_keys

_MODULES = re.compile(r"^(?:module\.[\w-]+\.)+")

Changes = dict[tuple[str, str], AttributeChange]
"""Changes of arguments by IDEAL's address and the path."""


def new_targets(inputs: Inputs, address: str, change: AttributeChange) -> set[str]:
    """Return what only IDEAL declares and the changed argument refers to; whom a policy names is there for other reasons."""
    return {r.target for r in _named_anew(inputs, address, change) if change.path.split(".")[-1] not in POLICIES}


def needed(inputs: Inputs, address: str, change: AttributeChange, words: frozenset[str]) -> set[str]:
    """Return what a changed argument cannot do without: the document that is a policy's text, and whatever else it names but tags.

    What a whole block names belongs to the change when it serves nothing else; nothing does where a line that went repaired the defect,
    nor a variable or a local value that another key than the wrong one has now.
    """
    if is_dropped(change, words):
        return set()
    path = without_positions(change.path)
    shown = instead(change, words) or new_lines(change, words)
    others = of_other_keys(change, words)
    found = {
        r.target for r in _named_anew(inputs, address, change)
        if not LABELS & set(r.path[len(path) :].split(".")) and any(first <= _line(inputs, r) <= last for first, last in shown)
        and not (SOFT.search(r.target) and any(first <= _line(inputs, r) <= last for first, last in others))
    }  # fmt: skip
    if path.split(".")[-1] in POLICIES:
        return {t for t in found if type_of(t) == DOCUMENT}
    if not change.block and is_long(change):
        return {t for t in found if not is_managed(t)}  # a script or a dashboard names much that it does not need
    return {t for t in found if not (change.block and is_managed(t)) or serves_only(inputs, t, {address})}


def _named_anew(inputs: Inputs, address: str, change: AttributeChange) -> Iterator[Reference]:
    """Yield the references of an argument that IDEAL changed, or of a block, to what only IDEAL declares."""
    path = without_positions(change.path)
    for reference in inputs.ideal.outgoing.get(address, ()) if change.after is not None else ():
        if reference.target in inputs.added and (reference.path == path or reference.path.startswith(path + ".")):
            yield reference


def _line(inputs: Inputs, reference: Reference) -> int:
    return inputs.ideal.files[reference.file].position(reference.traversal.start).line


def referrers(inputs: Inputs, address: str) -> set[str]:
    """Return the new blocks of IDEAL that refer to a block."""
    return {r.source for r in inputs.ideal.incoming.get(address, ()) if r.source in inputs.added}


def siblings(inputs: Inputs, changes: Changes, near: set[str]) -> Changes:
    """Return the same change of other resources of the type, when each points to something new, which joins what is near."""
    wanted = {(_type(address), path) for (address, path) in changes if near and _type(address) != "local"}
    result: Changes = {}
    for address, changed in inputs.changed.items():
        for change in changed.attributes:
            if (_type(address), change.path) in wanted and (address, change.path) not in changes:
                targets = new_targets(inputs, address, change)
                if {_type(t) for t in targets} & {_type(a) for a in near}:
                    result[address, change.path] = change
                    near |= targets
    return result


def _type(address: str) -> str:
    """``module.a.aws_kms_key.main`` to ``aws_kms_key``, in whatever module; what is looked up stays apart from what is made."""
    return _MODULES.sub("", address).rpartition(".")[0]
