"""``reviewgen calibrate``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from reviewgen import score
from reviewgen.batch import ratings
from reviewgen.errors import UserError
from reviewgen.sample import Folder, discover
from reviewgen.score.calibration import Calibration, Rated, calibrate

from . import console, exits
from .inputs import settings, workers

_HEAD = ("", "samples", "not judged", "mean error", "of baseline", "rank correlation", "agreement", "of baseline")


def calibration(sources: Sequence[str], recorded: str | None, format: str, flags: Mapping[str, Any]) -> int:
    """Compare the scores of many samples with their labels; see ``app.calibrate``."""
    config = settings(flags)
    threshold = score.load(config).learning.threshold
    samples = [Folder(*found) for found in discover([Path(source) for source in sources])]
    if recorded is None:
        results = ratings.reviewed(samples, config, workers(config, len(samples)))
    else:
        ratings.check_run(Path(recorded))
        results = ratings.recorded(samples, Path(recorded))
    folders, rows, failed = {folder.id: folder for folder in samples}, list[Rated](), dict[str, str]()
    for number, result in enumerate(results, 1):
        console.progress(f"{number}/{len(samples)} {result.id}")
        try:
            if result.error:
                failed[result.id] = result.error
            else:
                rows.append(ratings.rated(result, folders[result.id]))
        except UserError as error:
            failed[result.id] = str(error)
    console.progress("")
    found = calibrate(sorted(rows, key=lambda r: r.id), threshold)
    for id, message in sorted(failed.items()):
        console.error(f"{id}: {message}")
    _print(found, len(failed), format)
    return exits.FAILED_SAMPLES if failed else exits.DONE


def _print(found: Calibration, failed: int, format: str) -> None:
    if format == "json":
        console.data(json.dumps({"failed": failed, **asdict(found)}, indent=2, ensure_ascii=False) + "\n")
    else:
        console.data("".join(f"{line}\n" for line in _text(found, failed)))


def _text(found: Calibration, failed: int) -> Iterator[str]:
    yield f"samples: {found.samples} reviewed, {found.unlabelled} of them without a label; {failed} failed"
    yield ""
    yield from _table(found)
    yield ""
    if found.baseline is None:
        yield f"no sample has a label: a number from 0 to 10 as {ratings.LABEL!r} in metadata.json"
        return
    labelled = found.samples - found.unlabelled
    yield f"baseline: always the most frequent label, {found.baseline:g} ({found.baseline_count} of {labelled} labels), on the same samples"
    yield f"agreement: share of samples in which score and label are on the same side of the threshold {found.threshold:g}"
    for noise in found.noise:
        measured = "none" if noise.difference is None else f"{noise.pairs}, whose labels differ by {noise.difference:.2f} on average"
        yield f"noise of the labels: pairs of samples with the same {noise.same}: {measured}"


def _table(found: Calibration) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [_HEAD]
    for s in found.standings:
        shown = (s.error, s.baseline_error, s.correlation, s.agreement, s.baseline_agreement)
        rows.append((s.name, str(s.samples), str(s.not_judged), *("-" if value is None else f"{value:.2f}" for value in shown)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
        yield "  ".join([f"{row[0]:<{widths[0]}}", *cells])
