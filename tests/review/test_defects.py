"""What becomes of a rule's finding: which tree has it, whether it is told at all, and which of IDEAL's code repairs it."""

from __future__ import annotations

import pytest

from tests.review.test_correction import issues

GROUP = """
resource "aws_security_group" "{name}" {{
  egress {{
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
"""
CERTIFICATE = """
resource "aws_acm_certificate" "{name}" {{
  domain_name       = "{domain}"
  validation_method = "DNS"
  {more}
}}
resource "aws_lb_listener" "https" {{
  port            = 443
  protocol        = "HTTPS"
  certificate_arn = aws_acm_certificate.{name}.arn
}}
"""


def test_a_replaced_block_with_the_same_defect_is_left() -> None:
    model = CERTIFICATE.format(name="shop", domain="shop.internal", more="")
    ideal = CERTIFICATE.format(name="edge", domain="www.other.internal", more='key_algorithm = "EC_prime256v1"\n  tags = { Tier = "edge" }')
    found = [i for i in issues(model, ideal) if i.rule == "RG477"]
    assert [(i.status, i.where[0]) for i in found] == [("left", "aws_acm_certificate.edge")]


def test_a_second_block_with_the_same_defect_is_introduced() -> None:
    one = CERTIFICATE.format(name="shop", domain="shop.internal", more="")
    two = one + CERTIFICATE.replace('"https"', '"admin"').format(name="admin", domain="admin.internal", more="")
    found = {i.status: i.where[0] for i in issues(one, two) if i.rule == "RG477"}
    assert found == {"left": "aws_acm_certificate.shop", "introduced": "aws_acm_certificate.admin"}


@pytest.mark.parametrize(("prompt", "told"), [("Security groups must follow least privilege.", True), ("Create a web server.", False)])
def test_some_findings_are_told_only_when_prompt_asks(prompt: str, told: bool) -> None:
    found = issues(GROUP.format(name="web"), GROUP.format(name="web"), prompt=f"# Task\n\n{prompt}\n")
    assert any(i.rule == "RG411" for i in found) is told


ROLE = """
resource "aws_sqs_queue" "dead" {{ name = "dead" }}
resource "aws_iam_role" "r" {{
  name               = "{name}"
  assume_role_policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "lambda.amazonaws.com" }} }}] }})
}}
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = aws_iam_role.r.arn
  dead_letter_config {{
    target_arn = aws_sqs_queue.dead.arn
  }}
}}
"""
GRANT = """
resource "aws_iam_role_policy" "send" {
  role   = aws_iam_role.r.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.dead.arn }] })
}
"""


def test_a_missing_companion_is_the_correction_and_not_a_new_name() -> None:
    found = issues(ROLE.format(name="worker"), ROLE.format(name="worker-dev") + GRANT)
    issue = next(i for i in found if i.rule == "RG333")
    assert issue.status == "fixed"
    assert [p.code for p in issue.solution] == [GRANT.strip("\n")]
