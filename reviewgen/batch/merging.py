"""The parts of a batch put together: what comes out is what one run over all samples would have left."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from reviewgen.errors import InputError
from reviewgen.records import dataclass

from . import keys, overview
from .files import write_all
from .journal import Entry, Header, Journal
from .results import Result
from .shards import ALL

# So many ids or numbers are listed of what is wrong; of more the number.
_LISTED = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A run that has come to its end: its folder, what it was asked to do, and what it did."""

    folder: Path
    header: Header
    entries: tuple[Entry, ...]


def merge(runs: Sequence[Path], output: Path) -> list[Result]:
    """Put the shards of one batch together in a folder; return the results of all its samples, sorted by id.

    Nothing is written before everything has been looked at; files that are right already are not touched.

    Raises:
        InputError: These are not all shards of one batch, each once and at its end, done with the same tool and settings; or files are
            not those that the run wrote, or cannot be read or written.
    """
    parts = [_part(folder) for folder in runs]
    if any(os.path.realpath(part.folder) == os.path.realpath(output) for part in parts):
        raise InputError("the output is one of the runs", path=str(output), hint="choose another --output")
    _check(sorted(parts, key=lambda part: (part.header.shard.of, part.header.shard.number)))
    for part in parts:
        _check_files(part)
    for part in parts:
        for entry in part.entries:
            names = {name: part.folder / entry.result.id / name for name in entry.files}
            write_all({output / entry.result.id / name: path.read_bytes() for name, path in names.items()})
    entries = sorted((entry for part in parts for entry in part.entries), key=lambda entry: entry.result.id)
    first = parts[0].header
    journal = Journal(output)
    journal.header = replace(first, sources=_sources(parts), shard=ALL, samples=tuple(entry.result.id for entry in entries), summary="")
    journal.entries = {entry.result.id: entry for entry in entries}
    results = [entry.result for entry in entries]
    overview.summarise(output, results, journal)
    journal.finish()
    return results


def _part(folder: Path) -> Part:
    journal = Journal(folder)
    header = journal.header
    if header is None:
        raise InputError("no run in the folder that can be merged", path=str(folder), hint="give the --output of a batch with --shard")
    if not header.finished or not all(id in journal.entries for id in header.samples):
        raise InputError(
            f"the run has not come to its end: shard {header.shard}", path=str(folder), hint=f"reviewgen batch --resume -o {folder}"
        )
    return Part(folder, header, tuple(journal.entries[id] for id in header.samples))


def _sources(parts: Iterable[Part]) -> tuple[str, ...]:
    """Return where the samples came from; machines may have them in different places, and then each place is named."""
    return tuple(dict.fromkeys(source for part in parts for source in part.header.sources))


def _check(parts: Sequence[Part]) -> None:
    """Raise InputError when some runs, in the order of their numbers, are not the parts of one batch."""
    first = parts[0]
    for part in parts[1:]:
        pair = f"{first.folder} and {part.folder}"
        if part.header.shard.of != first.header.shard.of:
            raise InputError(f"shards of different divisions: {first.header.shard} in {first.folder}, {part.header.shard} in {part.folder}")
        if part.header.common != first.header.common:
            raise InputError(f"{pair} were not reviewed alike: {'; '.join(_differences(first, part))}", hint="review both alike")
        if part.header.whole != first.header.whole:
            raise InputError(f"{pair} are not parts of the same samples", hint="give --shard the same sources everywhere")
    for one, other in pairwise(parts):
        if one.header.shard == other.header.shard:
            raise InputError(f"overlapping shards: {one.folder} and {other.folder} are both {one.header.shard}", hint="name one of them")
    shard, numbers = first.header.shard, {part.header.shard.number for part in parts}
    missing = [f"{number}/{shard.of}" for number in range(1, shard.of + 1) if number not in numbers]
    if missing:
        more = f" and {len(missing) - _LISTED} more" if len(missing) > _LISTED else ""
        raise InputError(f"missing shards: {', '.join(missing[:_LISTED])}{more}", hint="name the runs of all shards")


def _differences(one: Part, other: Part) -> Iterator[str]:
    """Yield what two runs do not have in common."""
    ours, theirs = one.header.common, other.header.common
    names = [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
    if keys.VERSION in names:
        yield f"by reviewgen {ours.get(keys.VERSION)} and {theirs.get(keys.VERSION)}"
    elif keys.TOOL in names:
        yield "by different working copies of reviewgen, or with different versions of its libraries"
    for name in names:
        if name in keys.NAMED:
            yield f"what `{name}` names differs"
        elif name not in (keys.VERSION, keys.TOOL):
            yield f"`{name}` is {ours.get(name)} and {theirs.get(name)}"


def _check_files(part: Part) -> None:
    """Raise InputError when files of a run are not the ones that it wrote."""
    for entry in part.entries:
        if not entry.result.error and not entry.stands(part.folder / entry.result.id):
            raise InputError(
                "the files of the sample are not those that the run wrote",
                path=str(part.folder / entry.result.id),
                hint=f"reviewgen batch --resume -o {part.folder}",
            )
