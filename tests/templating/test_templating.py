"""Templates made of examples: each style in which people write, one case; none of an example's own words go along."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewgen import render
from reviewgen.errors import InputError
from reviewgen.templating import derive, likeness
from tests.command_line import Cli, MakeSample
from tests.goldens import golden
from tests.paths import CASES, ROOT
from tests.render.reviews import PAIR, REVIEWS

from .measure import measure

FOLDERS = sorted((CASES / "templating").iterdir())
TEMPLATES = ROOT / "templates"
NAMES = [folder.name for folder in FOLDERS]


def example(folder: Path) -> str:
    return (folder / "example.md").read_text("utf-8")


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_golden_template(folder: Path) -> None:
    golden(folder / "expected.md.j2", derive(example(folder), "example.md", "own").text)


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
@pytest.mark.parametrize("name", sorted(name for name, review in REVIEWS.items() if review.issues))
def test_documents_are_like_the_example_and_copy_nothing(folder: Path, name: str) -> None:
    found = measure(example(folder), "example.md", REVIEWS[name])
    assert (found.wrong, found.lacking, found.copied, found.found) == ((), (), (), True)
    assert found.whole >= 0.85 and found.frame == 1.0


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_nothing_of_the_example_stays_in_the_template(folder: Path) -> None:
    words = re.compile(r"[A-Za-z]{4,}")
    files = [*TEMPLATES.rglob("*.j2"), *(ROOT / "reviewgen" / "templating").glob("*.toml"), ROOT / "reviewgen" / "templating" / "write.py"]
    ours = {word.lower() for path in files for word in words.findall(path.read_text("utf-8"))}
    made = {word.lower() for word in words.findall(derive(example(folder), "example.md", "own").text)}
    theirs = {word.lower() for word in words.findall(example(folder))}
    assert (made & theirs) - ours == set()


@pytest.mark.parametrize("name", sorted(REVIEWS))
def test_what_is_no_fix_is_not_called_one(tmp_path: Path, name: str) -> None:
    template = tmp_path / "own.md.j2"
    template.write_text(derive(example(CASES / "templating" / "sections"), "example.md", "own").text, "utf-8")
    text = render.markdown(REVIEWS[name], template=str(template))
    none = "Not compared. " if name == "no_ideal_code" else "Not fixed. "
    for issue in REVIEWS[name].issues:
        part = text.partition(f"reviewgen:begin {issue.fingerprint} ")[2].partition("reviewgen:end")[0]
        fix = part.partition("**IDEAL_RESPONSE Fix**: ")[2]
        assert fix.startswith({"fixed": "IDEAL ", "introduced": "No fix: "}.get(issue.status.value, none))


def test_a_label_of_the_example_s_own_is_told_and_not_taken(cli: Cli, tmp_path: Path) -> None:
    text = (
        example(CASES / "templating" / "bullets")
        .replace("**Location**", "**Owner of the shared storage account**")
        .replace("Fix**", "Ticket**")
    )
    path = tmp_path / "example.md"
    path.write_text(text + "\n## Greetings\n\nSee you next week.\n", "utf-8")
    run = cli("templates", "new", "ours", "--from", path, "-o", tmp_path / "ours.md.j2")
    assert run.code == 0
    told = [line for line in run.err.splitlines() if line.startswith("warning: ")]
    assert [line.split(" is not")[0] for line in told] == [
        f"warning: {path}:6: label 'Owner of the shared storage account'",
        f"warning: {path}:8: label 'Ticket'",
        f"warning: {path}:35: heading 'Greetings'",
    ]
    made = (tmp_path / "ours.md.j2").read_text("utf-8")
    assert "Owner" not in made and "Greetings" not in made and "- **Ticket**: Not judged.\n" in made


def test_command(cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = CASES / "templating" / "sections" / "example.md"
    run = cli("templates", "new", "ours", "--from", source)
    assert (run.code, run.out) == (0, "") and run.err.endswith("template: ours.md.j2\n")
    assert cli("templates", "check", "ours.md.j2").code == 0
    document = tmp_path / "doc.md"
    assert cli("report", make_sample(), "--template", "ours.md.j2", "-o", document).code == 0
    assert cli("report", tmp_path / "samples" / "audit", "--template", "ours.md.j2", "--update", document, "--check").code == 0
    mine = (tmp_path / "ours.md.j2").read_text("utf-8")
    again = cli("templates", "new", "ours", "--from", source)
    assert again.code == 2 and "nothing is overwritten" in again.err
    assert (tmp_path / "ours.md.j2").read_text("utf-8") == mine
    piped = cli("templates", "new", "ours", "--from", "-", "-o", "-", stdin=source.read_text("utf-8"))
    assert piped.out == mine


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# Failures\n\nAll is well.\n", "no issue was found in the example"),
        ("# Failures\n\n## 1. Only one\n\n**Severity**: High\n", "one issue only was found in the example"),
        ("", "no issue was found in the example"),
        (
            "# The House\n\n## 1. Kitchen\n\nWarm.\n\n## 2. Cellar\n\nCold.\n",
            "no issue was found in the example: its sections are about something else",
        ),
    ],
)
def test_an_example_without_issues_is_refused(cli: Cli, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "example.md"
    path.write_text(text, "utf-8")
    run = cli("templates", "new", "ours", "--from", path, "-o", tmp_path / "ours.md.j2")
    assert run.code == 2 and f"error: {path}: {message}" in run.err and not (tmp_path / "ours.md.j2").exists()
    assert cli("templates", "new", "../ours", "--from", path).code == 2
    assert cli("templates", "new", "ours", "--from", tmp_path / "none.md").code == 2


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("{}%#*_`-:|<>1. \n\\\"'xyA\u2705", max_size=60), st.sampled_from(FOLDERS))
def test_whatever_an_example_holds_its_template_is_valid(tmp_path: Path, text: str, folder: Path) -> None:
    line = text.replace("\n", " ")
    spoiled = re.sub(r"(?m)^#+ .*|\*\*:", lambda match: match[0] + line, example(folder)) + text
    spoiled = re.sub(r"\*\*(Fix|Why|Status|Problem)", lambda match: match[0] + line, spoiled)
    try:
        made = derive(spoiled, "example.md", "own")
    except InputError:
        return
    path = tmp_path / "own.md.j2"
    path.write_text(made.text, "utf-8")
    assert render.errors(str(path)) == ()
    likeness(made.style, render.markdown(PAIR, template=str(path)))


def test_a_large_example_is_read_in_bounded_time() -> None:
    each = "## {}. Wrong\n\n**Severity**: High\n\n**Label {} of its own**: x\n\n- a\n\n```hcl\na = 1\n```\n\n" + "- x\n\ny\n\n" * 10
    begun = time.process_time()
    derive("# Failures\n\n" + "".join(each.format(n, n) for n in range(1, 400)), "example.md", "own")
    assert time.process_time() - begun < 10


def test_issues_may_be_titles_only(cli: Cli, tmp_path: Path) -> None:
    example = tmp_path / "example.md"
    example.write_text("# Model Failures\n\n## Issue 1: One\n\n## Issue 2: Two\n\n## Issue 3: Three\n", "utf-8")
    assert cli("templates", "new", "ours", "--from", example, "-o", tmp_path / "ours.md.j2").code == 0
    assert cli("templates", "check", tmp_path / "ours.md.j2").code == 0
