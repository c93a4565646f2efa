"""All samples of a batch, whatever they come from."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from reviewgen.errors import InputError

from ..discover import discover
from ..items import Folder, Item, Row
from .dataset import Dataset, is_dataset
from .dataset import opened as datasets


class Source:
    """Samples, read anew each time one goes through them: folders by id, then the rows of each dataset in their order.

    No two have the same id: of rows with one id the first is the sample, and the others are none.
    """

    def __init__(self, folders: Sequence[Folder], datasets: Sequence[Dataset]) -> None:
        """Nothing but ids is kept of rows."""
        self.folders = folders
        self.datasets = datasets

    def __iter__(self) -> Iterator[Item]:
        """Yield them.

        Raises:
            UserError: A dataset cannot be read any more.
        """
        return self.read()

    def read(self, *, whole: bool = False) -> Iterator[Item]:
        """Yield them, ``whole``: rows with all that the dataset has in them.

        Raises:
            UserError: A dataset cannot be read any more.
        """
        yield from self.folders
        # Some file systems do not tell names apart by the case of their letters.
        seen = {folder.id.casefold(): "a folder" for folder in self.folders} if self.datasets else {}
        for dataset in self.datasets:
            for row in dataset.rows(whole=whole):
                yield row if row.error else _first(row, dataset, seen)


def _first(row: Row, dataset: Dataset, seen: dict[str, str]) -> Row:
    """Return a row, as one that is no sample when its id has been seen."""
    place = dataset.place(row.number)
    first = seen.setdefault(row.id.casefold(), place)
    return row if first == place else dataset.broken(row, f"its id {row.id!r} is that of {first} already")


def opened(paths: Sequence[str], columns: Mapping[str, str] | None = None) -> Source:
    """Return the samples in some folders and datasets.

    Args:
        paths: What ``named.expand`` gave.
        columns: Columns that the user named, by what they hold.

    Raises:
        UserError: One is missing or holds no sample, two folders have the same id, a dataset cannot be read or lacks a column.
    """
    files = [path for path in paths if is_dataset(path) and not os.path.isdir(path)]
    for path in paths:
        if not os.path.lexists(path):
            raise InputError("no such folder or dataset", path=path, hint="give folders that contain samples, *.jsonl or *.parquet")
        if path not in files and not os.path.isdir(path):
            raise InputError("neither a folder nor a dataset", path=path, hint="give folders that contain samples, *.jsonl or *.parquet")
    if columns and not files:
        raise InputError("--column is about datasets, and none is named", hint="give *.jsonl or *.parquet")
    found = discover([Path(path) for path in paths if path not in files])
    return Source([Folder(*each) for each in found], datasets(files, columns or {}))
