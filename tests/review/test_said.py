"""What an issue says beside its problem: stage, assertion, source, and the lines that repair it."""

from __future__ import annotations

import pytest

from reviewgen import render
from tests.review.test_correction import issues, reviewed


@pytest.mark.parametrize(
    ("name", "stage"), [("sg-web", "validate"), ("sg-web-${var.stage}", "plan"), ("sg-web-${random_id.r.hex}", "apply")]
)
def test_a_name_is_refused_as_soon_as_it_is_known(name: str, stage: str) -> None:
    text = 'variable "stage" {\n  default = "dev"\n}\nresource "random_id" "r" {\n  byte_length = 4\n}\n'
    group = f'resource "aws_security_group" "g" {{\n  name = "{name}"\n}}\n'
    (issue,) = [i for i in issues(text + group, text + group) if i.rule == "RG401"]
    assert issue.stage == stage


@pytest.mark.parametrize(
    ("asked", "rule", "stage"),
    [
        ("Deploy everything in the eu-west-1 region", "need:provider-region", None),
        ("A web ACL of AWS WAF protects the application", "need:waf", "runtime"),
    ],
)
def test_what_the_configuration_itself_lacks_shows_at_no_stage(asked: str, rule: str, stage: str | None) -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    (issue,) = [i for i in issues(text, text, f"# Task\n\n1. {asked}\n") if i.rule == rule]
    assert issue.stage == stage


def test_what_several_lack_is_listed_of_each() -> None:
    one = 'resource "aws_lambda_function" "{}" {{\n  function_name = "{}"\n  {}\n}}\n'
    bounded, free = (
        "".join(one.format(n, n, text) for n in ("a", "b")) for text in ("reserved_concurrent_executions = 5", "memory_size = 256")
    )
    (issue,) = [i for i in issues(bounded, free, "# Task\n\n1. Limit the concurrency of each function.\n") if i.rule == "RG009"]
    assert issue.absent == tuple(f"`reserved_concurrent_executions` on `aws_lambda_function.{n}`" for n in ("a", "b"))


SELECTED = 'resource "aws_s3_bucket" "b" {{}}\nresource "aws_cloudtrail" "t" {{\n  s3_bucket_name = "logs"\n  event_selector {{\n    data_resource {{\n'
SELECTED += '      type   = "AWS::S3::Object"\n      values = ["{value}"]\n    }}\n  }}\n}}\n'


def test_a_wildcard_that_is_not_refused_is_not_denied() -> None:
    found = issues(SELECTED.format(value="arn:aws:s3:::*/*"), SELECTED.format(value="${aws_s3_bucket.b.arn}/*"))
    (issue,) = [i for i in found if i.rule == "RG704"]
    assert (issue.status, issue.verification[0].check) == (
        "fixed",
        "`aws_cloudtrail.t` selects nothing of `AWS::S3::Object` by a wildcard that CloudTrail refuses",
    )


@pytest.mark.parametrize(
    ("runtime", "code", "page"), [("nodejs20.x", "require('aws-sdk')", "nodejs"), ("python3.13", "import requests", "python")]
)
def test_the_source_speaks_of_the_language(runtime: str, code: str, page: str) -> None:
    text = f'data "archive_file" "f" {{\n  type = "zip"\n  output_path = "f.zip"\n  source_content_filename = "f"\n  source_content = "{code}"\n}}\n'
    text += f'resource "aws_lambda_function" "f" {{\n  filename = data.archive_file.f.output_path\n  runtime = "{runtime}"\n}}\n'
    (issue,) = [i for i in issues(text, text) if i.rule == "RG327"]
    assert issue.source == f"https://docs.aws.amazon.com/lambda/latest/dg/{page}-package.html"


READER = """
resource "aws_iam_role" "f" {
  assume_role_policy = "{}"
}
resource "aws_kinesis_stream" "s" {
  name = "s"
}
resource "aws_iam_role_policy" "f" {
%s  role   = aws_iam_role.f.id
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Resource = "*"
      Action = [
        "kinesis:PutRecord",%s
      ]
    }]
  })
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_iam_role.f.arn
}
resource "aws_lambda_event_source_mapping" "f" {
  event_source_arn  = aws_kinesis_stream.s.arn
  function_name     = aws_lambda_function.f.arn
  starting_position = "LATEST"
}
"""


