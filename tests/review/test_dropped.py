"""What was wrong and is only gone, what is right under another name, and what is as it was: each is said as what it is."""

from __future__ import annotations

import pytest

from reviewgen.documents.rendered import mismatches
from reviewgen.model import tf
from reviewgen.render import markdown, template_names
from reviewgen.render.issue import issue_view
from tests.review.test_correction import issues, reviewed

OPERATE = """
resource "aws_iam_role" "operate" {
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "operate" {
  role   = aws_iam_role.operate.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "ec2:RunInstances"
      Resource = "arn:aws:ec2:*:123456789012:instance/*"
      %s
    }]
  })
}
"""
LITERAL = 'Condition = { StringEquals = { "ec2:InstanceType" = "t3.*" } }'
WITHIN = "Fixed by IDEAL (category B fix): IDEAL drops what was wrong, and puts nothing right in its place"


@pytest.mark.parametrize(
    ("ideal", "dropped"),
    [
        ("", True),
        (LITERAL.replace("StringEquals", "StringLike"), False),
        # Another condition may be put in its place.
        ('Condition = { StringLike = { "ec2:InstanceProfile" = "arn:aws:iam::123456789012:instance-profile/small" } }', False),
    ],
)
def test_a_condition_that_is_gone_with_what_it_limits_was_not_put_right(ideal: str, dropped: bool) -> None:
    review = reviewed(OPERATE % LITERAL, OPERATE % ideal)
    (issue,) = [i for i in review.issues if i.rule == "RG134"]
    assert (issue.status, issue.removed) == ("fixed", dropped)
    assert issue_view(issue, review, "").status == (WITHIN if dropped else "Fixed by IDEAL (category B fix)")
    said = f"drops what was wrong of #{issue.id}, and puts nothing right in its place." if dropped else f"repairs #{issue.id}."
    assert said in " ".join(review.assessment)
    assert all(mismatches(review, markdown(review, template=t), t) == () for t in template_names())


METHOD = """
resource "aws_api_gateway_rest_api" "{api}" {{
  name = "orders"
}}
resource "aws_api_gateway_method" "{name}" {{
  rest_api_id = aws_api_gateway_rest_api.{api}.id
  resource_id = aws_api_gateway_rest_api.{api}.root_resource_id
  http_method = "POST"
  {argument}  = "NONE"
}}
"""
WRONG = METHOD.format(api="main", name="place_order", argument="authorization_type")
RIGHT = METHOD.format(api="Shop", name="ShopEntry", argument="authorization")
OTHER = 'resource "aws_api_gateway_method" "Read" {\n  rest_api_id = "a"\n  resource_id = "b"\n  http_method = "GET"\n  authorization = "AWS_IAM"\n}\n'


@pytest.mark.parametrize(
    ("ideal", "removed", "said"),
    [
        (RIGHT, False, "IDEAL repairs #1."),
        # Of several nobody knows which one stands for it.
        (RIGHT + OTHER, True, "IDEAL no longer declares what had #1, and declares something of the same kind."),
        (OTHER, True, "IDEAL no longer declares what had #1, and declares something of the same kind."),
        ('resource "aws_sqs_queue" "q" {}\n', True, "IDEAL gets rid of #1 with what it no longer declares."),
    ],
    ids=["the one of its type", "several", "another one", "none"],
)
def test_what_is_written_right_under_another_name_is_a_repair(ideal: str, removed: bool, said: str) -> None:
    review = reviewed(WRONG, ideal)
    issue = next(i for i in review.issues if i.rule == tf.UNSUPPORTED_ARGUMENT)
    assert (issue.status, issue.removed) == ("fixed", removed)
    assert said in " ".join(review.assessment)
    assert ("aws_api_gateway_method.ShopEntry" in issue.corrected) is not removed


