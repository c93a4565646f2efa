"""Which changes of a block's arguments belong to what was done at one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewgen.model.addresses import without_positions
from reviewgen.model.diff import AttributeChange, Changed
from reviewgen.terraform import Graph

from .exclusive import taking_over

# Arguments that repair nothing by themselves: a new suffix changes them all over a stack.
_WORDS = frozenset(["description", "comment"])
LABELS = frozenset(["name", "name_prefix", "tags", "tags_all"]) | _WORDS
# Values that any argument may have: they say nothing of what an argument is for.
_ANYTHING = re.compile(r"true|false|null|\d+|\"\"|\[\]|\{\}")
_SWITCHING = frozenset(["enable", "enabled", "is", "use", "has", "allow", "disable", "disabled"])
_REFERENCE = re.compile(r"(?:var|local|data|aws_\w+|module)\.[\w.\[\]-]+")


def changed_with(changed: Changed | None, attribute: str) -> list[AttributeChange]:
    """Return the changes of an argument, those that give its value another name, and those made in step with it."""
    found = list(matching(changed, attribute))
    found += _renamed(changed, found)
    found += [c for c in taking_over(changed, found) if c not in found]
    return [*found, *(_in_step(changed, found) if attribute else ())]


def matching(changed: Changed | None, attribute: str) -> Iterator[AttributeChange]:
    """Yield the changes of an argument, of a block around it, or inside it; when no argument is meant all but names and tags."""
    want = without_positions(attribute)
    for change in changed.attributes if changed else ():
        path = without_positions(change.path)
        if not want and path.split(".")[0] in LABELS:
            continue
        if path.rpartition(".")[2] in _WORDS and path != want:
            continue
        if not want or path == want or path.startswith(want + ".") or want.startswith(path + ".") or _is_of_key(change, want):
            yield change


def names_anew(change: AttributeChange, addresses: Iterable[str]) -> bool:
    """Whether an argument refers to one of some addresses, as they are written in its module, and did not before."""
    return any(_refers(change.after, address) and not _refers(change.before, address) for address in addresses)


def _refers(value: str | None, address: str) -> bool:
    return value is not None and re.search(rf"(?<![\w.]){re.escape(address)}(?!\w)", value) is not None


def _is_of_key(change: AttributeChange, key: str) -> bool:
    """Whether the change of a local value is one of a key in it: what stands there on the lines that name the key."""
    named = re.compile(rf"\b{re.escape(key)}\b")
    said = [[line.split() for line in (text or "").split("\n") if named.search(line)] for text in (change.before, change.after)]
    return change.path == "value" and said[0] != said[1]


def of_named_block(graph: Graph, changed: Changed | None, attribute: str, names: Iterable[str]) -> list[AttributeChange]:
    """Return the changes inside those of MODEL's nested blocks of one kind that a finding names: a rule by its name, a parameter by its own.

    Empty where it names none, or all of them, or nothing was done there.
    """
    declaration = graph.get(changed.model_address) if changed and attribute else None
    if changed is None or declaration is None:
        return []
    blocks = list(declaration.block.nested(attribute.split(".")[0]))
    named = _naming(names)
    wrong = [b for b in blocks if named.search(graph.files[b.file].slice(b.start, b.end))]
    if not wrong or len(wrong) == len(blocks) > 1:
        return []
    inside = [c for c in changed.attributes if any(b.line <= c.model_line <= b.end_line for b in wrong)]
    heads = {c.path.split(".")[0] for c in inside}
    own = [c for c in changed.attributes if c.path.split(".")[0] in heads and (c.before is not None or c.path not in heads)]
    meant = [c for c in own if c in list(matching(changed, attribute))] or [c for c in own if c.path.rpartition(".")[2] not in _WORDS]
    # Where what a block holds was exchanged for something else, neither its name nor what is counted of it repaired anything.
    blocks_of_it = [c for c in meant if c.block]
    return blocks_of_it if len({c.after is None for c in blocks_of_it}) > 1 else meant


def _naming(names: Iterable[str]) -> re.Pattern[str]:
    """Return what finds an argument that has one of some values."""
    return re.compile("|".join(rf'=\s*"?{re.escape(name)}"?\s*(?:#.*)?$' for name in names) or r"\Z.", re.MULTILINE)


def of_named_new(found: list[AttributeChange], names: Iterable[str]) -> list[AttributeChange]:
    """Return changes without the new blocks of one kind beside those that a finding names: of several new rules the one that was missing."""
    new = [c for c in found if c.block and c.before is None]
    named = _naming(names)
    meant = [c for c in new if named.search(c.after or "")]
    kinds = {c.path.partition("[")[0] for c in meant}
    return [c for c in found if c in meant or c not in new or c.path.partition("[")[0] not in kinds]


def _renamed(changed: Changed | None, gone: Iterable[AttributeChange]) -> list[AttributeChange]:
    """Return the new arguments of a block that take over the value of one beside them that went, or what stood in it: the name was wrong."""
    old = [c for c in gone if c.before is not None and c.after is None]
    new = [c for c in (changed.attributes if changed else ()) if c.before is None and c.after is not None]
    return [c for c in new if any(_takes_over(c, other) or _came_out(c, other) for other in old)]


def _takes_over(new: AttributeChange, old: AttributeChange) -> bool:
    """Whether an argument has the value of another one beside it, or under nearly its name the reference that was that one's value."""
    home, _, name = new.path.rpartition(".")
    place, _, other = old.path.rpartition(".")
    if home != place:
        return False
    if new.after == old.before:
        return not _ANYTHING.fullmatch(new.after or "") or bool(_words(name) & _words(other))
    alike = name.startswith(other) or other.startswith(name)
    if new.block and old.block:  # below another head there may be the same body
        return name != other and (alike or _body(new.after) == _body(old.before))
    return alike and bool(_REFERENCE.fullmatch(old.before or "")) and f"${{{old.before}}}" in (new.after or "")