def test_to_wait_for_a_role_gives_it_no_permission() -> None:
    granted = '\n        "kinesis:GetRecords",\n        "kinesis:GetShardIterator",'
    found = issues(READER % ("", ""), READER % ("  depends_on = [aws_iam_role.f]\n", granted))
    issue = next(i for i in found if i.rule == "RG334")
    shown = "\n".join(p.code for p in issue.solution)
    assert "kinesis:GetShardIterator" in shown and "depends_on" not in shown


def test_a_title_does_not_give_one_block_the_mistakes_of_another() -> None:
    text = 'resource "aws_lb_listener" "web" {\n  load_balancer_arn = "a"\n  default_action {\n    type = "forward"\n    forward {\n'
    text += '      target_group {\n        arn  = "b"\n        name = "c"\n      }\n'
    text += "      stickiness {\n        duration = 60\n        cookie   = true\n      }\n    }\n  }\n}\n"
    (issue,) = [i for i in issues(text, text) if i.rule == "tf:unsupported-argument"]
    assert issue.title == "Arguments that their blocks do not have: `name` and `cookie`"


def test_what_prompt_asks_by_name_is_as_severe_as_its_absence() -> None:
    alarm = 'resource "aws_cloudwatch_metric_alarm" "cpu" {{\n  namespace = "AWS/EC2"\n  metric_name = "CPUUtilization"\n{}}}\n'
    ideal = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n' + alarm.format("  alarm_actions = [aws_sns_topic.t.arn]\n")
    (issue,) = [
        i for i in issues(alarm.format(""), ideal, "# Task\n\n- SNS topics for alarm notifications\n") if i.title == "Missing SNS topic"
    ]
    assert (issue.category, issue.severity) == ("blocker", "CRITICAL")


def test_of_what_both_trees_have_the_same_things_depend_on_it_in_both() -> None:
    cluster = 'resource "aws_rds_cluster" "c" {\n  engine = "aurora-postgresql"\n  master_username = "admin"\n}\n'
    member = 'resource "aws_rds_cluster_instance" "i" {\n  cluster_identifier = aws_rds_cluster.c.id\n}\n'
    parameter = 'resource "aws_ssm_parameter" "p" {\n  value = aws_rds_cluster.c.endpoint\n}\n'
    (issue,) = [i for i in issues(cluster + member, cluster + member + parameter) if i.rule == "RG207"]
    said = [i.text for i in issue.impact if i.aspect == "Function"]
    assert (issue.status, said) == ("left", ["`aws_rds_cluster_instance.i` depends on `aws_rds_cluster.c` in both trees."])


def test_what_refers_to_a_policy_does_not_depend_on_who_is_not_admitted_by_it() -> None:
    text = 'resource "aws_s3_bucket" "logs" {}\nresource "aws_s3_bucket_policy" "logs" {\n  bucket = aws_s3_bucket.logs.id\n'
    text += '  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*", '
    text += 'Principal = { Service = "cloudtrail.amazonaws.com" } }] })\n}\n'
    text += 'resource "aws_lb" "web" {\n  access_logs {\n    bucket  = aws_s3_bucket.logs.id\n    enabled = true\n  }\n}\n'
    text += 'resource "aws_cloudtrail" "t" {\n  s3_bucket_name = aws_s3_bucket.logs.id\n  depends_on     = [aws_s3_bucket_policy.logs]\n}\n'
    (issue,) = [i for i in issues(text, text) if i.rule == "RG721"]
    assert [i.aspect for i in issue.impact] == ["Deployment"]


def test_one_assertion_about_both_trees_is_made_once() -> None:
    text = (
        'resource "aws_kms_key" "k" {\n  description = "k"\n}\nresource "aws_sns_topic" "t" {\n  kms_master_key_id = aws_kms_key.k.id\n}\n'
    )
    text += 'resource "aws_cloudwatch_metric_alarm" "a" {\n  alarm_actions = [aws_sns_topic.t.arn]\n}\n'
    own = 'resource "aws_kms_key_policy" "k" {\n  key_id = aws_kms_key.k.id\n  policy = jsonencode({ Statement = [{ Effect = "Allow", '
    own += 'Action = "kms:*", Resource = "*", Principal = { Service = "sns.amazonaws.com" } }] })\n}\n'
    (issue,) = [i for i in issues(text, text + own) if i.rule == "RG102"]
    assert (issue.status, issue.verification[0].check.count("while")) == ("left", 1)


