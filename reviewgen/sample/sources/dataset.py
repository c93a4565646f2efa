"""A dataset: a file with a sample in each row."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Protocol

from reviewgen.records import dataclass

from ..items import FILES, Row
from . import ids, jsonl, parquet
from .columns import Columns, chosen
from .read import Read


class _Format(Protocol):
    """What a module about one format has; see ``jsonl``."""

    SUFFIXES: tuple[str, ...]

    def names(self, path: Path) -> list[str]: ...
    def rows(self, path: Path, columns: Sequence[str], *, whole: bool) -> Iterator[Read]: ...


_FORMATS: tuple[_Format, ...] = (jsonl, parquet)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A file whose columns are known.

    Attributes:
        path: The file, as the user named it.
        name: What tells it from the other datasets of the batch.
        columns: Which column holds what.
    """

    path: str
    name: str
    columns: Columns

    def rows(self, *, whole: bool = False) -> Iterator[Row]:
        """Yield the rows, in their order; what is no sample says why. ``whole``: with all that the dataset has in them.

        Raises:
            UserError: The file cannot be read any more.
        """
        wanted = [column for column in (getattr(self.columns, f.name) for f in fields(Columns)) if column is not None]
        for read in _format(self.path).rows(Path(self.path), wanted, whole=whole):
            yield self._row(read)

    def place(self, number: int) -> str:
        """Return what a row that is no sample goes by: where it stands. No sample of a dataset has a colon in its id."""
        return f"{self.name}:{number}"

    def broken(self, row: Row, error: str) -> Row:
        """Return a row as one that is no sample."""
        return replace(row, id=self.place(row.number), texts={}, error=error)

    def _row(self, read: Read) -> Row:
        row = Row(self.place(read.number), self.path, read.number, own=read.own)
        if read.error:
            return self.broken(row, read.error)
        if self.columns.id is None:
            id = ids.of_row(self.name, read.number)
        elif not (id := ids.of_value(read.values.get(self.columns.id))):
            return self.broken(row, f"no text and no whole number in the column {self.columns.id!r}")
        texts: dict[str, str] = {}
        for side in FILES:
            column = getattr(self.columns, side)
            text = read.values.get(column) if column is not None else None
            if isinstance(text, str):
                texts[side] = text
            elif text is not None or side != "prompt":
                return self.broken(row, f"no text in the column {column!r}")
        return replace(row, id=id, texts=texts)


def is_dataset(path: str) -> bool:
    """Whether a file is one by its name."""
    return any(path.lower().endswith(format.SUFFIXES) for format in _FORMATS)


def opened(paths: Sequence[str], given: Mapping[str, str]) -> list[Dataset]:
    """Return some datasets with their columns.

    Args:
        paths: The files.
        given: Columns that the user named, by what they hold.

    Raises:
        UserError: A file cannot be read, or lacks a column.
    """
    return [Dataset(path, name, chosen(given, _format(path).names(Path(path)), path)) for path, name in _names(paths).items()]


def _format(path: str) -> _Format:
    return next(format for format in _FORMATS if path.lower().endswith(format.SUFFIXES))


def _names(paths: Sequence[str]) -> dict[str, str]:
    """Return what each dataset goes by: its file's name, or where files have one name the path below the folder that holds them all."""
    plain = {path: Path(path).name for path in paths}
    stems = [Path(name).stem.casefold() for name in plain.values()]
    if len(set(stems)) == len(stems):
        return plain
    places = {path: Path(os.path.abspath(path)) for path in plain}
    top = os.path.commonpath([place.parent for place in places.values()])
    return {path: place.relative_to(top).as_posix() for path, place in places.items()}
