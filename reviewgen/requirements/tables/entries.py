"""Tables of this room (``[[value]]``, ``[[count]]``, ...) as entries by their id, with the place of what is wrong."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from reviewgen import resources
from reviewgen.errors import DataError

from ..prompt.phrases import heads

T = TypeVar("T")
Row = Mapping[str, Any]


class _Place(NamedTuple):
    """Where a row stands: as which of its kind in which file."""

    file: Path
    number: int


class Entries(Mapping[str, T]):
    """The entries of some tables in their order; each is built when it is first asked for, as a PROMPT asks for few of many.

    Wherever an entry is wrong, ``DataError`` names file and line.
    """

    def __init__(
        self,
        tables: Iterable[Path],
        kind: str,
        build: Callable[[Row], T],
        *,
        id: str = "id",
        phrases: Collection[str] = ("ask",),
    ) -> None:
        """Read the tables.

        Args:
            tables: Files with ``[[kind]]`` tables.
            kind: What they are called.
            build: Makes an entry of a row; ValueError says what is wrong with it.
            id: Key of an entry's id.
            phrases: Keys of the phrases by which a text asks for an entry.

        Raises:
            DataError: They are no such tables, or two entries have one id.
        """
        self._kind, self._build, self._phrases = kind, build, phrases
        self._rows: dict[str, Row] = {}
        self._places: dict[str, _Place] = {}
        self._built: dict[str, T] = {}
        for file in tables:
            for number, row in enumerate(_rows(file, kind)):
                name, place = row.get(id, "?"), _Place(file, number)
                if name in self._rows:
                    raise self._error("there is another one with this id", name, place)
                self._rows[name], self._places[name] = row, place

    def __getitem__(self, id: str) -> T:
        if id not in self._built:
            try:
                self._built[id] = self._build(self._rows[id])
            except (ValueError, TypeError, AttributeError, KeyError, re.error) as error:
                if id not in self._rows:
                    raise
                raise self._error(str(error), id, self._places[id]) from error
        return self._built[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def asked(self, beginnings: Iterable[str]) -> Iterator[T]:
        """Yield the entries that a text may ask for: those with a phrase that begins as the text has it (``phrases.beginnings``)."""
        ids = {id for beginning in beginnings for id, _ in self.begun.get(beginning, ())}
        yield from (self[id] for id in self.ordered(ids))

    def ordered(self, ids: Iterable[str]) -> list[str]:
        """Return some ids in the order of the tables."""
        return sorted(ids, key=self._numbers.__getitem__)

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {id: number for number, id in enumerate(self._rows)}

    @cached_property
    def begun(self) -> Mapping[str, list[tuple[str, str]]]:
        """(id, phrase) of the phrases by what they can begin with."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for id, row in self._rows.items():
            for phrase in (phrase for key in self._phrases for phrase in row.get(key, ())):
                for head in sorted(heads(phrase)):
                    found[head].append((id, phrase))
        return found

    def _error(self, message: str, id: str, place: _Place) -> DataError:
        line = resources.row_line(place.file, self._kind, place.number)
        return DataError(f"{self._kind} {id}: {message}", path=place.file.name, line=line, hint="correct this entry")


def table(name: str) -> Path:
    """Return a shipped table."""
    return resources.shipped(f"requirements/tables/{name}")


def checked(row: Row, required: Collection[str], known: Collection[str]) -> Row:
    """Return a row that has what it must have and nothing that nobody reads.

    Raises:
        ValueError: It has not.
    """
    if missing := [key for key in required if key not in row]:
        raise ValueError(f"missing keys: {missing}")
    if unknown := sorted(set(row) - set(known)):
        raise ValueError(f"unknown keys: {unknown}")
    return row


def _rows(file: Path, kind: str) -> list[Row]:
    rows: list[Row] = resources.built(file, f"{kind} entries", itemgetter(kind))
    return rows
