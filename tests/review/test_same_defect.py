"""What a defect is called may change from one tree to the other: a statement, a range of ports, a bucket, a file of values."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from tests.build import document
from tests.review.test_correction import issues

GROUP = """
resource "aws_security_group" "g" {
  ingress {
    from_port   = %s
    to_port     = %s
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
STAR = """
resource "aws_iam_policy" "p" {
  policy = jsonencode({ Statement = [{
    Sid       = "%s"
    Effect    = "Allow"
    Action    = "s3:GetObject"
    Resource  = "arn:aws:s3:::b/*"
    Condition = { StringEquals = { "aws:PrincipalArn" = "arn:aws:iam::*:role/a" } }
  }] })
}
"""
REPLICATED = """
resource "aws_s3_bucket" "main" {}
resource "aws_s3_bucket" "%s" {
  bucket = "the-one-copy"
}
resource "aws_s3_bucket_versioning" "main" {
  bucket = aws_s3_bucket.main.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_replication_configuration" "r" {
  depends_on = [aws_s3_bucket_versioning.main]
  bucket     = aws_s3_bucket.main.id
  rule {
    destination {
      bucket = aws_s3_bucket.%s.arn
    }
  }
}
"""


@pytest.mark.parametrize(
    ("rule", "model", "ideal"),
    [
        ("RG402", GROUP % (22, 22), GROUP % (20, 25)),
        ("RG134", STAR % "Read", STAR % "ReadOnly"),
        ("RG255", REPLICATED % ("copy", "copy"), REPLICATED % ("replica", "replica")),
    ],
)
def test_a_defect_is_the_same_with_another_range_statement_or_name(rule: str, model: str, ideal: str) -> None:
    assert [i.status for i in issues(model, ideal, "Replication of the bucket.") if i.rule == rule] == ["left"]


def test_a_password_in_another_file_of_values_is_left_in_the_code() -> None:
    text = 'variable "db_password" {}\nresource "aws_db_instance" "d" {\n  password = var.db_password\n}\n'
    sides = (document(**{"main.tf": text, name: 'db_password = "correct-horse-battery"\n'}) for name in ("dev.tfvars", "prod.tfvars"))
    found = pipeline.review_sample(sample.of_documents(*sides, None, "x"), Config()).issues
    assert [i.status for i in found if i.rule == "RG152"] == ["left"]


ACL = """
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_nat_gateway" "n" {
  subnet_id = "subnet-1"
}
resource "aws_subnet" "s" {
  vpc_id = aws_vpc.v.id
}
resource "aws_route_table" "r" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.n.id
  }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.r.id
}
resource "aws_network_acl" "a" {
  vpc_id     = aws_vpc.v.id
  subnet_ids = [aws_subnet.s.id]
%s}
"""
OUT = """  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
"""


def test_an_acl_that_loses_all_its_rules_lets_no_answers_through_either() -> None:
    assert [i.status for i in issues(ACL % OUT, ACL % "") if i.rule == "RG451"] == ["left"]


@pytest.mark.parametrize("provided", [True, False])
def test_what_only_a_provider_that_somebody_else_writes_decides_is_not_new(provided: bool) -> None:
    """Both trees have the block as it is; where MODEL's provider leads nobody knows."""
    acl = (
        'resource "aws_wafv2_web_acl" "a" {\n  provider = aws.west\n  name     = "a"\n  scope    = "CLOUDFRONT"\n'
        "  default_action {\n    allow {}\n  }\n"
        '  visibility_config {\n    cloudwatch_metrics_enabled = true\n    metric_name = "a"\n    sampled_requests_enabled = true\n  }\n}\n'
    )
    west = 'provider "aws" {\n  alias  = "west"\n  region = "us-west-2"\n}\n'
    found = issues(acl + ("" if provided else west.replace("us-west-2", "us-east-1")), acl + west)
    assert any(i.rule == "RG484" and i.status == "introduced" for i in found) is not provided


SERVED = """
resource "aws_kms_key" "k" {}
resource "aws_s3_bucket" "b" {}
resource "aws_s3_bucket_server_side_encryption_configuration" "%s" {
  bucket = aws_s3_bucket.b.id
  rule {
    apply_server_side_encryption_by_default {
      %s
    }
  }
}
resource "aws_cloudfront_distribution" "web" {
  origin {
    domain_name = aws_s3_bucket.b.bucket_regional_domain_name
    %s
  }
}
"""
KMS = 'kms_master_key_id = aws_kms_key.k.arn\n      sse_algorithm     = "aws:kms"'
IDENTITY = (
    "s3_origin_config {\n      origin_access_identity = aws_cloudfront_origin_access_identity.i.cloudfront_access_identity_path\n    }"
)
IDENTITIES = 'resource "aws_cloudfront_origin_access_identity" "i" {}\n'


def test_an_access_control_that_may_not_use_the_key_reads_no_more_than_an_identity() -> None:
    control = "origin_access_control_id = aws_cloudfront_origin_access_control.c.id"
    new = 'resource "aws_cloudfront_origin_access_control" "c" {}\n'
    found = issues(IDENTITIES + SERVED % ("b", KMS, IDENTITY), new + SERVED % ("b", KMS, control))
    assert [(i.rule, i.status) for i in found if i.rule in ("RG497", "RG499")] == [("RG499", "left")]


def test_a_setting_of_one_bucket_under_another_name_is_the_correction() -> None:
    model = IDENTITIES + SERVED % ("media_content_encryption", KMS, IDENTITY)
    ideal = IDENTITIES + SERVED % ("sse", 'sse_algorithm = "AES256"', IDENTITY)
    found = issues(model, ideal, "Encrypt with customer-managed KMS keys.")
    (issue,) = [i for i in found if i.rule == "RG497"]
    assert (issue.status, [p.code.strip() for p in issue.solution]) == ("fixed", ['sse_algorithm = "AES256"'])
    assert not any(i.rule == "RG002" for i in found), "what repairs one defect is no other one"


def test_what_is_left_under_a_new_name_is_shown_in_both_trees() -> None:
    trail = 'resource "aws_cloudtrail" "%s" {\n  name           = "audit-of-the-shop"\n  s3_bucket_name = "logs"\n}\n'
    (issue,) = [i for i in issues(trail % "main", trail % "audit", "An audit trail with CloudTrail.") if i.rule == "RG706"]
    assert issue.status == "left"
    assert issue.problem.endswith("`aws_cloudtrail.audit` is called `aws_cloudtrail.main` in MODEL.")
    assert issue.where == (f"aws_cloudtrail.audit.{(flag := 'enable_log_file_validation')}", f"aws_cloudtrail.main.{flag}")


PACKAGE = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  handler       = "main.handler"
  runtime       = "python3.13"
  filename      = "f.zip"
%s}
"""
HASH = '  source_code_hash = filebase64sha256("f.zip")\n'


@pytest.mark.parametrize(
    ("model", "ideal", "stage", "message", "also"),
    [
        ("", HASH, "apply", "reading ZIP file", "In IDEAL it shows at `terraform validate`."),
        (HASH, "", "validate", "Call to function", "In IDEAL it shows at `terraform apply`."),
        (HASH, HASH, "validate", "Call to function", ""),
    ],
)
def test_a_package_fails_at_the_step_at_which_model_reads_it(model: str, ideal: str, stage: str, message: str, also: str) -> None:
    (found,) = (i for i in issues(PACKAGE % model, PACKAGE % ideal) if i.rule == "RG324")
    assert found.stage is not None
    assert (found.status.value, found.stage.value) == ("left", stage)
    assert message in found.message
    assert found.problem.endswith(also)
    assert ("In IDEAL" in found.problem) == bool(also)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("f.zip", " In IDEAL it shows at `terraform validate`. `aws_lambda_function.starter` is called `aws_lambda_function.f` in MODEL."),
        ("starter.zip", " In IDEAL it shows at `terraform validate`."),
    ],
)
def test_a_package_of_another_function_fails_at_the_step_at_which_model_reads_it(file: str, told: str) -> None:
    ideal = (PACKAGE % HASH).replace('"aws_lambda_function" "f"', '"aws_lambda_function" "starter"').replace("f.zip", file)
    (found,) = (i for i in issues(PACKAGE % "", ideal) if i.rule == "RG324")
    assert found.stage is not None
    assert (found.status.value, found.stage.value, found.message) == (
        "left", "apply", "reading ZIP file (f.zip): open f.zip: no such file or directory"
    )  # fmt: skip
    assert "In MODEL: `aws_lambda_function.f` uploads `f.zip`" in found.problem
    assert f"In IDEAL: `aws_lambda_function.starter` uploads `{file}`" in found.problem
    assert found.problem.endswith(told)


LOCKED = 'resource "aws_kms_key" "k" {}\nresource "aws_cloudwatch_log_group" "g" {\n  kms_key_id = aws_kms_key.k.arn\n}\n'
CALLED = 'variable "logs" {\n  default = false\n}\nmodule "logs" {\n  source = "./logs"\n  count  = var.logs ? 1 : 0\n}\n'


@pytest.mark.parametrize("side", ["IDEAL", "MODEL"])
def test_what_one_tree_puts_into_a_module_that_it_does_not_call_weighs_as_much_as_in_the_other(side: str) -> None:
    trees = [document(LOCKED), document(CALLED, logs__main_tf=LOCKED)]
    model, ideal = trees if side == "IDEAL" else trees[::-1]
    (found,) = (i for i in pipeline.review_sample(sample.of_documents(model, ideal, None, "x"), Config()).issues if i.rule == "RG101")
    assert (found.status, found.category) == ("left", "blocker")
    assert f"In {side}, with the default values of the variables `" in found.problem
    assert not any("With values that create" in impact.text for impact in found.impact)


RULES = """
resource "aws_network_acl" "a" {
  ingress {
    rule_no    = 100
    action     = "deny"
    cidr_block = "0.0.0.0/0"
    protocol   = "-1"
    from_port  = 0
    to_port    = %s
  }
  egress {
    rule_no    = 100
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    protocol   = "-1"
    from_port  = 0
    to_port    = %s
  }
}
"""


@pytest.mark.parametrize(
    ("model", "ideal", "said"),
    [
        ((65535, 65535), (0, 0), ("fixed", True, 2)),
        ((65535, 65535), (0, 65535), ("left", False, 0)),
        ((65535, 0), (65535, 65535), ("left", False, 0)),
    ],
)
def test_a_mistake_in_rules_of_both_directions_is_one(model: tuple[int, int], ideal: tuple[int, int], said: tuple[str, bool, int]) -> None:
    """Of an access list with one of two repaired it was said that both are, and of MODEL that it has nothing wrong where IDEAL has."""
    (issue,) = [i for i in issues(RULES % model, RULES % ideal) if i.rule == "RG457"]
    assert (issue.status.value, all(c.ideal for c in issue.verification), issue.lines_removed) == said
    assert not any(c.model for c in issue.verification)
