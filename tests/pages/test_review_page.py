"""The page of one review."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.pages import review_page
from reviewgen.render.hygiene import visible
from tests.paths import SAMPLES
from tests.render.nasty import spoiled
from tests.render.reviews import REVIEWS

from .html import Page

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'><a href="javascript:alert(1)">&lt;`<b>`</style></code></pre>\u202e'


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_it_says_what_the_review_says(path: Path) -> None:
    review = pipeline.review_sample(sample.load(path), Config())
    page = Page(review_page(review))
    text = " ".join(page.text.split())
    for issue in review.issues:
        assert f"#{issue.id} {visible(issue.title)}" in text
        assert visible(issue.problem) in text
        assert all(visible(check.check) in text for check in issue.verification)
    for listing in (listing for both in review.listings.values() for listing in both):
        assert f"{listing.side.upper()} {listing.file}:{listing.start_line}" in text


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_it_stands_alone(path: Path) -> None:
    page = Page(review_page(pipeline.review_sample(sample.load(path), Config())))
    names = {name for name, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "form"}
    assert not page.values("a", "src") and all(re.match("#|https://", address) for address in page.values("a", "href"))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    assert {address[1:] for address in page.values("a", "href") if address.startswith("#")} <= set(ids)


@pytest.mark.parametrize("name", sorted(REVIEWS))
def test_what_inputs_hold_is_only_text(name: str) -> None:
    plain, hostile = (Page(review_page(review)) for review in (REVIEWS[name], spoiled(REVIEWS[name], HOSTILE)))
    assert {tag for tag, _ in hostile.tags} <= {tag for tag, _ in plain.tags} | {"code"}
    attributes = {(tag, name) for tag, named in plain.tags for name in named}
    assert {(tag, name) for tag, named in hostile.tags for name in named} <= attributes
    assert not any(address.startswith("javascript") for address in hostile.values("a", "href"))
    assert "<script>alert(1)</script>" in hostile.text and "\u202e" not in hostile.text
