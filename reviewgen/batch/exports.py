"""The tables that a run writes beside its reviews."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from reviewgen import runs, tables
from reviewgen.errors import InputError
from reviewgen.sample.sources import Source

from .files import writing
from .results import Result


def export(output: Path, results: Sequence[Result], target: tables.Target, source: Source) -> None:
    """Write a table of a run that has come to its end: from its reviews, one after the other, so that no run is too large.

    Args:
        output: Folder of the run.
        results: All results, sorted by id.
        target: The file.
        source: Where the samples came from; datasets give their own columns.

    Raises:
        UserError: A review or a dataset cannot be read any more, or a file cannot be written.
    """
    with ExitStack() as stack:
        own = stack.enter_context(closing(_own(source))) if target.table == "samples" else None
        stream = stack.enter_context(writing(Path(target.path)))
        tables.write(_samples(output, results), target, stream, own)


def _own(source: Source) -> tables.Own:
    try:
        return tables.Own(source.read(whole=True))
    except OSError as error:
        said = f"cannot keep the columns of the dataset on disk: {error.strerror or error}"
        raise InputError(said, hint="make room where temporary files are (TMPDIR)") from None


def _samples(output: Path, results: Sequence[Result]) -> Iterator[tuple[str, str, str, Mapping[str, Any] | None]]:
    for result in results:
        yield result.id, result.failure, result.error, None if result.error else runs.review(output, result.id)[1]
