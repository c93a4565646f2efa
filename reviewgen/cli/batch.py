"""``reviewgen batch``."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from reviewgen.batch import Result, run
from reviewgen.config import CATEGORIES
from reviewgen.errors import InputError
from reviewgen.sample import discover

from . import console, exits
from .inputs import settings

_MOST_ROWS = 40


def batch(sources: Sequence[str], output: str, flags: Mapping[str, Any]) -> int:
    """Review many samples; see ``app.batch``."""
    config = settings(flags)
    samples = discover([Path(source) for source in sources])
    out = Path(output)
    if out.exists() and not out.is_dir():
        raise InputError("the output is not a folder", path=output, hint="choose another --output")
    results: list[Result] = []
    progress = console.VERBOSITY.level >= 0 and sys.stderr.isatty()
    for result in run(samples, out, config, min(config.jobs or os.cpu_count() or 1, len(samples))):
        results.append(result)
        if progress:
            print(f"\r{len(results)}/{len(samples)} {result.id[:40]:<40}", end="", file=sys.stderr, flush=True)
    if progress:
        print("\r" + " " * 60 + "\r", end="", file=sys.stderr)
    results.sort(key=lambda r: r.id)
    failed = [r for r in results if r.error]
    for line in _table(results):
        console.say(line)
    for result in failed:
        console.error(f"{result.id}: {result.error}")
        if result.details:
            console.detail(result.details)
    return exits.FAILED_SAMPLES if failed else exits.DONE


def _table(results: Sequence[Result]) -> Iterator[str]:
    """Yield the summary: a row for each sample when they are few, and the totals."""
    done = [r for r in results if not r.error]
    if len(results) <= _MOST_ROWS:
        width = max((len(r.id) for r in results), default=6)
        yield f"{'sample':<{width}}  {'class':<14} {'blocker':>8} {'critical':>8} {'warning':>8} {'before':>7} {'after':>6}"
        for result in results:
            counts = " ".join(f"{result.issues.get(c, 0):>8}" for c in CATEGORIES)
            yield f"{result.id:<{width}}  {result.class_ or 'failed':<14} {counts} {_points(result.before):>7} {_points(result.after):>6}"
    classes = Counter(r.class_ for r in done)
    totals = Counter({c: sum(r.issues.get(c, 0) for r in done) for c in CATEGORIES})
    yield f"{len(done)} of {len(results)} samples reviewed: " + ", ".join(
        f"{n} {c}" for c, n in sorted(classes.items(), key=lambda x: (-x[1], x[0]))
    )
    yield "issues: " + ", ".join(f"{totals[c]} {c}" for c in CATEGORIES)
    before = [r.before for r in done if r.before is not None]
    if before:
        yield f"mean score before the corrections: {sum(before) / len(before):.2f}"


def _points(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
