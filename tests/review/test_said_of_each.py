"""What is said of a defect that both trees have, each in its own way: at which step, with what beside it, by whom."""

from __future__ import annotations

import pytest

from tests.review.test_correction import issues

SCALED = """
resource "aws_kms_key" "disk" {{
  {policy}
}}
resource "aws_launch_template" "web" {{
  image_id = "ami-0abcdef1234567890"
  block_device_mappings {{
    device_name = "/dev/xvda"
    ebs {{
      kms_key_id = aws_kms_key.disk.arn
    }}
  }}
}}
resource "aws_autoscaling_group" "web" {{
  min_size                  = 2
  max_size                  = 4
  wait_for_capacity_timeout = "{wait}"
  launch_template {{
    id = aws_launch_template.web.id
  }}
}}
"""
OWNER = 'Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "kms:*", Resource = "*"'
WRITTEN = f"policy = jsonencode({{ Statement = [{{ {OWNER} }}] }})"


@pytest.mark.parametrize("policy", ["", WRITTEN], ids=["said alike", "said of each"])
@pytest.mark.parametrize(
    ("old", "new", "stage", "end"),
    [
        ("10m", "0", "apply", "In IDEAL it shows at run time only."),
        ("0", "10m", "runtime", "In IDEAL it shows at `terraform apply`."),
        ("0", "0s", "runtime", "`AWSServiceRoleForAutoScaling`."),
    ],
)
def test_a_defect_that_shows_at_another_step_in_ideal_says_so(old: str, new: str, stage: str, end: str, policy: str) -> None:
    (issue,) = [i for i in issues(SCALED.format(wait=old, policy=""), SCALED.format(wait=new, policy=policy)) if i.rule == "RG104"]
    assert (issue.status, issue.stage) == ("left", stage)
    assert issue.problem.endswith(end)


EGRESS = """
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.v.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  route_table_ids = ["rtb-1"]
}
resource "aws_security_group" "app" {
  vpc_id = aws_vpc.v.id
  egress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
}
"""
CARRIER = 'resource "aws_instance" "%s" {\n  ami                    = "ami-0abcdef1234567890"\n  vpc_security_group_ids = [aws_security_group.app.id]\n}\n'


def test_what_both_trees_have_is_told_once_and_of_each_what_is_its_own() -> None:
    (issue,) = [i for i in issues(EGRESS + CARRIER % "a", EGRESS + CARRIER % "a" + CARRIER % "b") if i.rule == "RG445"]
    assert issue.status == "left"
    both, _, rest = issue.problem.partition(" In MODEL: ")
    ours, _, theirs = rest.partition(" In IDEAL: ")
    assert both == "No egress rule of `aws_security_group.app` lets HTTPS out to more than private addresses and security groups."
    assert ours.endswith("so `aws_instance.a` cannot use it.")
    assert theirs.endswith("so `aws_instance.a` and `aws_instance.b` cannot use it.")


RECORDER = 'resource "aws_config_configuration_recorder" "r" {\n  %srole_arn = "arn:aws:iam::111122223333:role/r"\n}\n'
CHECKED = "".join(f'resource "aws_config_config_rule" "{n}" {{\n  name = "{n}"\n}}\n' for n in "abcdefgh")
ON_DEMAND = 'variable "record" {\n  default = false\n}\n' + RECORDER % "count = var.record ? 1 : 0\n  " + CHECKED


def test_rules_for_which_no_recorder_is_created_any_more_do_not_wait_for_one() -> None:
    found = [i for i in issues(RECORDER % "" + CHECKED, ON_DEMAND) if i.rule in ("RG713", "RG714")]
    assert [(i.rule, i.status) for i in found] == [("RG714", "introduced")]


SELECTOR = 'resource "aws_cloudtrail" "t" {\n  name = "t"\n  s3_bucket_name = "b"\n  event_selector {\n    data_resource {\n'
SELECTOR += '      type   = "AWS::S3::Bucket"\n      values = [%s]\n    }\n  }\n}\nresource "aws_s3_bucket" "d" {\n  bucket = "d"\n}\n'


@pytest.mark.parametrize("known_first", [True, False])
def test_a_type_that_a_selector_does_not_take_is_one_defect_whoever_says_it(known_first: bool) -> None:
    texts = [SELECTOR % '"arn:aws:s3:::d/"', SELECTOR % "aws_s3_bucket.d.arn"]
    model, ideal = texts if known_first else texts[::-1]
    (issue,) = [i for i in issues(model, ideal) if "data_resource" in i.problem or i.rule == "RG708"]
    assert (issue.status, issue.title) == ("left", "Event selector for a type that it does not take")


DATABASE = """
resource "aws_db_instance" "{name}" {{
  identifier     = "{name}"
  engine         = "postgres"
  engine_version = "{version}"
  storage_type   = "{storage}"
}}
resource "aws_ssm_parameter" "host" {{
  name  = "host"
  type  = "String"
  value = aws_db_instance.{name}.address
}}
"""


