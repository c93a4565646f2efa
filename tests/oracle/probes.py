"""The values that arguments are probed with: texts and numbers that stand at the borders of what providers usually check."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reviewgen.terraform.schema.types import Type
from reviewgen.terraform.validate.measured.facts import Row

_PROBES = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
TEXTS = (*_PROBES["texts"], *("a" * length for length in _PROBES["lengths"]))
NUMBERS = tuple(_PROBES["numbers"])


def pool(kind: Type, rows: tuple[Row, ...], lists: tuple[tuple[str, ...], ...]) -> list[Any]:
    """Return the probes of one argument, without doubles: the usual ones, and those at the borders of the rows known of it."""
    inner = kind.element if kind.kind in ("list", "set") and kind.element is not None else kind
    own = [value for row in rows for value in borders(row, lists)]
    if inner.kind == "number":
        values: list[Any] = [*(int(float(v)) for v in own if _numeric(v) and abs(float(v)) < 1 << 53), *NUMBERS]
    elif inner.kind == "string":
        values = [*own, *TEXTS, *(str(n) for n in NUMBERS if any(row[0] in ("range", "number", "min", "max") for row in rows))]
    else:
        return []
    unique = list(dict.fromkeys(values))
    return [[v] for v in unique] if inner is not kind else unique


def borders(row: Row, lists: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    """Yield values on both sides of what a row allows."""
    kind = row[0]
    if kind == "any":
        for alternative in row[1:]:
            for part in alternative:
                yield from borders(part, lists)
    elif kind in ("enum", "fw_enum", "fw_one_of"):
        allowed = lists[row[2]]
        for value in dict.fromkeys((*allowed[:6], *allowed[-2:])):
            yield from (value, value.lower(), value.upper())
    elif kind in ("range", "min", "max", "above", "fw_range"):
        for bound in row[2:4]:
            if bound is not None and _numeric(str(bound)):
                yield from (str(int(float(bound)) + step) for step in (-1, 0, 1))
    elif kind in ("length", "minlength", "maxlength", "fw_length"):
        for bound in row[-2:]:
            if isinstance(bound, int) and bound < 20000:
                yield from ("a" * max(bound + step, 0) for step in (-1, 0, 1))


def _numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