def test_a_correction_that_its_own_values_do_not_create_says_so() -> None:
    bucket = 'variable "trail" {\n  default = false\n}\nresource "aws_s3_bucket" "b" {}\n'
    trail = 'resource "aws_cloudtrail" "t" {\n  {}name = "trail"\n  s3_bucket_name = aws_s3_bucket.b.id\n}\n'
    other = trail.replace("{}", "").replace('"t"', '"always"')
    said = []
    for count in ("", "count = var.trail ? 1 : 0\n  "):
        found = [i for i in issues(bucket, bucket + other + trail.replace("{}", count)) if i.rule == "RG022"]
        said.append(["With its own values IDEAL does not create `aws_cloudtrail.t`." in i.problem for i in found])
    assert said == [[False], [True]]
    # Off by default, all of it: nothing is repaired.
    assert [i for i in issues(bucket, bucket + trail.replace("{}", "count = var.trail ? 1 : 0\n  ")) if i.rule == "RG022"] == []


def test_what_follows_from_several_arguments_is_told_of_each() -> None:
    bucket = 'resource "aws_s3_bucket" "b" {\n  force_destroy = %s\n}\n'
    table = 'resource "aws_dynamodb_table" "t" {\n  point_in_time_recovery {\n    enabled = %s\n  }\n}\n'
    (issue,) = [i for i in issues(bucket % "true" + table % "false", bucket % "false" + table % "true") if i.rule == "RG005"]
    assert [i.text for i in issue.impact] == [
        "When Terraform deletes it, everything that it holds is deleted as well.",
        "The table cannot be restored to any second before a mistake.",
    ]


def test_what_model_has_beside_what_both_lack_is_said_of_model() -> None:
    model = 'resource "aws_sns_topic" "old" {\n  name = "old"\n}\n'
    page = render.markdown(reviewed(model, model.replace("old", "new"), "# Task\n\n1. Subscribe the operators to the SNS topic by email\n"))
    assert "What MODEL has of the same service:\n- \u2705 `aws_sns_topic.old`" in page
    assert "What MODEL and IDEAL have" not in page


def test_what_is_not_shown_of_what_model_has_is_counted() -> None:
    model = "".join(f'resource "aws_sns_topic" "t{n}" {{\n  name = "old{n}"\n}}\n' for n in range(8))
    page = render.markdown(reviewed(model, model.replace("old", "new"), "# Task\n\n1. Subscribe the operators to the SNS topic by email\n"))
    assert "\u2705 `aws_sns_topic.t5` in `main.tf`\n- \u2705 2 more\n- \u274c" in page


def test_a_type_that_does_not_exist_is_not_among_what_model_has() -> None:
    model = 'resource "aws_sns_topic" "old" {\n  name = "old"\n}\nresource "aws_sns_topic_reader" "r" {}\n'
    page = render.markdown(reviewed(model, model.replace("old", "new"), "# Task\n\n1. Subscribe the operators to the SNS topic by email\n"))
    assert "\u2705 `aws_sns_topic.old`" in page
    assert "\u2705 `aws_sns_topic_reader.r`" not in page


def test_what_both_trees_have_wrong_in_another_way_is_said_of_each() -> None:
    database = 'resource "aws_db_instance" "{0}" {{\n  identifier = "{0}"\n  backup_retention_period = {1}\n}}\n'
    (issue,) = [
        i
        for i in issues(database.format("old", 1), database.format("new", 2), "# Task\n\n1. RDS backup retention: 7 days\n")
        if i.rule.startswith("prompt-value-mismatch")
    ]
    assert issue.title.startswith("Backup retention of the database: 1 day ")
    assert issue.problem.startswith("MODEL: ") and "to 1 day. IDEAL: " in issue.problem and issue.problem.endswith("to 2 days.")


CLOSED = """
resource "aws_s3_bucket" "b" {
  bucket = "b"
}
resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Deny"
    Principal = "*"
    Action    = "s3:*"
    Resource  = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"]
    Condition = { StringNotEquals = { "aws:sourceVpce" = "vpce-1" } }
  }] })
}
"""


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [("Deny all access unless it comes through the VPC endpoint.", True), ("The bucket is used through a VPC endpoint.", False)],
)
def test_a_lockout_that_prompt_asks_for_is_warned_of(prompt: str, asked: bool) -> None:
    (issue,) = [i for i in issues(CLOSED, CLOSED, prompt=f"# Task\n\n{prompt}\n") if i.rule == "RG138"]
    assert (issue.category, "PROMPT asks for it." in issue.problem) == ("warning" if asked else "critical", asked)


