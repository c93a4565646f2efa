"""What IDEAL adds under a condition, or for some of the things only, is not told as fixed without a word."""

from __future__ import annotations

import pytest

from reviewgen.render import markdown
from reviewgen.render.issue import issue_view
from tests.review.test_correction import reviewed

STAGE = 'variable "stage" {\n  type = string\n}\n'
SECRETS = "".join(f'resource "aws_secretsmanager_secret" "{name}" {{\n  name = "{name}"\n}}\n' for name in ("db", "api"))
ROTATED = (
    'resource "aws_secretsmanager_secret_rotation" "{0}" {{\n  {1}secret_id = aws_secretsmanager_secret.{0}.id\n'
    '  rotation_lambda_arn = "arn:aws:lambda:eu-west-1:123456789012:function:rotate-secret"\n'
    "  rotation_rules {{\n    automatically_after_days = 30\n  }}\n}}\n"
)
BUCKETS = "".join(f'resource "aws_s3_bucket" "{name}" {{\n}}\n' for name in ("a", "b"))
VERSIONS = (
    'resource "aws_s3_bucket_versioning" "{0}" {{\n  {1}bucket = aws_s3_bucket.{0}.id\n'
    '  versioning_configuration {{\n    status = "Enabled"\n  }}\n}}\n'
)
IN_PRODUCTION = 'count = var.stage == "prod" ? 1 : 0\n  '
HANGS = 'IDEAL does it under a condition: `count` of `{}` is `var.stage == "prod" ? 1 : 0`.'


@pytest.mark.parametrize(
    ("model", "ideal", "said", "status"),
    [
        (
            STAGE + SECRETS,
            STAGE + SECRETS + ROTATED.format("db", IN_PRODUCTION),
            f"{HANGS.format('aws_secretsmanager_secret_rotation.db')} IDEAL does not do it for all: "
            "it declares none for `aws_secretsmanager_secret.api`.",
            ", but under a condition and not for all",
        ),
        (SECRETS, SECRETS + ROTATED.format("db", "") + ROTATED.format("api", ""), "", "fix)"),
        (
            BUCKETS,
            BUCKETS + VERSIONS.format("a", ""),
            "IDEAL does not do it for all: it declares none for `aws_s3_bucket.b`.",
            ", but not for all",
        ),
        (  # what the given values settle hangs on nothing
            BUCKETS,
            BUCKETS + VERSIONS.format("a", IN_PRODUCTION) + VERSIONS.format("b", "") + STAGE.replace("type = string", 'default = "prod"'),
            "",
            "fix)",
        ),
        (  # one way or the other it is there
            STAGE + BUCKETS,
            STAGE + BUCKETS + "".join(VERSIONS.format(n, 'for_each = toset(var.stage == "prod" ? ["x", "y"] : ["x"])\n  ') for n in "ab"),
            "",
            "fix)",
        ),
        (
            STAGE + BUCKETS,
            STAGE + BUCKETS + "".join(VERSIONS.format(n, 'count = var.stage == "prod" ? 2 : 1\n  ') for n in "ab"),
            "",
            "fix)",
        ),
        (  # it is there wherever what it is for is
            STAGE + BUCKETS.replace("{\n", "{\n  count = var.stage == \"prod\" ? 1 : 0\n"),
            STAGE + BUCKETS.replace("{\n", "{\n  count = var.stage == \"prod\" ? 1 : 0\n")
            + "".join(VERSIONS.format(n, IN_PRODUCTION).replace(".id", "[0].id") for n in "ab"),
            "",
            "fix)",
        ),
    ],
)  # fmt: skip
def test_how_far_a_repair_goes_is_said(model: str, ideal: str, said: str, status: str) -> None:
    review = reviewed(model, ideal, "# Task\n\n1. Rotation of secrets on a schedule, and versioning of objects in S3.\n")
    (issue,) = [i for i in review.issues if i.status == "fixed"]
    assert (said in issue.problem) if said else ("IDEAL does it" not in issue.problem and "not do it for all" not in issue.problem)
    assert issue_view(issue, review, "").status.endswith(status)
    assert not said or status.replace(", but", "; in IDEAL") in markdown(review)


KEY = 'resource "aws_kms_key" "k" {{\n  enable_key_rotation = {}\n}}\n'


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('var.stage == "prod"', 'IDEAL does it under a condition: `enable_key_rotation` of `aws_kms_key.k` is `var.stage == "prod"`.'),
        ("true", ""),
    ],
)
def test_a_switch_that_somebody_else_decides_is_said(value: str, said: str) -> None:
    (issue,) = reviewed(STAGE + KEY.format("false"), STAGE + KEY.format(value)).issues
    assert (issue.rule, issue.status) == ("RG109", "fixed")
    assert issue.problem.endswith(said) if said else "condition" not in issue.problem
