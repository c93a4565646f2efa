"""A rubric's file with the lines of its tables and keys, which TOML's own parser does not tell."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from reviewgen import resources
from reviewgen.errors import DataError
from reviewgen.records import dataclass

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*[\"']?([\w.-]+)[\"']?\s*=")


@dataclass(frozen=True)
class Table:
    """A table of a file.

    Attributes:
        path: The file, as messages name it.
        title: What messages call the table; empty for the top of the file.
        values: Its keys.
        line: Line of its header.
        lines: Line of each key.
    """

    path: str
    title: str
    values: Mapping[str, Any]
    line: int
    lines: Mapping[str, int]

    def error(self, message: str, key: str = "", hint: str = "") -> DataError:
        """Return the error that names the place of a key, or of the table."""
        where = f"{self.title}: " if self.title else ""
        return DataError(f"{where}{message}", path=self.path, line=self.lines.get(key, self.line), hint=hint)

    def only(self, known: Collection[str]) -> None:
        """Raise unless all keys are known."""
        for key in self.values:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                raise self.error(f"unknown key {key!r}", key, f"did you mean {near[0]!r}?" if near else f"use {', '.join(known)}")

    def number(self, key: str, low: float, high: float) -> float:
        """Return a number within bounds."""
        value = self._needed(key)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise self.error(f"{key!r} must be a number, not {value!r}", key)
        if not low <= value <= high:
            raise self.error(f"{key!r} must be from {low:g} to {high:g}, not {value}", key)
        return value

    def whole(self, key: str, low: int, high: int) -> int:
        """Return a whole number within bounds."""
        value = self.number(key, low, high)
        if not isinstance(value, int):
            raise self.error(f"{key!r} must be a whole number, not {value}", key)
        return value

    def text(self, key: str, among: Collection[str] = ()) -> str:
        """Return a text that is not empty, one of some when given."""
        value = self._needed(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"{key!r} must be a text", key)
        if among and value not in among:
            raise self.error(f"{key!r} must be one of {', '.join(among)}, not {value!r}", key)
        return value

    def texts(self, key: str, among: Collection[str] = ()) -> tuple[str, ...]:
        """Return a list of texts, each one of some when given."""
        value = self._needed(key)
        if not isinstance(value, list) or not value or not all(isinstance(part, str) for part in value):
            raise self.error(f"{key!r} must be a list of texts", key)
        for part in value:
            if among and part not in among:
                raise self.error(f"{key!r} holds {part!r}, which is none of {', '.join(among)}", key)
        return tuple(value)

    def _needed(self, key: str) -> Any:
        if key not in self.values:
            raise self.error(f"{key!r} is missing", hint=f"add {key} = ...")
        return self.values[key]


class Source:
    """A file of tables."""

    def __init__(self, text: str, path: str, values: Mapping[str, Any]) -> None:
        """Make it of a file's text and what that says; ``path`` is what messages call it."""
        self.path, self.values = path, values
        self._places = list(_places(text))

    @property
    def top(self) -> Table:
        """The keys above all tables."""
        lines: dict[str, int] = {}
        for name, line, keys in self._places:
            lines |= keys if not name else {name: lines.get(name, line)}
        return Table(self.path, "", self.values, 1, lines)

    def table(self, name: str) -> Table:
        """Return the table of a name."""
        value = self.values[name]
        line, keys = next(((line, keys) for found, line, keys in self._places if found == name), (self.top.lines.get(name, 0), {}))
        if not isinstance(value, dict):
            raise DataError(f"{name!r} must be a table", path=self.path, line=line, hint=f"write [{name}] above it")
        return Table(self.path, f"[{name}]", value, line, keys)

    def rows(self, name: str) -> tuple[Table, ...]:
        """Return the tables of a list."""
        value = self.values[name]
        places = [(line, keys) for found, line, keys in self._places if found == name]
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            line = places[0][0] if places else self.top.lines.get(name, 0)
            raise DataError(f"{name!r} must be a list of tables", path=self.path, line=line, hint=f"write [[{name}]] above each")
        known = places if len(places) == len(value) else [(0, {})] * len(value)
        title = f"[[{name}]]"
        return tuple(Table(self.path, title, row, line, keys) for row, (line, keys) in zip(value, known, strict=True))


def read_shipped(file: Path) -> Source:
    """Return the source of a file of the package.

    Raises:
        DataError: It is no TOML.
    """
    return Source(file.read_text("utf-8"), file.name, resources.built(file, "points", dict))


def read(path: Path) -> Source:
    """Return the source of a file.

    Raises:
        DataError: It cannot be read, or is no TOML.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise DataError(f"cannot read the rubric: {error.strerror or error}", path=str(path)) from None
    except UnicodeDecodeError:
        raise DataError("the rubric is no text in UTF-8", path=str(path), hint="save it as UTF-8") from None
    return Source(text, str(path), _parsed(text, str(path)))


def _parsed(text: str, path: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        message = str(error)[: place.start()] if place else str(error)
        raise DataError(f"not valid TOML: {message}", path=path, line=int(place[1]) if place else 0) from None


def _places(text: str) -> Iterator[tuple[str, int, dict[str, int]]]:
    """Yield (name, line, lines of the keys) of each table as it is written; the top's name is empty."""
    name, start = "", 1
    keys: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            yield name, start, keys
            name, start, keys = header[2], number, {}
        elif key := _KEY.match(line):
            keys.setdefault(key[1], number)
    yield name, start, keys
