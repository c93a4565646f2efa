"""JSON Lines: one object a line. Blank lines count as lines and hold no row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from ..text import MOST_BYTES, readable
from .read import Read

SUFFIXES: tuple[str, ...] = (".jsonl", ".ndjson")
# Three documents as large as documents may be, and as much again for escapes and other columns.
_LONGEST = 6 * MOST_BYTES
_PART = 1 << 20
_LOOKED_AT = 100
_MARK = b"\xef\xbb\xbf"


def names(path: Path) -> list[str]:
    """Return the columns: those of the first hundred rows, in the order in which they come up.

    Raises:
        InputError: The file cannot be read.
    """
    found: dict[str, None] = {}
    for row in islice(rows(path), _LOOKED_AT):
        found |= dict.fromkeys(row.values)
    return list(found)


def rows(path: Path, columns: Sequence[str] = (), *, whole: bool = True) -> Iterator[Read]:
    """Yield the rows; their number is that of the line. All columns are read, whichever are asked for; ``own`` is the object.

    Raises:
        InputError: The file cannot be read.
    """
    with readable(str(path)), path.open("rb") as stream:
        for number, line in _lines(stream):
            found = _object(line)
            yield Read(number, error=found) if isinstance(found, str) else Read(number, found, own=found)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield (number, line) of all lines that are not blank; None for one that is longer than any can be."""
    number = 0
    while line := stream.readline(_LONGEST):
        number += 1
        if number == 1:
            line = line.removeprefix(_MARK)
        if len(line) == _LONGEST and not line.endswith(b"\n"):
            while (part := stream.readline(_PART)) and not part.endswith(b"\n"):
                pass
            yield number, None
        elif line.strip():
            yield number, line


def _object(line: bytes | None) -> dict[str, Any] | str:
    if line is None:
        return f"the line is longer than {_LONGEST >> 20} MB"
    try:
        found = json.loads(line)
    except UnicodeDecodeError:
        return "the line is no UTF-8"
    except json.JSONDecodeError as error:
        return f"the line is no JSON: {error.msg} in column {error.colno}"
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets in brackets
        return f"the line cannot be read as JSON: {error}"
    return found if isinstance(found, dict) else "the line is no JSON object"
