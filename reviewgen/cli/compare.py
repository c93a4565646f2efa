"""``reviewgen compare``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from reviewgen import render, runs
from reviewgen.batch.files import write
from reviewgen.config import CATEGORIES

from . import console, exits
from .inputs import STREAM, settings

_SCORES = {"before": "score before the corrections", "after": "score after the corrections", "learning": "learning value"}


def compare(before: str, after: str, output: str, format: str | None, strict: bool) -> int:
    """Show how two runs differ; see ``app.compare``."""
    settings()
    found = runs.compare(runs.read(Path(before)), runs.read(Path(after)))
    if (format or ("json" if output.endswith(".json") else "markdown")) == "json":
        text = json.dumps(_as_json(found), indent=2, ensure_ascii=False) + "\n"
    else:
        text = render.page("runs/comparison", before=before, after=after, numbers=list(_numbers(found)), found=found, names=_SCORES)
    if output == STREAM:
        console.data(text)
    else:
        write(Path(output), text)
        console.say(f"comparison: {output}")
    if strict and found.regressed:
        console.error("the later run is worse: it lacks a sample, has a new or heavier issue, or a lower score")
        return exits.GATE
    return exits.DONE


def _numbers(found: runs.Comparison) -> Iterator[tuple[str, int]]:
    """Yield what is counted over all samples."""
    yield "Samples in both runs", found.samples
    yield "Samples only in the earlier run", len(found.missing)
    yield "Samples only in the later run", len(found.added)
    for kind, word in (("new", "New"), ("gone", "Gone")):
        for category in CATEGORIES:
            said = [change.after or change.before for change in found.changes if change.kind == kind]
            yield f"{word} issues: {category}", sum(what is not None and what[0] == category for what in said)
    yield "Issues of another category or status", sum(change.kind == "changed" for change in found.changes)
    for measure, name in _SCORES.items():
        moved = [m for m in found.movements if m.measure == measure and m.before is not None and m.after is not None]
        yield f"{name.capitalize()}: fell", sum(m.worse for m in moved)
        yield f"{name.capitalize()}: rose", sum(not m.worse for m in moved)


def _as_json(found: runs.Comparison) -> dict[str, Any]:
    return {
        "samples": found.samples,
        "missing": list(found.missing),
        "added": list(found.added),
        "regressed": found.regressed,
        "numbers": dict(_numbers(found)),
        "issues": [
            {
                "sample": change.sample,
                "kind": change.kind,
                "title": change.title,
                "fingerprint": change.fingerprint,
                "before": _said(change.before),
                "after": _said(change.after),
                "worse": change.worse,
            }
            for change in found.changes
        ],
        "scores": [{**asdict(movement), "worse": movement.worse} for movement in found.movements],
    }


def _said(what: tuple[str, str] | None) -> dict[str, str] | None:
    return {"category": what[0], "status": what[1]} if what is not None else None
