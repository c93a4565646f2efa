"""What both trees have and PROMPT does not ask about: silent where there is much to tell, in the closing table where there is little."""

from __future__ import annotations

import pytest

from reviewgen.model.review import Status
from tests.review.test_correction import reviewed

KEY = 'resource "aws_kms_key" "data" {\n  description = "data"\n}\n'
ROTATED = KEY.replace("}\n", "  enable_key_rotation = true\n}\n")
FLAWED = """
resource "aws_lambda_function" "{0}" {{
  function_name = "{0}"
  runtime       = "nodejs12.x"
}}
resource "aws_db_instance" "{0}" {{
  identifier          = "{1}"
  publicly_accessible = true
  password            = "secret-{0}"
}}
"""
MANY = "".join(FLAWED.format(name, name.upper()) for name in ("one", "two"))


@pytest.mark.parametrize(("more", "told"), [("", True), (MANY, False)])
def test_a_short_document_lists_what_both_trees_have(more: str, told: bool) -> None:
    review = reviewed(KEY + more, KEY + more)
    assert (len(review.issues) < 5) is told, "the case is one of a short, and of a long document"
    assert "RG109" not in [i.rule for i in review.issues]
    assert [m.status for m in review.minor if m.rule == "RG109"] == ([Status.LEFT] if told else [])


def test_what_only_ideal_has_stays_an_issue() -> None:
    review = reviewed(ROTATED, KEY)
    assert [(i.rule, i.status) for i in review.issues if i.rule == "RG109"] == [("RG109", Status.INTRODUCED)]
    assert not [m for m in review.minor if m.rule == "RG109"]


@pytest.mark.parametrize(("beside", "told"), [(KEY.replace('"data"', '"other"', 1), []), ("", [Status.FIXED])])
def test_what_went_is_no_repair_while_both_trees_have_it_beside(beside: str, told: list[Status]) -> None:
    review = reviewed(KEY + beside + MANY, beside + MANY)
    assert [m.status for m in (*review.minor, *review.issues) if m.rule == "RG109"] == told


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Use **AWS Provider** with care", False),
        ("Use **AWS Provider 5.x** for compatibility", True),
        ("Needs Terraform 1.5+ and AWS provider ~> 5.0", True),
    ],
)
def test_a_version_that_prompt_names_is_asked_for(asked: str, expected: bool) -> None:
    review = reviewed(ROTATED + MANY, ROTATED + MANY, f"1. {asked}\n")
    assert any(told.rule == "RG629" for told in (*review.issues, *review.minor)) is expected
