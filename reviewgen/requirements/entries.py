"""Tables of this room (``[[value]]``, ``[[count]]``, ...) to entries, with the place of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from reviewgen import resources
from reviewgen.errors import DataError

T = TypeVar("T")
Row = Mapping[str, Any]


def table(name: str) -> Traversable:
    """Return a shipped table."""
    return files("reviewgen.requirements").joinpath(name)


def entries(file: Traversable, kind: str, build: Callable[[Row], T]) -> Iterator[T]:
    """Yield the entries of a table in its order.

    Raises:
        DataError: It is no such table, or an entry is wrong; with file and line.
    """
    try:
        rows = resources.table(file)[kind]
    except (ValueError, KeyError) as error:
        line = re.search(r"line (\d+)", str(error))
        raise DataError(f"not a table of {kind} entries: {error}", path=file.name, line=int(line[1]) if line else 0) from error
    lines = [n for n, content in enumerate(file.read_text("utf-8").split("\n"), 1) if content.strip() == f"[[{kind}]]"]
    for number, row in zip(lines, rows, strict=True):
        try:
            yield build(row)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            name = f"{kind} {row.get('id', '?')}"
            raise DataError(f"{name}: {error}", path=file.name, line=number, hint="correct this entry") from error


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
