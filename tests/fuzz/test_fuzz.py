"""A few hundred cases of ``make fuzz``; those that once failed stay here by what was wrong with them."""

from __future__ import annotations

import pytest

from tests.fuzz.check import outcome, problem

MODEL = 'resource "aws_sns_topic" "a" {\n  name = VALUE\n}\n'


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_mutated_samples_give_a_document_or_a_clear_error(first: int) -> None:
    assert {number: found for number in range(first, first + 50) if (found := problem(number))} == {}


@pytest.mark.parametrize(
    "value",
    [
        "[" * 5000 + "]" * 5000,
        "(" * 5000,
        "-" * 5000 + "1",
        '"${' * 2000 + '}"' * 2000,
        "a" * 200_000,
        "x" + ".y" * 20_000,
        "1 + " * 5000 + "1",
    ],
    ids=["lists", "open parentheses", "signs", "templates", "name", "traversal", "sum"],
)
def test_deep_and_long_values(value: str) -> None:
    answer = f"# main.tf\n\n```hcl\n{MODEL.replace('VALUE', value)}```\n".encode()
    fixed = f"# main.tf\n\n```hcl\n{MODEL.replace('VALUE', '1')}```\n".encode()
    assert outcome({"MODEL_RESPONSE.md": answer, "IDEAL_RESPONSE.md": fixed}) == ""
