"""What a curator decides about issues: ``review.overrides.toml`` beside a sample.

[[override]]
issue = "RG204:aws_route53_record.primary"   # the fingerprint in review.json
dismiss = true                               # or category = "warning", title = "...", note = "..."
reason = "The zone belongs to another stack."
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reviewgen.errors import InputError
from reviewgen.model.source import Override

from .text import read_text

NAME = "review.overrides.toml"
_CATEGORIES = ("blocker", "critical", "warning")
_TYPES = {"issue": str, "reason": str, "dismiss": bool, "category": str, "title": str, "note": str}
_DECISIONS = ("dismiss", "category", "title", "note")


def read_overrides(path: Path) -> tuple[Override, ...]:
    """Return the overrides of a file in its order.

    Raises:
        InputError: The file cannot be read, is no TOML, or has an entry that decides nothing or something unknown.
    """
    import tomllib

    if not path.is_file():
        raise InputError("no such file", path=str(path), hint="give the path of a file with [[override]] entries")
    text, _ = read_text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise InputError(f"this is no TOML: {error}", path=str(path), line=int(line[1]) if line else 0, hint="correct it") from error
    if unknown := sorted(set(data) - {"override"}):
        raise InputError(f"unknown key {unknown[0]!r}", path=str(path), hint="a file of overrides holds [[override]] entries only")
    rows = data.get("override", [])
    if not isinstance(rows, list):
        raise InputError("`override` is no list", path=str(path), hint="write [[override]] above each entry")
    lines = [n for n, line in enumerate(text.split("\n"), 1) if line.strip().startswith("[[")]
    found = tuple(_override(row, path, lines[n] if n < len(lines) else 0) for n, row in enumerate(rows))
    for n, override in enumerate(found):
        if any(other.issue == override.issue for other in found[:n]):
            raise InputError(f"two overrides of {override.issue!r}", path=str(path), line=lines[n], hint="join them")
    return found


def _override(row: Mapping[str, Any], path: Path, line: int) -> Override:
    def wrong(message: str, hint: str) -> InputError:
        return InputError(message, path=str(path), line=line, hint=hint)

    for key, value in row.items():
        if key not in _TYPES:
            raise wrong(f"unknown key {key!r}", f"use {', '.join(_TYPES)}")
        if type(value) is not _TYPES[key]:
            raise wrong(f"{key!r} must be a {'text' if _TYPES[key] is str else 'boolean'}", "correct its value")
    for key in ("issue", "reason"):
        if not str(row.get(key, "")).strip():
            raise wrong(f"an override needs {key!r}", "name the issue by its fingerprint in review.json, and say why")
    if not any(row.get(key) for key in _DECISIONS):
        raise wrong("the override decides nothing", f"give one of {', '.join(_DECISIONS)}")
    if row.get("dismiss") and (more := [key for key in _DECISIONS[1:] if row.get(key)]):
        raise wrong(f"the override dismisses the issue and gives it a {more[0]}", "what is dismissed is not shown: keep one of the two")
    if row.get("category", _CATEGORIES[0]) not in _CATEGORIES:
        raise wrong(f"category {row['category']!r} is none of {', '.join(_CATEGORIES)}", "correct its value")
    return Override(
        row["issue"], row["reason"], row.get("dismiss", False), row.get("category", ""), row.get("title", ""), row.get("note", "")
    )
