"""Whether a constant fits a type, and in which words Terraform says that it does not.

Values are those of ``reviewgen.hcl.evaluate``: text, numbers, booleans, None, lists, dicts, and ``UNKNOWN`` anywhere. What is unknown fits
every type. The words follow Terraform's type system: first the shape is compared, without the values, then texts are read as numbers and
booleans.
"""

from __future__ import annotations

import math
from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.terraform.schema.types import Type

_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


def mismatch(value: Any, wanted: Type) -> str:
    """Return why a value does not fit a type, as Terraform words it behind "Inappropriate value for attribute"; empty when it fits."""
    return _shape(value, wanted) or _content(value, wanted)


def _shape(value: Any, wanted: Type) -> str:
    """Compare types only, as is done before any value is looked at."""
    if value is UNKNOWN or value is None or wanted.kind == "dynamic":
        return ""
    if wanted.kind == "object" and isinstance(value, dict):
        return _object_shape(value, wanted)
    if wanted.kind in ("list", "set") and isinstance(value, list):
        return _first(f"element {i}: {why}" for i, v in enumerate(value) if (why := _element(v, wanted)))
    if wanted.kind == "map" and isinstance(value, dict):
        return _first(f'element "{k}": {why}' for k, v in sorted(value.items()) if (why := _element(v, wanted)))
    if wanted.kind == "tuple" and isinstance(value, list):
        return ""
    if not wanted.primitive or isinstance(value, list | dict) or not _primitive_fits(value, wanted.kind):
        return f"{_constraint(wanted)} required"
    return ""


def _primitive_fits(value: Any, kind: str) -> bool:
    """Whether Terraform has a conversion between two primitive types: everything to and from text, but not number to bool."""
    if kind == "string" or isinstance(value, str):
        return True
    return isinstance(value, bool) == (kind == "bool")


def _constraint(wanted: Type) -> str:
    return "any type" if wanted.kind == "dynamic" else wanted.friendly


def _element(value: Any, wanted: Type) -> str:
    return _shape(value, wanted.element) if wanted.element is not None else ""


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


def _content(value: Any, wanted: Type) -> str:
    """Read texts as what the type wants."""
    if value is UNKNOWN or value is None:
        return ""
    if wanted.element is not None:
        items = value.values() if isinstance(value, dict) else value
        return _first(why for v in items if (why := _content(v, wanted.element)))
    if wanted.kind == "object":
        return _first(why for n, t in sorted(wanted.attributes.items()) if n in value and (why := _content(value[n], t)))
    if isinstance(value, str):
        return {"number": _not_a_number, "bool": _not_a_bool}.get(wanted.kind, lambda _: "")(value)
    return ""


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
