"""What the document shows of a defect that only IDEAL has."""

from __future__ import annotations

from tests.review.test_correction import issues


def test_what_makes_a_block_of_both_trees_defective_is_what_ideal_changed() -> None:
    key, group = 'resource "aws_kms_key" "k" {}\n', 'resource "aws_cloudwatch_log_group" "%s" {\n  kms_key_id = aws_kms_key.k.arn\n}\n'
    (issue,) = [i for i in issues(key, key + group % "a" + group % "b") if i.rule == "RG101"]
    assert (issue.status, issue.corrected, issue.lines_added) == (
        "introduced", ("aws_cloudwatch_log_group.a", "aws_cloudwatch_log_group.b"), 6,
    )  # fmt: skip
