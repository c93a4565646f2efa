"""A defect that went with its block was not repaired, and the document says so."""

from __future__ import annotations

import pytest

from tests.review.test_correction import reviewed

ROLE = """
resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}
"""
POLICY = """
resource "aws_iam_role_policy" "deploy" {
  role   = aws_iam_role.deploy.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ACTION", Resource = "*" }] })
}
"""


@pytest.mark.parametrize(
    ("ideal", "removed", "words"),
    [
        (ROLE, True, "IDEAL no longer declares what had #1."),
        (ROLE + POLICY.replace("ACTION", "ec2:DescribeInstances"), False, "IDEAL repairs #1."),
    ],
)
def test_a_defect_that_goes_with_its_block_is_not_called_repaired(ideal: str, removed: bool, words: str) -> None:
    review = reviewed(ROLE + POLICY.replace("ACTION", "*"), ideal)
    assert [(i.status, i.removed) for i in review.issues if i.rule == "RG131"] == [("fixed", removed)]
    assert words in " ".join(review.assessment)