PLAIN = """
resource "aws_lb" "l" {}
resource "aws_lb_listener" "l" {
  load_balancer_arn = aws_lb.l.arn
  port              = 80
  protocol          = "HTTP"
}
"""
ALARM = """
resource "aws_sns_topic" "t" {}
resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_actions = [aws_sns_topic.t.arn]
}
"""


@pytest.mark.parametrize(
    ("rule", "code", "prompt", "found"),
    [
        ("RG521", PLAIN, "Configure a secure listener on port 80 forwarding to the group. Tasks reach HTTPS endpoints.", False),
        ("RG521", PLAIN, "A secure listener on port 80 that redirects to HTTPS.", True),
        ("RG521", PLAIN, "The load balancer is secure and listens on port 443; another listener on port 80 is for checks.", True),
        ("RG357", ALARM, "Operators are notified by alarms. Don't create email subscriptions, they need a click.", False),
        ("RG357", ALARM, "Operators are notified by alarms. Do not hardcode the address of the subscription.", True),
    ],
)
def test_what_prompt_wants_so_is_no_defect(rule: str, code: str, prompt: str, found: bool) -> None:
    review = reviewed(code, code, f"# Task\n\n{prompt}\n")
    assert (rule in {i.rule for i in (*review.issues, *review.minor)}) is found


@pytest.mark.parametrize(
    ("validated", "verdict"),
    [
        ("", "unknown"),
        ('resource "aws_acm_certificate_validation" "c" {\n  certificate_arn = aws_acm_certificate.c.arn\n}\n', "unknown"),
        (
            'resource "aws_acm_certificate_validation" "c" {\n  certificate_arn = aws_acm_certificate.c.arn\n'
            '  validation_record_fqdns = ["_f00.shop.internal"]\n}\n',
            "met",
        ),
    ],
)
def test_a_listener_with_a_certificate_that_is_never_issued_meets_no_requirement(validated: str, verdict: str) -> None:
    used = "aws_acm_certificate_validation.c.certificate_arn" if validated else "aws_acm_certificate.c.arn"
    stack = (
        'resource "aws_acm_certificate" "c" {\n  domain_name       = "shop.internal"\n  validation_method = "DNS"\n}\n'
        'resource "aws_lb" "l" {\n  name    = "l"\n  subnets = ["subnet-1", "subnet-2"]\n}\n'
        f'resource "aws_lb_listener" "l" {{\n  load_balancer_arn = aws_lb.l.arn\n  protocol = "HTTPS"\n  certificate_arn = {used}\n'
        '  default_action {\n    type = "fixed-response"\n    fixed_response {\n      content_type = "text/plain"\n    }\n  }\n}\n'
    )
    (row,) = reviewed(stack + validated, stack + validated, "1. An HTTPS listener\n").coverage
    assert (row.model, row.ideal) == (verdict, verdict)


@pytest.mark.parametrize(
    ("runtime", "prompt", "said"),
    [
        ("python3.9", "Write the function in Python 3.9", "`Python 3.9`"),
        ("python3.9", "Write the function in Python 3.9 or later", ""),
        ("python3.9", "Write the function in Python 3.91", ""),
        ("nodejs16.x", "Use Node.js 16", "`Node.js 16`"),
        ("nodejs16.x", "The runtime is nodejs16.x", "`nodejs16.x`"),
    ],
)
def test_a_runtime_that_prompt_itself_names_is_told(runtime: str, prompt: str, said: str) -> None:
    code = f'resource "aws_lambda_function" "f" {{\n  function_name = "f"\n  role = "r"\n  runtime = "{runtime}"\n}}\n'
    issue = next(i for i in issues(code, code, f"# Task\n\n- {prompt}\n") if "deprecated since" in i.problem)
    assert issue.problem.partition("PROMPT itself names ")[2].removesuffix(".") == said


