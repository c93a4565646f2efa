"""A defect that IDEAL repairs beside the block that has it: by what refers to it, is attached to it or stands in its place."""

from __future__ import annotations

import pytest

from tests.review.test_correction import FORWARD, LISTENER, issues

LOGGED = """
resource "aws_lb" "web" {
  subnets = ["subnet-1", "subnet-2"]
  access_logs {
    bucket  = aws_s3_bucket.logs.id
    prefix  = "%s"
    enabled = true
  }
}
resource "aws_s3_bucket" "logs" {
  bucket = "shop-logs-1"
}
"""


DELIVERY = """
data "aws_elb_service_account" "main" {}
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = data.aws_elb_service_account.main.arn }
      Action    = "s3:PutObject"
      Resource  = "${aws_s3_bucket.logs.arn}/*"
    }]
  })
}
"""


def test_what_is_missing_beside_a_block_is_repaired_by_what_refers_to_the_other_part() -> None:
    found = issues(LOGGED % "logs", LOGGED % "alb" + DELIVERY)
    issue = next(i for i in found if i.rule == "RG721")
    assert not issue.values
    assert 'resource "aws_s3_bucket_policy" "logs" {' in "\n".join(p.code for p in issue.solution)
    assert not any("prefix" in c.check for c in issue.verification)


FORWARDED = """
resource "aws_lb_target_group" "web" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-1"
%s}
resource "aws_lb_listener" "web" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/1"
  port              = 80
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_autoscaling_group" "web" {
  min_size = 2
  max_size = 4
%s}
"""


def test_a_resource_that_only_now_refers_to_the_other_one_is_the_repair() -> None:
    health = "  health_check {\n    interval = 30\n  }\n"
    found = issues(FORWARDED % (health, ""), FORWARDED % ("", "  target_group_arns = [aws_lb_target_group.web.arn]\n"))
    issue = next(i for i in found if i.rule == "RG524")
    assert [p.code.strip() for p in issue.solution] == ["target_group_arns = [aws_lb_target_group.web.arn]"]


SENDER = """
resource "aws_sqs_queue" "lost" {{
  name = "lost"
}}
resource "aws_iam_role" "run" {{
  assume_role_policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "lambda.amazonaws.com" }} }}]
  }})
}}
resource "aws_iam_policy" "run" {{
  policy = jsonencode({{
    Statement = [
      {{ Effect = "Allow", Action = "logs:PutLogEvents", Resource = "*" }},{more}
    ]
  }})
}}
resource "aws_iam_role_policy_attachment" "run" {{
  role       = aws_iam_role.run.name
  policy_arn = aws_iam_policy.run.arn
}}
resource "aws_lambda_function" "f" {{
  function_name = "f"
  filename      = "f.zip"
  handler       = "f.main"
  runtime       = "python3.12"
  role          = aws_iam_role.run.arn
  dead_letter_config {{
    target_arn = aws_sqs_queue.lost.arn
  }}
}}
"""


def test_the_policy_that_an_attachment_names_is_the_correction_of_a_right() -> None:
    statement = '\n      { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.lost.arn },'
    (issue,) = [i for i in issues(SENDER.format(more=""), SENDER.format(more=statement)) if i.rule == "RG333"]
    assert [statement in p.code for p in issue.solution] == [True]


def test_what_stands_for_a_removed_block_is_its_repair() -> None:
    group = 'resource "aws_cloudwatch_log_group" "{}" {{\n  name = "/aws/lambda/{}"\n}}\n'
    function = 'resource "aws_lambda_function" "f" {{\n  function_name = "{}"\n  role = "r"\n{}}}\n'
    ideal = function.format("orders-dev", "  depends_on = [aws_cloudwatch_log_group.orders]\n") + group.format("orders", "orders-dev")
    found = issues(group.format("logs", "shop") + function.format("orders", ""), ideal + group.format("other", "third"))
    (issue,) = [i for i in found if i.rule == "RG815"]
    assert issue.status == "fixed" and "aws_cloudwatch_log_group.orders" in issue.corrected
    assert "aws_cloudwatch_log_group.other" not in issue.corrected


