"""A hundred cases of ``make fuzz``; those that once failed stay here by what was wrong with them."""

from __future__ import annotations

import time

import pytest

from reviewgen import pipeline, render, sample
from reviewgen.config import Config
from tests.fuzz.check import SECONDS, outcome, problem

MODEL = 'resource "aws_sns_topic" "a" {\n  name = VALUE\n}\n'


def answer(code: str, before: str = "") -> bytes:
    return f"{before}\n\n# main.tf\n\n```hcl\n{code}```\n".encode()


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_mutated_samples_give_a_document_or_a_clear_error(first: int) -> None:
    assert {number: found for number in range(first, first + 10) if (found := problem(number))} == {}


@pytest.mark.parametrize(
    "value",
    [
        "[" * 5000 + "]" * 5000,
        "(" * 5000,
        "{" * 5000,
        "-" * 5000 + "1",
        '"${' * 2000 + '}"' * 2000,
        "a" * 200_000,
        "x" + ".y" * 20_000,
        "1 + " * 5000 + "1",
    ],
    ids=["lists", "open parentheses", "open braces", "signs", "templates", "name", "traversal", "sum"],
)
def test_deep_and_long_values(value: str) -> None:
    assert outcome({"MODEL_RESPONSE.md": answer(MODEL.replace("VALUE", value)), "IDEAL_RESPONSE.md": answer(MODEL)}) == ""


@pytest.mark.parametrize(
    "use",
    [
        "count = HUGE",
        'name = ["a"][HUGE]',
        'name = element(["a"], HUGE)',
        'name = format("%d", HUGE)',
        "name = floor(HUGE)",
        "name = range(HUGE)",
        'name = cidrsubnet("10.0.0.0/8", HUGE, 1)',
        'name = substr("a", HUGE, 1)',
        "fifo_topic = HUGE",
        "name = HUGE % 2",
        "name = parseint(HUGE, 10)",
        "name = formatdate(HUGE, HUGE)",
    ],
)
def test_numbers_beyond_all_bounds(use: str) -> None:
    for huge in ("1e400", "-1e400", "1" + "0" * 400):
        code = MODEL.replace("name = VALUE", use.replace("HUGE", huge))
        assert outcome({"MODEL_RESPONSE.md": answer(code), "IDEAL_RESPONSE.md": answer(MODEL.replace("VALUE", "1"))}) == ""


@pytest.mark.parametrize("header", ["output", "module", "provider", "variable", "resource", 'resource "a"', "data", "locals", "check"])
def test_a_block_without_its_name(header: str) -> None:
    code = f"{header} {{\n  value = aws_sns_topic.a.arn\n  depends_on = [aws_sns_topic.a]\n}}\n" + MODEL.replace("VALUE", "1")
    assert outcome({"MODEL_RESPONSE.md": answer(code), "IDEAL_RESPONSE.md": answer(code + code)}) == ""


