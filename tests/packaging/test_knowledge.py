"""docs/knowledge.md names every table and bundle that the package holds."""

from __future__ import annotations

from reviewgen.terraform.schema.catalogue import FOLDER
from tests.packaging.knowledge import PAGE, page


def test_lists_are_fresh() -> None:
    assert PAGE.read_text("utf-8") == page(), "run make docs"


def test_each_bundle_is_named() -> None:
    text = PAGE.read_text("utf-8")
    for path in FOLDER.iterdir():
        name, _, version = path.name.removesuffix(".schema.gz").partition("-")
        row = f"builtin/{name} | {version} | BUSL-1.1" if name == "terraform" else f"hashicorp/{name} | {version} | MPL-2.0"
        assert f"| {row} |" in text
