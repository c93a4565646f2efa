"""What MODEL is praised for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reviewgen.model.requirement import Coverage, Requirement, Verdict
from reviewgen.review.page.strengths import strengths
from reviewgen.terraform import Graph
from tests.build import graph, tree
from tests.review.test_correction import reviewed

ALARMS = "".join(f'resource "aws_cloudwatch_metric_alarm" "a{n}" {{\n  alarm_actions = {{}}\n}}\n' for n in range(2))


@pytest.mark.parametrize(("actions", "praised"), [("[aws_sns_topic.t.arn]", True), ("[]", False)])
def test_an_empty_list_is_no_action(actions: str, praised: bool) -> None:
    assert any(s.title == "Monitoring" for s in strengths(graph(ALARMS.replace("{}", actions)))) is praised


def test_alarms_with_copies_are_counted_as_declarations() -> None:
    alarms = ALARMS.replace("{}", "[aws_sns_topic.t.arn]")
    copies = alarms.replace("alarm_actions", 'for_each      = toset(["x", "y"])\n  alarm_actions', 1)
    said = [next(s.evidence for s in strengths(graph(text)) if s.title == "Monitoring") for text in (alarms, copies)]
    assert said == [
        "2 CloudWatch alarms are declared; all of them have alarm actions.",
        "2 declarations of CloudWatch alarms stand in the code; all of them have alarm actions.",
    ]


@pytest.mark.parametrize("incomplete", [False, True])
def test_a_part_of_an_answer_is_not_praised_for_what_it_meets(incomplete: bool) -> None:
    rows = [Coverage(Requirement(f"R{n}", None, "x", n), Verdict.MET, Verdict.MET) for n in range(6)]
    found = strengths(Graph(replace(tree("locals {}\n"), incomplete=incomplete)), rows)
    assert any(s.title == "Requirement coverage" for s in found) is not incomplete


BUCKETS = """
resource "aws_s3_bucket" "a" {{}}
resource "aws_s3_bucket" "b" {{}}
resource "aws_s3_bucket_public_access_block" "a" {{
  bucket                  = aws_s3_bucket.a.id
  block_public_acls       = true
  block_public_policy     = {policy}
  ignore_public_acls      = true
  restrict_public_buckets = true
}}
resource "aws_s3_bucket_public_access_block" "b" {{
  bucket                  = aws_s3_bucket.b.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}}
resource "aws_s3_bucket_versioning" "both" {{
  for_each = {{ a = aws_s3_bucket.a.id, b = aws_s3_bucket.b.id }}
  bucket   = each.value
  versioning_configuration {{
    status = "Enabled"
  }}
}}
"""


@pytest.mark.parametrize(("policy", "praised"), [("true", ["No public buckets"]), ("false", [])])
def test_a_setting_that_is_there_and_off_is_no_strength(policy: str, praised: list[str]) -> None:
    found = strengths(graph(BUCKETS.format(policy=policy)))
    assert [s.title for s in found if "buckets" in s.title.lower()] == praised
    assert all(s.evidence.startswith("Both buckets have") for s in found if "buckets" in s.title.lower())


def test_names_that_nobody_looked_at_are_not_counted() -> None:
    named = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "q{n}-${{var.environment}}"\n}}\n' for n in range(4))
    inline = 'resource "aws_iam_role_policy" "p" {\n  name = "plain"\n}\n'
    (found,) = [s for s in strengths(graph(named + inline)) if s.title == "Resource naming"]
    assert found.evidence == "4 of the 4 names of resources that were looked at carry an environment or a suffix."


def test_names_of_config_rules_are_looked_at() -> None:
    """An account has one rule of a name in a region: a second environment meets the name of the first."""
    named = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "q{n}-${{var.environment}}"\n}}\n' for n in range(4))
    rule = 'resource "aws_config_config_rule" "volumes" {\n  name = "encrypted-volumes"\n}\n'
    assert [s for s in strengths(graph(named + rule)) if s.title == "Resource naming"] == []


def test_names_that_cannot_be_followed_are_not_counted() -> None:
    named = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "q{n}-${{var.environment}}"\n}}\n' for n in range(4))
    logs = """
