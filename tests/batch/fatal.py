"""Stands for reviews that end badly; workers import them by name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from reviewgen import pipeline
from reviewgen.batch import reviewing, run
from reviewgen.batch.memory import Task
from reviewgen.batch.results import Result
from reviewgen.config import Config

_REVIEW_TO = run.review_to  # the real one: tests put these in its place


def greedy(task: Task, output: Path, config: Config, cache: object = None) -> Result:
    """Ask for five gigabytes in the middle of reviewing a sample of that name."""
    review = pipeline.review_sample
    try:
        if task.id == "greedy":
            pipeline.review_sample = lambda *_: bytearray(5_000_000_000)  # type: ignore[assignment, return-value]
        return _REVIEW_TO(task, output, config)
    finally:
        pipeline.review_sample = review


def review(task: Task, config: Config) -> reviewing.Reviewed:
    """Likewise, where a cluster reviews."""
    if task.id.startswith("fatal"):
        os.kill(os.getpid(), signal.SIGKILL)
    return reviewing.review(task, config)


def review_to(task: Task, output: Path, config: Config, cache: object = None) -> Result:
    """Die for samples that are named so, as the kernel ends them when memory runs out."""
    if task.id.startswith("fatal"):
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.005)
    return Result(task.id, "pair")
