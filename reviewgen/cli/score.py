"""``reviewgen score``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reviewgen import render
from reviewgen.model.score import Adjustment, Score

from . import console, gates
from .inputs import settings
from .report import given_sample, reviewed

_WIDTH = 6


def score(folder: str, format: str, overrides: str | None, flags: Mapping[str, Any]) -> int:
    """Print both rubrics' sums of one sample; see ``app.score``."""
    config = settings(flags)
    review = reviewed(given_sample(folder, {}, overrides), config, folder, ())
    if format == "json":
        found = {"sample": review.sample.id, "class": review.sample.class_, "score": render.score(review.score)}
        console.data(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    else:
        console.data(console.plain("\n".join((f"Sample {review.sample.id}", *_sums(review.score)))) + "\n")
    return gates.passed(review, config)


def _sums(score: Score) -> Iterator[str]:
    """Yield the sums, as a person would write them below each other."""
    yield from _sum(f"{score.rubric}, before the corrections", score.base, score.adjustments, score.before)
    yield from _sum(f"{score.rubric}, after the corrections", score.base, score.after_adjustments, score.after)
    learning = score.learning_value
    if learning is not None:
        yield from _sum(learning.rubric, learning.base, learning.adjustments, learning.final)
        if learning.final is not None:
            yield f"{'':{_WIDTH}}  threshold {learning.threshold:g}: {'accepted' if learning.accepted else 'not accepted'}"


def _sum(title: str, base: float, rows: Sequence[Adjustment], result: float | None) -> Iterator[str]:
    yield from ("", title)
    if result is None:
        yield f"{'-':>{_WIDTH}}  not judged: IDEAL holds no Terraform that corrects anything"
        return
    yield f"{base:>{_WIDTH}g}  base"
    for row in rows:
        issues = f" ({', '.join(f'#{id}' for id in row.issues)})" if row.issues else ""
        yield f"{row.points:>+{_WIDTH}g}  {row.reason}{issues}" if row.points else f"{0:>{_WIDTH}}  {row.reason}{issues}"
    yield f"{'-' * 4:>{_WIDTH}}"
    exact = base + sum(row.points for row in rows)
    yield f"{result:>{_WIDTH}g}" + (f"  the sum {exact:g} is limited to {result:g}" if exact != result else "")
