"""All texts of a value changed, at any depth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any


def mapped(value: Any, change: Callable[[str], str], kept: frozenset[str] = frozenset()) -> Any:
    """Return a value with all its texts changed but for the keys of mappings, and for what stands in some fields.

    Args:
        value: Texts in tuples, mappings and data classes.
        change: What becomes of a text.
        kept: Names of fields that stay as they are.
    """
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(mapped(item, change, kept) for item in value)
    if isinstance(value, Mapping):
        return {key: mapped(item, change, kept) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{f.name: mapped(getattr(value, f.name), change, kept) for f in fields(value) if f.init and f.name not in kept}
        )
    return value
