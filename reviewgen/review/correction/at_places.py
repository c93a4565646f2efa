"""What IDEAL does at the very places of defects, and beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reviewgen.model.addresses import without_positions
from reviewgen.model.diff import AttributeChange
from reviewgen.records import dataclass
from reviewgen.rules.places import type_of

from ..inputs import Inputs
from .argument_changes import changed_with, of_named_block, of_named_new
from .behind import SOFT, only_counted
from .newly_named import Changes, needed, new_targets, referrers


@dataclass(frozen=True)
class AtPlaces:
    """What IDEAL does at the places of defects.

    Attributes:
        changes: The changes of arguments there.
        near: What these name now and did not before.
        added: New blocks that the changes need, that stand beside the places and repair, or that are the places.
        new: The places that are new blocks themselves.
        removed: The places that are gone.
    """

    changes: Changes
    near: frozenset[str]
    added: frozenset[str]
    new: frozenset[str]
    removed: frozenset[str]


def at_places(
    inputs: Inputs, places: Iterable[tuple[str, str]], cures: tuple[str, ...], words: frozenset[str], names: frozenset[str], *, behind: bool
) -> AtPlaces:
    """Return what IDEAL does at some places.

    Args:
        inputs: The pair.
        places: (IDEAL's address, argument path or empty) of each defect.
        cures: Types of resources that repair such a defect by referring to the address.
        words: What the defects name of long values.
        names: What they name one of several nested blocks by.
        behind: Whether another value can repair them; then what nobody uses repairs nothing.
    """
    changes: Changes = {}
    near, added, new, removed = set[str](), set[str](), set[str](), set[str]()
    meant: list[tuple[str, str, list[AttributeChange]]] = []
    for address, attribute in places:
        if behind and SOFT.search(address) and inputs.ideal.get(address) is not None and not inputs.ideal.incoming.get(address):
            continue  # what nothing uses repairs nothing
        # Where something beside the block is missing, other changes of the block repair nothing.
        changed = inputs.changed.get(address) if attribute or not cures else None
        found = of_named_block(inputs.model, changed, attribute, names) or of_named_new(changed_with(changed, attribute), names)
        meant.append((address, attribute, found))
    exchanged = any(_is_exchanged(change, names) for _, _, found in meant for change in found)
    for address, attribute, found in meant:
        for change in (c for c in found if not only_counted(inputs, address, c) and not (exchanged and _is_beside(c, attribute))):
            changes[address, change.path] = _instead(changes.get((address, change.path)), change)
            near |= new_targets(inputs, address, change)
            added |= needed(inputs, address, change, words)
        # What repairs it stands beside the block, or beside what the block names now.
        added |= {a for t in (address, *added) for a in referrers(inputs, t) if type_of(a) in cures}
        if address in inputs.diff.removed:
            removed.add(address)
        if address in inputs.added:
            added.add(address)
            new.add(address)
    return AtPlaces(changes, frozenset(near), frozenset(added), frozenset(new), frozenset(removed))


def _is_exchanged(change: AttributeChange, names: frozenset[str]) -> bool:
    """Whether another value stands in the place of one that the defects name: that repairs them."""
    return change.before is not None and change.after is not None and change.before.strip('"') in names


def _is_beside(change: AttributeChange, attribute: str) -> bool:
    """Whether a change is a new block around such an argument: it stands beside the block with the value that was wrong."""
    return change.block and change.before is None and attribute.startswith(f"{without_positions(change.path)}.")


def _instead(known: AttributeChange | None, change: AttributeChange) -> AttributeChange:
    """Return a change of a block; where another one of its kind went from the same place, the one that came in its stead."""
    if known is None or not (known.block and change.block) or (known.after is None) == (change.after is None):
        return change
    gone, new = (known, change) if known.after is None else (change, known)
    return replace(new, before=gone.before, model_line=gone.model_line, model_end_line=gone.model_end_line)
