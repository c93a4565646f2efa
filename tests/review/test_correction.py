"""What of IDEAL repairs a defect, and how many lines that are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.review import Issue, Review
from tests.build import document

STATEMENTS = "\n".join(f'      {{ Sid = "S{n}", Effect = "Allow", Action = "s3:GetObject", Resource = "*" }},' for n in range(20))
POLICY = """
resource "aws_sqs_queue" "q" {{
  name       = "q"
  kms_master_key_id = aws_kms_key.k.id
}}
resource "aws_kms_key" "k" {{
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
{more}{statements}
    ]
  }})
}}
resource "aws_cloudwatch_log_group" "g" {{
  name       = "g"
  kms_key_id = aws_kms_key.k.arn
}}
"""
LOGS = (
    '      { Sid = "Logs", Effect = "Allow", Principal = { Service = "logs.amazonaws.com" }, '
    'Action = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"], Resource = "*" },\n'
)


def reviewed(model: str, ideal: str, prompt: str = "") -> Review:
    asked = sample.read_markdown(prompt, "PROMPT.md") if prompt else None
    return pipeline.review_sample(sample.of_documents(document(model), document(ideal), asked, "x"), Config())


def issues(model: str, ideal: str, prompt: str = "") -> tuple[Issue, ...]:
    return reviewed(model, ideal, prompt).issues


def test_of_a_long_value_only_what_is_new_is_shown_and_counted() -> None:
    found = issues(POLICY.format(more="", statements=STATEMENTS), POLICY.format(more=LOGS, statements=STATEMENTS))
    issue = next(i for i in found if "aws_kms_key.k.policy" in i.where)
    assert [p.code for p in issue.solution] == [LOGS.rstrip("\n")]
    assert (issue.lines_added, issue.lines_removed) == (1, 0)


GRANTS = """
resource "aws_iam_role_policy" "p" {{
  role = "r"
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{
        Effect = "Allow"
        Action = ["{action}"]
        Resource = "{where}"
      }},
      {{
        Effect = "Allow"
        Action = [
          "ec2:DescribeInstances",
          "ec2:DescribeVolumes"
        ]
        Resource = "*"{condition}
      }}
    ]
  }})
}}
"""


@pytest.mark.parametrize(
    ("action", "where", "status", "shown"),
    [
        ("logs:PutLogEvents", "${aws_cloudwatch_log_group.g.arn}:*", "fixed", ["where"]),
        ("s3:*", "*", "introduced", ["action", "where"]),
    ],
)
def test_of_a_long_policy_only_the_statement_that_is_meant_is_shown(action: str, where: str, status: str, shown: list[str]) -> None:
    condition = '\n        Condition = { StringEquals = { "aws:RequestedRegion" = "eu-west-1" } }'
    before = 'variable "region" {\n  default = "eu-west-1"\n}\n'
    before += GRANTS.format(action="logs:PutLogEvents", where="arn:aws:logs:${var.region}:*:*", condition="")
    group = 'resource "aws_cloudwatch_log_group" "g" {\n  name = "g"\n}\n'
    found = issues(group + before, group + GRANTS.format(action=action, where=where, condition=condition), "Least privilege.")
    issue = next(i for i in found if i.status == status and "aws_iam_role_policy.p.policy" in i.where)
    lines = {"action": f'        Action = ["{action}"]', "where": f'        Resource = "{where}"'}
    assert "\n".join(p.code for p in issue.solution) == "\n".join(lines[name] for name in shown)


@pytest.mark.parametrize("side", ["fixed", "introduced"])
def test_what_prompt_asks_and_a_weaker_argument_are_one_issue(side: str, tmp_path: Path) -> None:
    with_, without = (
        f'resource "aws_lambda_function" "f" {{\n  function_name = "f"\n  role = "r"\n{extra}}}\n'
        for extra in ("  reserved_concurrent_executions = 100\n", "")
    )
    pair = (without, with_) if side == "fixed" else (with_, without)
    found = issues(*pair, prompt="# Task\n\n1. Set reserved concurrency of 100 on the Lambda function.\n")
    about = [i for i in found if any(a.startswith("aws_lambda_function.f") for a in i.where) and i.status == side]
    assert [(i.title, i.where[0], i.requirement and i.requirement.number) for i in about] == [
        (
            f"{'Missing' if side == 'fixed' else 'IDEAL drops'} reserved or provisioned concurrency",
            "aws_lambda_function.f.reserved_concurrent_executions",
            "1",
        )
    ]


def test_a_passage_never_crosses_text_between_two_pieces_of_a_file() -> None:
    ideal = sample.read_markdown(
        '### main.tf\n\n```hcl\nvariable "a" {}\n```\n\nSome words.\n\n### main.tf\n\n```hcl\nvariable "b" {}\n```\n', "IDEAL_RESPONSE.md"
    )
    model = document('resource "aws_sqs_queue" "q" {\n  name = "${var.a}-${var.b}"\n}\n')
    whole = document('resource "aws_sqs_queue" "q" {\n  name = "${var.a}-${var.b}"\n}\n')
    pair = sample.of_documents(model, replace(ideal, files=(*ideal.files, replace(whole.files[0], path="queue.tf"))), None, "x")
    review = pipeline.review_sample(pair, Config())
    (issue,) = [i for i in review.issues if i.rule == "tf:undeclared-variable"]
    assert [p.code for p in issue.solution] == ['variable "a" {}', 'variable "b" {}']


def test_a_correction_ends_at_what_model_has_of_its_own() -> None:
    model = 'resource "aws_vpc" "a" {\n  cidr_block = "10.0.0.0/16"\n}\n'
    ideal = """
