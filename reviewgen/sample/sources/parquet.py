"""Parquet, by pyarrow, which is an extra: it is imported when a dataset is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reviewgen.errors import InputError, UserError

from ..text import readable
from .read import Read

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyarrow.parquet import ParquetFile

SUFFIXES: tuple[str, ...] = (".parquet",)
# Rows that are in memory at once, and how much of a column is read ahead: a row group may be as large as the file.
_TOGETHER = 32
_READ_AHEAD = 1 << 20


def names(path: Path) -> list[str]:
    """Return the columns.

    Raises:
        UserError: The file cannot be read, is no whole Parquet file, or pyarrow is not installed.
    """
    with _opened(path) as file:
        return list(file.schema_arrow.names)


def rows(path: Path, columns: Sequence[str], *, whole: bool) -> Iterator[Read]:
    """Yield the rows, counted from 1; those behind a place of a row group that cannot be read are broken.

    Args:
        path: The file.
        columns: Those that are wanted as values.
        whole: Whether ``own`` is wanted, too: a record batch of one row.

    Raises:
        UserError: As for ``names``.
    """
    with _opened(path) as file:
        first = 1
        for group in range(file.metadata.num_row_groups):
            end = first + file.metadata.row_group(group).num_rows
            for batch in _batches(file, group, None if whole else list(columns)):
                values = {column: batch.column(column).to_pylist() for column in columns}
                for at in range(batch.num_rows):
                    row = {column: all_[at] for column, all_ in values.items()}
                    yield Read(first + at, row, own=batch.slice(at, 1) if whole else None)
                first += batch.num_rows
            for number in range(first, end):
                yield Read(number, error="the row cannot be read: the file is damaged")
            first = end


def _batches(file: ParquetFile, group: int, columns: list[str] | None) -> Iterator[RecordBatch]:
    """Yield a few rows of a group at a time, up to where it is damaged."""
    from pyarrow import ArrowException

    # Without threads: worker processes are copies of this one, which is safe as long as no other thread of it is at work.
    batches = file.iter_batches(_TOGETHER, [group], columns, use_threads=False)
    while True:
        try:
            batch = next(batches, None)
        except (ArrowException, OSError):
            return
        if batch is None:
            return
        yield batch


def needed(path: str) -> None:
    """Raise UserError when pyarrow is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise UserError(
            "Parquet is read and written by pyarrow, which is not installed", path=path, hint="pip install 'reviewgen[parquet]'"
        ) from None


@contextmanager
def _opened(path: Path) -> Iterator[ParquetFile]:
    needed(str(path))
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    with readable(str(path)), path.open("rb") as stream:
        try:
            file = ParquetFile(stream, buffer_size=_READ_AHEAD, pre_buffer=False)
        except (ArrowException, OSError) as error:
            said = str(error).split("\n")[0].rstrip(".")
            raise InputError(
                f"this is no whole Parquet file: {said}", path=str(path), hint="it may have been cut short; fetch it again"
            ) from None
        yield file
