"""A remark that IDEAL leaves out says nothing of what it was about."""

from __future__ import annotations

import pytest

from tests.review.test_correction import issues


@pytest.mark.parametrize(
    ("model", "ideal", "told"),
    [
        ('{\n  name = "a" # Replace with your name\n}', '{\n  name = "shop"\n}', ["fixed"]),
        ('{\n  name = "a" # Replace with your name\n}', '{\n  name = "a"\n}', []),
        ('{\n  # Replace with your name\n  name = "a"\n}', '{\n  name = "shop"\n}', ["fixed"]),
    ],
)
def test_a_remark_that_is_only_left_out_is_not_fixed(model: str, ideal: str, told: list[str]) -> None:
    queue = 'resource "aws_sqs_queue" "q" '
    assert [i.status for i in issues(queue + model, queue + ideal) if i.rule == "RG901"] == told


def test_what_a_remark_before_a_resource_wants_may_still_be_wanted() -> None:
    queue = 'resource "aws_sqs_queue" "q" {{\n  name = "{}"\n}}\n'
    found = issues("# A placeholder for the real queue\n" + queue.format("a"), queue.format("b"))
    assert not [i for i in found if i.rule == "RG901"]
