"""One sample of a batch: its review, and what is written of it."""

from __future__ import annotations

import traceback
from dataclasses import replace
from pathlib import Path

from reviewgen.config import Config
from reviewgen.errors import UserError
from reviewgen.records import dataclass
from reviewgen.sample import Folder

from . import bounds, keys
from .cache import Cache, Kept
from .files import DOCUMENT, REVIEW, encoded, write_all
from .memory import Task
from .results import OUTPUT, Result, of_review


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What became of a sample, before anything is written of it.

    Attributes:
        result: What became of it.
        key: Key of the review.
        document: The bytes of its document; empty when it failed.
        review: Likewise of its review.
        kept: Whether the review may be kept for later runs: the sample did not change while it was read.
    """

    result: Result
    key: str = ""
    document: bytes = b""
    review: bytes = b""
    kept: bool = False


def review_to(task: Task, output: Path, config: Config, cache: Cache | None = None) -> Result:
    """Review one sample, write its two files and keep them; never raises for anything that is about the sample.

    Args:
        task: The sample.
        output: Folder of the run.
        config: The configuration.
        cache: Where the review is kept for later runs.
    """
    return written(review(task, config), output, cache)


def review(task: Task, config: Config) -> Reviewed:
    """Review one sample; never raises for anything that is about the sample."""
    found = _review(task, config)
    return replace(found, key=task.key, result=replace(found.result, place=task.item.place))


def _review(task: Task, config: Config) -> Reviewed:
    from reviewgen import pipeline, render

    try:
        with bounds.seconds(config.sample_seconds):
            folder = task.item.path if isinstance(task.item, Folder) else None
            found = pipeline.review_sample(task.item.load(), config, pipeline.evidence_of(folder))
            document = encoded(render.markdown(found, template=config.template, templates=templates(config)))
            data = encoded(render.dumps(found))
    except UserError as error:
        # A sample is called the same on all machines, wherever it stands.
        return Reviewed(Result(task.id, error=str(error).replace(task.item.place, task.id), failure="input"))
    except bounds.TooSlow:
        return Reviewed(Result(task.id, error=f"took longer than {config.sample_seconds} s (sample_seconds)", failure="time"))
    except MemoryError:
        return Reviewed(Result(task.id, error=f"needs more than {config.sample_megabytes} MB (sample_megabytes)", failure="memory"))
    except Exception as error:  # a bug of ours in one sample must not cost the others theirs
        said = f"internal error: {type(error).__name__}: {error}"
        return Reviewed(Result(task.id, error=said, failure="bug", details=traceback.format_exc()))
    unchanged = bool(task.key) and task.key == keys.key(task.basis, task.item)
    return Reviewed(of_review(task.id, found), document=document, review=data, kept=unchanged)


def written(reviewed: Reviewed, output: Path, cache: Cache | None) -> Result:
    """Write the files of a review and keep it; return what became of the sample."""
    result = reviewed.result
    if result.error:
        return result
    try:
        write_all({output / result.id / DOCUMENT: reviewed.document, output / result.id / REVIEW: reviewed.review})
    except UserError as error:
        return Result(result.id, error=str(error), failure=OUTPUT, place=result.place)
    if cache is not None and reviewed.kept:
        cache.put(reviewed.key, Kept(result, reviewed.document, reviewed.review))
    return result


def templates(config: Config) -> Path | None:
    """Return the folder of the user's own templates."""
    return Path(config.templates) if config.templates else None
