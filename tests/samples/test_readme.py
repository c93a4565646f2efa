"""The README shows what the tool really writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reviewgen import render
from tests.goldens import golden
from tests.paths import ROOT
from tests.samples.test_samples import review

README = ROOT / "README.md"
_EXCERPT = re.compile(r"(<!-- excerpt: [^\n]*-->\n).*(<!-- end of excerpt -->)", re.DOTALL)


@pytest.mark.slow  # like the samples' whole documents
def test_golden_excerpt() -> None:
    document = render.markdown(review(ROOT / "samples" / "payment-dr"))
    excerpt = document[: document.index("### Impact")].rstrip()
    text = README.read_text("utf-8")
    assert _EXCERPT.search(text)
    golden(README, _EXCERPT.sub(lambda marks: f"{marks[1]}\n````markdown\n{excerpt}\n````\n\n{marks[2]}", text))


def test_links_lead_to_files() -> None:
    for page in (README, *(ROOT / "docs").glob("*.md"), ROOT / "samples" / "README.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert Path(page.parent, target).exists(), f"{page.name} links to {target}"


def test_exit_codes_are_those_of_the_program() -> None:
    from reviewgen.cli import exits

    codes = sorted(value for name, value in vars(exits).items() if name.isupper())
    table = README.read_text("utf-8").partition("## Exit codes")[2].partition("\n## ")[0]
    assert sorted(map(int, re.findall(r"^\| (\d+) \|", table, re.MULTILINE))) == codes
