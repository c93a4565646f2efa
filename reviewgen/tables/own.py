"""The columns that datasets have of their own, kept on disk until they are written beside ours, in another order.

Of Parquet files with the same columns they keep their types. Otherwise they become what JSON can say: a column whose values all are texts,
whole numbers, numbers or truth values is that, and any other holds JSON as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import Any

from reviewgen.sample import Item, Row

from .plain import cleaned, kind, mended, of_batch
from .schema import SAMPLES

_PREFIX = "dataset_"
_JSON = -1


class Own:
    """The rows of datasets by sample; false while there is none. A column whose name is one of ours is called ``dataset_...``."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        """``items``: samples with all that their datasets have in them; they are gone through once."""
        self._file = TemporaryFile()  # noqa: SIM115 - ``close`` closes it
        self._places: dict[str, tuple[int, int, int]] = {}
        self._schemas: list[Any] = []
        for item in items:
            if isinstance(item, Row) and item.own is not None:
                self._take(item.id, item.own)
        self._native = len(self._schemas) == 1 and all(number != _JSON for _, _, number in self._places.values())
        kinds: dict[str, set[str]] = {name: set() for name in self._schemas[0].names} if self._native else self._found_kinds()
        self._kinds = {column: kind(found) for column, found in kinds.items()}
        self._names = _names(self._kinds)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._places)

    def close(self) -> None:
        """Let go of what is kept on disk."""
        self._file.close()

    def plain(self, id: str) -> dict[str, Any]:
        """Return the values of a sample as JSON has them, null for what it lacks."""
        values = self._values(id)
        return {name: values.get(column) for column, name in self._names.items()}

    def fields(self) -> list[Any]:
        """Return the columns as Arrow has them."""
        import pyarrow as pa

        types = {"text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "truth": pa.bool_(), "json": pa.string()}
        native = {field.name: field.type for field in self._schemas[0]} if self._native else {}
        return [pa.field(name, native.get(column) or types[self._kinds[column]]) for column, name in self._names.items()]

    def arrays(self, ids: list[str]) -> list[Any]:
        """Return the columns of some samples as Arrow has them."""
        import pyarrow as pa

        fields = self.fields()
        if self._native:
            empty = pa.RecordBatch.from_arrays([pa.nulls(1, field.type) for field in fields], schema=self._schemas[0])
            table = pa.Table.from_batches([self._batch(id) if id in self._places else empty for id in ids], self._schemas[0])
            return list(table.columns)
        rows = [self._values(id) for id in ids]
        return [
            pa.array([self._as_column(column, row.get(column)) for row in rows], field.type)
            for column, field in zip(self._names, fields, strict=True)
        ]

    def _take(self, id: str, own: Any) -> None:
        number = _JSON
        if isinstance(own, dict):
            data = json.dumps(cleaned(own)).encode()
        else:
            batch = _undictionaried(own)
            if batch.schema not in self._schemas:
                self._schemas.append(batch.schema)
            number, data = self._schemas.index(batch.schema), batch.serialize().to_pybytes()
        self._places[id] = self._file.tell(), len(data), number
        self._file.write(data)

    def _found_kinds(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for id in self._places:
            for column, value in self._values(id).items():
                found.setdefault(column, set()).add(type(value).__name__)
        return found

    def _as_column(self, column: str, value: Any) -> Any:
        if value is None or self._kinds[column] != "json":
            return mended(value)
        return json.dumps(value)

    def _values(self, id: str) -> dict[str, Any]:
        if id not in self._places:
            return {}
        if self._places[id][2] != _JSON:
            return of_batch(self._batch(id))
        values: dict[str, Any] = json.loads(self._data(id))
        return values

    def _batch(self, id: str) -> Any:
        import pyarrow as pa

        return pa.ipc.read_record_batch(pa.py_buffer(self._data(id)), self._schemas[self._places[id][2]])

    def _data(self, id: str) -> bytes:
        start, length, _ = self._places[id]
        self._file.seek(start)
        return self._file.read(length)


def _names(columns: Iterable[str]) -> dict[str, str]:
    """Return what each column is called beside ours."""
    taken = {column.name for column in SAMPLES}
    found: dict[str, str] = {}
    for column in columns:
        name = column
        while name in taken:
            name = _PREFIX + name
        taken.add(name)
        found[column] = name
    return found


def _undictionaried(batch: Any) -> Any:
    """Return a record batch whose columns hold their values themselves, and may be null."""
    import pyarrow as pa

    arrays = [column.dictionary_decode() if pa.types.is_dictionary(column.type) else column for column in batch.columns]
    return pa.RecordBatch.from_arrays(
        arrays, schema=pa.schema([pa.field(name, array.type) for name, array in zip(batch.schema.names, arrays, strict=True)])
    )