resource "aws_vpc" "b" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_iam_role" "f" {
  assume_role_policy = "{}"
}
resource "aws_security_group" "f" {
  vpc_id = aws_vpc.b.id
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_iam_role.f.arn
  vpc_config {
    security_group_ids = [aws_security_group.f.id]
    subnet_ids         = []
  }
}
"""
    found = issues(model, ideal, "# Task\n\n1. A Lambda function that resizes images\n")
    (issue,) = [i for i in found if i.rule == "need:lambda-function"]
    assert set(issue.where) == {"aws_lambda_function.f", "aws_iam_role.f", "aws_security_group.f"}


def test_outputs_bring_nothing_along() -> None:
    outputs = "".join(f'output "o{n}" {{\n  value = aws_sqs_queue.q.arn\n}}\n' for n in range(3))
    queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    found = issues(
        'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n', 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n' + queue + outputs
    )
    (issue,) = [i for i in found if i.title == "No outputs"]
    assert issue.where == ("output.o0", "output.o1", "output.o2")
    assert issue.lines_added == 9


def test_what_a_dropped_capability_was_is_shown() -> None:
    key = 'resource "aws_kms_key" "k" {\n  description = "logs"\n}\n'
    group = 'resource "aws_cloudwatch_log_group" "g" {{\n  name = "g"\n  {more}\n}}\n'
    with_, without = (key + group.format(more=more) for more in ("kms_key_id = aws_kms_key.k.arn", ""))
    found = issues(with_, without, "# Task\n\n1. Encrypt the CloudWatch log groups with KMS\n")
    (dropped,) = [i for i in found if i.rule == "need:log-group-encryption"]
    assert [(v.address, v.before, v.after) for v in dropped.values] == [
        ("aws_cloudwatch_log_group.g.kms_key_id", "aws_kms_key.k.arn", None)
    ]


TRUST = """
resource "aws_iam_role" "r" {{
  name               = "r"
  assume_role_policy = jsonencode({{
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ Service = "lambda.amazonaws.com" }}
      {more}
    }}]
  }})
}}
"""


def test_a_capability_that_was_nothing_but_a_defect_is_not_dropped() -> None:
    wrong = TRUST.format(more='Condition = { StringEquals = { "sts:ExternalId" = "pay" } }')
    found = issues(wrong, TRUST.format(more=""), "# Task\n\n1. IAM roles with external ID requirements for cross-account access\n")
    assert [(i.rule, i.status) for i in found if "external" in i.title.lower()] == [("RG123", "fixed")]


def test_whom_a_policy_names_is_no_part_of_the_correction() -> None:
    role = 'resource "aws_iam_role" "web" {\n  name               = "web"\n  assume_role_policy = "{}"\n}\n'
    logs = LOGS.replace('Service = "logs.amazonaws.com"', 'Service = "logs.amazonaws.com", AWS = aws_iam_role.web.arn')
    found = issues(POLICY.format(more="", statements=STATEMENTS), POLICY.format(more=logs, statements=STATEMENTS) + role)
    issue = next(i for i in found if i.rule == "RG101")
    assert issue.corrected == ("aws_kms_key.k",)


def test_what_others_use_as_well_does_not_come_with_one_of_its_users() -> None:
    trail = 'resource "aws_cloudtrail" "t" {{\n  name           = "t"\n  s3_bucket_name = "b"\n  {more}\n}}\n'
    new = """