def test_what_admits_a_service_to_another_bucket_is_shown() -> None:
    model = (
        'resource "aws_s3_bucket" "data" {\n  bucket = "d"\n}\nresource "aws_s3_bucket" "old" {\n  bucket = "o"\n}\n'
        'resource "aws_s3_bucket_logging" "l" {\n  bucket        = aws_s3_bucket.data.id\n'
        '  target_bucket = aws_s3_bucket.old.id\n  target_prefix = "l/"\n}\n'
    )
    ideal = model.replace('"old" {\n  bucket = "o"', '"records" {\n  bucket = "archive-of-records"\n  tags = { a = "b" }').replace(
        "aws_s3_bucket.old.id", "aws_s3_bucket.records.id"
    )
    ideal += (
        'resource "aws_s3_bucket_policy" "records" {\n  bucket = aws_s3_bucket.records.id\n  policy = jsonencode({ Statement = [{\n'
        '    Effect = "Allow", Principal = { Service = "logging.s3.amazonaws.com" }, Action = "s3:PutObject", '
        'Resource = "${aws_s3_bucket.records.arn}/*"\n'
        '    Condition = { ArnEquals = { "aws:SourceArn" = aws_s3_bucket.data.arn } }\n  }] })\n}\n'
    )
    (issue,) = [i for i in issues(model, ideal) if i.rule == "RG723"]
    assert any('Service = "logging.s3.amazonaws.com"' in p.code for p in issue.solution)


REDIRECT = '    type = "redirect"\n    redirect {\n      port = "443"\n      protocol = "HTTPS"\n      status_code = "HTTP_301"\n    }'


def test_a_redirect_alone_does_not_encrypt_what_a_new_listener_encrypts() -> None:
    secure = (
        'resource "aws_lb_listener" "https" {\n  load_balancer_arn = aws_lb.web.arn\n  port = 443\n  protocol = "HTTPS"\n'
        f'  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/a"\n  default_action {{\n{FORWARD}\n  }}\n}}\n'
    )
    found = issues(LISTENER.format(action=FORWARD), LISTENER.format(action=REDIRECT) + secure, "Serve the site over HTTPS.")
    assert [(i.rule, i.status, i.corrected) for i in found if i.rule in ("RG003", "RG521")] == [
        ("RG521", "fixed", ("aws_lb_listener.https",))
    ]


SEALED = """
resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    apply_server_side_encryption_by_default {
%s    }
  }
}
resource "aws_kms_key" "logs" {}
"""
OWN = '      sse_algorithm     = "aws:kms"\n      kms_master_key_id = aws_kms_key.logs.arn\n'


def test_a_key_that_no_service_could_use_is_no_loss() -> None:
    found = issues(LOGGED % "logs" + DELIVERY + SEALED % OWN, LOGGED % "logs" + DELIVERY + SEALED % '      sse_algorithm = "AES256"\n')
    assert [(i.rule, i.status) for i in found if "encryption" in i.where[0]] == [("RG722", "fixed")]


EDGE = """
resource "aws_cloudfront_distribution" "d" {
  logging_config {
    bucket = %s.bucket_domain_name
  }
}
resource "aws_s3_bucket" "logs" {}
"""
CONTROLS = """
resource "aws_s3_bucket_ownership_controls" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}
"""


@pytest.mark.parametrize(("more", "told"), [(CONTROLS, ["fixed"]), ("", [])])
def test_what_repairs_a_block_is_known_although_other_references_lead_nowhere(more: str, told: list[str]) -> None:
    rest = "".join(f'resource "aws_vpc" "v{n}" {{}}\n' for n in range(4)) + 'resource "aws_s3_bucket" "other" {}\n'
    found = issues(EDGE % "aws_s3_bucket.logs" + rest, EDGE % "aws_s3_bucket.unshown" + more)
    assert [i.status for i in found if i.rule == "RG491"] == told
