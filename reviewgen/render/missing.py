"""What a template names and there is not: an error that says what is meant, as near as can be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from jinja2 import StrictUndefined
from jinja2.utils import missing

GLOBALS = ("view", "br", "begin", "end", "range", "namespace")


class Missing(StrictUndefined):
    """An undefined value; whatever is done with it is an error."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name = self._undefined_name
        if self._undefined_hint or not isinstance(name, str):
            return super()._undefined_message
        if self._undefined_obj is missing:
            return no_name(name, GLOBALS)
        return no_field(name, type(self._undefined_obj))

    __str__ = __eq__ = __ne__ = __bool__ = __hash__ = __iter__ = __len__ = StrictUndefined._fail_with_undefined_error


def no_name(name: str, names: Iterable[str]) -> str:
    """Say that a template has nothing of a name."""
    return f"there is no {name!r} here{meant(name, names)}"


def no_field(name: str, kind: Any) -> str:
    """Say that something has no field of a name."""
    known = [field.name for field in fields(kind)] if is_dataclass(kind) else []
    return f"{getattr(kind, '__name__', kind)} has no {name!r}{meant(name, known)}"


def meant(name: str, names: Iterable[str]) -> str:
    """Return ``; did you mean 'title'?``, or what there is."""
    import difflib

    known = sorted(names)
    near = difflib.get_close_matches(name, known, 1, 0.5)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; there are: {', '.join(known)}" if known else ""