@pytest.mark.parametrize(
    ("prompt", "said"), [("PostgreSQL v17.4", " `v17.4`."), ("PostgreSQL 17.4", " `17.4`."), ("PostgreSQL v17.42", "")]
)
def test_a_version_that_prompt_itself_names_is_told(prompt: str, said: str) -> None:
    code = (
        'resource "aws_db_instance" "d" {\n  engine         = "postgres"\n  engine_version = "17.4"\n  instance_class = "db.m7g.large"\n}\n'
    )
    issue = next(i for i in issues(code, code, f"# Task\n\n- A database with {prompt}\n") if i.rule == "RG203")
    assert issue.problem.partition(" PROMPT itself names")[2] == said


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("Examples of names: vpc-shop-live, sg-front-live", " PROMPT itself names `sg-front-live`."),
        ("Examples of names: vpc-shop-live, front-live-sg", ""),
        ("Examples of names: sg-front-live-2", ""),
    ],
)
def test_a_reserved_name_that_prompt_itself_gives_is_told(prompt: str, said: str) -> None:
    code = 'resource "aws_security_group" "g" {\n  name = "sg-front-live"\n}\n'
    (issue,) = [i for i in issues(code, code, f"# Task\n\n- {prompt}\n") if i.rule == "RG401"]
    assert issue.problem.partition(" PROMPT")[1] + issue.problem.partition(" PROMPT")[2].partition(".")[0] == said.removesuffix(".")


@pytest.mark.parametrize(
    ("prompt", "told"), [("Encrypt the topic with alias/aws/sns.", True), ("Encrypt the topic.", False), ("Not alias/aws/snss", False)]
)
def test_a_managed_key_that_prompt_itself_names_is_told(prompt: str, told: bool) -> None:
    code = (
        'resource "aws_sns_topic" "t" {\n  name              = "t"\n  kms_master_key_id = "alias/aws/sns"\n}\n'
        'resource "aws_cloudwatch_metric_alarm" "a" {\n  alarm_name          = "a"\n  comparison_operator = "GreaterThanThreshold"\n'
        '  evaluation_periods  = 1\n  metric_name         = "NumberOfMessagesSent"\n  namespace           = "AWS/SQS"\n'
        '  period              = 60\n  statistic           = "Sum"\n  threshold           = 1\n'
        "  alarm_actions       = [aws_sns_topic.t.arn]\n}\n"
    )
    (issue,) = [i for i in issues(code, code, f"# Task\n\n- {prompt}\n") if i.rule == "RG103"]
    assert ("PROMPT itself names `alias/aws/sns`." in issue.problem) is told


def test_what_is_wider_than_its_signs_was_not_found() -> None:
    code = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\nresource "aws_ebs_volume" "v" {\n  availability_zone = "z"\n  encrypted = true\n}\n'
    asked = "# Task\n\n1. Encrypt data in transit for EBS and S3\n"
    (issue,) = [i for i in issues(code, code, asked) if i.rule == "need:encryption-in-transit"]
    assert "nothing that provides it was found in either tree" in issue.problem


@pytest.mark.parametrize(("comment", "given"), [("FIXED: a runtime that Lambda takes", True), ("NOTE: the key is ours", False)])
def test_only_what_speaks_of_a_correction_gives_its_reason(comment: str, given: bool) -> None:
    code = 'resource "aws_lambda_function" "f" {{\n  function_name = "f"\n  role = "r"\n  runtime = "{runtime}"{comment}\n}}\n'
    ours, theirs = code.format(comment="", runtime="python3.7"), code.format(comment=f" # {comment}", runtime="python3.13")
    issue = next(i for i in issues(ours, theirs, "# Task\n\n- A function\n") if "python3.7" in i.problem)
    assert bool(issue.reasons) is given


def test_a_topic_without_subscriptions_repairs_no_more_than_is_said_to_be_missing() -> None:
    alarm = 'resource "aws_cloudwatch_metric_alarm" "a" {{\n  namespace = "AWS/SQS"\n  metric_name = "NumberOfMessagesSent"\n{}}}\n'
    topic = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n' + alarm.format("  alarm_actions = [aws_sns_topic.t.arn]\n")
    (issue,) = [i for i in issues(alarm.format(""), topic) if i.rule == "RG031"]
    assert (issue.status, [i.text for i in issue.impact if i.aspect == "Operations"]) == (
        "fixed",
        ["The stack has no SNS topic that its messages could go to."],
    )
