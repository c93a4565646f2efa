"""Steps from a value: attributes, indexes and splats, and the words for those that lead nowhere."""

from __future__ import annotations

import math

from reviewgen.terraform.schema.types import NUMBER, STRING, Type

from .conversion import converted, mismatch
from .value import ANYTHING, Value

Wrong = tuple[str, str]
_NO_ELEMENT = "The given key does not identify an element in this collection value"
_SET = (
    "Elements of a set are identified only by their value and don't have any separate index or key to select with, so it's only possible to "
    "perform operations across all elements of the set."
)
_MEAN = "for a specific element of the list, or across all elements of the list?"


def attribute(value: Value, name: str) -> tuple[Value, Wrong | None]:
    """Return what an attribute step leads to, and what is wrong with it."""
    kind = value.type
    if value.null:
        return ANYTHING, (
            "Attempt to get attribute from null value",
            "This value is null, so it does not have any attributes.",
        )
    if kind.kind == "object":
        if name not in kind.attributes:
            return ANYTHING, ("Unsupported attribute", f'This object does not have an attribute named "{name}".')
        return (value.data[name] if value.known else Value(kind.attributes[name])), None
    if kind.kind == "map" and kind.element is not None:
        if value.known and name not in value.data:
            return ANYTHING, ("Missing map element", f'This map does not have an element with the key "{name}".')
        return (value.data[name] if value.known else Value(kind.element)), None
    if kind.kind == "dynamic":
        return ANYTHING, None
    return ANYTHING, ("Unsupported attribute", _no_attributes(kind, name))


def _no_attributes(kind: Type, name: str) -> str:
    if kind.element is not None and kind.element.kind == "object":
        if kind.kind == "set":
            return "Can't access attributes on a set of objects. Did you mean to access an attribute across all elements of the set?"
        which = f'attribute "{name}"' if name in kind.element.attributes else "an attribute"
        return f"Can't access attributes on a list of objects. Did you mean to access {which} {_MEAN}"
    if kind.primitive:
        return f"Can't access attributes on a primitive-typed value ({kind.friendly})."
    return "This value does not have any attributes."


def index(value: Value, key: Value) -> tuple[Value, Wrong | None]:
    """Return what an index step leads to, and what is wrong with it."""
    if value.null:
        return ANYTHING, ("Attempt to index null value", "This value is null, so it does not have any indices.")
    if key.null:
        return ANYTHING, ("Invalid index", "Can't use a null value as an indexing key.")
    if "dynamic" in (value.type.kind, key.type.kind):
        return ANYTHING, None
    if value.type.kind in ("list", "tuple", "map", "object"):
        wanted = STRING if value.type.kind in ("map", "object") else NUMBER
        why = mismatch(key, wanted)
        if why:
            return ANYTHING, ("Invalid index", f"{_NO_ELEMENT}: {why}.")
        found, wrong = _element(value, converted(key, wanted), numeric=key.type == NUMBER)
        return found, ("Invalid index", wrong) if wrong else None
    return ANYTHING, ("Invalid index", _SET if value.type.kind == "set" else "This value does not have any indices.")


def _element(value: Value, key: Value, *, numeric: bool) -> tuple[Value, str]:
    kind = value.type
    unknown = Value(kind.element) if kind.element is not None else ANYTHING
    if not key.known or not (value.known or kind.kind == "tuple"):
        return unknown, ""
    if kind.kind in ("map", "object"):
        if key.data in value.data:
            return value.data[key.data], ""
        hint = " An object only supports looking up attributes by name, not by numeric index." if numeric and kind.kind == "object" else ""
        return ANYTHING, f"{_NO_ELEMENT}.{hint}"
    length = len(value.data) if value.known else len(kind.items)
    if not (0 <= key.data < length and int(key.data) == key.data):
        why = _out_of_range(key.data, length)
        return ANYTHING, f"{_NO_ELEMENT}: {why}." if why else f"{_NO_ELEMENT}."
    return (value.data[key.data] if value.known else Value(kind.items[key.data])), ""


def _out_of_range(key: float, length: int) -> str:
    """Return why a sequence has no element of a number; HCL has words for the first number behind the end only."""
    if math.isfinite(key) and int(key) != key:
        return "indexing a sequence requires a whole number, but the given index has a fractional part"
    if key < 0:
        return "a negative number is not a valid index for a sequence"
    if key != length:
        return ""
    return "the given index is greater than or equal to the length of the collection" if length else "the collection has no elements"


def elements(value: Value) -> tuple[tuple[Value, Value], ...] | None:
    """Return the keys and elements of what can be iterated over; None when they are not known."""
    if isinstance(value.data, dict):
        return tuple((Value(STRING, name), item) for name, item in sorted(value.data.items()))
    if not isinstance(value.data, tuple):
        return None
    if value.type.kind == "set":
        return tuple((item, item) for item in value.data)
    return tuple((Value(NUMBER, position), item) for position, item in enumerate(value.data))


def iterable(kind: Type) -> bool:
    """Whether a type can be iterated over, as far as that is known."""
    return not kind.primitive or kind.kind == "dynamic"


def element_type(kind: Type) -> tuple[Value, Value]:
    """Return what is known of keys and elements of an unknown value."""
    if kind.kind == "map" and kind.element is not None:
        return Value(STRING), Value(kind.element)
    if kind.kind == "list" and kind.element is not None:
        return Value(NUMBER), Value(kind.element)
    if kind.kind == "set" and kind.element is not None:
        return Value(kind.element), Value(kind.element)
    return ANYTHING, ANYTHING
