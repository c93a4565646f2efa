"""What takes the place of an argument: the provider itself says which arguments exclude each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reviewgen.model.addresses import without_positions
from reviewgen.model.diff import AttributeChange, Changed
from reviewgen.rules.places import type_of
from reviewgen.terraform.validate.measured.facts import Row, shipped

_AWS = "hashicorp/aws"
# Rows that name two arguments, and rows that name several of which one may be set.
_PAIRS, _SEVERAL = ("conflict", "fw_conflict"), ("one", "fw_xor", "fw_at_most_one", "fw_exactly_one")


def taking_over(changed: Changed | None, gone: Iterable[AttributeChange]) -> list[AttributeChange]:
    """Return the new arguments of a block that cannot stand beside one which is no longer set: the generated password for the written one."""
    old = [c for c in gone if c.before is not None and c.after is None]
    if changed is None or not old:
        return []
    new = [c for c in changed.attributes if c.before is None and c.after is not None]
    return [c for c in new if any(_exclude(changed.address, c.path, other.path) for other in old)]


def _exclude(address: str, one: str, other: str) -> bool:
    """Whether two arguments of one body exclude each other."""
    (home, _, name), (place, _, beside) = (without_positions(path).rpartition(".") for path in (one, other))
    if home != place or name == beside or ".data." in f".{address}":
        return False
    table = shipped().get(_AWS)
    rows = table.of("resource", type_of(address), home) if table is not None else ()
    return any({name, beside} <= names for row in rows for names in _excluding(row))


def _excluding(row: Row) -> Iterator[set[str]]:
    if row[0] in _PAIRS:
        yield {row[1], row[2]}
    elif row[0] in _SEVERAL:
        yield from (set(part) for part in row[1:] if not isinstance(part, str))
