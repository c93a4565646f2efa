"""Secrets in what a review quotes: whether there are any, and the same review without them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from .mapped import mapped

MASK = "********"

T = TypeVar("T")


def quoted(value: Any, secrets: Iterable[str]) -> int:
    """Return how many of some secrets stand in the texts of a value, at any depth."""
    texts = "\n".join(_texts(value))
    return sum(secret in texts for secret in secrets)


def redacted(value: T, secrets: Iterable[str]) -> T:
    """Return a value with the secrets in all its texts masked, the longest first."""
    known = tuple(secrets)
    result: T = mapped(value, lambda text: _masked(text, known)) if known else value
    return result


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Mapping):
        yield from _texts(tuple(value.values()))
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


def _masked(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text