def _came_out(new: AttributeChange, old: AttributeChange) -> bool:
    """Whether an argument or a block stood in a block beside it that went, under the end of its name at least, with the same content."""
    home, _, name = new.path.rpartition(".")
    if not old.block or home != old.path.rpartition(".")[0]:
        return False
    inside = (old.before or "").partition("{")[2]
    if new.block:
        found = re.search(rf"^\s*{re.escape(name)}\s*\{{(.*)", inside, re.MULTILINE | re.DOTALL)
        return found is not None and found[1].split()[: len(_body(new.after))] == _body(new.after)
    return any(
        (name == inner or name.endswith(f"_{inner}")) and value.strip() == new.after
        for inner, value in re.findall(r"^\s*(\w+)\s*=\s*(.*)$", inside, re.MULTILINE)
    )


def _words(name: str) -> set[str]:
    return set(name.split("_")) - _SWITCHING


def _body(block: str | None) -> list[str]:
    return (block or "").partition("{")[2].split()


def _in_step(changed: Changed | None, found: Iterable[AttributeChange]) -> list[AttributeChange]:
    """Return the changes of other arguments that put the same words in place of the same reference: a switch, and what it switches."""
    pairs = [(c.before, c.after) for c in found if c.before and c.after and _REFERENCE.fullmatch(c.before)]
    known = {c.path for c in found}
    others = [c for c in (changed.attributes if changed else ()) if c.path not in known and c.before and c.after]
    return [c for c in others if any(_replaced(c, old, new) for old, new in pairs)]


def _replaced(change: AttributeChange, old: str, new: str) -> bool:
    parts = re.split(rf"(?<![\w.]){re.escape(old)}(?![\w.])", change.before or "")
    return len(parts) > 1 and change.after in (new.join(parts), f"({new})".join(parts))
