"""The generated pages of the rules are those of the code."""

from __future__ import annotations

import tomllib
from pathlib import Path

from reviewgen.rules import CATALOGUE
from tests.rules.pages import FIGURES, pages, stale


def test_pages_are_fresh() -> None:
    """`make docs` writes them again."""
    assert stale() == []


def test_a_page_that_misses_differs_or_belongs_to_no_rule_is_stale(tmp_path: Path) -> None:
    for name, text in pages().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert stale(tmp_path) == []
    (tmp_path / "RG101.md").unlink()
    (tmp_path / "RG102.md").write_text("old", encoding="utf-8")
    (tmp_path / "RG000.md").write_text("gone", encoding="utf-8")
    assert stale(tmp_path) == ["RG000.md", "RG101.md", "RG102.md"]


def test_figures_are_of_rules_that_exist() -> None:
    measured = tomllib.loads(FIGURES.read_text("utf-8"))
    assert set(measured["rules"]) <= {rule.id for rule in CATALOGUE}
    assert all(row["repaired"] <= row["model"] <= measured["samples"] for row in measured["rules"].values())