def test_what_depends_on_the_block_of_ideal_is_told_where_each_tree_has_its_own() -> None:
    model = DATABASE.format(name="old", version="12.5", storage="gp2")
    (found,) = [i for i in issues(model, DATABASE.format(name="main", version="15.4", storage="gp3")) if i.rule == "RG203"]
    assert found.status == "left"
    assert found.problem.startswith("In MODEL: `aws_db_instance.old` asks for `postgres` `12.5`")
    assert "In IDEAL: `aws_db_instance.main` asks for `postgres` `15.4`" in found.problem
    assert "`aws_ssm_parameter.host` depends on `aws_db_instance.main`." in [i.text for i in found.impact]


ALARM = """
resource "aws_cloudwatch_metric_alarm" "{name}" {{
  alarm_name          = "{name}"
  namespace           = "AWS/DynamoDB"
  metric_name         = "{metric}"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  period              = 300
  statistic           = "Sum"
  threshold           = 1
  dimensions          = {{ TableName = "orders" }}
}}
"""
USER, SYSTEM = ALARM.format(name="user", metric="UserErrors"), ALARM.format(name="system", metric="SystemErrors")


@pytest.mark.parametrize(
    ("alarms", "title"),
    [
        (USER, "Alarm with a dimension that its metric does not have"),
        (SYSTEM, "Alarm without a dimension of its metric"),
        (USER + SYSTEM, "The dimensions of an alarm are not those of its metric"),
    ],
)
def test_places_with_several_titles_of_one_rule_have_the_title_of_the_rule(alarms: str, title: str) -> None:
    assert [i.title for i in issues(alarms, alarms) if i.rule == "RG803"] == [title]


TAGGED = """
provider "aws" {
  default_tags {
    tags = { Created = timestamp() }
  }
}
resource "aws_db_instance" "main" {
  identifier                = "main"
  final_snapshot_identifier = "final-${formatdate("YYYYMMDD", timestamp())}"
%s}
"""


@pytest.mark.parametrize(
    ("tags", "category", "title"),
    [
        ("", "warning", "Default tags that no plan knows"),
        ('  tags = { Name = "main" }\n', "blocker", "Default tags that no plan knows: apply refuses what is planned"),
    ],
)
def test_what_a_value_does_in_default_tags_is_not_told_as_a_change_in_each_plan(tags: str, category: str, title: str) -> None:
    found = [i for i in issues(TAGGED % tags, TAGGED % tags) if i.rule == "RG611"]
    assert sorted((i.title, i.category, i.where[0]) for i in found) == [
        (title, category, "provider.aws.default_tags.tags"),
        ("Value that no plan knows: each plan shows a change", "warning", "aws_db_instance.main.final_snapshot_identifier"),
    ]


PACKAGES = """
resource "aws_lambda_layer_version" "libs" {
  layer_name = "libs"
  filename   = "libs.zip"
}
resource "aws_lambda_function" "a" {
  function_name = "a"
  filename      = "a.zip"
}
resource "aws_lambda_function" "b" {
  function_name = "b"
  filename      = "b.zip"
}
"""


def test_what_follows_is_told_of_each_kind_of_place_once() -> None:
    (issue,) = [i for i in issues(PACKAGES, PACKAGES) if i.rule == "RG324"]
    assert sorted(i.text for i in issue.impact if i.aspect == "Deployment") == [
        "The function cannot be created without a manual packaging step.",
        "The layer cannot be created without a manual packaging step.",
    ]


TRAIL = """
resource "aws_cloudwatch_log_group" "trail" {
  name = "trail"
}
resource "aws_cloudtrail" "main" {
  name           = "main"
  s3_bucket_name = "logs"
%s}
resource "aws_cloudwatch_log_metric_filter" "denied" {
  name           = "denied"
  log_group_name = aws_cloudwatch_log_group.trail.name
  pattern        = "%s"
  metric_transformation {
    name      = "Denied"
    namespace = "Trail"
    value     = "1"
  }
}
"""
FED = '  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail.arn}:*"\n  cloud_watch_logs_role_arn  = "arn:aws:iam::111122223333:role/trail"\n'


def test_a_rule_that_finds_another_form_in_ideal_tells_title_and_consequences_of_each() -> None:
    model = TRAIL % (FED, "[ip, user, time, request, status=AccessDenied]")
    (issue,) = [i for i in issues(model, TRAIL % ("", '{ $.errorCode = \\"AccessDenied\\" }')) if i.rule == "RG811"]
    assert issue.title == "Filter pattern that CloudTrail's JSON never matches (in MODEL)"
    assert [i.text for i in issue.impact if i.aspect == "Security"] == [
        "In MODEL: What the filter is to find in the events is not found. In IDEAL: Unless events of CloudTrail reach the log group from "
        "outside of the code, what the filter is to detect goes unnoticed."
    ]


HELD = """
resource "aws_iam_role" "r" {
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = aws_iam_policy.p.arn
}
"""
EVERYWHERE = """
resource "aws_sns_topic" "t" {
  name = "t"
}
resource "aws_iam_policy" "p" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sns:Publish", Resource = "*" }] })
}
"""


def test_what_a_policy_permits_is_said_of_each_tree_where_nobody_holds_it_in_one() -> None:
    (issue,) = [i for i in issues(EVERYWHERE + HELD, EVERYWHERE, prompt="Roles with least privilege.") if i.rule == "RG133"]
    said = next(i.text for i in issue.impact if i.aspect == "Security")
    assert issue.status == "left"
    assert said.startswith("In MODEL: The permission reaches") and "In IDEAL: As it stands nobody has the policy" in said
