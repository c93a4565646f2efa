"""``reviewgen summary``."""

from __future__ import annotations

from pathlib import Path

from reviewgen import runs, summary
from reviewgen.batch.files import write
from reviewgen.batch.journal import Journal

from . import console, exits
from .inputs import STREAM, settings


def summarised(run: str, output: str) -> int:
    """Show the summary of a run; see ``many.summary``."""
    settings()
    journal = Journal(Path(run))
    asked = set(journal.header.samples) if journal.header is not None else set()
    results = (entry.result for id, entry in journal.entries.items() if id in asked)
    failures = [summary.Failure(result.id, result.failure, result.error) for result in results if result.error]
    failed = {failure.id for failure in failures}
    rows = (row for row in runs.rows(Path(run)) if row.id not in failed)
    text = summary.page(summary.summarise(rows, failures))
    if output == STREAM:
        console.data(text)
    else:
        write(Path(output), text)
        console.say(f"summary: {output}")
    return exits.DONE
