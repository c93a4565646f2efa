"""Worker processes of this machine: tasks out, results back as they come, at most a few in flight so that memory does not grow."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.context import BaseContext

from reviewgen.config import Config

from . import bounds
from .files import undisturbed
from .memory import Done, Task
from .results import Result

# Samples handed out for each worker: enough that none waits, few enough that results are never piled up.
_AHEAD = 4
# What a worker imports.
_NEEDED = ("reviewgen.pipeline", "reviewgen.render", "reviewgen.sample", "reviewgen.terraform.validate")


def reviewed(tasks: Iterator[Task | Result], work: Callable[[Task], Result], jobs: int, config: Config) -> Iterator[Done | Result]:
    """Yield what becomes of tasks, and results as they are. A task that ends its worker is one failed result.

    Args:
        tasks: Taken as there is room for them.
        work: What a worker does.
        jobs: Worker processes; 1 works in this process.
        config: The bounds of workers.
    """
    if jobs == 1:
        for task in tasks:
            yield task if isinstance(task, Result) else Done(task.key, work(task))
        return
    while True:
        with pool(jobs, config) as workers:
            lost = yield from _stream(workers, tasks, work, jobs * _AHEAD)
        if not lost:
            return
        # One of these ended its worker, and with it the pool. Each in a worker of its own shows which.
        for task in lost:
            with pool(1, config) as workers:
                if (yield from _stream(workers, iter([task]), work, 1)):
                    yield Done(task.key, died(task))


def died(task: Task) -> Result:
    """Return the result of a task that ended its worker."""
    return Result(task.id, error="its worker process died, perhaps out of memory", failure="worker", place=task.item.place)


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
                yield Done(task.key, future.result())
            except BrokenProcessPool:
                lost.append(task)


@contextmanager
def pool(jobs: int, config: Config) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of workers that start clean and fast; whoever leaves early leaves none of them behind."""
    context = _context()
    others = set(multiprocessing.active_children())
    workers = ProcessPoolExecutor(jobs, context, initializer=_settle, initargs=(config.sample_megabytes,))
    try:
        yield workers
    except BaseException:
        # Ctrl-C must not wait for what is running now, however long that takes.
        workers.shutdown(wait=False, cancel_futures=True)
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    workers.shutdown()


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