resource "aws_cloudwatch_log_group" "trail" {
  name       = "trail"
  kms_key_id = aws_kms_key.logs.arn
}
resource "aws_kms_key" "logs" {}
resource "aws_kms_alias" "logs" {
  name          = "alias/logs"
  target_key_id = aws_kms_key.logs.id
}
resource "aws_sqs_queue" "jobs" {
  kms_master_key_id = aws_kms_key.logs.id
}
"""
    sends = 'cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail.arn}:*"'
    (issue,) = [i for i in issues(trail.format(more=""), trail.format(more=sends) + new) if i.rule == "RG011"]
    assert set(issue.corrected) == {"aws_cloudtrail.t", "aws_cloudwatch_log_group.trail"}


def test_an_assertion_about_a_value_is_not_made_twice() -> None:
    old, new = (f'resource "aws_lambda_function" "f" {{\n  runtime = "{runtime}"\n}}\n' for runtime in ("nodejs14.x", "nodejs22.x"))
    issue = next(i for i in issues(old, new) if "runtime" in i.title.lower())
    assert [c.check for c in issue.verification] == ["`aws_lambda_function.f` does not use `nodejs14.x`"]


def test_another_password_repairs_no_password() -> None:
    variable = 'variable "db_password" {\n  type    = string\n  default = "%s"\n}\n'
    database = 'resource "aws_db_instance" "main" {\n  username = "admin"\n  password = var.db_password\n}\n'
    rest = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "q{n}"\n}}\n' for n in range(6))
    found = issues(variable % "Summer2024!" + database + rest, variable % "Winter2025!" + rest)
    issue = next(i for i in found if i.rule == "RG151")
    assert (issue.status, issue.values) == ("left", ())
    assert not any("Winter" in c.check for c in issue.verification)


def test_how_a_variable_is_described_repairs_nothing() -> None:
    stage = (
        'resource "aws_api_gateway_stage" "s" {\n  deployment_id = aws_api_gateway_deployment.d.id\n  stage_name    = var.environment\n}\n'
    )
    variable = 'variable "environment" {{\n  description = "{}"\n}}\n'
    deployment = 'resource "aws_api_gateway_deployment" "d" {{\n  rest_api_id = "x"\n{}}}\n'
    (issue,) = [
        i
        for i in issues(
            stage + variable.format("Name") + deployment.format("  stage_name  = var.environment\n"),
            stage + variable.format("The name") + deployment.format(""),
        )
        if i.rule == "RG306"
    ]
    assert not any(place.startswith("var.") for place in issue.where)


INSIGHTS = """
variable "insights" {{
  default = true
}}
resource "aws_kms_key" "db" {{}}
resource "aws_db_instance" "main" {{
  engine                                = "mysql"
  instance_class                        = "db.t3.micro"
  performance_insights_enabled          = {switch}
  performance_insights_kms_key_id       = {condition} ? aws_kms_key.db.arn : null
  performance_insights_retention_period = var.insights ? {days} : null
}}
"""


def test_arguments_that_change_in_step_with_the_one_that_is_meant_belong_to_it() -> None:
    model = INSIGHTS.format(switch="var.insights", condition="var.insights", days=7)
    ideal = INSIGHTS.format(switch="var.insights && false", condition="(var.insights && false)", days=31)
    issue = next(i for i in issues(model, ideal) if i.rule == "RG205")
    assert (issue.status, issue.lines_added, issue.lines_removed) == ("fixed", 2, 2)


LISTENER = """
resource "aws_lb" "web" {{
  subnets = ["subnet-1", "subnet-2"]
}}
resource "aws_lb_target_group" "web" {{
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-1"
}}
resource "aws_lb_listener" "http" {{
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {{
{action}
  }}
}}
"""
FORWARD = '    type             = "forward"\n    target_group_arn = aws_lb_target_group.web.arn'


def test_how_often_a_health_check_asks_brings_no_server() -> None:
    stack = """
data "aws_ami" "linux" {{
  most_recent = true
  owners      = ["amazon"]
  filter {{
    name   = "name"
    values = ["al2023-ami-2023*-x86_64"]
  }}
}}
resource "aws_launch_template" "web" {{
  image_id = data.aws_ami.linux.id
{script}
}}
resource "aws_autoscaling_group" "web" {{
  min_size          = 1
  max_size          = 2
  target_group_arns = [aws_lb_target_group.web.arn]
  launch_template {{
    id = aws_launch_template.web.id
  }}
}}
"""
    checked = LISTENER.format(action=FORWARD).replace('"vpc-1"', '"vpc-1"\n  health_check {\n    unhealthy_threshold = NUMBER\n  }')
    model = stack.format(script="") + checked.replace("NUMBER", "2")
    ideal = stack.format(script='  user_data = base64encode("#!/bin/sh\\nyum install -y httpd\\n")') + checked.replace("NUMBER", "5")
    (issue,) = [i for i in issues(model, ideal) if i.rule == "RG526"]
    assert (issue.status, issue.corrected) == ("fixed", ("aws_launch_template.web",))


def test_lines_are_counted_whose_text_differs_though_the_case_of_an_action_means_nothing() -> None:
    topic = 'resource "aws_sns_topic" "t" {}\nresource "aws_sns_topic_policy" "p" {\n  arn = aws_sns_topic.t.arn\n  policy = jsonencode({\n%s  })\n}\n'
    first = '    Statement = [\n      {\n        Effect    = "Allow"\n        Principal = "*"\n        Action    = "%s:Publish"\n      }%s\n    ]\n'
    whole = ',\n      {\n        Effect    = "Allow"\n        Principal = "*"\n        Action    = "SNS:*"\n      }'
    found = issues(topic % (first % ("SNS", whole)), topic % (first % ("sns", "")))
    assert [(i.lines_added, i.lines_removed) for i in found if i.rule == "RG353"] == [(1, 6)]