ASKED = "1. Dead letter queues for failed Lambda executions."
FUNCTION = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  filename      = "f.zip"
  handler       = "f.handler"
  runtime       = "python3.13"
  role          = "arn:aws:iam::123456789012:role/f"
  %s
}
"""
LOST = "dead_letter_config {\n    target_arn = aws_sqs_queue.lost.arn\n  }"
QUEUE = 'resource "aws_sqs_queue" "lost" {\n  name = "lost"\n}\n'


@pytest.mark.parametrize(
    ("model", "ideal", "told"),
    [
        (FUNCTION % LOST, FUNCTION % "", ["unmet"]),
        (FUNCTION % LOST, FUNCTION % LOST + QUEUE, []),
        (FUNCTION % "", FUNCTION % LOST, ["unmet"]),
    ],
)
def test_what_leads_to_a_thing_that_nothing_declares_provides_nothing(model: str, ideal: str, told: list[str]) -> None:
    assert [i.status for i in issues(model, ideal, ASKED) if i.rule == "need:lambda-dlq"] == told


LOOKS = """
resource "aws_iam_role" "check" {
  name               = "check"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "%s" {
  name   = "check"
  role   = aws_iam_role.check.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = "%s" },
      { Effect = "Allow", Action = ["iam:GetRole", "cloudtrail:LookupEvents"], Resource = "%s" },
    ]
  })
}
"""
NAMED, ROLES = "arn:aws:sqs:us-east-1:123456789012:jobs", "arn:aws:iam::123456789012:role/jobs-*"


@pytest.mark.parametrize(
    ("ideal", "status"),
    [
        (LOOKS % ("check", NAMED, "*"), "left"),
        (LOOKS % ("check", NAMED, ROLES), "fixed"),
    ],
)
def test_a_policy_that_names_no_resource_for_another_action_is_not_mended(ideal: str, status: str) -> None:
    review = reviewed(LOOKS % ("check", "*", "*"), ideal, "Roles with least privilege.")
    (found,) = [i for i in (*review.issues, *review.minor) if i.rule == "RG133"]
    assert found.status == status


def test_who_only_looks_at_roles_and_trails_is_told_of_nothing() -> None:
    policy = LOOKS % ("check", NAMED, "*")
    review = reviewed(policy, policy, "Roles with least privilege.")
    assert not [i for i in (*review.issues, *review.minor) if i.rule == "RG133"]


LOGGED = """
resource "aws_s3_bucket" "logs" {{
  bucket = "logs"
}}
resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {{
  bucket = aws_s3_bucket.logs.id
  rule {{
    apply_server_side_encryption_by_default {{
      sse_algorithm = "{}"
    }}
  }}
}}
resource "aws_s3_bucket_policy" "logs" {{
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({{ Statement = [{{
    Effect    = "Allow"
    Principal = {{ Service = "logdelivery.elasticloadbalancing.amazonaws.com" }}
    Action    = "s3:PutObject"
    Resource  = "${{aws_s3_bucket.logs.arn}}/*"
  }}] }})
}}
resource "aws_lb" "main" {{
  name    = "main"
  subnets = ["subnet-1", "subnet-2"]
  {}
}}
"""
LOGS = "access_logs {\n    bucket  = aws_s3_bucket.logs.id\n    enabled = true\n  }"


@pytest.mark.parametrize(("algorithm", "told"), [("aws:kms", [("RG722", "fixed")]), ("AES256", [("RG007", "introduced")])])
def test_logs_that_are_refused_are_no_loss(algorithm: str, told: list[tuple[str, str]]) -> None:
    review = reviewed(LOGGED.format(algorithm, LOGS), LOGGED.format(algorithm, ""))
    found = [i for i in review.issues if i.rule in ("RG007", "RG721", "RG722")]
    assert [(i.rule, i.status) for i in found] == told
    assert all(issue_view(i, review, "").status == WITHIN for i in found if i.rule == "RG722")


def test_a_snapshot_that_is_given_up_was_not_put_right() -> None:
    database = 'resource "aws_db_instance" "main" {\n  instance_class = "db.t3.micro"\n  %s\n}\n'
    named = 'final_snapshot_identifier = "final-${timestamp()}"'
    review = reviewed(database % named, database % "skip_final_snapshot = true")
    (issue,) = [i for i in review.issues if i.rule == "RG640"]
    assert issue_view(issue, review, "").status == WITHIN
    dated = reviewed(database % named, database % 'final_snapshot_identifier = "final"')
    assert "puts nothing right" not in issue_view(next(i for i in dated.issues if i.rule == "RG640"), dated, "").status
