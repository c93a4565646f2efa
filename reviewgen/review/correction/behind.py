"""The values behind an argument: what IDEAL changed elsewhere, from which the argument has what it has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewgen.model.diff import AttributeChange
from reviewgen.terraform.instances import absent_by_default

from ..inputs import Inputs
from .argument_changes import LABELS, matching

SOFT = re.compile(r"(?:^|\.)(?:var|local)\.[\w-]+$")
_VARIABLE = re.compile(r"(?P<call>(?:module\.[\w-]+\.)*module\.[\w-]+)\.var\.(?P<name>[\w-]+)$")
_LOCAL = re.compile(r"(?:^|\.)local\.[\w-]+$")
_COUNTS = ("count", "for_each")


def values_behind(inputs: Inputs, places: Iterable[tuple[str, str]]) -> Iterator[tuple[str, AttributeChange]]:
    """Yield (address, change) of the changed values from which arguments have theirs; how a variable is described changes none.

    A default that MODEL does not have gave no argument there what it has: beside a value that did it repairs nothing.
    """
    found = list(_changed_behind(inputs, places))
    gave = any(change.before is not None for _, change in found)
    yield from ((address, c) for address, c in found if not gave or c.before is not None or c.path != "default")


def _changed_behind(inputs: Inputs, places: Iterable[tuple[str, str]]) -> Iterator[tuple[str, AttributeChange]]:
    for address, attribute in places:
        path = attribute or ("value" if _LOCAL.search(address) else "")
        for source, argument in _behind(inputs, address, path) if path else ():
            changed = inputs.changed.get(source)
            found = matching(changed, argument) if argument else (changed.attributes if changed else ())
            yield from ((source, c) for c in found if argument or c.path not in LABELS)


def keys_behind(inputs: Inputs, places: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the keys of local values from which arguments of copies have theirs: of such a value only the lines with these matter."""
    return frozenset(key for address, attribute in places for _, key in _of_each(inputs, address, attribute))


def value_changed(inputs: Inputs, address: str, key: str) -> bool:
    """Whether IDEAL changed a local value, or one key of it."""
    return bool(_LOCAL.search(address)) and any(matching(inputs.changed.get(address), key))


def _behind(inputs: Inputs, address: str, attribute: str) -> list[tuple[str, str]]:
    """Return (address, argument or empty) of all from which an argument has its value: variables, local values, and what calls pass."""
    met: dict[tuple[str, str], None] = {}
    queue = [(address, attribute)]
    for source, path in queue:
        for reference in inputs.ideal.outgoing.get(source, ()):
            if path and reference.path != path and not reference.path.startswith(f"{path}."):
                continue
            call = _VARIABLE.match(reference.target)
            further = [(reference.target, "")] if SOFT.search(reference.target) else []
            further += [(call["call"], call["name"])] if call and inputs.ideal.get(call["call"]) else []
            queue += [f for f in further if f not in met]
            met.update(dict.fromkeys(further))
        met.update(dict.fromkeys(_of_each(inputs, source, path)))
    return sorted(met)


_EACH = re.compile(r"\beach\.value\.([\w-]+)")


def _of_each(inputs: Inputs, address: str, path: str) -> Iterator[tuple[str, str]]:
    """Yield (local value, key) of what an argument takes from the elements for each of which there is a copy."""
    declaration = inputs.ideal.get(address)
    argument = declaration.block.attributes.get(path) if declaration is not None else None
    if declaration is None or argument is None:
        return
    keys = _EACH.findall(inputs.ideal.files[declaration.block.file].slice(argument.start, argument.end))
    named = {r.target for r in inputs.ideal.outgoing.get(address, ()) if r.path == "for_each" and _LOCAL.search(r.target)}
    yield from ((target, key) for target in named if len(named) == 1 for key in keys)


_INDEX = re.compile(r"\[(?:\d+|count\.index)\]")


def only_counted(inputs: Inputs, address: str, change: AttributeChange) -> bool:
    """Whether a value only got an index, because what it names has a ``count`` now."""
    if change.before is None or change.after is None or change.before == change.after or _INDEX.sub("", change.after) != change.before:
        return False
    named = {r.target for r in inputs.ideal.outgoing.get(address, ()) if r.path == change.path}
    changed = [c for target in named if (c := inputs.changed.get(target))]
    return any(c.path == "count" and c.before is None for found in changed for c in found.attributes)


def no_longer_created(inputs: Inputs, places: Iterable[tuple[str, str]]) -> Iterator[tuple[str, AttributeChange]]:
    """Yield (address, change) of what keeps a block from being created with IDEAL's own values."""
    for address, _ in places:
        declaration, changed = inputs.ideal.get(address), inputs.changed.get(address)
        if declaration is not None and changed is not None and absent_by_default(inputs.ideal, declaration):
            yield from ((address, c) for c in changed.attributes if c.path in _COUNTS)
