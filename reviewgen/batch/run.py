"""The executor: samples to workers, results back as they come, at most a few in flight so that memory does not grow with their number."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import signal
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import field
from itertools import islice
from multiprocessing.context import BaseContext
from pathlib import Path

from reviewgen.config import Config
from reviewgen.errors import UserError
from reviewgen.records import dataclass

from .files import DOCUMENT, REVIEW, write

# Samples handed out for each worker: enough that none waits, few enough that results are never piled up.
_AHEAD = 4
# What a worker imports.
_NEEDED = ("reviewgen.pipeline", "reviewgen.render", "reviewgen.sample", "reviewgen.terraform.validate")

Item = tuple[str, Path]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one sample.

    Attributes:
        id: The sample.
        class_: Its class; empty when it failed.
        issues: Number of issues by category.
        before: Score before the corrections, None when not judged.
        after: Score after them, None when not judged.
        learning: Learning value, None when not judged.
        error: Why there is no review; empty when there is one.
        details: Traceback when the failure is a bug of ours; empty otherwise.
    """

    id: str
    class_: str = ""
    issues: Mapping[str, int] = field(default_factory=dict)
    before: float | None = None
    after: float | None = None
    learning: float | None = None
    error: str = ""
    details: str = ""


def review_to(id: str, folder: Path, output: Path, config: Config) -> Result:
    """Review one sample and write its two files; never raises for anything that is about the sample."""
    from reviewgen import pipeline, render, sample

    try:
        review = pipeline.review_sample(sample.load(folder, id=id), config)
        document = render.markdown(review, template=config.template, templates=_templates(config))
        data = render.dumps(review)
        write(output / id / DOCUMENT, document)
        write(output / id / REVIEW, data)
    except UserError as error:
        return Result(id, error=str(error))
    except Exception as error:  # a bug of ours in one sample must not cost the others theirs
        return Result(id, error=f"internal error: {type(error).__name__}: {error}", details=traceback.format_exc())
    counts = Counter(str(issue.category) for issue in review.issues)
    points, learning = review.score, review.score.learning_value
    return Result(id, review.sample.class_, dict(sorted(counts.items())), points.before, points.after, learning.final if learning else None)


def _templates(config: Config) -> Path | None:
    return Path(config.templates) if config.templates else None


def run(samples: Iterable[Item], output: Path, config: Config, jobs: int) -> Iterator[Result]:
    """Yield the results of many samples as they are ready, in no particular order; a wrong configuration stops before the first.

    A sample that ends its worker (out of memory, a crash in a parser) is one failed result; the others are reviewed all the same.

    Args:
        samples: (id, folder) of each.
        output: Folder for ``<id>/review.json`` and ``<id>/MODEL_FAILURES.md``.
        config: The configuration of all.
        jobs: Worker processes; 1 works in this process.

    Raises:
        UserError: The configuration is not valid: that would be the same error for each sample.
    """
    from reviewgen import pipeline, render

    pipeline.check(config)
    render.check(config.template, _templates(config))
    left = iter(samples)
    if jobs == 1:
        for id, folder in left:
            yield review_to(id, folder, output, config)
        return
    while True:
        with _workers(jobs) as pool:
            lost = yield from _stream(pool, left, output, config, jobs * _AHEAD)
        if not lost:
            return
        # One of these ended its worker, and with it the pool. Each in a worker of its own shows which.
        for item in lost:
            with _workers(1) as pool:
                if (yield from _stream(pool, iter([item]), output, config, 1)):
                    yield Result(item[0], error="its worker process died, perhaps out of memory")


def _stream(
    pool: ProcessPoolExecutor, samples: Iterator[Item], output: Path, config: Config, most: int
) -> Generator[Result, None, list[Item]]:
    """Yield results until there are no more samples, or the pool is broken; return the samples that were lost with it."""
    waiting: dict[Future[Result], Item] = {}
    lost: list[Item] = []
    while True:
        for item in islice(samples, most - len(waiting) if not lost else 0):
            try:
                waiting[pool.submit(review_to, *item, output, config)] = item
            except BrokenProcessPool:
                lost.append(item)
                break
        if not waiting:
            return lost
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            item = waiting.pop(future)
            try:
                yield future.result()
            except BrokenProcessPool:
                lost.append(item)


@contextmanager
def _workers(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of workers that start clean and fast; whoever leaves early leaves none of them behind."""
    context = _context()
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, context, initializer=_settle)
    try:
        yield pool
    except BaseException:
        # Ctrl-C must not wait for what is running now, however long that takes.
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    pool.shutdown()


def _context() -> BaseContext:
    """Return how workers begin: as copies of this process once it has imported what they need, where that is safe.

    It is on Linux while no other thread runs. Elsewhere a server that has imported everything once makes them, or each begins anew.
    """
    methods = multiprocessing.get_all_start_methods()
    if sys.platform == "linux" and threading.active_count() == 1:
        for name in _NEEDED:
            importlib.import_module(name)
        return multiprocessing.get_context("fork")
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        context.set_forkserver_preload(list(_NEEDED))
    return context


def _settle() -> None:
    """Prepare a worker: Ctrl-C is for the parent, which stops it; and what was imported is never garbage, what a review makes seldom."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(50_000)