resource "aws_cloudwatch_log_group" "logs" {
  for_each = { a = aws_sqs_queue.q0.name, b = aws_sqs_queue.q1.name }
  name     = "/queues/${each.value}"
}
"""
    (found,) = [s for s in strengths(graph(named + logs)) if s.title == "Resource naming"]
    assert found.evidence == "4 of the 4 names of resources that were looked at carry an environment or a suffix."


def test_stores_that_nobody_looked_at_are_not_counted() -> None:
    volumes = "".join(f'resource "aws_ebs_volume" "v{n}" {{\n  encrypted = true\n}}\n' for n in range(2))
    (found,) = [s for s in strengths(graph(volumes + 'resource "aws_kinesis_stream" "s" {}\n')) if s.title == "Encryption at rest"]
    assert found.evidence == "`aws_ebs_volume.v0` and `aws_ebs_volume.v1` switch encryption on: all 2 stores that were looked at."


@pytest.mark.parametrize(("password", "praised"), [("var.password", True), ('"orders-1-orders"', False)])
def test_what_an_issue_calls_wrong_is_no_strength(password: str, praised: bool) -> None:
    secret = 'variable "password" {}\nresource "aws_secretsmanager_secret" "d" {}\n'
    code = secret + f'resource "aws_db_instance" "d" {{\n  identifier = "d"\n  username   = "keeper"\n  password   = {password}\n}}\n'
    assert any(s.title == "Secrets" for s in reviewed(code, code).strengths) is praised


@pytest.mark.parametrize(("value", "praised"), [("id", False), ("identifier", True)])
def test_alarms_that_an_issue_calls_wrong_are_no_strength(value: str, praised: bool) -> None:
    alarm = """
