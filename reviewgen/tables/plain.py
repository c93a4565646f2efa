"""Values of datasets as JSON has them."""

from __future__ import annotations

import base64
import datetime
import math
from collections.abc import Collection
from typing import Any

_LARGEST = 1 << 63
_KINDS = {"str": "text", "int": "whole", "float": "number", "bool": "truth"}


def cleaned(value: Any) -> Any:
    """Return a value as JSON has it: no number that is none, bytes in base64, times as ISO 8601, and what else there is as text."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return value if -_LARGEST <= value < _LARGEST else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): cleaned(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(inner) for inner in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else str(value)


def of_batch(batch: Any) -> dict[str, Any]:
    """Return a record batch of one row as JSON has it; what Python cannot tell, such as nanoseconds, is Arrow's text of it."""
    return {name: _value(column) for name, column in zip(batch.schema.names, batch.columns, strict=True)}


def _value(column: Any) -> Any:
    import pyarrow as pa

    try:
        return cleaned(column.to_pylist()[0])
    except (ValueError, OverflowError, pa.ArrowException):
        return column.cast(pa.string()).to_pylist()[0]


def kind(types: Collection[str]) -> str:
    """Return what a column with values of some Python types is: ``text``, ``whole``, ``number``, ``truth``, or else ``json``."""
    found = set(types) - {"NoneType"}
    if found == {"int", "float"}:
        return "number"
    return _KINDS.get(found.pop(), "json") if len(found) == 1 else "json" if found else "text"


def mended(value: Any) -> Any:
    """Return a value whose texts are valid: halves of characters have no place in UTF-8."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return [mended(inner) for inner in value] if isinstance(value, list) else value
