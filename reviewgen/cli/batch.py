"""``reviewgen batch``."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewgen import tables
from reviewgen.batch import cache, exports, keys, overview, shards
from reviewgen.batch.journal import Header, Journal
from reviewgen.batch.memory import Memory
from reviewgen.batch.results import Result
from reviewgen.batch.run import run
from reviewgen.batch.shards import Shard
from reviewgen.config import CATEGORIES, Config
from reviewgen.errors import InputError, UserError
from reviewgen.sample.sources import opened, parse

from . import console, exits, gates
from .inputs import listed, settings, workers
from .progress import Progress

if TYPE_CHECKING:
    from reviewgen.batch.cluster import Cluster

# ``--column`` takes the words behind it, too, when they look like this.
_COLUMN = re.compile(r"(?:prompt|model|ideal|id)=")


def batch(
    arguments: Sequence[str],
    columns: Sequence[str],
    output: str,
    mode: str,
    shard: str | None,
    address: str | None,
    write: Sequence[str],
    flags: Mapping[str, Any],
) -> int:
    """Review many samples; see ``many.batch``. ``mode`` is ``resume``, ``retry``, ``anew`` or empty; ``address`` of a Ray cluster, empty for one of its own."""
    config = settings(flags)
    targets = tables.targets(write)
    cluster = _cluster(address, config) if address is not None else None
    out = Path(output)
    if out.exists() and not out.is_dir():
        raise InputError("the output is not a folder", path=output, hint="choose another --output")
    journal = Journal(out)
    given, named = _asked(arguments, columns, journal, mode)
    source = opened(given, named)
    part = _shard(journal, mode, shard)
    all_ = sorted(item.id for item in source)
    ids = tuple(id for id in all_ if part.has(id))
    memory = None
    if mode != "anew":
        places = tuple(map(os.path.abspath, given))
        known = journal.header.summary if journal.header is not None else ""
        journal.header = Header(places, part, ids, shards.whole(all_), keys.common(config), columns=named, summary=known)
        memory = Memory(journal, cache.of(config), keep_failures=mode == "resume")
    results: list[Result] = []
    progress = Progress(len(ids))
    try:
        for result in run(shards.Part(source, part), out, config, workers(config, len(ids)), memory, cluster):
            if memory is None and not results:
                journal.remove()
            results.append(result)
            progress.add(result)
        results.sort(key=lambda result: result.id)
        unwritten = _finish(out, results, journal, memory)
        for target in targets:
            unwritten += _written(partial(exports.export, out, results, target, source))
    except KeyboardInterrupt:
        progress.end()
        if memory is not None:
            console.say(f"stopped after {len(results)} of {len(ids)} samples; go on with: reviewgen batch --resume -o {output}")
        raise
    finally:
        journal.close()
    progress.end()
    if memory is not None and memory.cache is not None:
        memory.cache.prune()
    code = ended(results, memory.recalled if memory is not None else 0, out, config)
    for error in unwritten:
        console.error(str(error))
    return code if not unwritten or code == exits.FAILED_SAMPLES else exits.USAGE


def _finish(out: Path, results: Sequence[Result], journal: Journal, memory: Memory | None) -> list[UserError]:
    """Write the summary and note that the run has come to its end; return why there is no summary."""
    if memory is None:
        return _written(lambda: overview.summarise(out, results))
    unwritten = _written(lambda: overview.summarise(out, results, journal, memory.cache))
    journal.finish()
    return unwritten


def _written(work: Callable[[], None]) -> list[UserError]:
    """Write something beside the reviews; return why it is not there: the reviews are, and the run is done."""
    try:
        work()
    except UserError as error:
        return [error]
    return []


def _cluster(address: str, config: Config) -> Cluster:
    from reviewgen.batch.cluster import Cluster

    return Cluster(address, config.jobs)


def _shard(journal: Journal, mode: str, given: str | None) -> Shard:
    """Return the part of the samples that this run is about.

    Raises:
        InputError: The folder holds another part, or all: what is in it could not be told apart later.
    """
    before = journal.header.shard if journal.header is not None else None
    if given is None:
        return before if before is not None and mode in ("resume", "retry") else shards.ALL
    asked = shards.parse(given)
    if before not in (None, asked):
        hint = "give each shard an --output of its own"
        raise InputError(f"there is a run of shard {before} in the folder, not of {asked}", path=str(journal.path.parent.parent), hint=hint)
    return asked


def _asked(arguments: Sequence[str], columns: Sequence[str], journal: Journal, mode: str) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Return folders and datasets that are to be reviewed, and columns; without arguments what the run in the folder was asked."""
    words = [argument for argument in arguments if columns and _COLUMN.match(argument) and not os.path.exists(argument)]
    given = listed([argument for argument in arguments if argument not in words])
    named = parse([*columns, *words])
    if given:
        return given, named
    if mode in ("resume", "retry") and journal.header is not None:
        return journal.header.sources, named or journal.header.columns
    if mode in ("resume", "retry"):
        raise InputError("no run to go on with", path=str(journal.path.parent.parent), hint="give the --output of that run, or its SOURCEs")
    raise InputError("no samples are named", hint="give SOURCEs: folders that contain samples, or datasets")


