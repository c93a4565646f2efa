"""Every pitfall of answers in Markdown, one small case each: which files are read, where they stand, and what is said about it."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewgen.model.source import Document, SourceFile
from reviewgen.sample import read_markdown
from tests.goldens import golden
from tests.paths import CASES

FOLDERS = sorted((CASES / "loading").iterdir())


def summary(document: Document) -> dict[str, object]:
    def one(file: SourceFile) -> dict[str, object]:
        last = file.text.rstrip("\n").count("\n") + 1
        entry: dict[str, object] = {"path": file.path, "lines": [file.origin_line(1), file.origin_line(last)], "text": file.text}
        return entry | ({"fragment": True} if file.fragment else {})

    return {
        "files": [one(f) for f in document.files],
        "snippets": [f.text for f in document.snippets],
        "notes": list(document.notes),
        "truncated": document.truncated,
        "languages": list(document.languages),
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=[f.name for f in FOLDERS])
def test_golden_loading(folder) -> None:  # type: ignore[no-untyped-def]
    document = read_markdown((folder / "input.md").read_text(), "ANSWER.md")
    golden(folder / "expected.json", json.dumps(summary(document), indent=1, ensure_ascii=False) + "\n")


@pytest.mark.parametrize("folder", FOLDERS, ids=[f.name for f in FOLDERS])
def test_lines_of_a_file_are_lines_of_the_document(folder) -> None:  # type: ignore[no-untyped-def]
    text = (folder / "input.md").read_text()
    lines = text.split("\n")
    for file in read_markdown(text, "ANSWER.md").files:
        for number, line in enumerate(file.text.rstrip("\n").split("\n"), 1):
            assert line.strip() in lines[file.origin_line(number) - 1]


def test_a_place_in_a_piece_is_the_same_when_a_part_of_it_is_not_read() -> None:
    later = 'resource "aws_sqs_queue" "a" {}\n\nresource "aws_sqs_queue" "b" {\n  name = "b"\n}\n\nresource "aws_sqs_queue" "c" {}\n'
    topics = 'resource "aws_sns_topic" "a" {}\nresource "aws_sns_topic" "b" {}\n'
    text = f'```hcl\n{topics}\nresource "aws_sqs_queue" "b" {{\n  name = "b"\n}}\n```\n\n```hcl\n{later}```\n'
    file = next(f for f in read_markdown(text, "ANSWER.md").files if f.path == "main-2.tf")
    assert '"b"' not in file.text
    assert file.text.split("\n").index('resource "aws_sqs_queue" "c" {}') == later.split("\n").index('resource "aws_sqs_queue" "c" {}')


PIECES = st.sampled_from(
    [
        "```",
        "```hcl",
        "~~~",
        "````md",
        "## main.tf",
        "### a/b.tf",
        'resource "aws_vpc" "a" {',
        "}",
        "}```",
        "  x = <<EOT",
        "EOT",
        "prose",
        "",
        "...",
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=40))
def test_any_order_of_lines_is_read_without_an_error(lines: list[str]) -> None:
    text = "\n".join(lines)
    document = read_markdown(text, "ANSWER.md")
    assert len({f.path for f in document.files}) == len(document.files)
    for file in document.files:
        assert not file.path.startswith("/") and ".." not in file.path.split("/")


@pytest.mark.parametrize(
    "unit", ["```\n", "```hcl\nx {\n", "#" * 50 + "\n", "a" * 5000 + "\n", "main.tf ", "<" * 100, 'resource "a" "b" {\n']
)
def test_large_input_is_read_in_bounded_time(unit: str) -> None:
    text = unit * (300_000 // len(unit))
    start = time.process_time()
    read_markdown(text, "ANSWER.md")
    assert time.process_time() - start < 5


def test_the_fences_of_a_readme_are_counted_once() -> None:
    start = time.process_time()
    read_markdown("## README.md\n\n```markdown\n" + "```\nx\n```\n" * 5000 + "```bash\nx\n```\n", "ANSWER.md")
    assert time.process_time() - start < 5
