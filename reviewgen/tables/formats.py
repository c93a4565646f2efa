"""Rows to JSON Lines and Parquet, a few at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from .own import Own
from .plain import mended
from .schema import TABLES, VERSION
from .targets import Target

Add = Callable[[str, dict[str, Any]], None]

# Rows of a row group: as many as are in memory at once.
_GROUP = {"samples": 1000, "issues": 5000, "reviews": 100}
_GROUP_OF_TEXTS = 100


@contextmanager
def writer(target: Target, stream: BinaryIO, own: Own | None) -> Iterator[Add]:
    """Give a function that takes (sample, row) and writes it to a stream; all is written when the context ends well."""
    with (_jsonl if target.format == ".jsonl" else _parquet)(target.table, stream, own) as add:
        yield add


@contextmanager
def _jsonl(table: str, stream: BinaryIO, own: Own | None) -> Iterator[Add]:
    columns = [column.name for column in TABLES[table]]

    def add(id: str, row: dict[str, Any]) -> None:
        found = row if table == "reviews" else {name: row.get(name) for name in columns}
        if own is not None:
            found |= own.plain(id)
        stream.write(_line(found))

    yield add


def _line(row: dict[str, Any]) -> bytes:
    try:
        return (json.dumps(row, ensure_ascii=False) + "\n").encode()
    except UnicodeEncodeError:  # halves of characters, which only escapes can tell
        return (json.dumps(row) + "\n").encode()


@contextmanager
def _parquet(table: str, stream: BinaryIO, own: Own | None) -> Iterator[Add]:
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {"text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "truth": pa.bool_(), "texts": pa.list_(pa.string())}
    fields = [pa.field(column.name, kinds[column.kind]) for column in TABLES[table]]
    schema = pa.schema([*fields, *(own.fields() if own else ())], {"reviewgen": f"{table}@{VERSION}"})
    most = _GROUP_OF_TEXTS if own else _GROUP[table]
    waiting: list[tuple[str, dict[str, Any]]] = []

    def flush() -> None:
        arrays = [_array(pa, [row.get(field.name) for _, row in waiting], field.type) for field in fields]
        made = pa.Table.from_arrays([*arrays, *(own.arrays([id for id, _ in waiting]) if own else ())], schema=schema)
        file.write_table(made, row_group_size=most)
        waiting.clear()

    def add(id: str, row: dict[str, Any]) -> None:
        waiting.append((id, row))
        if len(waiting) == most:
            flush()

    with parquet.ParquetWriter(stream, schema, compression="zstd") as file:
        yield add
        if waiting:
            flush()


def _array(pa: Any, values: list[Any], type: Any) -> Any:
    try:
        return pa.array(values, type)
    except UnicodeEncodeError:  # halves of characters have no place in UTF-8
        return pa.array([mended(value) for value in values], type)
