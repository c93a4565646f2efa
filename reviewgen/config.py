"""One typed configuration: flag before environment before project file before default, each value with where it came from."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import field, fields
from pathlib import Path
from typing import Any

from reviewgen.errors import ConfigError
from reviewgen.records import dataclass

CATEGORIES = ("blocker", "critical", "warning")
"""Categories of issues, the worst first."""

_FILE = "reviewgen.toml"
_PROJECT = "pyproject.toml"
_PREFIX = "REVIEWGEN_"
_TABLE = re.compile(r"^\s*\[\s*tool\s*\.\s*reviewgen\s*[.\]]", re.MULTILINE)


@dataclass(frozen=True)
class Config:
    """Every setting.

    Attributes:
        template: Name of a shipped template or of one in ``templates``, or path of a template file: what has a slash in it or ends with ``.j2``.
        templates: Folder with templates of one's own, searched before the shipped ones; empty for none.
        format: What ``report`` writes to a stream: ``markdown``, ``json`` or ``html``.
        jobs: Worker processes of ``batch``; 0 for one each processor.
        fail_on: Exit with 1 when there is an issue of this category or a worse one; empty for never.
        max_issues: Most numbered issues of a document, 1 to 15.
        rubric: Rubric of the score, by its name and version.
        learning_rubric: Rubric of the learning value.
        rubrics: Further rubrics, or folders of them; one that has the name of a shipped rubric takes its place.
        fail_under: Exit with 1 when the learning value is under this number or not judged; 0 for never.
        schemas: Further provider schema bundles, or folders of them.
        color: Colours in text for people: ``auto`` (on a terminal; ``NO_COLOR`` and ``FORCE_COLOR`` count), ``always`` or ``never``.
        redact: Mask literal secrets in what reviews and documents quote.
        rules_off: Rules that are switched off, by id or slug: ``off`` of the table ``[tool.reviewgen.rules]``.
        rules_category: Categories of rules in place of their own, ``slug=category``; in a file the table ``rules.category``.
        cache: Folder in which reviews are kept for later runs of ``batch``; empty for the user's cache folder, ``off`` for none.
        cache_megabytes: Most that is kept there.
        sample_seconds: Most time that one sample of a batch may take; 0 for no bound.
        sample_megabytes: Most memory that a worker of a batch may have; 0 for no bound.
        origins: Where each value came from, by name: ``default``, ``pyproject.toml:12``, ``REVIEWGEN_JOBS``, ``flag``.
    """

    template: str = "failures-and-corrections"
    templates: str = ""
    format: str = "markdown"
    jobs: int = 0
    fail_on: str = ""
    max_issues: int = 15
    rubric: str = "failures@1"
    learning_rubric: str = "learning-value@1"
    rubrics: tuple[str, ...] = ()
    fail_under: int = 0
    schemas: tuple[str, ...] = ()
    color: str = "auto"
    redact: bool = False
    rules_off: tuple[str, ...] = ()
    rules_category: tuple[str, ...] = ()
    cache: str = ""
    cache_megabytes: int = 1000
    sample_seconds: int = 120
    sample_megabytes: int = 4000
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)


SETTINGS = tuple(f.name for f in fields(Config) if f.name != "origins")
_TYPES: dict[str, type] = {f: type(getattr(Config(), f)) for f in SETTINGS}
_PATHS = ("templates", "schemas", "rubrics", "cache")
_OFF = "off"
_CHOICES = {"format": ("markdown", "json", "html", "sarif"), "fail_on": CATEGORIES, "color": ("auto", "always", "never")}
_RANGES = {
    "max_issues": (1, 15),
    "jobs": (0, 512),
    "fail_under": (0, 10),
    "cache_megabytes": (1, 1_000_000),
    "sample_seconds": (0, 86_400),
    "sample_megabytes": (0, 1_000_000),
}


def load(start: Path, flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None) -> Config:
    """Return the configuration for work in a folder.

    Args:
        start: Folder from which project files are looked for, upwards.
        flags: Values given on the command line; None means not given.
        environment: Environment variables; an empty one counts as not set.

    Raises:
        ConfigError: A file that cannot be read, an unknown key, or a value of the wrong type or range.
    """
    values: dict[str, Any] = {}
    origins = dict.fromkeys(SETTINGS, "default")
    file = find(start)
    if file is not None:
        for name, (value, line) in _from_file(file).items():
            values[name], origins[name] = value, f"{os.path.relpath(file, start)}:{line}" if line else os.path.relpath(file, start)
    for variable, text in sorted((environment or {}).items()):
        if variable.startswith(_PREFIX) and text:
            name = variable[len(_PREFIX) :].lower()
            _known(name, variable)
            values[name], origins[name] = _parsed(name, text, variable), variable
    for name, value in (flags or {}).items():
        if value is not None:
            _check(name, value, f"--{name.replace('_', '-')}")
            values[name], origins[name] = value, "flag"
    return Config(**values, origins=origins)


def template_file(template: str) -> Path | None:
    """Return the file that a template is given by; None where it is given by name."""
    named_by_path = template.endswith(".j2") or "/" in template or os.sep in template
    return Path(template) if named_by_path else None


def find(start: Path) -> Path | None:
    """Return the nearest ``reviewgen.toml``, or ``pyproject.toml`` with a ``[tool.reviewgen]`` table.

    The search goes from a folder upwards and ends with the repository, so that nothing above a clone changes what is done in it.
    """
    folder = start.resolve()
    for place in (folder, *folder.parents):
        if (place / _FILE).is_file():
            return place / _FILE
        project = place / _PROJECT
        if project.is_file() and _TABLE.search(_text(project)):
            return project
        if (place / ".git").exists():
            return None
    return None


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig", "replace")
    except OSError as error:
        raise ConfigError(f"cannot read the file: {error.strerror or error}", path=str(file)) from None


def _from_file(file: Path) -> dict[str, tuple[Any, int]]:
    """Return a file's values, each with its line."""
    import tomllib

    text = _text(file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        message = str(error)[: place.start()] if place else str(error)
        raise ConfigError(f"not valid TOML: {message}", path=str(file), line=int(place[1]) if place else 0) from None
    table = data["tool"]["reviewgen"] if file.name == _PROJECT else data
    values: dict[str, tuple[Any, int]] = {}
    for name, key, value in _settings(table):
        line = _line(text, key, file.name == _PROJECT)
        _known(name, str(file), line)
        if name in values:
            raise ConfigError(f"{name} stands twice", path=str(file), line=line, hint="remove one")
        _check(name, value, str(file), line)
        values[name] = (_from(file.parent, name, value), line)
    return values


def _settings(table: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield (setting, key as written, value); the tables ``rules`` and ``rules.category`` hold settings of their own."""
    for key, value in table.items():
        name = key.replace("-", "_")
        if name == "rules" and isinstance(value, dict):
            for inner, name, given in _settings(value):
                yield f"rules_{inner}", name, given
        elif name == "category" and isinstance(value, dict):
            yield name, key, tuple(f"{rule}={category}" for rule, category in sorted(value.items()))
        else:
            yield name, key, tuple(value) if isinstance(value, list) else value


def _from(folder: Path, name: str, value: Any) -> Any:
    """Return a value of a file with its paths relative to the file's folder."""
    if name == "template":
        return value if template_file(value) is None else str(folder / value)
    if name not in _PATHS or not value or value == _OFF:
        return value
    return tuple(str(folder / path) for path in value) if isinstance(value, tuple) else str(folder / value)


def _line(text: str, key: str, project: bool) -> int:
    """Return the line of a key, 0 when it is written in an unusual way; TOML's own parser does not tell."""
    table = _TABLE.search(text) if project else None
    match = re.compile(rf"^[ \t]*[\"']?{re.escape(key)}[\"']?[ \t]*=", re.MULTILINE).search(text, table.end() if table else 0)
    return text.count("\n", 0, match.start()) + 1 if match else 0


def _known(name: str, place: str, line: int = 0) -> None:
    if name in SETTINGS:
        return
    import difflib

    near = difflib.get_close_matches(name, SETTINGS, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"the settings are {', '.join(SETTINGS)}"
    raise ConfigError(f"unknown setting {name!r}", path=place, line=line, hint=hint)


def _parsed(name: str, text: str, variable: str) -> Any:
    """Return an environment variable's text as a checked value of the setting's type."""
    value: Any = text
    if _TYPES[name] is int and re.fullmatch(r"\s*[+-]?\d{1,9}\s*", text):
        value = int(text)
    elif _TYPES[name] is bool:
        value = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(text.strip().lower(), text)
    elif _TYPES[name] is tuple:
        value = tuple(part for part in text.split(os.pathsep) if part)
    _check(name, value, variable)
    return value


def _check(name: str, value: Any, place: str, line: int = 0) -> None:
    """Raise ConfigError unless a value is of its setting's type, and among its choices or within its range."""
    wanted = _TYPES[name]
    fits = isinstance(value, wanted) and isinstance(value, bool) == (wanted is bool)
    if fits and isinstance(value, tuple):
        fits = all(isinstance(part, str) for part in value)
    if not fits:
        kind = {int: "a whole number", str: "a text", tuple: "a list of texts", bool: "true or false"}[wanted]
        raise ConfigError(f"{name} must be {kind}, not {_shown(value)}", path=place, line=line)
    if name in _CHOICES and value not in _CHOICES[name] and value != getattr(Config, name):
        raise ConfigError(f"{name} must be one of {', '.join(_CHOICES[name])}, not {value!r}", path=place, line=line)
    if name == "rules_category":
        for pair in value:
            if pair.partition("=")[2] not in CATEGORIES:
                raise ConfigError(f"{name} gives {pair!r}, not RULE={'|'.join(CATEGORIES)}", path=place, line=line)
    low, high = _RANGES.get(name, (value, value))
    if not low <= value <= high:
        raise ConfigError(f"{name} must be from {low} to {high}, not {value}", path=place, line=line)


def _shown(value: Any) -> str:
    """Return a value as TOML writes it, near enough for a message."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_shown, value))}]"
    return str(value).lower() if isinstance(value, bool) else repr(value)
