"""Diagnostics out of Terraform's machine-readable output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reviewgen.model.diagnostic import Diagnostic, Snippet
from reviewgen.model.source import Position, Range

# Longer texts are no messages that a person reads; a provider may quote a whole response.
MOST_CHARACTERS = 4_000


def from_json(data: Mapping[str, Any]) -> Diagnostic:
    """Return a diagnostic of ``terraform validate -json`` or of a ``-json`` stream; what has another shape is left out."""
    place = data.get("range")
    return Diagnostic(
        "warning" if data.get("severity") == "warning" else "error",
        _text(data.get("summary")),
        _text(data.get("detail")),
        _text(data.get("address")) or None,
        _range(place) if isinstance(place, Mapping) else None,
        _snippet(data.get("snippet")),
    )


def _range(data: Mapping[str, Any]) -> Range | None:
    start, end = data.get("start"), data.get("end")
    if not isinstance(start, Mapping) or not isinstance(data.get("filename"), str):
        return None
    first = _position(start)
    return Range(data["filename"], first, _position(end) if isinstance(end, Mapping) else first)


def _position(data: Mapping[str, Any]) -> Position:
    return Position(max(1, _number(data.get("line"))), max(1, _number(data.get("column"))), _number(data.get("byte")))


def _number(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 1 << 40 else 0


def _snippet(data: object) -> Snippet | None:
    if not isinstance(data, Mapping):
        return None
    return Snippet(_text(data.get("context")) or None, _text(data.get("code")), _number(data.get("start_line")))


def _text(value: object) -> str:
    return value[:MOST_CHARACTERS] if isinstance(value, str) else ""
