"""The lines that a document gives for what it names."""

from __future__ import annotations

import pytest

from reviewgen.render import markdown
from tests.review.test_correction import issues, reviewed

FUNCTION = """\
resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}
resource "aws_iam_role" "worker" {
  name               = "worker"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "worker" {
  role   = aws_iam_role.worker.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "logs:PutLogEvents", Resource = "*" }] })
}
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  environment {
    variables = {
      LEVEL     = "info"
      QUEUE_URL = aws_sqs_queue.jobs.url
    }
  }
}
"""


def test_a_variable_of_a_function_stands_on_its_own_line() -> None:
    places = reviewed(FUNCTION, FUNCTION).places["aws_lambda_function.worker.environment.variables.QUEUE_URL"]
    line = FUNCTION.split("\n").index("      QUEUE_URL = aws_sqs_queue.jobs.url") + 1
    assert {(place.side, place.line) for place in places} == {("model", line), ("ideal", line)}


def test_an_argument_behind_the_end_of_an_answer_has_no_line_there() -> None:
    block = 'resource "aws_db_instance" "orders" {\n  instance_class    = "db.t3.micro"\n  allocated_storage = 20 *'
    places = reviewed(block, f"{block} 2\n}}\n").places["aws_db_instance.orders.allocated_storage"]
    assert {place.side for place in places} == {"ideal"}


PORT = '  ingress {{\n    from_port   = {0}\n    to_port     = {0}\n    protocol    = "tcp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }}\n'


@pytest.mark.parametrize(("ports", "line"), [((22,), 2), ((443, 22), 8), ((22, 443, 3389), 1)])
def test_of_several_blocks_of_one_type_the_one_that_is_meant_is_named_or_none(ports: tuple[int, ...], line: int) -> None:
    group = f'resource "aws_security_group" "web" {{\n{"".join(map(PORT.format, ports))}}}\n'
    places = reviewed(group, group).places["aws_security_group.web.ingress"]
    assert {(place.side, place.line) for place in places} == {("model", line), ("ideal", line)}


def test_what_a_block_lacks_is_placed_at_that_block() -> None:
    rule = '  rule {\n    id     = "old"\n    status = "Enabled"\n    expiration {\n      days = 9\n    }\n  }\n'
    bucket = 'resource "aws_s3_bucket" "logs" {}\nresource "aws_s3_bucket_lifecycle_configuration" "logs" {\n'
    text = f"{bucket}  bucket = aws_s3_bucket.logs.id\n{rule}}}\n"
    places = reviewed(text, text).places["aws_s3_bucket_lifecycle_configuration.logs.rule.filter"]
    assert {place.line for place in places} == {4}


def test_all_places_of_an_issue_are_counted_and_named_with_the_lines_that_they_have() -> None:
    """A list that shows some of its names says of how many more it is silent: of all of them."""
    base = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    added = "".join(f'output "o{n:02}" {{\n  value = aws_sqs_queue.q.arn\n}}\n' for n in range(30))
    text = markdown(reviewed(base, base + added))
    assert "and 22 more (90 lines added)." in text and "(IDEAL `main.tf:25`) and 22 more" in text


def test_a_key_of_a_local_value_stands_on_its_own_line() -> None:
    code = 'locals {\n  labels = {\n    Team = "ops"\n    Made = timestamp()\n  }\n}\nresource "aws_sns_topic" "a" {\n  tags = local.labels\n}\n'
    assert {p.line for p in reviewed(code, code).places["local.labels.Made"]} == {4}


TOPIC = """
resource "aws_sns_topic" "news" {
  name = "news"
}
resource "aws_sns_topic_policy" "news" {
  arn = aws_sns_topic.news.arn
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.news.arn
    }]
  })
}
resource "aws_cloudwatch_event_rule" "daily" {
  schedule_expression = "rate(1 day)"
}
resource "aws_cloudwatch_event_target" "news" {
  rule = aws_cloudwatch_event_rule.daily.name
  arn  = aws_sns_topic.news.arn
}
"""


def test_a_policy_in_a_resource_of_its_own_is_where_the_defect_is() -> None:
    issue = next(i for i in issues(TOPIC, TOPIC) if i.rule == "RG351")
    assert issue.where[0] == "aws_sns_topic_policy.news.policy"
    assert "aws_sns_topic.news" in issue.where
    assert "aws_sns_topic.news.policy" not in issue.where


def test_a_provider_without_the_alias_is_not_the_one_that_is_missing() -> None:
    model = 'provider "aws" {\n  region = "eu-west-1"\n}\nresource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    places = reviewed(model, model.replace("  name", "  provider = aws.west\n  name")).places
    assert places["provider.aws.west"] == ()
    assert {(p.side, p.line) for p in places["aws_sqs_queue.q.provider"]} == {("model", 4), ("ideal", 5)}


TRAIL = """\
resource "aws_cloudtrail" "main" {
  name           = "trail"
  s3_bucket_name = "trails"
  event_selector {
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
  event_selector {
    data_resource {
      type   = "%s"
      values = ["%s"]
    }
  }
}
"""


@pytest.mark.parametrize(
    ("type_", "value", "place", "line"),
    [
        ("AWS::RDS::DBCluster", "arn:aws:rds", "event_selector.data_resource.type", 12),  # what Terraform says
        ("AWS::S3::Object", "arn:aws:s3:::*/*", "event_selector.data_resource.values", 13),  # what a rule says
    ],
)
def test_an_argument_in_one_of_several_blocks_stands_on_its_own_line(type_: str, value: str, place: str, line: int) -> None:
    code = TRAIL % (type_, value)
    later = f"# behind a comment\n{code}"
    places = reviewed(code, later).places[f"aws_cloudtrail.main.{place}"]
    assert {(p.side, p.line) for p in places} == {("model", line), ("ideal", line + 1)}


def test_what_lies_beside_a_refused_argument_is_looked_for_in_the_same_block() -> None:
    rule = '  rule {\n    id     = "%s"\n    status = "Enabled"\n%s    expiration {\n      days = 9\n    }\n  }\n'
    code = 'resource "aws_s3_bucket_lifecycle_configuration" "logs" {\n  bucket = "logs"\n'
    code += rule % ("a", "    filter {}\n") + rule % ("b", "") + "}\n"
    found = reviewed(code, code).places
    (filtered,) = [at for at in found if at.endswith("rule.filter")]
    assert {p.line for p in found[filtered]} == {11}


def test_a_place_is_given_once() -> None:
    code = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\nresource "aws_network_acl" "main" {\n  vpc_id = "vpc-1"\n}\n'
    text = markdown(reviewed('resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n', code))
    (where,) = [line for line in text.splitlines() if line.startswith("**Where**") and "aws_network_acl.main" in line]
    assert where.count("main.tf:4") == 1
