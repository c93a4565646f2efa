"""What a provider checks of values at validate time: the table of measured facts, decoded type by type.

The table is text, gzipped: a JSON header, then one line for each type that has checks: ``resource.aws_vpc``, a tab, and a JSON object that maps
schema paths to rows. A row is a kind with its arguments (see ``predicates`` and ``combinations``); lists of allowed values are shared through the
header. How the rows were measured stands in the header, and in ``docs`` of the row kinds.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from reviewgen.errors import DataError

FOLDER = Path(__file__).parent.parent / "tables"
FORMAT = 1

ANYWHERE = "*."
"""Begin of a path that stands for every argument of that name in a block of that name (``*.text_transformation.priority``): in types such as
``aws_wafv2_web_acl`` the same body stands in thousands of places."""

Row = tuple[Any, ...]
Rows = Mapping[str, tuple[Row, ...]]


class Facts:
    """The facts about one provider.

    Attributes:
        source: Source address of the provider.
        version: Version that they were measured with.
        provenance: How they were measured, a sentence for the notices.
        lists: Lists of allowed values, which rows name by number.
    """

    def __init__(self, header: Mapping[str, Any], lines: list[str]) -> None:
        """Keep the lines undecoded."""
        self.source: str = header["source"]
        self.version: str = header["version"]
        self.provenance: str = header.get("provenance", "")
        self.lists: tuple[tuple[str, ...], ...] = tuple(tuple(values) for values in header["lists"])
        self._lines = dict(line.split("\t", 1) for line in lines)
        self._rows: dict[str, Rows] = {}

    def rows(self, kind: str, name: str) -> Rows:
        """Return the rows of a type by schema path; ``kind`` is ``resource`` or ``data``."""
        key = f"{kind}.{name}"
        found = self._rows.get(key)
        if found is None:
            raw = json.loads(self._lines.get(key, "{}"))
            found = self._rows[key] = {path: tuple(tuple(row) for row in rows) for path, rows in raw.items()}
        return found

    def of(self, kind: str, name: str, path: str) -> tuple[Row, ...]:
        """Return the rows of one argument or body."""
        rows = self.rows(kind, name)
        return rows.get(path) or rows.get(ANYWHERE + ".".join(path.split(".")[-2:]), ())

    @property
    def types(self) -> tuple[str, ...]:
        """Every type that has rows, ``resource.aws_vpc``, sorted."""
        return tuple(sorted(self._lines))


def read(path: Path) -> Facts:
    """Read a table.

    Raises:
        DataError: It cannot be read, or has another format.
    """
    try:
        head, *lines = gzip.decompress(path.read_bytes()).decode("utf-8").rstrip("\n").split("\n")
        header = json.loads(head)
        if header["format"] != FORMAT:
            raise DataError(
                f"the table of facts has format {header['format']}, this version reads {FORMAT}", path=str(path), hint="Reinstall"
            )
        return Facts(header, lines)
    except (OSError, EOFError, zlib.error, ValueError, KeyError) as error:
        raise DataError(f"the table of facts cannot be read: {error}", path=str(path), hint="Reinstall reviewgen") from error


def render(source: str, version: str, lists: list[list[str]], types: Mapping[str, Mapping[str, list[list[Any]]]], provenance: str) -> bytes:
    """Return the bytes of a table; the same facts give the same bytes."""
    header = {"format": FORMAT, "source": source, "version": version, "provenance": provenance, "lists": lists}
    lines = [json.dumps(header, separators=(",", ":"), ensure_ascii=False, sort_keys=True)]
    lines += [
        f"{name}\t{json.dumps(rows, separators=(',', ':'), ensure_ascii=False, sort_keys=True)}" for name, rows in sorted(types.items())
    ]
    return gzip.compress("\n".join([*lines, ""]).encode(), 9, mtime=0)


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Facts]:
    """Return the shipped tables by source address of the provider."""
    tables = (read(path) for path in sorted(FOLDER.glob("*.facts.gz")))
    return {table.source: table for table in tables}