def ended(results: Sequence[Result], recalled: int, out: Path, config: Config) -> int:
    """Print the summary, what failed and which gates did; return the exit code.

    Args:
        results: All of them, sorted by id.
        recalled: How many needed no new review.
        out: Folder of the run.
        config: The gates.
    """
    console.data("".join(f"{line}\n" for line in _table(results)))
    failed = [result for result in results if result.error]
    for result in failed:
        place = f": {result.place}" if result.place else ""
        # The message about a row of a dataset begins with its place, which is the name of a row without an id.
        named = result.error if result.error.startswith(f"{result.id}:") else f"{result.id}: {result.error}"
        console.error(f"{named} ({result.failure}{place})")
        if result.details:
            console.detail(result.details)
    known = f", {recalled} of them as they were" if recalled else ""
    console.say(f"{len(results) - len(failed)} of {len(results)} samples reviewed{known}: {out}")
    code = gates.all_passed(results, config)
    return exits.FAILED_SAMPLES if failed else code


def _table(results: Sequence[Result]) -> Iterator[str]:
    """Yield the summary: a row for each sample, then the totals."""
    rows: list[tuple[str, ...]] = [("sample", "class", *CATEGORIES, "before", "after", "learning")]
    for result in results:
        counts = (str(result.issues.get(c, 0)) if not result.error else "-" for c in CATEGORIES)
        scores = (_points(value) for value in (result.before, result.after, result.learning))
        rows.append((console.plain(result.id), result.class_ or "failed", *counts, *scores))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        left = (f"{cell:<{width}}" for cell, width in zip(row[:2], widths[:2], strict=True))
        right = (f"{cell:>{width}}" for cell, width in zip(row[2:], widths[2:], strict=True))
        yield "  ".join([*left, *right])
    yield ""
    yield from _totals([result for result in results if not result.error])


def _totals(done: Sequence[Result]) -> Iterator[str]:
    classes = Counter(result.class_ for result in done)
    yield "classes: " + (", ".join(f"{n} {c}" for c, n in sorted(classes.items(), key=lambda x: (-x[1], x[0]))) or "none")
    yield "issues: " + ", ".join(f"{sum(result.issues.get(c, 0) for result in done)} {c}" for c in CATEGORIES)
    means = {
        "score before the corrections": [r.before for r in done],
        "score after the corrections": [r.after for r in done],
        "learning value": [r.learning for r in done],
    }
    for name, values in means.items():
        judged = [value for value in values if value is not None]
        if judged:
            left = f", {len(values) - len(judged)} not judged" if len(judged) < len(values) else ""
            yield f"mean {name}: {sum(judged) / len(judged):.2f} ({len(judged)} samples{left})"


def _points(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
