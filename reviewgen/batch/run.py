"""The executor: samples to workers, results back as they come, at most a few in flight so that memory does not grow with their number."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain
from multiprocessing.context import BaseContext
from pathlib import Path

from reviewgen.config import Config
from reviewgen.errors import UserError
from reviewgen.sample import Folder, Item

from . import bounds, keys
from .cache import Cache, Kept
from .files import DOCUMENT, REVIEW, encoded, undisturbed, write_all
from .memory import Done, Memory, Task
from .results import OUTPUT, Result, of_review

# Samples handed out for each worker: enough that none waits, few enough that results are never piled up.
_AHEAD = 4
# What a worker imports.
_NEEDED = ("reviewgen.pipeline", "reviewgen.render", "reviewgen.sample", "reviewgen.terraform.validate")


def review_to(task: Task, output: Path, config: Config, cache: Cache | None = None) -> Result:
    """Review one sample, write its two files and keep them; never raises for anything that is about the sample.

    Args:
        task: The sample.
        output: Folder of the run.
        config: The configuration.
        cache: Where the review is kept for later runs, unless the sample changed while it was read.
    """
    from reviewgen import pipeline, render

    try:
        with bounds.seconds(config.sample_seconds):
            folder = task.item.path if isinstance(task.item, Folder) else None
            review = pipeline.review_sample(task.item.load(), config, pipeline.evidence_of(folder))
            document = encoded(render.markdown(review, template=config.template, templates=_templates(config)))
            data = encoded(render.dumps(review))
    except UserError as error:
        return Result(task.id, error=str(error), failure="input")
    except bounds.TooSlow:
        return Result(task.id, error=f"took longer than {config.sample_seconds} s (sample_seconds)", failure="time")
    except MemoryError:
        return Result(task.id, error=f"needs more than {config.sample_megabytes} MB (sample_megabytes)", failure="memory")
    except Exception as error:  # a bug of ours in one sample must not cost the others theirs
        said = f"internal error: {type(error).__name__}: {error}"
        return Result(task.id, error=said, failure="bug", details=traceback.format_exc())
    try:
        write_all({output / task.id / DOCUMENT: document, output / task.id / REVIEW: data})
    except UserError as error:
        return Result(task.id, error=str(error), failure=OUTPUT)
    result = of_review(task.id, review)
    if cache is not None and task.key and task.key == keys.key(task.basis, task.item):
        cache.put(task.key, Kept(result, document, data))
    return result


def _templates(config: Config) -> Path | None:
    return Path(config.templates) if config.templates else None


def run(samples: Iterable[Item], output: Path, config: Config, jobs: int, memory: Memory | None = None) -> Iterator[Result]:
    """Yield the results of many samples as they are ready, in no particular order; a wrong configuration stops before the first review.

    A sample that ends its worker (out of memory, a crash in a parser) is one failed result; the others are reviewed all the same.

    Args:
        samples: Folders and rows of datasets.
        output: Folder for ``<id>/review.json`` and ``<id>/MODEL_FAILURES.md``.
        config: The configuration of all.
        jobs: Worker processes; 1 works in this process.
        memory: What is known of earlier runs, and notes what becomes of this one; None reviews everything anew.

    Raises:
        UserError: The configuration is not valid, or the output cannot be written: that would be the same error for each sample.
    """
    left = _opened(samples, output, memory)
    for task in left:
        if isinstance(task, Result):
            yield task
            continue
        # The first that must be reviewed: only now is there need for what reviews.
        for result in _reviewed(chain([task], left), output, config, jobs, memory):
            if isinstance(result, Done):
                if memory is not None:
                    memory.note(result.task, result.result, output)
                yield replace(result.result, place=result.task.item.place)
            else:
                yield result
        return


def _opened(samples: Iterable[Item], output: Path, memory: Memory | None) -> Iterator[Task | Result]:
    """Yield what is to be reviewed, and the results of what need not be."""
    for item in samples:
        found = memory.recall(item, output) if memory is not None else Task(item)
        yield replace(found, place=item.place) if isinstance(found, Result) else found


def _reviewed(tasks: Iterator[Task | Result], output: Path, config: Config, jobs: int, memory: Memory | None) -> Iterator[Done | Result]:
    from reviewgen import pipeline, render

    pipeline.check(config)
    render.check(config.template, _templates(config))
    cache = memory.cache if memory is not None else None
    if memory is not None:
        memory.begin()
    if jobs == 1:
        for task in tasks:
            yield task if isinstance(task, Result) else Done(task, review_to(task, output, config, cache))
        return
    work = partial(review_to, output=output, config=config, cache=cache)
    while True:
        with _workers(jobs, config) as pool:
            lost = yield from _stream(pool, tasks, work, jobs * _AHEAD)
        if not lost:
            return
        # One of these ended its worker, and with it the pool. Each in a worker of its own shows which.
        for task in lost:
            with _workers(1, config) as pool:
                if (yield from _stream(pool, iter([task]), work, 1)):
                    yield Done(task, Result(task.id, error="its worker process died, perhaps out of memory", failure="worker"))


def _stream(
    pool: ProcessPoolExecutor, tasks: Iterator[Task | Result], work: Callable[[Task], Result], most: int
) -> Generator[Done | Result, None, list[Task]]:
    """Yield results until there are no more tasks, or the pool is broken; return the tasks that were lost with it."""
    waiting: dict[Future[Result], Task] = {}
    lost: list[Task] = []
    while True:
        while not lost and len(waiting) < most and (task := next(tasks, None)) is not None:
            if isinstance(task, Result):
                yield task
                continue
            try:
                waiting[pool.submit(work, task)] = task
            except BrokenProcessPool:
                lost.append(task)
        if not waiting:
            return lost
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            task = waiting.pop(future)
            try:
                yield Done(task, future.result())
            except BrokenProcessPool:
                lost.append(task)


@contextmanager
def _workers(jobs: int, config: Config) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of workers that start clean and fast; whoever leaves early leaves none of them behind."""
    context = _context()
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, context, initializer=_settle, initargs=(config.sample_megabytes,))
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


def _settle(megabytes: int) -> None:
    """Prepare a worker: Ctrl-C is for the parent, which stops it; and what was imported is never garbage, what a review makes seldom."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with undisturbed():  # the thread keeps that: a request to end is for the one that writes, who holds it back
        threading.Thread(target=_end_with_parent, daemon=True).start()
    bounds.memory(megabytes)
    gc.freeze()
    gc.set_threshold(200_000)


def _end_with_parent() -> None:
    """End this worker when its parent is gone: who is killed cannot stop workers, and they would wait for work forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
