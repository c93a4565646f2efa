"""One typed configuration: flag before environment before project file before default, each value with where it came from."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from reviewgen.errors import ConfigError

CATEGORIES = ("blocker", "critical", "warning")
_FILE = "reviewgen.toml"
_PROJECT = "pyproject.toml"
_PREFIX = "REVIEWGEN_"


@dataclass(frozen=True)
class Config:
    """Every setting.

    Attributes:
        template: Name of a shipped template, or of one in ``templates``.
        templates: Folder with templates of one's own, searched before the shipped ones; empty for none.
        format: What ``report`` writes to a stream: ``markdown`` or ``json``.
        jobs: Worker processes of ``batch``; 0 for one each processor.
        fail_on: Exit with 1 when an issue of this category or a worse one is open in IDEAL or was found in MODEL; empty for never.
        max_issues: Most numbered issues of a document, 1 to 15.
        rubric: Rubric of the score.
        schemas: Further provider schema bundles, paths relative to the file that names them.
        origins: Where each value came from, by name: ``default``, ``reviewgen.toml``, ``environment``, ``flag`` ...
    """

    template: str = "failures"
    templates: str = ""
    format: str = "markdown"
    jobs: int = 0
    fail_on: str = ""
    max_issues: int = 15
    rubric: str = "failures@1"
    schemas: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)


SETTINGS = tuple(f.name for f in fields(Config) if f.name != "origins")
_TYPES: dict[str, type] = {f: type(getattr(Config(), f)) for f in SETTINGS}
_PATHS = ("templates", "schemas")


def load(start: Path, flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None) -> Config:
    """Return the configuration for work in a folder.

    Args:
        start: Folder from which project files are looked for, upwards.
        flags: Values given on the command line; None means not given.
        environment: Environment variables.

    Raises:
        ConfigError: An unknown key, or a value of the wrong type or range.
    """
    values: dict[str, Any] = {}
    origins = dict.fromkeys(SETTINGS, "default")
    file = find(start)
    if file is not None:
        for name, value in _from_file(file).items():
            values[name], origins[name] = value, file.name
    for name, text in sorted((environment or {}).items()):
        if name.startswith(_PREFIX):
            key = name[len(_PREFIX) :].lower()
            _known(key, "environment", 0)
            values[key], origins[key] = _parsed(key, text), f"environment ({name})"
    for key, value in (flags or {}).items():
        if value is not None:
            values[key], origins[key] = value, "flag"
    for key, value in values.items():
        _check(key, value, origins[key])
    return Config(**values, origins=origins)


def find(start: Path) -> Path | None:
    """Return the nearest ``reviewgen.toml``, or ``pyproject.toml`` with a ``[tool.reviewgen]`` table, from a folder upwards."""
    folder = start.resolve()
    for place in (folder, *folder.parents):
        if (place / _FILE).is_file():
            return place / _FILE
        project = place / _PROJECT
        if project.is_file() and re.search(r"^\[tool\.reviewgen[\].]", project.read_text("utf-8", "replace"), re.MULTILINE):
            return project
    return None


def _from_file(file: Path) -> dict[str, Any]:
    text = file.read_text("utf-8", "replace")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not valid TOML: {error}", path=str(file)) from None
    table = data.get("tool", {}).get("reviewgen", {}) if file.name == _PROJECT else data
    values: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        _known(name, str(file), _line(text, key))
        value = tuple(value) if isinstance(value, list) else value
        values[name] = _relative(file, name, value)
        _check(name, values[name], str(file), _line(text, key))
    return values


def _relative(file: Path, name: str, value: Any) -> Any:
    """Paths in a file are relative to it."""
    if name not in _PATHS or not value:
        return value
    if isinstance(value, tuple):
        return tuple(str(file.parent / v) if isinstance(v, str) else v for v in value)
    return str(file.parent / value) if isinstance(value, str) else value


def _line(text: str, key: str) -> int:
    match = re.search(rf"^\s*{re.escape(key)}\s*=", text, re.MULTILINE)
    return text.count("\n", 0, match.start()) + 1 if match else 0


def _known(name: str, place: str, line: int) -> None:
    if name in SETTINGS:
        return
    near = difflib.get_close_matches(name, SETTINGS, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"known settings: {', '.join(SETTINGS)}"
    raise ConfigError(f"unknown setting {name!r}", path=place, line=line, hint=hint)


def _parsed(name: str, text: str) -> Any:
    """Return an environment variable's text as a value of the setting's type."""
    if _TYPES[name] is int:
        try:
            return int(text)
        except ValueError:
            raise ConfigError(f"{_PREFIX}{name.upper()} must be a whole number, not {text!r}") from None
    return tuple(part for part in text.split(":") if part) if _TYPES[name] is tuple else text


def _check(name: str, value: Any, place: str, line: int = 0) -> None:
    wanted = _TYPES[name]
    if not isinstance(value, wanted) or isinstance(value, bool):
        kind = {"int": "a whole number", "str": "a text", "tuple": "a list of texts"}[wanted.__name__]
        raise ConfigError(f"{name} must be {kind}, not {value!r}", path=place, line=line)
    choices = {"format": ("markdown", "json"), "fail_on": ("", *CATEGORIES)}.get(name)
    if choices and value not in choices:
        shown = ", ".join(c for c in choices if c)
        raise ConfigError(f"{name} must be one of {shown}, not {value!r}", path=place, line=line)
    if name == "max_issues" and isinstance(value, int) and not 1 <= value <= 15:
        raise ConfigError(f"max_issues must be from 1 to 15, not {value}", path=place, line=line)
    if name == "jobs" and isinstance(value, int) and value < 0:
        raise ConfigError(f"jobs must not be negative, but is {value}", path=place, line=line)
