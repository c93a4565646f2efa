"""``reviewgen config``."""

from __future__ import annotations

import json

from reviewgen.config import SETTINGS

from . import console, exits
from .inputs import settings


def config(format: str) -> int:
    """Show each setting and where it came from; see ``app.config``."""
    found = settings({})
    rows = [(name, getattr(found, name), found.origins[name]) for name in SETTINGS]
    if format == "json":
        values = {name: {"value": list(value) if isinstance(value, tuple) else value, "origin": origin} for name, value, origin in rows}
        console.data(json.dumps(values, indent=2, ensure_ascii=False) + "\n")
        return exits.DONE
    shown = [(name, ":".join(value) if isinstance(value, tuple) else str(value), origin) for name, value, origin in rows]
    widths = [max(len(row[column]) for row in shown) for column in (0, 1)]
    console.data("".join(f"{name:<{widths[0]}} = {value:<{widths[1]}}  # {origin}\n" for name, value, origin in shown))
    return exits.DONE
