"""``reviewgen batch``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from reviewgen.batch.run import Result, run
from reviewgen.config import CATEGORIES
from reviewgen.errors import InputError
from reviewgen.sample import discover

from . import console, exits
from .inputs import settings, workers


def batch(sources: Sequence[str], output: str, flags: Mapping[str, Any]) -> int:
    """Review many samples; see ``app.batch``."""
    config = settings(flags)
    samples = discover([Path(source) for source in sources])
    out = Path(output)
    if out.exists() and not out.is_dir():
        raise InputError("the output is not a folder", path=output, hint="choose another --output")
    results: list[Result] = []
    for result in run(samples, out, config, workers(config, len(samples))):
        results.append(result)
        console.progress(f"{len(results)}/{len(samples)} {result.id}")
    console.progress("")
    results.sort(key=lambda r: r.id)
    console.data("".join(f"{line}\n" for line in _table(results)))
    failed = [result for result in results if result.error]
    for result in failed:
        console.error(f"{result.id}: {result.error}")
        if result.details:
            console.detail(result.details)
    console.say(f"{len(results) - len(failed)} of {len(results)} samples reviewed: {out}")
    return exits.FAILED_SAMPLES if failed else exits.DONE


def _table(results: Sequence[Result]) -> Iterator[str]:
    """Yield the summary: a row for each sample, then the totals."""
    rows: list[tuple[str, ...]] = [("sample", "class", *CATEGORIES, "before", "after", "learning")]
    for result in results:
        counts = (str(result.issues.get(c, 0)) if not result.error else "-" for c in CATEGORIES)
        scores = (_points(value) for value in (result.before, result.after, result.learning))
        rows.append((console.plain(result.id), result.class_ or "failed", *counts, *scores))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        left = (f"{cell:<{width}}" for cell, width in zip(row[:2], widths[:2], strict=True))
        right = (f"{cell:>{width}}" for cell, width in zip(row[2:], widths[2:], strict=True))
        yield "  ".join([*left, *right])
    yield ""
    yield from _totals([result for result in results if not result.error])


def _totals(done: Sequence[Result]) -> Iterator[str]:
    classes = Counter(result.class_ for result in done)
    yield "classes: " + (", ".join(f"{n} {c}" for c, n in sorted(classes.items(), key=lambda x: (-x[1], x[0]))) or "none")
    yield "issues: " + ", ".join(f"{sum(result.issues.get(c, 0) for result in done)} {c}" for c in CATEGORIES)
    means = {
        "score before the corrections": [r.before for r in done],
        "score after the corrections": [r.after for r in done],
        "learning value": [r.learning for r in done],
    }
    for name, values in means.items():
        judged = [value for value in values if value is not None]
        if judged:
            left = f", {len(values) - len(judged)} not judged" if len(judged) < len(values) else ""
            yield f"mean {name}: {sum(judged) / len(judged):.2f} ({len(judged)} samples{left})"


def _points(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
