"""Which services a tree uses: the types of its resources by the table ``services.toml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from reviewgen import resources

# Prefixes of providers that are helpers, and (service, beginnings of its types).
_Table = tuple[frozenset[str], tuple[tuple[str, tuple[str, ...]], ...]]


def services(types: Iterable[str]) -> tuple[str, ...]:
    """Return the services that some resource types belong to, by name; helpers such as ``random_id`` belong to none."""
    return tuple(sorted({name for type_ in types if (name := _service(type_))}, key=str.lower))


@cache
def _service(type_: str) -> str:
    utilities, rows = table()
    provider, *rest = type_.split("_")
    if provider in utilities:
        return ""
    named = next((name for name, starts in rows if type_.startswith(starts)), "")
    return named or (rest[0] if provider == "aws" and rest else provider)


@cache
def table() -> _Table:
    """Return the table; DataError when it is not valid."""
    return resources.built(resources.shipped("score/services.toml"), "services", _compiled)


def _compiled(data: Mapping[str, Any]) -> _Table:
    return frozenset(data["utilities"]), tuple((name, tuple(starts)) for name, starts in data["services"].items())
