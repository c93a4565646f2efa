"""review.json is read back as the review that it was written from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model import Review
from reviewgen.render import dumps, markdown, read, template_names
from tests.paths import SAMPLES

from .nasty import spoiled
from .reviews import REVIEWS


@pytest.mark.parametrize("name", sorted(REVIEWS))
def test_written_reviews(name: str) -> None:
    same(REVIEWS[name])


@pytest.mark.parametrize("name", sorted(REVIEWS))
def test_whatever_the_inputs_hold(name: str) -> None:
    same(spoiled(REVIEWS[name], "a|b\n# `c` <!-- d --> \u202e\ud800"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_samples(path: Path) -> None:
    same(pipeline.review_sample(sample.load(path), Config()))


def same(review: Review) -> None:
    text = dumps(review)
    back = read(json.loads(text))
    assert dumps(back) == text
    for template in template_names():
        assert markdown(back, template=template) == markdown(review, template=template)
