"""The summary document of a run, beside its reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from reviewgen import runs

from .files import digest_of, write
from .journal import Journal
from .results import Result

SUMMARY = "SUMMARY.md"


def summarise(output: Path, results: Sequence[Result], journal: Journal | None = None) -> None:
    """Write the summary of a run that has come to its end. The one that stands there is left alone when it was made of the same reviews.

    Args:
        output: Folder of the run.
        results: All results, sorted by id.
        journal: Says what the summary was made of, and notes what it is made of now; it has an entry for each review.

    Raises:
        InputError: A review cannot be read any more, or the summary cannot be written.
    """
    place = output / SUMMARY
    if journal is None:
        write(place, page(output, results))
        return
    assert journal.header is not None, "a run has a header"
    said = "".join(f"{result.id}\n{_key(journal, result)}\n{result.failure}\n{result.error}\n" for result in results)
    if not journal.header.summary or journal.header.summary != _stamp(said, place):
        write(place, page(output, results))
        journal.header = replace(journal.header, summary=_stamp(said, place))


def page(output: Path, results: Sequence[Result]) -> str:
    """Return the summary of the run in a folder; see ``summarise``."""
    from reviewgen import summary

    failures = [summary.Failure(result.id, result.failure, result.error) for result in results if result.error]
    rows = runs.rows(output, [result.id for result in results if not result.error])
    return summary.page(summary.summarise(rows, failures))


def _key(journal: Journal, result: Result) -> str:
    return "" if result.error else journal.entries[result.id].key


def _stamp(said: str, place: Path) -> str:
    """Return a digest of what a summary was made of and the summary as it is; empty when there is none."""
    try:
        return sha256(f"{digest_of(place)}\n{said}".encode("utf-8", "surrogatepass")).hexdigest()
    except OSError:
        return ""