resource "aws_cloudwatch_metric_alarm" "{0}" {{
  alarm_name    = "{0}"
  namespace     = "AWS/RDS"
  metric_name   = "CPUUtilization"
  period        = 60
  statistic     = "Average"
  threshold     = 80
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  alarm_actions = ["arn:aws:sns:eu-west-1:111122223333:t"]
  dimensions = {{
    DBInstanceIdentifier = aws_db_instance.d.{1}
  }}
}}
"""
    code = 'resource "aws_db_instance" "d" {\n  identifier = "d"\n}\n' + "".join(alarm.format(name, value) for name in "ab")
    assert any(s.title == "Monitoring" for s in reviewed(code, code).strengths) is praised


DESTROYABLE = "1. All resources must be destroyable (no prevent_destroy)\n"
STORE = 'resource "aws_db_instance" "a" {{\n  skip_final_snapshot = true\n{}}}\n'


@pytest.mark.parametrize(
    ("more", "praised"),
    [
        ("", True),
        ("  deletion_protection = false\n", True),
        ('  deletion_protection = terraform.workspace == "prod"\n', False),
        ("  lifecycle {\n    prevent_destroy = true\n  }\n", False),
        ('}\nresource "aws_s3_bucket" "b" {\n', False),
        ('}\nresource "aws_s3_bucket" "b" {\n  force_destroy = true\n', True),
    ],
)
def test_what_may_be_protected_is_not_destroyed_easily(more: str, praised: bool) -> None:
    code = STORE.format(more)
    assert any(s.title == "Destroyability" for s in reviewed(code, code, DESTROYABLE).strengths) is praised
    assert not any(s.title == "Destroyability" for s in reviewed(code, code, "1. Keep the orders.\n").strengths)


REGIONS = """
provider "aws" {{
  region = "eu-central-1"
}}
provider "aws" {{
  alias  = "copy"
  region = "eu-west-1"
}}
variable "copy" {{
  default = false
}}
resource "aws_sns_topic" "a" {{}}
resource "aws_sns_topic" "b" {{
  provider = aws.copy
  count    = {count}
}}
"""


@pytest.mark.parametrize(("count", "praised"), [("1", True), ("var.copy ? 1 : 0", False)])
def test_what_the_default_values_do_not_create_stands_in_no_region(count: str, praised: bool) -> None:
    code, prompt = REGIONS.format(count=count), "1. A topic in eu-central-1, and a copy of it in {}.\n"
    assert any(s.title == "Several regions" for s in reviewed(code, code, prompt.format("eu-west-1")).strengths) is praised
    assert not any(s.title == "Several regions" for s in reviewed(code, code, prompt.format("the same region")).strengths)


STATEMENT = '{{ Effect = "Allow", Action = [{action}], Resource = {resource} }}'
POLICY = """
resource "aws_iam_policy" "app" {{
  policy = jsonencode({{ Version = "2012-10-17", Statement = [{statements}] }})
}}
"""


@pytest.mark.parametrize(
    ("action", "resource", "praised"),
    [
        ('"s3:GetObject"', '"arn:aws:s3:::orders/*"', True),
        ('"s3:Get*"', '"arn:aws:s3:::orders/*"', False),
        ('"s3:GetObject"', '"*"', False),
        ('"logs:PutLogEvents"', '"arn:aws:logs:*:*:*"', False),
    ],
)
def test_least_privilege_is_counted_over_all_statements(action: str, resource: str, praised: bool) -> None:
    narrow = STATEMENT.format(action='"sqs:SendMessage"', resource='"arn:aws:sqs:us-east-1:111122223333:orders"')
    statements = ", ".join([narrow, narrow, STATEMENT.format(action=action, resource=resource)])
    found = [s.evidence for s in strengths(graph(POLICY.format(statements=statements))) if s.title == "Least privilege"]
    assert bool(found) is praised
    assert not praised or found[0].startswith("All 3 statements ")


@pytest.mark.parametrize(("prefix", "praised"), [("sg-", False), ("web-", True)])
def test_names_that_an_issue_calls_wrong_are_no_strength(prefix: str, praised: bool) -> None:
    group = 'resource "aws_security_group" "g{0}" {{\n  name = "{1}${{var.environment}}-{0}"\n}}\n'
    code = 'variable "environment" {}\n' + "".join(group.format(n, prefix) for n in range(4))
    assert any(s.title == "Resource naming" for s in reviewed(code, code).strengths) is praised


SUBNETS = """
variable "cidrs" { default = ["10.0.0.0/24", "10.0.1.0/24"] }
data "aws_availability_zones" "all" {}
resource "aws_subnet" "public" {
  count             = length(var.cidrs)
  cidr_block        = var.cidrs[count.index]
  availability_zone = data.aws_availability_zones.all.names[count.index]
}
"""


@pytest.mark.parametrize(
    ("given", "praised"),
    [
        ({}, True),
        ({"live_tfvars": 'cidrs = ["10.1.0.0/24", "10.1.1.0/24"]\n'}, True),
        ({"live_tfvars": 'cidrs = ["10.1.0.0/24", "10.1.1.0/24", "10.1.2.0/24"]\n'}, False),
    ],
)
def test_a_number_that_an_environment_changes_is_not_praised(given: dict[str, str], praised: bool) -> None:
    assert any(s.title == "Availability zones" for s in strengths(graph(SUBNETS, **given))) is praised


@pytest.mark.parametrize(("said", "praised"), [("Subnets in two availability zones", True), ("All of it across three AZs", False)])
def test_fewer_zones_than_prompt_speaks_of_are_not_praised(said: str, praised: bool) -> None:
    rows = [Coverage(Requirement("R1", None, said, 1), Verdict.UNKNOWN, Verdict.UNKNOWN)]
    assert any(s.title == "Availability zones" for s in strengths(graph(SUBNETS), rows)) is praised


@pytest.mark.parametrize(("call", "praised"), [('module "net" {\n  source = "./modules/net"\n}\n', True), ("locals {}\n", False)])
def test_what_nothing_calls_is_not_praised(call: str, praised: bool) -> None:
    assert any(s.title == "Availability zones" for s in strengths(graph(call, modules__net__main_tf=SUBNETS))) is praised


SECRET = """
resource "aws_secretsmanager_secret" "feed" {}
resource "aws_secretsmanager_secret_version" "feed" {
  secret_id     = aws_secretsmanager_secret.feed.id
  secret_string = {}
}
resource "random_password" "feed" {}
"""


@pytest.mark.parametrize(
    ("value", "praised"),
    [('jsonencode({ user = "reader", password = "changeme" })', False), ("jsonencode({ password = random_password.feed.result })", True)],
)
def test_a_secret_whose_value_stands_in_the_code_is_no_strength(value: str, praised: bool) -> None:
    assert any(s.title == "Secrets" for s in strengths(graph(SECRET.replace("= {}", f"= {value}")))) is praised


TRAIL = """
resource "aws_sns_topic" "t" {{}}
resource "aws_sns_topic_subscription" "t" {{
  topic_arn = aws_sns_topic.t.arn
  protocol  = "email"
  endpoint  = "ops@shop.example"
}}
resource "aws_cloudwatch_log_group" "trail" {{
  name = "/trail"
}}
resource "aws_cloudwatch_log_metric_filter" "root" {{
  name           = "root"
  log_group_name = aws_cloudwatch_log_group.trail.name
  pattern        = "{{ $.userIdentity.type = \\"Root\\" }}"
  metric_transformation {{
    name      = "Root"
    namespace = "shop/Security"
    value     = "1"
  }}
}}
resource "aws_cloudtrail" "t" {{
  name           = "t"
  s3_bucket_name = "logs"
  {feeds}
}}
resource "aws_cloudwatch_metric_alarm" "root" {{
  for_each            = {{ few = 1, many = 9 }}
  alarm_name          = "root-${{each.key}}"
  namespace           = "shop/Security"
  metric_name         = "Root"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.t.arn]
}}
resource "aws_cloudwatch_metric_alarm" "more" {{
  alarm_name          = "more"
  namespace           = "shop/Security"
  metric_name         = "Root"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.t.arn]
}}
"""


@pytest.mark.parametrize(
    ("feeds", "praised"), [("", False), ('cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail.arn}:*"', True)]
)
def test_alarms_on_a_metric_that_never_comes_are_no_strength(feeds: str, praised: bool) -> None:
    code = TRAIL.format(feeds=feeds)
    assert any(s.title == "Monitoring" for s in reviewed(code, code).strengths) is praised


TAGGED = (
    'provider "aws" {\n  default_tags {\n    tags = { Team = "shop" }\n  }\n}\nresource "aws_sqs_queue" "jobs" {\n%s  name = "jobs"\n}\n'
)


@pytest.mark.parametrize(("chosen", "praised"), [("", True), ("  provider = aws.east\n", False)])
def test_default_tags_of_a_provider_that_makes_nothing_are_no_strength(chosen: str, praised: bool) -> None:
    assert any(s.title == "Tagging" for s in strengths(graph(TAGGED % chosen))) is praised


TAGS = 'variable "tags" {\n  default = {}\n}\n' + TAGGED.replace('{ Team = "shop" }', "var.tags") % ""


@pytest.mark.parametrize(("given", "praised"), [({}, False), ({"prod_tfvars": 'tags = { Team = "shop" }\n'}, True)])
def test_default_tags_without_a_tag_are_no_strength(given: dict[str, str], praised: bool) -> None:
    assert any(s.title == "Tagging" for s in strengths(graph(TAGS, **given))) is praised


SWITCH = 'variable "on" {\n  default = %s\n}\n'
SWITCHED = """
resource "aws_db_instance" "orders" {
  count             = var.on ? 1 : 0
  storage_encrypted = true
}
resource "aws_s3_bucket" "orders" {}
resource "aws_s3_bucket_versioning" "orders" {
  count  = var.on ? 1 : 0
  bucket = aws_s3_bucket.orders.id
  versioning_configuration {
    status = "Enabled"
  }
}
"""


@pytest.mark.parametrize(("on", "praised"), [("true", ["Encryption at rest", "Object versioning"]), ("false", [])])
def test_what_is_not_created_is_no_strength(on: str, praised: list[str]) -> None:
    assert [s.title for s in strengths(graph(SWITCH % on + SWITCHED))] == praised


OF_NAMES = """
variable "suffix" {}
variable "versioned" {
  default = %s
}
locals {
  buckets = { for name in ["orders", "bills"] : name => "${name}-${var.suffix}" }
}
resource "aws_s3_bucket" "all" {
  for_each = local.buckets
  bucket   = each.value
}
resource "aws_s3_bucket_versioning" "all" {
  for_each = var.versioned ? local.buckets : {}
  bucket   = aws_s3_bucket.all[each.key].id
  versioning_configuration {
    status = "Enabled"
  }
}
"""


@pytest.mark.parametrize(("versioned", "praised"), [("true", ["Object versioning"]), ("false", [])])
def test_what_is_created_for_known_keys_with_unknown_values_is_a_strength(versioned: str, praised: list[str]) -> None:
    assert [s.title for s in strengths(graph(OF_NAMES % versioned))] == praised


def _names(name: str, asked: str) -> list[str]:
    text = 'variable "environment" {}\nlocals {\n  prefix = "shop-${var.environment}"\n}\n'
    text += "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "{name.replace("#", f"orders{n}")}"\n}}\n' for n in range(4))
    found = strengths(graph(text), [Coverage(Requirement("R1", None, asked, 1), Verdict.UNKNOWN, Verdict.UNKNOWN)])
    return [s.title for s in found if s.title == "Resource naming"]


@pytest.mark.parametrize("name", ["${local.prefix}-#", "${var.environment}-#", "shop_${var.environment}_#"])
def test_names_in_another_order_than_prompt_shows_are_no_strength(name: str) -> None:
    assert _names(name, "Names of all resources follow the pattern `{project}-{component}-{environment}`.") == []
    assert _names(name, "Follow naming convention: resource-type-environment-suffix") == []
    assert _names(name, "Names of all resources follow the pattern `{project}-{environment}-{component}`.") == ["Resource naming"]
    assert _names(name, "Follow a per-environment naming convention") == ["Resource naming"]


@pytest.mark.parametrize(
    "name", ["#-${var.environment}", "#-${local.prefix}", "#-${var.environment}.fifo", "/${var.environment}/#", "#-${var.environment}-2"]
)
def test_names_in_the_order_that_prompt_shows_are_a_strength(name: str) -> None:
    assert _names(name, "Follow naming convention: `{resource-type}-${var.environment_suffix}`") == ["Resource naming"]


@pytest.mark.parametrize(("fragment", "said"), [(False, "All 4 input variables have"), (True, "All 4 input variables that were read have")])
def test_inputs_of_an_answer_that_is_not_read_whole_are_those_that_were_read(fragment: bool, said: str) -> None:
    read = tree("".join(f'variable "v{n}" {{\n  description = "n"\n}}\n' for n in range(4)))
    files = {path: replace(file, fragment=fragment) for path, file in read.files.items()}
    assert any(s.evidence.startswith(said) for s in strengths(Graph(replace(read, files=files))))
