"""Reviews and failures to rows of the tables."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from reviewgen.config import CATEGORIES
from reviewgen.model.review import Status

from .formats import writer
from .own import Own
from .targets import Target

Review = Mapping[str, Any]


def write(samples: Iterable[tuple[str, str, str, Review | None]], target: Target, stream: BinaryIO, own: Own | None) -> None:
    """Write a table of a run.

    Args:
        samples: (sample, kind of its failure, why it failed, its review) of each, sorted; a review is there where there is no failure.
        target: Which table, and in which format.
        stream: Where to.
        own: The columns that datasets have of their own, for the table of samples; None for other tables.
    """
    with writer(target, stream, own) as add:
        for id, failure, error, review in samples:
            for row in _ROWS[target.table](id, failure, error, review, target.format):
                add(id, row)


def _samples(id: str, failure: str, error: str, review: Review | None, _format: str) -> Iterator[dict[str, Any]]:
    if review is None:
        yield {"id": id, "failure": failure, "error": error}
        return
    sample, score, facts, validation = (review[name] for name in ("sample", "score", "facts", "validation"))
    learning = score["learning_value"] or {}
    categories = Counter(issue["category"] for issue in review["issues"])
    statuses = Counter(issue["status"] for issue in review["issues"])
    services = {*facts["model"]["services"], *facts["ideal"]["services"]}
    yield {
        "id": id,
        "class": sample["class"],
        "score_before": score["before"],
        "score_after": score["after"],
        "learning_value": learning.get("final"),
        "accepted": learning.get("accepted"),
        **{category: categories[category] for category in CATEGORIES},
        **{status.value: statuses[status] for status in Status},
        **{f"{side}_valid": validation[side]["valid"] if validation[side] else None for side in ("model", "ideal")},
        **{f"{side}_{what}": facts[side][what] for what in ("resources", "lines") for side in ("model", "ideal")},
        "services": sorted(services, key=lambda name: (name.lower(), name)),
        **{f"{side}_digest": sample["content"][side] for side in ("prompt", "model", "ideal")},
    }


def _issues(id: str, _failure: str, _error: str, review: Review | None, _format: str) -> Iterator[dict[str, Any]]:
    plain = (
        "fingerprint", "rule", "title", "category", "severity", "status", "fix_class", "stage", "points", "where", "problem", "lesson", "message",
        "lines_added", "lines_removed", "source",
    )  # fmt: skip
    for issue in review["issues"] if review is not None else ():
        first = next(iter(issue["places"]), {"file": None, "line": None})
        yield {
            "sample": id,
            "number": int(issue["id"]),
            "requirement": issue["requirement"]["text"] if issue["requirement"] else None,
            "file": first["file"],
            "line": first["line"],
            **{name: issue[name] for name in plain},
        }


def _reviews(id: str, _failure: str, _error: str, review: Review | None, format: str) -> Iterator[dict[str, Any]]:
    if review is not None:
        yield dict(review) if format == ".jsonl" else {"id": id, "review": json.dumps(review, ensure_ascii=False)}


_ROWS = {"samples": _samples, "issues": _issues, "reviews": _reviews}
