"""Lists, sets and maps: elements that are not there, lengths that do not agree, nulls."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from reviewgen.terraform.validate.evaluation.conversion import mismatch
from reviewgen.terraform.validate.evaluation.refusal import Refused
from reviewgen.terraform.validate.evaluation.value import Value
from reviewgen.terraform.validate.types import unify

from .numbers import whole_number
from .shapes import is_

_NAMESPACES = frozenset({"dns", "url", "oid", "x500"})


def _element(arguments: Sequence[Value]) -> None:
    items, position = arguments
    if not is_(items, "list", "tuple"):
        raise Refused(f"cannot read elements from {items.type.friendly}")
    if position.known:
        whole_number(position.data, what="invalid index: ")
        if items.data == ():
            raise Refused("cannot use element function with an empty list")


def _lookup(arguments: Sequence[Value]) -> None:
    mapping, key, *default = arguments
    if not is_(mapping, "map", "object"):
        raise Refused("lookup() requires a map as the first argument", 0)
    if len(default) > 1:
        raise Refused(f"lookup() takes two or three arguments, got {len(arguments)}")
    if default and mapping.type.element is not None and mismatch(default[0], mapping.type.element):
        raise Refused("the default value must have the same type as the map elements", 2)
    if default or not isinstance(key.data, str):
        return
    if mapping.type.kind == "object" and key.data not in mapping.type.attributes:
        raise Refused(f'the given object has no attribute "{key.data}"', 0)
    if mapping.type.kind == "map" and isinstance(mapping.data, dict) and key.data not in mapping.data:
        raise Refused(f'lookup failed to find key "{key.data}"')


def _slice(arguments: Sequence[Value]) -> None:
    items, start, end = arguments
    if items.type.kind == "set":
        why = "cannot slice a set, because its elements do not have indices; explicitly convert to a list if the ordering of the result is not important"
        raise Refused(why, 0)
    if not is_(items, "list", "tuple"):
        raise Refused("must be a list or tuple value", 0)
    length = len(items.data) if isinstance(items.data, tuple) else len(items.type.items) if items.type.kind == "tuple" else None
    first = whole_number(start.data, 1, what="invalid start index: ") if start.known else None
    last = whole_number(end.data, 2, what="invalid end index: ") if end.known else None
    if first is not None and first < 0:
        raise Refused("start index must not be less than zero", 1)
    if first is not None and length is not None and first > length:
        raise Refused("start index must not be greater than the length of the list", 1)
    if last is not None and last < 0:
        raise Refused("end index must not be less than zero", 2)
    if last is not None and length is not None and last > length:
        raise Refused("end index must not be greater than the length of the list", 2)
    if first is not None and last is not None and first > last:
        raise Refused("start index must not be greater than end index", 1)


def _one(items: Any) -> None:
    if isinstance(items, list) and len(items) > 1:
        raise Refused("must be a list, set, or tuple value with either zero or one elements", 0)


def _coalescelist(*lists: list[Any] | None) -> None:
    if not any(lists):
        raise Refused("no non-null arguments")


def _coalesce(*values: Any) -> None:
    if all(value is None or value == "" for value in values):
        raise Refused("no non-null, non-empty-string arguments")


def _index(items: Any, item: Any) -> None:
    if items == []:
        raise Refused("cannot search an empty list")
    if isinstance(items, list) and not any(_same(item, other) for other in items):
        raise Refused("item not found")


def _same(one: Any, other: Any) -> bool:
    """Whether two values are equal and of one type: to Terraform, true is not 1."""
    return unify.type_of(one) == unify.type_of(other) and bool(one == other)


def _chunklist(_items: Any, size: float) -> None:
    if whole_number(size, what="invalid size: ") < 0:
        raise Refused("the size argument must be positive")


def _join(_separator: str, *lists: list[str | None]) -> None:
    """A position is named only where there is one list: of several, Terraform counts in each."""
    for argument, items in enumerate(lists, 1):
        for position, item in enumerate(items):
            if item is None and len(lists) == 1:
                raise Refused(f"element {position} is null; cannot concatenate null values", argument)
            if item is None:
                raise Refused(f"element {position} of list {argument - 1} is null; cannot concatenate null values", argument)


def _sort(items: list[str | None]) -> None:
    if None in items:
        raise Refused(f"given list element {items.index(None)} is null; a null string cannot be sorted")


def _matchkeys(values: list[Any], keys: list[Any], _wanted: list[Any]) -> None:
    if len(values) != len(keys):
        raise Refused("length of keys and values should be equal")


def _zipmap(keys: list[str | None], values: list[Any]) -> None:
    if None in keys:
        raise Refused(f"keys list has null value at index {keys.index(None)}")
    if len(keys) != len(values):
        raise Refused(f"number of keys ({len(keys)}) does not match number of values ({len(values)})")


def _uuidv5(namespace: str, _name: str) -> None:
    if namespace in _NAMESPACES:
        return
    if len(namespace) not in (32, 36, 38, 45):
        raise Refused(f"uuidv5() doesn't support namespace {namespace} (invalid UUID length: {len(namespace.encode())})")
    try:
        uuid.UUID(namespace)
    except ValueError:
        raise Refused(f"uuidv5() doesn't support namespace {namespace} (invalid UUID format)") from None


SHAPES: dict[str, Callable[[Sequence[Value]], None]] = {"element": _element, "lookup": _lookup, "slice": _slice}
CHECKS: dict[str, Callable[..., object]] = {
    "chunklist": _chunklist,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "index": _index,
    "join": _join,
    "matchkeys": _matchkeys,
    "one": _one,
    "sort": _sort,
    "uuidv5": _uuidv5,
    "zipmap": _zipmap,
}
