"""The tool's own data files: where they are, and what is compiled from them, kept as Python keeps its compiled modules.

What has been compiled from a shipped file is kept in ``__pycache__`` beside it, under the digest of the text that it was compiled from, so
that it can never be stale. Where Python does not write its compiled modules (``-B``, a place without permission), nothing is written either.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from reviewgen.errors import DataError

T = TypeVar("T")
PACKAGE = Path(__file__).resolve().parent


def templates() -> Path:
    """Return the folder of the shipped Jinja templates."""
    inside = PACKAGE / "templates"
    return inside if inside.is_dir() else PACKAGE.parent / "templates"


def shipped(path: str) -> Path:
    """Return a file or folder of the package: importlib.resources finds them in archives, too, but imports a dozen modules for that."""
    return PACKAGE / path


def table(file: Path) -> dict[str, Any]:
    """Return the content of a TOML file; one of the package is parsed once, and kept as JSON, which is read in a fraction of the time.

    Raises:
        tomllib.TOMLDecodeError: It is no TOML.
    """
    text = file.read_text("utf-8")
    if not file.is_relative_to(PACKAGE):
        return _parsed(text)
    place, digest = kept(file.parent, file.name + ".json"), _digest(text)
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        stored = json.loads(place.read_bytes(), object_hook=_dated)
        if stored["digest"] == digest:
            content: dict[str, Any] = stored["content"]
            return content
    content = _parsed(text)
    keep(place, json.dumps({"digest": digest, "content": content}, default=_undated).encode())
    return content


def built(file: Path, kind: str, build: Callable[[dict[str, Any]], T]) -> T:
    """Return what ``build`` makes of a table.

    Args:
        file: The table.
        kind: What it is a table of, for the message.
        build: ValueError, KeyError, TypeError and re.error of it say what is wrong with the table.

    Raises:
        DataError: It is no such table; names the file, and the line where TOML's reader or a pattern tells one.
    """
    try:
        return build(table(file))
    except _RowError as error:
        line = row_line(file, error.kind, error.number)
        raise DataError(f"{error.kind} {error.name}: {error}", path=file.name, line=line, hint="correct this entry") from error
    except (ValueError, KeyError, TypeError, re.error) as error:
        raise DataError(f"not a table of {kind}: {_said(error)}", path=file.name, line=_line(error, file)) from error


class _RowError(ValueError):
    """A row that is wrong: the kind of its table, as which of its kind it stands there, its id or name if it has one."""

    def __init__(self, message: str, kind: str, number: int, name: str) -> None:
        super().__init__(message)
        self.kind, self.number, self.name = kind, number, name


def each(table: Mapping[str, Any], kind: str, build: Callable[[dict[str, Any]], T]) -> tuple[T, ...]:
    """Return what ``build`` makes of each ``[[kind]]`` of a table, within the ``build`` of ``built``: where a row is wrong, its line is said."""
    found = []
    for number, row in enumerate(table[kind]):
        try:
            found.append(build(row))
        except (ValueError, KeyError, TypeError, AttributeError, re.error) as error:
            raise _RowError(_said(error), kind, number, str(row.get("id") or row.get("name") or "?")) from error
    return tuple(found)


def row_line(file: Path, kind: str, number: int) -> int:
    """Return the line on which a table's ``[[kind]]`` begins, the first one having the number 0; the first line where there is none."""
    lines = [n for n, content in enumerate(file.read_text("utf-8").split("\n"), 1) if content.partition("#")[0].strip() == f"[[{kind}]]"]
    return lines[number] if number < len(lines) else 1


def _said(error: Exception) -> str:
    return f"missing key {error}" if isinstance(error, KeyError) else str(error)


def _line(error: Exception, file: Path) -> int:
    """Return the line that an error is about: the one that TOML's reader tells, that of a broken pattern, else the first."""
    if match := re.search(r"line (\d+)", str(error)) if not isinstance(error, re.error) else None:
        return int(match[1])
    for number, content in enumerate(file.read_text("utf-8").split("\n"), 1):
        for text in re.findall(r"'([^']*)'", content) if isinstance(error, re.error) else ():
            try:
                re.compile(text)
            except re.error:
                return number
    return 1


def kept(folder: Path, name: str) -> Path:
    """Return where something compiled from a file of a folder is kept."""
    return folder / "__pycache__" / name


def keep(place: Path, data: bytes) -> None:
    """Write something compiled, whole or not at all; where that is not possible it will be compiled again next time."""
    if sys.dont_write_bytecode:
        return
    part = place.with_name(f"{place.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        place.parent.mkdir(exist_ok=True)
        part.write_bytes(data)
        part.replace(place)


def _parsed(text: str) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(text)


def _digest(text: str) -> str:
    from hashlib import sha256

    return sha256(text.encode()).hexdigest()


def _undated(value: object) -> dict[str, str]:
    """Return what stands for a date, the only kind of value of our tables that JSON lacks."""
    if type(value) is not date:
        raise TypeError(f"a table of the package has dates, but no {type(value).__name__}")
    return {"$date": value.isoformat()}


def _dated(value: dict[str, Any]) -> Any:
    return date.fromisoformat(value["$date"]) if "$date" in value else value
