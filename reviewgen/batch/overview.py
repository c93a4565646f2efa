"""The summary document of a run, beside its reviews."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from reviewgen import runs

from . import keys
from .cache import Cache, Kept
from .files import digest_of, encoded, write, write_bytes
from .journal import Journal
from .results import Result

SUMMARY = "SUMMARY.md"


def summarise(output: Path, results: Sequence[Result], journal: Journal | None = None, cache: Cache | None = None) -> None:
    """Write the summary of a run that has come to its end. The one that stands there is left alone when it was made of the same reviews.

    Args:
        output: Folder of the run.
        results: All results, sorted by id.
        journal: Says what the summary was made of, and notes what it is made of now; it has an entry for each review.
        cache: Keeps the summaries of runs by what they were made of.

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
        write_bytes(place, _kept(keys.basis(journal.header.common) + said, cache, lambda: page(output, results)))
        journal.header = replace(journal.header, summary=_stamp(said, place))


def _kept(said: str, cache: Cache | None, made: Callable[[], str]) -> bytes:
    """Return the summary that is kept of what it is made of, or make and keep it: to read all reviews takes longer than to recall them."""
    if cache is None:
        return encoded(made())
    key = sha256(f"summary\n{said}".encode("utf-8", "surrogatepass")).hexdigest()
    kept = cache.get(key)
    if kept is not None:
        return kept.document
    text = encoded(made())
    cache.put(key, Kept(Result(SUMMARY), text, b""))
    return text


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
