"""How Terraform shows, below the code of an error, what references are worth."""

from __future__ import annotations

import json
from collections.abc import Iterable

from reviewgen.model.hcl import Attr, Index, Literal, Step
from reviewgen.terraform.schema.types import Type

from .value import Value

_DIGITS = 10


def name(root: str, steps: Iterable[Step]) -> str:
    """Return a reference with its fixed steps: ``var.o.l[0]``."""
    text = root
    for step in steps:
        if isinstance(step, Attr):
            text += f".{step.name}"
        elif isinstance(step, Index) and isinstance(step.key, Literal):
            text += f"[{_compact(step.key.value)}]"
    return text


def statement(value: Value, *, sensitive: bool) -> str:
    """Return what is said of a value: ``is a string``, ``is tuple with 2 elements``; empty when it is not mentioned."""
    if value.sensitive:
        return "has a sensitive value" if sensitive else ""
    if not value.known:
        return f"is a {value.type.friendly}" if value.type.kind != "dynamic" else ""
    if isinstance(value.data, dict) and value.type.kind == "object":
        return f"is {_object(value)}"
    if isinstance(value.data, tuple | dict):
        return f"is {_sized(value.type, len(value.data))}"
    return f"is {_compact(value.data)}"


def _object(value: Value) -> str:
    names = list(value.data)
    if len(names) == 1:
        return f"object with 1 attribute {_compact(names[0])}"
    return f"object with {len(names) or 'no'} attributes"


def _sized(kind: Type, length: int) -> str:
    if not length:
        return f"empty {kind.friendly}"
    return f"{kind.friendly} with {length} element{'s' if length > 1 else ''}"


def _compact(data: object) -> str:
    if data is None or isinstance(data, bool | str):
        return json.dumps(data, ensure_ascii=False)
    return format(data, f".{_DIGITS}g") if isinstance(data, float) else str(data)
