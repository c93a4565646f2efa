"""The table ``opposites.toml``: what a PROMPT cannot ask for at once."""

from __future__ import annotations

from functools import cache

from reviewgen.records import dataclass

from ..prompt.phrases import Phrase, compile_phrase
from .entries import Entries, Row, checked, table

_TABLE = "opposites.toml"
_KEYS = ("id", "one", "other", "says_one", "says_other", "undecided")


@dataclass(frozen=True, slots=True)
class Opposites:
    """Two things of which a PROMPT can ask for one only; ``opposites.toml`` explains the attributes."""

    id: str
    one: tuple[Phrase, ...]
    other: tuple[Phrase, ...]
    says_one: str
    says_other: str
    undecided: tuple[str, ...]


@cache
def opposites() -> Entries[Opposites]:
    """Return the table by id; DataError names the entry that is wrong."""
    return Entries([table(_TABLE)], "opposites", _entry, phrases=("one", "other"))


def _entry(row: Row) -> Opposites:
    checked(row, _KEYS, _KEYS)
    one, other = (tuple(map(compile_phrase, row[key])) for key in ("one", "other"))
    return Opposites(row["id"], one, other, row["says_one"], row["says_other"], tuple(row["undecided"]))
