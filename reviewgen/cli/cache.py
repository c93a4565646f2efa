"""``reviewgen cache``."""

from __future__ import annotations

import json
from dataclasses import asdict

from reviewgen.batch import cache
from reviewgen.errors import InputError

from . import console, exits
from .inputs import settings


def info(format: str) -> int:
    """Show what is kept; see ``app.cache_info``."""
    found = _cache().info()
    if format == "json":
        console.data(json.dumps(asdict(found), indent=2) + "\n")
    else:
        console.data(f"folder: {console.plain(found.folder)}\nentries: {found.entries}\n")
        console.data(f"size: {found.size / 1e6:.1f} of {found.most / 1e6:.0f} MB\n")
    return exits.DONE


def clear() -> int:
    """Remove what is kept; see ``app.cache_clear``."""
    number = _cache().clear()
    console.say(f"{number} {'entry' if number == 1 else 'entries'} removed")
    return exits.DONE


def _cache() -> cache.Cache:
    found = cache.of(settings())
    if found is None:
        raise InputError("the cache is switched off", hint="set `cache` to a folder, or leave it out")
    return found
