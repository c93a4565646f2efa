"""The one type that several values have in common, as Terraform looks for it where the element type is ``any``.

The rules are those of the ``convert`` package of go-cty, for the types that constants have: primitives, objects, tuples.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.terraform.schema.types import BOOL, DYNAMIC, NUMBER, STRING, Type


def type_of(value: Any) -> Type:
    """Return the type of a constant; of null and of what is unknown that is ``dynamic``."""
    if value is UNKNOWN or value is None:
        return DYNAMIC
    if isinstance(value, dict):
        return Type("object", attributes={name: type_of(inner) for name, inner in value.items()})
    if isinstance(value, list):
        return Type("tuple", items=tuple(map(type_of, value)))
    return BOOL if isinstance(value, bool) else STRING if isinstance(value, str) else NUMBER


def common(types: Iterable[Type]) -> Type | None:
    """Return the type that all of some types convert to, None when there is none."""
    found = list(types)
    kinds = {t.kind for t in found}
    if "dynamic" in kinds or not found:
        return DYNAMIC
    if kinds == {"object"}:
        return _objects(found)
    if kinds == {"tuple"}:
        return _tuples(found)
    if kinds & {"object", "tuple"}:
        return None
    if len(kinds) == 1:
        return found[0]
    return STRING if "string" in kinds else None


def _objects(types: Sequence[Type]) -> Type | None:
    names = types[0].attributes.keys()
    if any(t.attributes.keys() != names for t in types):
        element = common(inner for t in types for inner in t.attributes.values())
        return Type("map", element) if element is not None else None
    attributes = {name: common(t.attributes[name] for t in types) for name in names}
    known = {name: kind for name, kind in attributes.items() if kind is not None}
    return Type("object", attributes=known) if len(known) == len(attributes) else None


def _tuples(types: Sequence[Type]) -> Type | None:
    if any(len(t.items) != len(types[0].items) for t in types):
        element = common(inner for t in types for inner in t.items)
        return Type("list", element) if element is not None else None
    items = [common(column) for column in zip(*(t.items for t in types), strict=True)]
    known = tuple(kind for kind in items if kind is not None)
    return Type("tuple", items=known) if len(known) == len(items) else None
