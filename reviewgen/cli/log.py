"""``reviewgen batch --format sarif``."""

from __future__ import annotations

import json
from pathlib import Path

from reviewgen import render, runs
from reviewgen.batch.files import LOG, REVIEW, write
from reviewgen.render import sarif

from . import console


def log(output: str) -> None:
    """Write the issues of a run as one SARIF log. Its reviews are read back one by one; places begin with the samples' ids."""
    folder = Path(output)
    ids = list(runs.read(folder))
    write(folder / LOG, sarif.of_reviews((id, render.read(json.loads((folder / id / REVIEW).read_bytes()))) for id in ids))
    console.say(f"SARIF:    {folder / LOG}")
