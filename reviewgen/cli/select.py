"""``reviewgen select``."""

from __future__ import annotations

from pathlib import Path

from reviewgen import runs
from reviewgen.batch.files import write

from . import console, exits
from .inputs import STREAM, settings


def select(run: str, wish: runs.Wish, others: bool, output: str, strict: bool) -> int:
    """Write the ids of the samples of a run that fit; see ``app.select``."""
    settings()
    found = runs.read(Path(run))
    chosen = list(runs.select(found.values(), wish, others=others))
    text = "".join(f"{id}\n" for id in chosen)
    if output == STREAM:
        console.data(text)
    else:
        write(Path(output), text)
    console.say(f"{len(chosen)} of {len(found)} samples fit")
    return exits.GATE if strict and chosen else exits.DONE
