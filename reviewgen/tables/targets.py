"""Files that tables are written to: which table, and in which format, their names say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from reviewgen.errors import InputError
from reviewgen.records import dataclass

from .schema import TABLES

_FORMATS = (".jsonl", ".parquet")


@dataclass(frozen=True, slots=True)
class Target:
    """A file: its path, the table and the format (``.jsonl`` or ``.parquet``)."""

    path: str
    table: str
    format: str


def targets(paths: Sequence[str]) -> tuple[Target, ...]:
    """Return what some paths name.

    Raises:
        InputError: A name says no table or no format; or Parquet is asked for, and pyarrow is not installed.
    """
    found = tuple(map(_target, paths))
    for number, path in enumerate(paths):
        if path in paths[:number]:
            raise InputError("it is to be written twice", path=path, hint="give --write once for each file")
    if any(target.format == ".parquet" for target in found):
        from reviewgen.sample.sources import parquet

        parquet.needed(next(target.path for target in found if target.format == ".parquet"))
    return found


def _target(path: str) -> Target:
    name = PurePath(path)
    tables = [table for table in TABLES if table in name.stem.lower()]
    if len(tables) != 1 or name.suffix.lower() not in _FORMATS:
        hint = f"name it after a table and a format: {', '.join(TABLES)}; {', '.join(_FORMATS)}"
        raise InputError("the name does not say what is to be written", path=path, hint=hint)
    return Target(path, tables[0], name.suffix.lower())
