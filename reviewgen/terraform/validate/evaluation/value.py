"""A value with its type; of what is not known only the type remains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.records import dataclass
from reviewgen.terraform.schema.types import BOOL, DYNAMIC, NUMBER, STRING, Type


@dataclass(frozen=True, slots=True)
class Value:
    """A value of Terraform's type system.

    Attributes:
        type: Its type; ``dynamic`` when not even that is known, and for null.
        data: ``UNKNOWN``, None, a primitive, a tuple of values (list, set, tuple) or values by name (map, object).
        sensitive: Whether the value as a whole is hidden; its elements may be of their own.
    """

    type: Type
    data: Any = UNKNOWN
    sensitive: bool = False

    @property
    def known(self) -> bool:
        """Whether the value itself is known; its elements may still be unknown."""
        return self.data is not UNKNOWN

    @property
    def null(self) -> bool:
        """Whether it is null for certain."""
        return self.data is None

    def hidden(self, also: bool = True) -> Value:
        """Return the value as a sensitive one, if it is to be."""
        return replace(self, sensitive=True) if also and not self.sensitive else self


ANYTHING = Value(DYNAMIC)
NULL = Value(DYNAMIC, None)
CONSTANTS = {"null": NULL, "true": Value(BOOL, True), "false": Value(BOOL, False)}
"""What the names that stand above all references are worth."""


def tuple_of(items: tuple[Value, ...]) -> Value:
    """Return a tuple."""
    return Value(Type("tuple", items=tuple(item.type for item in items)), items)


def object_of(attributes: Mapping[str, Value]) -> Value:
    """Return an object."""
    return Value(Type("object", attributes={name: value.type for name, value in attributes.items()}), dict(attributes))


def lift(data: Any) -> Value:
    """Return a constant of ``reviewgen.hcl.evaluate`` as a value: lists become tuples, dicts objects."""
    if isinstance(data, str):
        return Value(STRING, data)
    if data is UNKNOWN:
        return ANYTHING
    if isinstance(data, bool):
        return Value(BOOL, data)
    if isinstance(data, int | float):
        return Value(NUMBER, data)
    if isinstance(data, list):
        return tuple_of(tuple(map(lift, data)))
    return object_of({name: lift(value) for name, value in data.items()}) if isinstance(data, dict) else NULL


def plain(value: Value) -> Any:
    """Return a value as a constant of ``reviewgen.hcl.evaluate``, with ``UNKNOWN`` for what is not known."""
    if isinstance(value.data, tuple):
        return [plain(item) for item in value.data]
    if isinstance(value.data, dict):
        return {name: plain(item) for name, item in value.data.items()}
    return value.data


def whole(value: Value) -> bool:
    """Whether a value has no unknown part."""
    if isinstance(value.data, tuple):
        return all(map(whole, value.data))
    if isinstance(value.data, dict):
        return all(map(whole, value.data.values()))
    return value.known


def secret(value: Value) -> bool:
    """Whether a value is sensitive or has a sensitive part."""
    if value.sensitive:
        return True
    parts = value.data.values() if isinstance(value.data, dict) else value.data if isinstance(value.data, tuple) else ()
    return any(map(secret, parts))
