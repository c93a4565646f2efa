"""What Terraform says only because of another error stands with that error: `tests/cases/causes/`.

`issues` lists status and rule of each issue that comes from Terraform, `hidden` the rules of all issues that say that Terraform does not come to
them, `after` of those whose message says that others come first. Of the last of `issues`: `title`; `where` are places among the first six;
`says` stands in its problem, `checks` in its assertions; `messages` begin its messages, in this order, `only` are all of them, `quoted` stands in
them; `removed` lines went; `corrected` is all that IDEAL does about it.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.review import Issue, Stage, Turn
from reviewgen.model.source import Document, SourceFile
from tests.paths import CASES

FOLDER = CASES / "causes"
# A document leads with the places that matter.
FIRST = 6
BEHIND = "ends with other errors"


def issues(case: dict[str, dict[str, str]]) -> tuple[Issue, ...]:
    sides = [
        Document(side, files=tuple(SourceFile(path, text.lstrip("\n")) for path, text in case[side].items())) for side in ("model", "ideal")
    ]
    return pipeline.review_sample(sample.of_documents(*sides, None, "x"), Config()).issues


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_one_cause_is_one_issue(path: Path) -> None:
    case = tomllib.loads(path.read_text("utf-8"))
    every = issues(case)
    assert [i.rule for i in every if BEHIND in i.problem] == case.get("hidden", [i.rule for i in every if BEHIND in i.problem])
    assert [i.rule for i in every if i.turn is Turn.LATER] == case.get("after", [i.rule for i in every if i.turn is Turn.LATER])
    found = sorted((i for i in every if i.rule.startswith("tf:")), key=lambda i: (i.status.value, i.rule))
    assert [f"{i.status.value} {i.rule}" for i in found] == case["issues"]
    last = found[-1]
    assert last.title == case.get("title", last.title)
    assert set(case.get("where", ())) <= set(last.where[:FIRST])
    assert [said for said in case.get("says", ()) if said not in last.problem] == []
    assert last.lines_removed == case.get("removed", last.lines_removed)
    assert list(last.corrected) == case.get("corrected", list(last.corrected))
    assert [said for said in case.get("checks", ()) if not any(said in c.check for c in last.verification)] == []
    told = [line for line in last.message.splitlines() if line.startswith("Error: ")]
    assert told[: len(case.get("messages", ()))] == case.get("messages", [])
    assert told == case.get("only", told)
    assert case.get("quoted", "") in last.message


REFUSED = """
variable "name" {
  default = "Shop"
}

resource "aws_db_subnet_group" "shop" {
  name       = "${var.name}-group"
  subnet_ids = ["subnet-1", "subnet-2"]
}

resource "aws_db_instance" "shop" {
  identifier           = "${var.name}-db"
  engine               = "postgres"
  instance_class       = "db.t3.medium"
  allocated_storage    = 20
  %s
}
"""


@pytest.mark.parametrize(
    ("needs", "argument"), [("db_subnet_group_name = aws_db_subnet_group.shop.name", '"name"'), ("port = 5432", '"identifier"')]
)
def test_the_plan_passes_over_what_needs_a_refused_resource(needs: str, argument: str) -> None:
    every = issues({side: {"main.tf": REFUSED % needs} for side in ("model", "ideal")})
    (told,) = (issue for issue in every if issue.rule == "RG603")
    assert told.message.endswith(argument)


WITHDRAWN = """
variable "group" {
  default = "%s"
}

resource "aws_db_subnet_group" "shop" {
  name       = var.group
  subnet_ids = ["subnet-1", "subnet-2"]
}

resource "aws_db_instance" "shop" {
  identifier        = "shop"
  engine            = "mysql"
  engine_version    = "8.0.28"
  instance_class    = "db.t3.medium"
  allocated_storage = 20
  username          = "shop"
  manage_master_user_password = true
  %s
}

%s
"""
WAITS = "db_subnet_group_name = aws_db_subnet_group.shop.name"
BROKEN = 'resource "aws_sns_topic" "orders" { kms_master_key_id = aws_kms_key.orders.id }'


@pytest.mark.parametrize(
    ("group", "needs", "more", "later"),
    [
        ("shop", WAITS, "", False),
        ("shop", "port = 3306", BROKEN, True),  # validate ends first
        ("Shop", "port = 3306", "", True),  # the plan ends first: whether another resource needs what it refuses or not
    ],
    ids=["nothing before", "behind validate", "behind the plan"],
)
def test_a_message_of_the_apply_says_what_comes_before(group: str, needs: str, more: str, later: bool) -> None:
    every = issues({side: {"main.tf": WITHDRAWN % (group, needs, more)} for side in ("model", "ideal")})
    (told,) = (issue for issue in every if issue.rule == "RG203")
    assert (told.stage, told.turn) == (Stage.APPLY, Turn.LATER if later else Turn.FIRST)


KEY = """
resource "aws_kms_key" "shop" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { Service = "logs.amazonaws.com" } }]
  })
}

