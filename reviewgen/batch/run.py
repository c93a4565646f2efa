"""The executor: what need not be done is taken over, the rest goes to workers, of this machine or of a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from reviewgen.config import Config
from reviewgen.sample import Item

from .memory import Done, Memory, Task
from .results import Result
from .reviewing import review_to, templates, written

if TYPE_CHECKING:
    from .cluster import Cluster


def run(
    samples: Iterable[Item], output: Path, config: Config, jobs: int, memory: Memory | None = None, cluster: Cluster | None = None
) -> Iterator[Result]:
    """Yield the results of many samples as they are ready, in no particular order; a wrong configuration stops before the first review.

    A sample that ends its worker (out of memory, a crash in a parser) is one failed result; the others are reviewed all the same.

    Args:
        samples: Folders and rows of datasets; a cluster goes through them once more.
        output: Folder for ``<id>/review.json`` and ``<id>/MODEL_FAILURES.md``.
        config: The configuration of all.
        jobs: Worker processes; 1 works in this process.
        memory: What is known of earlier runs, and notes what becomes of this one; None reviews everything anew.
        cluster: Whose workers review; None for processes of this machine.

    Raises:
        UserError: The configuration is not valid, or the output cannot be written: that would be the same error for each sample.
    """
    left = _opened(samples, output, memory)
    for task in left:
        if isinstance(task, Result):
            yield task
            continue
        # The first that must be reviewed: only now is there need for what reviews.
        for done in _reviewed(chain([task], left), samples, output, config, jobs, memory, cluster):
            if isinstance(done, Result):
                yield done
                continue
            if memory is not None:
                memory.note(done.key, done.result, output)
            yield done.result
        return


def _opened(samples: Iterable[Item], output: Path, memory: Memory | None) -> Iterator[Task | Result]:
    """Yield what is to be reviewed, and the results of what need not be."""
    for item in samples:
        found = memory.recall(item, output) if memory is not None else Task(item)
        yield replace(found, place=item.place) if isinstance(found, Result) else found


def _reviewed(
    tasks: Iterator[Task | Result],
    samples: Iterable[Item],
    output: Path,
    config: Config,
    jobs: int,
    memory: Memory | None,
    cluster: Cluster | None,
) -> Iterator[Done | Result]:
    from reviewgen import pipeline, render

    pipeline.check(config)
    render.check(config.template, templates(config))
    cache = memory.cache if memory is not None else None
    if memory is not None:
        memory.begin()
    if cluster is None:
        from . import workers

        yield from workers.reviewed(tasks, partial(review_to, output=output, config=config, cache=cache), jobs, config)
        return
    for found in cluster.reviewed(tasks, samples, config):
        yield found if isinstance(found, Result) else Done(found.key, written(found, output, cache))
