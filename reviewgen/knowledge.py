"""The tables of knowledge: a broken one is an error when a review begins, with file and line, not when somebody first asks for the entry.

A table is read whole when it has changed since it was last found sound, as Python compiles a module anew: what was sound is kept by size and
time of change in ``__pycache__``. Where Python does not write its compiled modules, nothing is kept either; where nothing was ever kept, an
entry that is wrong is told when it is asked for.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from reviewgen import resources

_KEPT = "tables.json"
TABLES = (
    "diff/sets.toml",
    "requirements/tables/counts.toml",
    "requirements/tables/everywhere.toml",
    "requirements/tables/opposites.toml",
    "requirements/tables/prohibitions.toml",
    "requirements/tables/values.toml",
    "requirements/tables/vocabulary/",
    "requirements/prompt/wording.toml",
    "review/diagnostics/diagnosed.toml",
    "review/diagnostics/meant.toml",
    "review/issues/advised.toml",
    "rules/changes/groups.toml",
    "rules/changes/protections.toml",
    "rules/tables/",
    "score/services.toml",
)
"""The tables, and folders of tables, below the package; rubrics and the words of documents are compiled whole by whoever reads them."""


@cache
def verify() -> None:
    """Read all tables that have changed whole.

    Raises:
        DataError: One is broken; names file and line.
    """
    verified(resources.PACKAGE, TABLES, readers)


def verified(folder: Path, tables: Iterable[str], whole: Callable[[], Mapping[str, Callable[[], object]]]) -> None:
    """Read the tables below a folder whole that have changed since they were last found sound.

    Args:
        folder: Where the tables are, and where it is kept which were found sound.
        tables: Their paths below it; one that ends with a stroke is a folder of tables.
        whole: Gives what reads each of ``tables`` whole; called only when one has changed, as it imports a lot.

    Raises:
        DataError: One is broken.
    """
    place = resources.kept(folder, _KEPT)
    sound = None
    with contextlib.suppress(OSError, ValueError):
        sound = json.loads(place.read_bytes())
    if not isinstance(sound, dict):
        if sys.dont_write_bytecode:
            return
        sound = {}
    now = {name: _signature(f"{folder}/{name}") for name in tables}
    changed = [name for name, signature in now.items() if sound.get(name) != signature]
    if changed:
        read = whole()
        for name in changed:
            read[name]()
        resources.keep(place, json.dumps(now).encode())


def _signature(path: str) -> list[list[object]]:
    """Return name, size and time of change of a table, or of each in a folder."""
    if not path.endswith("/"):
        status = os.stat(path)
        return [["", status.st_size, status.st_mtime_ns]]
    with os.scandir(path) as entries:
        stats = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".toml")]
    return sorted([name, status.st_size, status.st_mtime_ns] for name, status in stats)


def readers() -> Mapping[str, Callable[[], object]]:
    """Return what reads each table whole."""
    from reviewgen.diff.values import sets
    from reviewgen.requirements.prompt.wording import wording
    from reviewgen.requirements.tables.capability import capabilities
    from reviewgen.requirements.tables.count import counts
    from reviewgen.requirements.tables.everywhere import everywhere
    from reviewgen.requirements.tables.opposite import opposites
    from reviewgen.requirements.tables.prohibition import prohibitions
    from reviewgen.requirements.tables.value import values
    from reviewgen.review.diagnostics.diagnosed import kinds
    from reviewgen.review.diagnostics.meant import rows as meant
    from reviewgen.review.issues.advised import classes
    from reviewgen.rules import tables
    from reviewgen.rules.changes.table import groups, themes
    from reviewgen.score.services import table as services

    return {
        "diff/sets.toml": sets,
        "requirements/tables/counts.toml": lambda: list(counts().values()),
        "requirements/tables/everywhere.toml": lambda: list(everywhere().values()),
        "requirements/tables/opposites.toml": lambda: list(opposites().values()),
        "requirements/tables/prohibitions.toml": lambda: list(prohibitions().values()),
        "requirements/tables/values.toml": lambda: list(values().values()),
        "requirements/tables/vocabulary/": lambda: list(capabilities().values()),
        "requirements/prompt/wording.toml": wording,
        "review/diagnostics/diagnosed.toml": kinds,
        "review/diagnostics/meant.toml": meant,
        "review/issues/advised.toml": classes,
        "rules/changes/groups.toml": groups,
        "rules/changes/protections.toml": themes,
        "rules/tables/": lambda: [tables.rows(name) for name in tables.COLUMNS],
        "score/services.toml": services,
    }