module "data" {
  source = "./data"
  %s
}
"""
DATABASE = """
resource "aws_db_instance" "shop" {
  engine                      = "mysql"
  engine_version              = "8.0.28"
  instance_class              = "db.t3.medium"
  allocated_storage           = 20
  username                    = "shop"
  manage_master_user_password = true
}
"""


@pytest.mark.parametrize(("waits", "later"), [("depends_on = [aws_kms_key.shop]", True), ("", False)])
def test_a_database_whose_module_waits_for_a_refused_key_comes_later(waits: str, later: bool) -> None:
    every = issues({side: {"main.tf": KEY % waits, "data/main.tf": DATABASE} for side in ("model", "ideal")})
    assert {i.rule: i.turn for i in every if i.message and i.stage is Stage.APPLY} == {
        "RG108": Turn.FIRST,
        "RG203": Turn.LATER if later else Turn.FIRST,
    }


SNAPSHOT = """
resource "aws_db_instance" "shop" {
  identifier                = "shop"
  engine                    = "mysql"
  engine_version            = "5.7.10"
  instance_class            = "db.t3.medium"
  allocated_storage         = 20
  %s
}
"""


@pytest.mark.parametrize(("name", "asked"), [("shop-${timestamp()}", False), ('shop-${formatdate("YYYYMMDD", timestamp())}', True)])
def test_aws_is_not_asked_for_what_the_provider_refuses(name: str, asked: bool) -> None:
    every = issues({side: {"main.tf": SNAPSHOT % f'final_snapshot_identifier = "{name}"'} for side in ("model", "ideal")})
    turns = {issue.rule: issue.turn for issue in every if issue.rule in ("RG203", "RG640")}
    assert turns == ({"RG203": Turn.FIRST} if asked else {"RG203": Turn.LATER, "RG640": Turn.FIRST})


FUNCTION = """
resource "aws_iam_role" "jobs" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "jobs" {
  function_name = "jobs"
  role          = aws_iam_role.jobs.arn
  handler       = "jobs.handler"
  runtime       = "python3.13"
  filename      = "%s"
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
  dead_letter_config { target_arn = aws_sqs_queue.lost.arn }
}

resource "aws_sqs_queue" "lost" {}
"""


def test_of_two_refusals_of_one_resource_the_provider_s_own_comes_first_and_of_those_by_aws_none_is_known_to() -> None:
    every = issues({side: {"main.tf": FUNCTION % "jobs.zip"} for side in ("model", "ideal")})
    assert {i.rule: i.turn for i in every if i.message} == {"RG324": Turn.FIRST, "RG332": Turn.LATER, "RG333": Turn.LATER}
    every = issues(
        {side: {"main.tf": FUNCTION.replace("filename ", 's3_bucket = "shop"\n  s3_key ') % "jobs.zip"} for side in ("model", "ideal")}
    )
    assert {i.rule: i.turn for i in every if i.message} == {"RG332": Turn.UNDECIDED, "RG333": Turn.UNDECIDED}


def test_a_password_is_refused_where_it_is_used() -> None:
    password = 'resource "random_password" "shop" {\n  length = 20\n}\n'
    used = (WITHDRAWN % ("shop", "password = random_password.shop.result", password)).replace("manage_master_user_password = true", "")
    every = issues({side: {"main.tf": used} for side in ("model", "ideal")})
    assert {i.rule: i.turn for i in every if i.message} == {"RG203": Turn.UNDECIDED, "RG208": Turn.UNDECIDED}


LOGS = """
resource "aws_s3_bucket" "logs" {
  bucket = "shop-logs"
}

resource "aws_lb" "shop" {
  name     = "shop"
  internal = true
  subnets  = ["subnet-1", "subnet-2"]
  access_logs {
    bucket  = aws_s3_bucket.logs.id
    enabled = true
  }
}

resource "aws_cloudfront_distribution" "shop" {
  enabled = true
  origin {
    domain_name = %s
    origin_id   = "shop"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "http-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "shop"
    viewer_protocol_policy = "redirect-to-https"
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  }
  restrictions {
    geo_restriction { restriction_type = "none" }
  }
  viewer_certificate { cloudfront_default_certificate = true }
  logging_config { bucket = aws_s3_bucket.logs.bucket_domain_name }
}
"""


@pytest.mark.parametrize(("origin", "later"), [("aws_lb.shop.dns_name", True), ('"shop.example.net"', False)])
def test_a_bucket_is_created_and_what_logs_to_it_is_refused(origin: str, later: bool) -> None:
    every = issues({side: {"main.tf": LOGS % origin} for side in ("model", "ideal")})
    assert {i.rule: i.turn for i in every if i.message} == {"RG491": Turn.LATER if later else Turn.FIRST, "RG721": Turn.FIRST}


TRAIL = """
data "aws_caller_identity" "own" {}

resource "aws_s3_bucket" "audit" {
  bucket = "audit-${data.aws_caller_identity.own.account_id}"
}

resource "aws_s3_bucket_policy" "audit" {
  bucket = aws_s3_bucket.audit.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = { Service = "cloudtrail.amazonaws.com" }, Action = "s3:GetBucketAcl", Resource = aws_s3_bucket.audit.arn },
      { Effect = "Allow", Principal = { Service = "cloudtrail.amazonaws.com" }, Action = "s3:PutObject", Resource = "${aws_s3_bucket.audit.arn}/*" },
    ]
  })
}

resource "aws_kms_key" "audit" {
  enable_key_rotation = true
}

resource "aws_cloudtrail" "audit" {
  name                       = "audit"
  s3_bucket_name             = aws_s3_bucket.audit.id
  enable_log_file_validation = true
  %s
  event_selector {
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3:::*/"]
    }
  }
}
"""
WAITS = "depends_on = [aws_s3_bucket_policy.audit]"


@pytest.mark.parametrize(
    ("trail", "turns"),
    [
        (WAITS, {"RG704": Turn.FIRST}),
        (f"{WAITS}\n  kms_key_id = aws_kms_key.audit.arn", {"RG105": Turn.FIRST, "RG704": Turn.LATER}),
        ("", {"RG702": Turn.FIRST, "RG704": Turn.UNDECIDED}),
    ],
)
def test_selectors_are_put_on_a_trail_that_is_there(trail: str, turns: dict[str, Turn]) -> None:
    every = issues({side: {"main.tf": TRAIL % trail} for side in ("model", "ideal")})
    assert {i.rule: i.turn for i in every if i.message} == turns
