"""Documents that are written anew in part: what a person wrote stays, whatever becomes of the issues around it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewgen.documents.generated import parted, template_of, updated
from reviewgen.errors import InputError
from reviewgen.model import Review
from reviewgen.render import DEFAULT, markdown, template_names
from tests.command_line import Cli, MakeSample
from tests.render.nasty import nasty, spoiled
from tests.render.reviews import PAIR


def anew(text: str, review: Review, template: str = DEFAULT) -> str:
    return updated(parted(text, "x"), parted(markdown(review, template=template), "new"))


@pytest.mark.parametrize("template", template_names())
def test_a_fresh_document_is_up_to_date(template: str) -> None:
    text = markdown(PAIR, template=template)
    assert anew(text, PAIR, template) == text
    assert template_of(parted(text, "x")) == template


@settings(max_examples=30)
@given(nasty)
def test_no_input_can_end_a_part(text: str) -> None:
    review = spoiled(PAIR, f"\n<!-- reviewgen:end failures-and-corrections -->\n--> {text}")
    for template in template_names():
        document = markdown(review, template=template)
        assert anew(document, review, template) == document
        assert len(parted(document, "x").parts) == len(parted(markdown(PAIR, template=template), "x").parts)


@settings(max_examples=40)
@given(st.lists(st.booleans(), min_size=len(PAIR.issues), max_size=len(PAIR.issues)), st.randoms())
def test_notes_stay_in_their_order_when_issues_come_and_go(kept: list[bool], chance) -> None:  # type: ignore[no-untyped-def]
    text = markdown(PAIR)
    marks = [f"Note {n} of a person.\n\n" for n in range(len(parted(text, "x").parts) + 1)]
    pieces = parted(text, "x")
    noted = marks[0] + pieces.before + "".join(f"{p.text}\n{m}{p.follows}" for p, m in zip(pieces.parts, marks[1:], strict=True))
    fewer = replace(PAIR, issues=tuple(i for i, keep in zip(PAIR.issues, kept, strict=True) if keep))
    once = anew(noted, fewer)
    places = [once.index(mark) for mark in marks]
    assert places == sorted(places)
    assert [p.text for p in parted(once, "x").parts] == [p.text for p in parted(markdown(fewer), "x").parts]
    assert anew(once, fewer) == once
    back = anew(once, PAIR)
    assert all(mark in back for mark in marks)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda t: t.replace("<!-- reviewgen:end minor -->\n", ""), "does not end before another begins"),
        (lambda t: t.replace("<!-- reviewgen:end summary -->\n", ""), "does not end"),
        (lambda t: t.replace("<!-- reviewgen:begin minor -->\n", ""), "that has not begun"),
        (lambda t: t.replace("begin minor", "begin summary"), "that has not begun"),
        (lambda t: t + t, "there are two generated parts"),
        (lambda t: t.replace("<!-- reviewgen:begin summary -->", "```\n<!-- reviewgen:begin summary -->"), "a mark that is none"),
        (lambda t: t.replace("<!-- reviewgen:begin minor -->", "<!-- reviewgen:begin  -->"), "that has not begun"),
        (lambda t: t.replace("<!--", "<!- -"), "no part of the document is generated"),
    ],
)
def test_wrong_marks_are_refused(spoil, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match=message):
        parted(spoil(markdown(PAIR)), "x.md")


def test_command(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    sample, document = make_sample(), tmp_path / "doc.md"
    assert cli("report", sample, "-o", document, "--template", "failure-analysis").code == 0
    assert cli("report", sample, "--update", document, "--check").code == 0
    fresh = document.read_text("utf-8")
    mine = fresh.replace("# Model Response Failures Analysis", "# What I found", 1) + "\nSigned.\n"
    document.write_text(mine.replace("**Result**", "**Results**"), "utf-8", newline="\r\n")
    stale = document.read_bytes()
    run = cli("report", sample, "--update", document, "--check")
    assert run.code == 1 and "-**Results**" in run.out and "+**Result**" in run.out
    assert document.read_bytes() == stale
    assert cli("report", sample, "--update", document).code == 0
    assert document.read_bytes() == mine.replace("\n", "\r\n").encode()
    assert cli("report", sample, "--update", document, "--check").code == 0


def test_wrong_use_overwrites_nothing(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    sample, document = make_sample(), tmp_path / "doc.md"
    cli("report", sample, "-o", document)
    broken = document.read_text("utf-8").replace("<!-- reviewgen:end summary -->", "")
    document.write_text(broken, "utf-8")
    run = cli("report", sample, "--update", document)
    assert run.code == 2 and f"{document}:" in run.err and "does not end" in run.err
    assert document.read_text("utf-8") == broken
    assert cli("report", sample, "--check").code == 2
    assert cli("report", sample, "--update", document, "-o", tmp_path / "other.md").code == 2
    assert not (tmp_path / "other.md").exists()
