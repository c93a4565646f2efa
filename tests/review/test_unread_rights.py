"""What a role lacks is not new where a block of MODEL that may give it cannot be read."""

from __future__ import annotations

import pytest

from tests.build import document
from tests.review.test_new_or_old import told

ROLE = """
resource "aws_kms_key" "k" {}
resource "aws_sqs_queue" "q" {
  kms_master_key_id = aws_kms_key.k.arn
}
resource "aws_iam_role" "r" {}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.q.arn }] })
}
"""
LIMITS = 'resource "aws_organizations_policy" "o" {\n  name = "o"\n  content = jsonencode({ Statement = [{%s Effect = "Deny", Action = "*" }] })\n}\n'
MORE = 'resource "aws_iam_role_policy" "more" {\n  role = "other"\n  policy = jsonencode({ Statement = [{%s Effect = "Deny", Action = "*" }] })\n}\n'


@pytest.mark.parametrize(
    ("other", "found"),
    [(LIMITS, ["left"]), (MORE, [])],
    ids=["takes rights only", "may give some"],
)
def test_what_a_role_lacks_is_not_new_where_a_broken_block_may_give_it(other: str, found: list[str]) -> None:
    model, ideal = (document(ROLE, **{"other.tf": other % broken}) for broken in ("ForAny:x = 1", ""))
    assert told(model, ideal, "RG336") == found
