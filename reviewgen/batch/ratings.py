"""Labels and scores of many samples: the labels from their metadata, the scores from reviews made now or in an earlier run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reviewgen import runs
from reviewgen.config import Config
from reviewgen.errors import InputError
from reviewgen.review.page.content import digest
from reviewgen.sample import Folder
from reviewgen.score.calibration import Rated

from .files import REVIEW
from .results import Result
from .run import run

LABEL = "training_quality"
"""Key of ``metadata.json`` that holds the label."""

_HIGHEST = 10


def reviewed(samples: Iterable[Folder], config: Config, jobs: int) -> Iterator[Result]:
    """Yield the results of samples that are reviewed now; what is written goes away again."""
    with TemporaryDirectory(prefix="reviewgen-") as folder:
        yield from run(samples, Path(folder), config, jobs)


def recorded(samples: Iterable[Folder], folder: Path) -> Iterator[Result]:
    """Yield the results that a run of ``batch`` left in a folder; a sample without a review is a failed one."""
    for id in (folder.id for folder in samples):
        path = folder / id / REVIEW
        try:
            scores = runs.row(id, path).scores if path.exists() else None
        except InputError as error:
            yield Result(id, error=f"its {REVIEW} in the run cannot be used: {error.message}")
            continue
        if scores is None:
            yield Result(id, error=f"no {REVIEW} in the run")
        else:
            yield Result(id, before=scores["before"], after=scores["after"], learning=scores["learning"])


def rated(result: Result, folder: Folder) -> Rated:
    """Return what a person and what the rubrics said of a sample.

    Raises:
        InputError: The sample cannot be read.
    """
    found = folder.load()
    scores = {"score before": result.before, "score after": result.after, "learning value": result.learning}
    model, ideal = digest(found.model), digest(found.ideal)
    return Rated(result.id, _label(found.metadata), scores, {"MODEL": model, "MODEL and IDEAL": f"{model} {ideal}"})


def _label(metadata: Mapping[str, Any]) -> float | None:
    """Return the label; what is no number from 0 to 10 is none."""
    value = metadata.get(LABEL)
    usable = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= _HIGHEST
    return value if usable else None


def check_run(folder: Path) -> None:
    """Raise InputError when a run is no folder."""
    if not folder.is_dir():
        raise InputError("no such folder", path=str(folder), hint="give the --output of a run of batch")
