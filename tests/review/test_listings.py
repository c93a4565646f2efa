"""Code of the declarations that issues are about: what a page shows side by side."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model import Document, Review, SourceFile
from reviewgen.model.source import Sample
from reviewgen.review.page.listings import MOST_LINES
from tests.paths import SAMPLES


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_they_stand_in_the_inputs(path: Path) -> None:
    found = sample.load(path)
    files = {side: {f.path: f for f in document.files} for side, document in (("model", found.model), ("ideal", found.ideal))}
    review = pipeline.review_sample(found, Config())
    assert review.listings
    for listing in (listing for both in review.listings.values() for listing in both):
        shown = listing.start_line + listing.code.count("\n")
        assert files[listing.side][listing.file].lines(listing.start_line, shown) == listing.code
        assert shown == min(listing.end_line, listing.start_line + MOST_LINES - 1)


def test_a_renamed_declaration_is_one_pair() -> None:
    same = "\n".join(f'  {name} = "{name}s"' for name in ("engine", "instance_class", "username", "db_name", "identifier", "license_model"))
    block = f'resource "aws_db_instance" "{{}}" {{{{\n{same}\n  publicly_accessible = {{}}\n}}}}\n'
    listings = reviewed(block.format("db", "true"), block.format("orders", "false")).listings
    assert [(each.side, each.code.split('"')[3]) for each in listings["aws_db_instance.orders"]] == [("model", "db"), ("ideal", "orders")]
    assert "aws_db_instance.db" not in listings


def test_a_long_declaration_is_cut() -> None:
    values = "\n".join(f'    K{number} = "v"' for number in range(200))
    code = f'resource "aws_db_instance" "db" {{\n  publicly_accessible = true\n  tags = {{\n{values}\n  }}\n}}\n'
    (listing,) = reviewed(code, code.replace("true", "false")).listings["aws_db_instance.db"][:1]
    assert (listing.code.count("\n") + 1, listing.end_line) == (MOST_LINES, 205)


def reviewed(model: str, ideal: str) -> Review:
    sides = [Document(f"{name}.md", "", (SourceFile("main.tf", text),)) for name, text in (("MODEL", model), ("IDEAL", ideal))]
    return pipeline.review_sample(Sample("s", *sides), Config())
