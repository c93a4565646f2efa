"""The executor: samples to workers, results back as they come, at most a few in flight so that memory does not grow with their number."""

from __future__ import annotations

import signal
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from pathlib import Path

from reviewgen.config import Config
from reviewgen.errors import UserError

from .files import DOCUMENT, REVIEW, write

# Samples handed out ahead of each worker: enough that none waits, few enough that results are never piled up.
_AHEAD = 4


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one sample.

    Attributes:
        id: The sample.
        class_: Its class; empty when it failed.
        issues: Number of issues by category.
        before: Score before the corrections, None when not judged.
        after: Score after them, None when not judged.
        error: Why there is no review; empty when there is one.
        details: Traceback when the failure is a bug of ours; empty otherwise.
    """

    id: str
    class_: str = ""
    issues: Mapping[str, int] = field(default_factory=dict)
    before: float | None = None
    after: float | None = None
    error: str = ""
    details: str = ""


def review_to(id: str, folder: Path, output: Path, config: Config) -> Result:
    """Review one sample and write its two files; never raises for anything that is about the sample."""
    from reviewgen import pipeline, render, sample

    try:
        review = pipeline.review_sample(sample.load(folder, id=id), config)
        templates = Path(config.templates) if config.templates else None
        document = render.markdown(review, template=config.template, templates=templates)
        data = render.dumps(review)
        write(output / id / DOCUMENT, document)
        write(output / id / REVIEW, data)
    except UserError as error:
        return Result(id, error=str(error))
    except Exception as error:  # a bug of ours in one sample must not cost the others theirs
        return Result(id, error=f"internal error: {type(error).__name__}: {error}", details=traceback.format_exc())
    counts = Counter(str(issue.category) for issue in review.issues)
    return Result(id, review.sample.class_, dict(sorted(counts.items())), review.score.before, review.score.after)


def run(samples: Iterable[tuple[str, Path]], output: Path, config: Config, jobs: int) -> Iterator[Result]:
    """Yield the results of many samples as they are ready, in no particular order.

    Args:
        samples: (id, folder) of each.
        output: Folder for ``<id>/review.json`` and ``<id>/MODEL_FAILURES.md``.
        config: The configuration of all.
        jobs: Worker processes; 1 works in this process.
    """
    if jobs == 1:
        for id, folder in samples:
            yield review_to(id, folder, output, config)
        return
    pool = ProcessPoolExecutor(jobs, _context(), initializer=_ignore_interrupts)
    try:
        yield from _stream(pool, iter(samples), output, config, jobs * _AHEAD)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _stream(pool: ProcessPoolExecutor, samples: Iterator[tuple[str, Path]], output: Path, config: Config, most: int) -> Iterator[Result]:
    waiting: dict[Future[Result], str] = {}
    while True:
        for id, folder in islice(samples, most - len(waiting)):
            waiting[pool.submit(review_to, id, folder, output, config)] = id
        if not waiting:
            return
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            id = waiting.pop(future)
            try:
                yield future.result()
            except BrokenProcessPool:
                yield Result(id, error="the worker process died; run the sample alone to see why")
                yield from (
                    Result(other, error="not reviewed: a worker process died") for other in [*waiting.values(), *(i for i, _ in samples)]
                )
                return


def _context() -> BaseContext:
    """Workers that start clean and fast: forked from a server that has imported everything once."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(["reviewgen.pipeline", "reviewgen.render", "reviewgen.sample"])
    return context


def _ignore_interrupts() -> None:
    """Ctrl-C is for the parent, which stops the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
