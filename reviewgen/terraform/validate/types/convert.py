"""Whether a constant fits a type, and in which words Terraform says that it does not.

Values are those of ``reviewgen.hcl.evaluate``: text, numbers, booleans, None, lists, dicts, and ``UNKNOWN`` anywhere. What is unknown fits
every type. The words follow Terraform's type system: first the shape is compared, without the values, then texts are read as numbers and
booleans.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.terraform.schema.types import Type

from .unify import common, type_of

_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


def mismatch(value: Any, wanted: Type) -> str:
    """Return why a value does not fit a type, as Terraform words it behind "Inappropriate value for attribute"; empty when it fits."""
    if _texts(value, wanted):
        return ""
    return _shape(value, wanted) or next((why for _, why in _content(value, wanted)), "")


def _texts(value: Any, wanted: Type) -> bool:
    """Whether texts are given where texts are wanted, as in most arguments."""
    if wanted.kind == "string":
        return isinstance(value, str)
    if wanted.element is None or wanted.element.kind != "string" or not isinstance(value, dict if wanted.kind == "map" else list):
        return False
    return all(isinstance(item, str) for item in (value.values() if isinstance(value, dict) else value))


def at_path(value: Any, wanted: Type) -> str:
    """Return why a value does not fit a type, with the path to the part that does not; empty when it fits.

    So Terraform words it where it converts a whole value: the default of a variable.
    """
    return _shape(value, wanted) or next((f"{path}: {why}" if path else why for path, why in _content(value, wanted)), "")


def _shape(value: Any, wanted: Type) -> str:
    """Compare types only, as is done before any value is looked at."""
    if value is UNKNOWN or value is None or wanted.kind == "dynamic":
        return ""
    if wanted.kind == "object" and isinstance(value, dict):
        return _object_shape(value, wanted)
    if isinstance(value, list if wanted.kind in ("list", "set") else dict) and _heterogeneous(value, wanted):
        return f"all {wanted.kind} elements must have the same type"
    if wanted.kind in ("list", "set") and isinstance(value, list):
        return _first(f"element {i}: {why}" for i, v in enumerate(value) if (why := _element(v, wanted)))
    if wanted.kind == "map" and isinstance(value, dict):
        return _first(f'element "{k}": {why}' for k, v in sorted(value.items()) if (why := _element(v, wanted)))
    if wanted.kind == "tuple" and isinstance(value, list) and len(value) == len(wanted.items):
        return "tuple required" if any(_shape(v, t) for v, t in zip(value, wanted.items, strict=True)) else ""
    if not wanted.primitive or isinstance(value, list | dict) or not _primitive_fits(value, wanted.kind):
        return f"{_constraint(wanted)} required"
    return ""


def _primitive_fits(value: Any, kind: str) -> bool:
    """Whether Terraform has a conversion between two primitive types: everything to and from text, but not number to bool."""
    if kind == "string" or isinstance(value, str):
        return True
    return isinstance(value, bool) == (kind == "bool")


def _constraint(wanted: Type) -> str:
    """Name a type as a constraint, in which ``any`` has words of its own."""
    if wanted.element is not None:
        return f"{wanted.kind} of {'any single type' if wanted.element.kind == 'dynamic' else _constraint(wanted.element)}"
    return "any type" if wanted.kind == "dynamic" else wanted.friendly


def _element(value: Any, wanted: Type) -> str:
    return _shape(value, wanted.element) if wanted.element is not None else ""


def _heterogeneous(value: Any, wanted: Type) -> bool:
    """Whether the elements have no type in common where each collection must have one, whichever."""
    if wanted.element is None or wanted.element.kind != "dynamic":
        return False
    return common(map(type_of, value.values() if isinstance(value, dict) else value)) is None


def _object_shape(value: dict[str, Any], wanted: Type) -> str:
    missing = sorted(n for n in wanted.attributes if n not in value and n not in wanted.optional)
    if missing:
        return _required(missing)
    return _first(f'attribute "{n}": {why}' for n, t in sorted(wanted.attributes.items()) if n in value and (why := _shape(value[n], t)))


def _required(names: list[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    if len(quoted) == 1:
        return f"attribute {quoted[0]} is required"
    if len(quoted) == 2:
        return f"attributes {quoted[0]} and {quoted[1]} are required"
    return f"attributes {', '.join(quoted[:-1])}, and {quoted[-1]} are required"


def _content(value: Any, wanted: Type, path: str = "") -> Iterator[tuple[str, str]]:
    """Read texts as what the type wants; yield where that fails, and why."""
    if value is UNKNOWN or value is None:
        return
    if wanted.element is not None:
        steps = (
            ((f'["{k}"]', v) for k, v in sorted(value.items())) if isinstance(value, dict) else ((f"[{i}]", v) for i, v in enumerate(value))
        )
        for step, inner in steps:
            yield from _content(inner, wanted.element, path + step)
    elif wanted.kind == "object":
        for name, kind in sorted(wanted.attributes.items()):
            if name in value:
                yield from _content(value[name], kind, f"{path}.{name}")
    elif wanted.kind == "tuple":
        for position, (inner, kind) in enumerate(zip(value, wanted.items, strict=False)):
            yield from _content(inner, kind, f"{path}[{position}]")
    elif isinstance(value, str):
        why = {"number": _not_a_number, "bool": _not_a_bool}.get(wanted.kind, lambda _: "")(value)
        if why:
            yield path, why


def _not_a_number(text: str) -> str:
    return "" if number(text) is not None else "a number is required"


def number(text: str) -> float | None:
    """Return the number that Terraform reads in a text, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and text == text.strip() and "_" not in text else None


def _not_a_bool(text: str) -> str:
    if text in _BOOLEANS:
        return ""
    if text.lower() in ("true", "false"):
        return f'a bool is required; to convert from string, use lowercase "{text.lower()}"'
    return "a bool is required"


def _first(reasons: Any) -> str:
    return next(iter(reasons), "")
