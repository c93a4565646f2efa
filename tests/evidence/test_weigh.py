"""What records do to a review: samples with records, and what the review says because of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.review import Review
from tests.paths import CASES

FOLDER = CASES / "evidence" / "samples"
EXPECTED = "expected.json"


def reviewed(folder: Path) -> Review:
    return pipeline.review_sample(sample.load(folder), Config(), pipeline.evidence_of(folder))


def told(folder: Path) -> dict[str, Any]:
    """What a review says because of records: issues, verdicts, steps, notes and closing words."""
    found = reviewed(folder)
    plain = {note for note in pipeline.review_sample(sample.load(folder), Config()).sample.notes}
    return {
        "issues": [
            {
                "rule": i.rule,
                "status": i.status,
                "category": i.category,
                "where": i.where[0] if i.where else None,
                "title": i.title,
                "problem": i.problem,
                "observed": i.observed,
                "checks": [[c.check, c.model, c.ideal] for c in i.verification],
            }
            for i in found.issues
        ],
        "minor": [[m.rule, m.status, m.title] for m in found.minor],
        "validation": {
            side: [v.source, v.valid, [d.summary for d in v.diagnostics]]
            for side, v in (("model", found.model_validation), ("ideal", found.ideal_validation))
            if v is not None
        },
        "steps": {s.step: [s.model, s.ideal, s.source, s.model_detail, s.ideal_detail] for s in found.verification},
        "notes": [n for n in found.sample.notes if n not in plain],
        "assessment": list(found.assessment),
    }


@pytest.mark.parametrize("case", sorted(p.name for p in FOLDER.iterdir()))
def test_golden_of_what_records_do_to_a_review(case: str) -> None:
    expected = FOLDER / case / EXPECTED
    found = json.loads(json.dumps(told(FOLDER / case)))
    if os.environ.get("REVIEWGEN_GOLDENS") == "write":
        expected.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert found == json.loads(expected.read_text("utf-8"))
