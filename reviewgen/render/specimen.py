"""Views to try a template on: one in which everything is there, one in which the lists hold things that lack all else, an empty one."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from .hygiene import Safe
from .viewmodel import View

SEVERAL = 2


_ALL = 99


def specimens() -> tuple[View, View, View]:
    """Return the three views; their texts are named after their fields, their lists have two items, those that are not empty."""
    full, sparse, empty = (_made(View, depth, "view") for depth in (_ALL, 1, 0))
    return full, sparse, empty


def _made(kind: Any, depth: int, name: str) -> Any:
    """Return a value of a type of the view model that is filled down to a depth; lists in what is deeper are empty, and so are texts."""
    filled = depth > 0
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{field.name: _made(hints[field.name], depth, field.name) for field in fields(kind)})
    if kind is bool:
        return filled
    if kind is int:
        return SEVERAL if filled else 0
    if kind in (str, Safe):
        return kind(name if filled else "")
    if get_origin(kind) is tuple:
        return tuple(_made(get_args(kind)[0], depth - 1, name) for _ in range(SEVERAL if filled else 0))
    if get_origin(kind) in (Union, types.UnionType):
        return _made(get_args(kind)[0], depth, name) if filled else None
    raise TypeError(f"no value of type {kind} is in the view model")
