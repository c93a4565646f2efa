"""Secrets in what a review quotes: whether there are any, and the same review without them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any, TypeVar

from .mapped import mapped

MASK = "********"
# A word of fewer small letters may stand in any text.
_BY_CHANCE = 12

T = TypeVar("T")


def quoted(value: Any, secrets: Iterable[str]) -> int:
    """Return how many of some secrets stand in the texts of a value, at any depth."""
    texts = "\n".join(_texts(value))
    return sum(_pattern(secret).search(texts) is not None for secret in secrets)


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
        if secret in text:
            text = _pattern(secret).sub(MASK, text)
    return text


@lru_cache(maxsize=256)
def _pattern(secret: str) -> re.Pattern[str]:
    """Return what finds a secret as it stands: ``test`` is no part of ``latest``, and no word of a sentence either, but a value of its own.

    A longer one, or one with more than small letters in it, stands nowhere by chance, and may be a part of a longer text.
    """
    if len(secret) < _BY_CHANCE and secret.isalpha() and secret.islower():
        return re.compile(rf"""(?:(?<=["'=:@`])|(?<=[=:] )){re.escape(secret)}(?![\w-])""")
    return re.compile(re.escape(secret))
