"""``reviewgen dashboard``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from reviewgen import runs
from reviewgen.batch.files import write
from reviewgen.errors import InputError
from reviewgen.pages.dashboard import INDEX, comparison_page, overview, sample_page

from . import console, exits
from .inputs import settings, workers

_ALONE = 50  # so many pages are written before another process has started
_AT_ONCE = 20


def dashboard(run: str, output: str, against: str | None, flags: Mapping[str, Any]) -> int:
    """Write the pages of a run; see ``many.dashboard``."""
    config = settings(flags)
    folder, out = Path(run), Path(output)
    rows = runs.read(folder)
    earlier = runs.read(Path(against)) if against is not None else None
    _own(out, folder)
    names = _named(folder), _named(Path(against)) if against is not None else ""
    compared = comparison_page(runs.compare(earlier, rows), names[1], names[0]) if earlier is not None else ()
    for done, _ in enumerate(_pages(folder, out, list(rows), workers(config, len(rows))), 1):
        console.progress(f"{done}/{len(rows)} pages")
    # The overview comes last: it leads to nothing that is not there.
    for name, text in chain(compared, overview(rows, names[0], earlier is not None)):
        write(out / name, text)
    console.progress("")
    console.say(f"dashboard: {out / INDEX}")
    return exits.DONE


def _pages(run: Path, out: Path, ids: list[str], jobs: int) -> Iterable[None]:
    """Write the pages of some samples, in several processes when there are many."""
    page = partial(_page, run, out)
    if jobs < 2 or len(ids) < _ALONE:
        return map(page, ids)
    return _shared(page, ids, jobs)


def _shared(page: partial[None], ids: list[str], jobs: int) -> Iterator[None]:
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(page, ids, chunksize=_AT_ONCE)


def _page(run: Path, out: Path, id: str) -> None:
    name, text = sample_page(run, id)
    write(out / name, text)


def _named(run: Path) -> str:
    """Return what a run is called: the name of its folder."""
    return run.resolve().name or str(run)


def _own(out: Path, run: Path) -> None:
    """Raise InputError when the pages would be written over something else."""
    if out.exists() and not out.is_dir():
        raise InputError("the output is not a folder", path=str(out), hint="choose another --output")
    if out.resolve() == run.resolve():
        raise InputError("the pages need a folder of their own", path=str(out), hint="choose another --output than the run's")
    index = out / INDEX
    if index.exists() and 'content="reviewgen"' not in index.read_text("utf-8", "replace"):
        raise InputError("there is another page in the folder", path=str(index), hint="choose another --output")