# Each of these once took the square of its length: minutes where the bound is seconds.
LONG = {
    "thousands of syntax errors on one line": lambda: answer(MODEL.replace("VALUE", "\u20ac" * 20_000)),
    "thousands of lines with a syntax error": lambda: answer(MODEL.replace("VALUE", "1") * 50 + "x = ;\n" * 10_000),
    "a comment that is a ruler": lambda: answer("# " + "=" * 60_000 + "x\n" + MODEL),
    "a path without an end": lambda: answer(MODEL, "## " + "a/" * 30_000),
    "blank lines in prose": lambda: answer(MODEL, "\n" * 60_000),
    "blank lines in code": lambda: answer("\n" * 60_000 + MODEL),
    "white space near an error": lambda: answer(MODEL.replace("VALUE", " " * 60_000)),
    "a traversal near an error": lambda: answer('source "x" {\n  y = so' + "ua.b.a" * 15_000 + "\n" + MODEL),
    "comments without a fence": lambda: (MODEL.replace("VALUE", "1") + "# a\n" * 15_000).encode(),
    "escaped quotes": lambda: answer(MODEL.replace("VALUE", '"{' + '\\"' * 30_000)),
    "thousands of interpolations in one string": lambda: answer(MODEL.replace("VALUE", '"' + "${a}" * 15_000 + '"')),
    "many fences": lambda: answer(MODEL + "```\n" * 15_000),
    "an argument that is set again and again": lambda: answer('resource "aws_sns_topic" "a" {\n' + "  name = 1\n" * 8_000 + "}\n"),
    "blanks behind an argument": lambda: answer(MODEL.replace("VALUE", '"1"' + " " * 60_000 + "+ 1")),
    "one file over and over": lambda: b"".join(
        answer(f'resource "aws_sns_topic" "a{n}" {{}}\nresource "aws_sns_topic" "b" {{}}\n') for n in range(600)
    ),
    "stretches without a name": lambda: b"".join(b'```hcl\nresource "aws_sns_topic" "a%d" {}\n```\n' % n for n in range(1_200)),
    "stretches of local values": lambda: b"".join(b"```hcl\nlocals {\n  a%d = 1\n}\n```\n" % n for n in range(2_000)),
    "a local value without an end": lambda: answer("locals {\n  " + "a" * 60_000 + "\n}\n" + MODEL),
    "files of Markdown that are never closed": lambda: b"## a.md\n```md\n## b.md\n```hcl\n" * 4_000,
    "a label of thousands of steps": lambda: answer('resource "' + "a.b." * 15_000 + 'c" "x" {}\n' + MODEL),
    "a word behind a type": lambda: answer("data " + "a" * 60_000 + "\n" + MODEL.replace("VALUE", ";")),
    "a label of opening brackets": lambda: answer('resource "' + "[" * 60_000 + '" "x" {}\n' + MODEL),
    "bare fences in a README": lambda: b"### README.md\n\n```markdown\n" + b"```\na\n" * 15_000 + b"```hcl\n```\n",
    "parts of a module without names": lambda: (
        b'```hcl\n# modules/a/main.tf\nresource "aws_vpc" "a" {}\n```\n'
        + b"".join(b'```hcl\nresource "aws_subnet" "a%d" {\n  vpc_id = aws_vpc.a.id\n}\n```\n' % n for n in range(1_000))
    ),
    "remarks behind names of files": lambda: answer(MODEL, "\n".join(["### a.tf) (" + "w " * 240] * 5_000)),
    "closing fences behind open code": lambda: answer("a {\n" + "x = 1 ```\n" * 6_000),
}
LONG_TASKS = {
    "brackets in a heading": "# " + "(" * 60_000,
    "a title of commas": ", " * 30_000 + "x:",
    "white space within a heading": "# a" + " " * 60_000 + "b",
    "a row of bars": "|" * 60_000 + "x",
    "a word without an end": "a-" * 30_000,
}


@pytest.mark.parametrize("name", LONG)
def test_time_grows_with_the_length_and_not_with_its_square(name: str) -> None:
    start = time.process_time()
    assert outcome({"MODEL_RESPONSE.md": LONG[name](), "IDEAL_RESPONSE.md": answer(MODEL.replace("VALUE", "1"))}) == ""
    assert time.process_time() - start < SECONDS


def test_what_is_said_of_a_line_grows_with_its_length_and_not_with_its_square() -> None:
    model = sample.read_markdown(answer(MODEL.replace("VALUE", '"' + "${var.a}" * 5_000 + '"')).decode(), "MODEL_RESPONSE.md")
    review = pipeline.review_sample(sample.of_documents(model, model), Config())
    assert len(review.model_validation.diagnostics) == 5_000
    assert len(render.dumps(review)) < 500 * 10_000 * 2  # 500 characters for each of both trees' diagnostics, and indentation


@pytest.mark.parametrize("name", LONG_TASKS)
def test_time_grows_with_the_length_of_the_task(name: str) -> None:
    start = time.process_time()
    same = answer(MODEL.replace("VALUE", "1"))
    assert (
        outcome({"PROMPT.md": f"1. Create a topic.\n\n{LONG_TASKS[name]}\n".encode(), "MODEL_RESPONSE.md": same, "IDEAL_RESPONSE.md": same})
        == ""
    )
    assert time.process_time() - start < SECONDS
