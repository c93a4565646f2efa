"""What our own samples give: the documents that stand beside them, and what the first of them is there to show."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reviewgen import pipeline, render, sample
from reviewgen.config import Config
from reviewgen.model.review import Review
from tests.goldens import golden
from tests.paths import ROOT, SAMPLES

CLASSES = {
    "payment-dr": "pair",
    "data-protection": "pair",
    "identical": "identical",
    "broken-hcl": "pair",
    "snippet-ideal": "snippet_ideal",
    "wrong-task": "wrong_task",
    "lib-layout": "pair",
}


@cache
def review(folder: Path) -> Review:
    return pipeline.review_sample(sample.load(folder), Config())


@pytest.mark.slow  # every rule may change them: compared by the whole suite, not by each quick run
@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_golden_document(folder: Path) -> None:
    golden(folder / "EXPECTED.md", render.markdown(review(folder)))


@pytest.mark.slow  # every rule may change them: compared by the whole suite, not by each quick run
@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_golden_review(folder: Path) -> None:
    golden(folder / "EXPECTED.json", render.dumps(review(folder)))


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_each_sample_shows_its_class(folder: Path) -> None:
    assert review(folder).sample.class_ == CLASSES[folder.name]


@pytest.mark.slow
def test_the_bytes_do_not_depend_on_how_python_orders_sets(tmp_path: Path) -> None:
    given: list[dict[str, bytes]] = []
    for seed in ("1", "2", "3"):
        command = [sys.executable, "-m", "reviewgen", "batch", ROOT / "samples", "-o", tmp_path / seed, "--jobs", "1"]
        subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": seed, "REVIEWGEN_CACHE": "off"}, check=True, capture_output=True)
        # The journal keeps what the batch itself needs to go on; it is none of its documents.
        files = sorted(p for p in (tmp_path / seed).rglob("*") if p.is_file() and ".reviewgen" not in p.parts)
        given.append({p.relative_to(tmp_path / seed).as_posix(): p.read_bytes() for p in files})
    assert len(given[0]) == 2 * len(SAMPLES) + 1  # document and review of each, and the summary of the run
    assert [name for name in given[0] if not given[0][name] == given[1][name] == given[2][name]] == []


def issue(name: str, words: str) -> dict[str, Any]:
    """The one issue of a sample whose title has some words."""
    found = [i for i in json.loads(render.dumps(review(ROOT / "samples" / name)))["issues"] if words in i["title"]]
    assert len(found) == 1, [i["title"] for i in found]
    return dict(found[0])


def test_payment_dr_lacks_failover_routing() -> None:
    found = issue("payment-dr", "failover routing")
    assert (found["category"], found["status"]) == ("blocker", "fixed")
    assert found["requirement"]["number"] == "7"
    assert found["requirement"]["text"] in (ROOT / "samples/payment-dr/PROMPT.md").read_text("utf-8")
    assert found["quotes"], "MODEL admits it in a comment"


def test_payment_dr_lacks_the_keys_of_the_second_region() -> None:
    found = issue("payment-dr", "KMS key for the encrypted cross-region")
    assert (found["category"], found["status"]) == ("blocker", "fixed")
    keys = {"aws_kms_key.database_primary", "aws_kms_key.database_dr", "aws_kms_alias.database_primary", "aws_kms_alias.database_dr"}
    assert keys <= set(found["where"]), "two keys, their aliases and the arguments that use them are one issue"


def test_payment_dr_leaves_a_deprecated_argument() -> None:
    found = issue("payment-dr", "stage_name")
    assert (found["category"], found["status"]) == ("warning", "left")


def test_an_identical_pair_has_nothing_to_correct() -> None:
    found = review(ROOT / "samples" / "identical")
    assert found.diff.empty
    assert {str(i.status) for i in found.issues} <= {"left", "unmet"}


def test_what_snippets_do_not_show_is_not_removed() -> None:
    assert review(ROOT / "samples" / "snippet-ideal").diff.removed == ()


def test_another_task_is_one_issue_and_its_requirements_are_listed() -> None:
    found = review(ROOT / "samples" / "wrong-task")
    assert len([i for i in found.issues if i.category == "blocker"]) == 1
    assert found.coverage
