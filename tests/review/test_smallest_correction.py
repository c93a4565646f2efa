"""That a correction is the smallest part of IDEAL that repairs its defect."""

from __future__ import annotations

from reviewgen.model.review import Issue
from tests.review.test_correction import issues
from tests.review.test_repaired_beside import FORWARDED


def shown(issue: Issue) -> str:
    return "\n".join(p.code for p in issue.solution)


def of(found: tuple[Issue, ...], rule: str) -> Issue:
    return next(i for i in found if i.rule == rule)


STATEMENT = """      {{
        Sid       = "{sid}"
        Effect    = "Allow"
        Principal = {{ Service = "{service}" }}
        Action    = {actions}
        Resource  = "*"
      }},
"""
ENCRYPTED = """
resource "aws_kms_key" "k" {{
{policy}}}
resource "aws_cloudwatch_log_group" "g" {{
  name       = "g"
  kms_key_id = aws_kms_key.k.arn
}}
"""
_ALL = '["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]'


def _key(*services: str) -> str:
    statements = "".join(STATEMENT.format(sid=s.split(".")[0], service=s, actions=_ALL) for s in services)
    return f'  policy = jsonencode({{\n    Version   = "2012-10-17"\n    Statement = [\n{statements}    ]\n  }})\n'


def test_of_a_new_policy_the_statement_is_shown_that_was_missing() -> None:
    policy = _key("sns.amazonaws.com", "logs.amazonaws.com", "cloudtrail.amazonaws.com", "config.amazonaws.com")
    issue = of(issues(ENCRYPTED.format(policy=""), ENCRYPTED.format(policy=policy)), "RG101")
    assert [p.code for p in issue.solution] == [STATEMENT.format(sid="logs", service="logs.amazonaws.com", actions=_ALL).rstrip("\n")]
    assert issue.lines_added == len(policy.rstrip("\n").split("\n"))


def test_the_document_that_is_the_new_text_of_a_policy_is_shown() -> None:
    document = """data "aws_iam_policy_document" "k" {
  statement {
    actions   = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["logs.amazonaws.com"]
    }
  }
}
"""
    ideal = ENCRYPTED.format(policy="  policy = data.aws_iam_policy_document.k.json\n") + document
    issue = of(issues(ENCRYPTED.format(policy=""), ideal), "RG101")
    assert issue.corrected == ("aws_kms_key.k", "data.aws_iam_policy_document.k")
    assert 'identifiers = ["logs.amazonaws.com"]' in shown(issue)


def test_of_a_new_policy_resource_the_head_and_the_statement_are_shown() -> None:
    regional = "logs.us-east-1.amazonaws.com"
    services = ("sns.amazonaws.com", "cloudtrail.amazonaws.com", regional, "config.amazonaws.com", "events.amazonaws.com")
    ideal = ENCRYPTED.format(policy="") + f'resource "aws_kms_key_policy" "k" {{\n  key_id = aws_kms_key.k.id\n{_key(*services)}}}\n'
    issue = of(issues(ENCRYPTED.format(policy=""), ideal), "RG101")
    head, statement = (p.code for p in issue.solution)
    assert head.startswith('resource "aws_kms_key_policy" "k" {') and head.endswith("Statement = [")
    assert statement == STATEMENT.format(sid="logs", service=regional, actions=_ALL).rstrip("\n")


def _bucket(action: str, sid: str) -> str:
    statements = "".join(
        f'      {{\n        Sid       = "{sid}{n}"\n        Effect    = "Deny"\n        Principal = "*"\n        Action    = "{a}"\n'
        f'        Resource  = "arn:aws:s3:::b/*"\n        Condition = {{ Bool = {{ "aws:SecureTransport" = "false" }} }}\n      }},\n'
        for n, a in enumerate([action, "s3:PutObject"])
    )
    return (
        'resource "aws_s3_bucket_policy" "b" {\n  bucket = "b"\n'
        f'  policy = jsonencode({{\n    Version   = "2012-10-17"\n    Statement = [\n{statements}    ]\n  }})\n}}\n'
    )


def test_what_stands_where_the_wrong_value_stood_is_shown_and_no_other_change_of_the_policy() -> None:
    issue = of(issues(_bucket("s3:_", "Old"), _bucket("s3:*", "New")), "RG141")
    assert [p.code.strip() for p in issue.solution] == ['Action    = "s3:*"']


def test_a_local_value_is_shown_alone() -> None:
    queue = 'resource "aws_lb" "l" {{\n  name    = "{}-alb"\n  subnets = ["subnet-1", "subnet-2"]\n}}\n'
    locals_ = 'locals {{\n{}  long = "a-name-that-is-longer-than-names-may-be"\n  other = 1\n}}\n'
    model = locals_.format("") + queue.format("${local.long}")
    ideal = locals_.format('  short = "shop"\n') + queue.format("${local.short}")
    issue = of(issues(model, ideal), "RG601")
    assert [p.code.strip() for p in issue.solution] == ['short = "shop"', 'name    = "${local.short}-alb"']


GROUP = """
resource "aws_security_group" "db" {{
  ingress {{
    from_port   = {port}
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }}
}}
resource "aws_security_group" "app" {{
  ingress {{
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }}
}}
resource "aws_lb" "l" {{
  subnets         = ["subnet-1", "subnet-2"]
  security_groups = [aws_security_group.app.id]
}}
resource "aws_db_instance" "db" {{
  engine                 = "postgres"
  storage_encrypted      = true
  {takes}
}}
"""


def test_what_takes_an_unused_group_is_its_correction() -> None:
    model = GROUP.format(port=5432, takes="")
    ideal = GROUP.format(port=5431, takes="vpc_security_group_ids = [aws_security_group.db.id]")
    issue = of(issues(model, ideal), "RG410")
    assert [p.code.strip() for p in issue.solution] == ["vpc_security_group_ids = [aws_security_group.db.id]"]


def test_the_permission_is_the_correction_where_a_service_may_not_invoke_a_function() -> None:
    model = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "r"
}
resource "aws_secretsmanager_secret" "s" {}
resource "aws_secretsmanager_secret_rotation" "r" {
  secret_id           = aws_secretsmanager_secret.s.id
  rotation_lambda_arn = aws_lambda_function.f.arn
  rotation_rules {
    automatically_after_days = 30
  }
}
"""
    permission = """resource "aws_lambda_permission" "p" {
  function_name = aws_lambda_function.f.function_name
  action        = "lambda:InvokeFunction"
  principal     = "secretsmanager.amazonaws.com"
}
"""
    issue = of(issues(model, model + permission), "RG347")
    assert [p.code for p in issue.solution] == [permission.rstrip("\n")]


def test_only_the_argument_that_was_missing_is_its_correction() -> None:
    policy = 'resource "aws_sns_topic_policy" "p" {{\n{}  policy = jsonencode({{ Version = "{}" }})\n}}\n'
    found = issues(policy.format("", "2008-10-17"), policy.format('  arn    = "arn:aws:sns:us-east-1:123456789012:t"\n', "2012-10-17"))
    issue = of(found, "tf:missing-argument")
    assert [v.address for v in issue.values] == ["aws_sns_topic_policy.p.arn"]
    assert "2012-10-17" not in shown(issue)


def test_that_one_of_two_is_gone_repairs_what_was_declared_twice() -> None:
    queue, output = 'resource "aws_sqs_queue" "q" {}\n', 'output "o" {{\n  value = aws_sqs_queue.q.{}\n}}\n'
    issue = of(issues(queue + output.format("arn") * 2, queue + output.format("id")), "tf:declared-twice")
    assert (issue.solution, issue.values, issue.corrected) == ((), (), ())


PARAMETERS = """
resource "aws_db_parameter_group" "g" {{
  family = "postgres15"
  parameter {{
    name         = "effective_cache_size"
    value        = "{size}"
    apply_method = "pending-reboot"
  }}
  parameter {{
    name         = "log_statement"
    value        = "{logs}"
    apply_method = "pending-reboot"
  }}
}}
"""


def test_of_blocks_with_names_only_the_named_one_belongs_to_the_correction() -> None:
    model, ideal = (
        PARAMETERS.format(size=s, logs=w) for s, w in (("{{DBInstanceClassMemory*3/4}}", "all"), ("393216", "none"))
    )  # fmt: skip
    issue = of(issues(model.replace("{{", "{").replace("}}", "}"), ideal), "RG215")
    assert [p.code.strip() for p in issue.solution] == ['value        = "393216"']


def test_alarms_come_with_the_topic_that_they_tell_and_not_with_what_they_scale() -> None:
    ideal = """
resource "aws_sns_topic" "t" {
  name = "t"
}
resource "aws_autoscaling_policy" "up" {
  name                   = "up"
  autoscaling_group_name = aws_autoscaling_group.new.name
}
resource "aws_launch_template" "new" {
  image_id = "ami-1"
}
resource "aws_autoscaling_group" "new" {
  min_size = 1
  max_size = 2
  launch_template {
    id = aws_launch_template.new.id
  }
}
resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_name          = "a"
  metric_name         = "CPUUtilization"
  namespace           = "AWS/EC2"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 2
  alarm_actions       = [aws_sns_topic.t.arn, aws_autoscaling_policy.up.arn]
}
"""
    rest = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "q{n}"\n}}\n' for n in range(3))
    issue = of(issues(rest, rest + ideal, "# Task\n\n1. CloudWatch alarms for the servers\n"), "RG021")
    assert set(issue.corrected) == {"aws_cloudwatch_metric_alarm.a", "aws_sns_topic.t", "aws_autoscaling_policy.up"}


def test_targets_come_without_the_policies_that_scale_them() -> None:
    group = FORWARDED % ("", "")
    scaled = FORWARDED.replace('"web" {\n  min_size', '"new" {\n  min_size') % ("", "  target_group_arns = [aws_lb_target_group.web.arn]\n")
    policy = 'resource "aws_autoscaling_policy" "up" {\n  name = "up"\n  autoscaling_group_name = aws_autoscaling_group.new.name\n}\n'
    issue = of(
        issues(group.replace('resource "aws_autoscaling_group" "web"', 'resource "aws_placement_group" "web"'), scaled + policy), "RG524"
    )
    assert issue.corrected == ("aws_autoscaling_group.new",)


LISTENER = """
resource "aws_lb" "l" {{
  subnets = ["subnet-1", "subnet-2"]
}}
resource "aws_lb_listener" "http" {{
  load_balancer_arn = aws_lb.l.arn
  port              = 80
  protocol          = "HTTP"
  default_action {{
{action}  }}
}}
"""


def test_the_listener_with_a_certificate_is_the_correction_of_plain_http() -> None:
    forward = (
        '    type             = "forward"\n    target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/t/1"\n'
    )
    redirect = '    type = "redirect"\n    redirect {\n      port        = "443"\n      protocol    = "HTTPS"\n      status_code = "HTTP_301"\n    }\n'
    https = (
        'resource "aws_lb_listener" "https" {\n  load_balancer_arn = aws_lb.l.arn\n  port = 443\n  protocol = "HTTPS"\n'
        f"  default_action {{\n{forward}  }}\n}}"
    )
    found = issues(LISTENER.format(action=forward), LISTENER.format(action=redirect) + https, "# Task\n\n1. A secure web application\n")
    assert [p.code for p in of(found, "RG521").solution] == [https]
    assert not any(i.rule == "RG003" for i in found), "the redirect belongs to it"


def test_of_what_answers_a_requirement_only_the_argument_is_shown_that_answers_it() -> None:
    text = """
resource "aws_wafv2_web_acl" "w" {{
  name  = "w"
  scope = "CLOUDFRONT"
}}
resource "aws_cloudfront_distribution" "d" {{
  enabled         = true
{more}}}
"""
    ideal = text.format(
        more='  is_ipv6_enabled = true\n  price_class     = "PriceClass_100"\n  web_acl_id      = aws_wafv2_web_acl.w.arn\n'
    )
    found = issues(text.format(more=""), ideal, "# Task\n\n1. Attach the WAF to the CloudFront distribution\n")
    issue = next(i for i in found if i.rule in ("need:waf-association", "RG487"))
    assert [p.code.strip() for p in issue.solution] == ["web_acl_id      = aws_wafv2_web_acl.w.arn"]


def test_a_variable_that_another_argument_reads_now_is_no_part_of_it() -> None:
    database = 'resource "aws_db_instance" "ledger" {\n  identifier = %s\n  engine = "mysql"\n  password = %s\n}\n'
    secret = 'variable "password" {\n  default = "correct-horse-battery"\n}\n' + database % ('"ledger"', "var.password")
    suffix = 'variable "suffix" {\n  type = string\n}\n'
    drawn = 'resource "random_password" "p" {\n  length = 24\n  special = false\n}\n'
    right = suffix + drawn + database % ('"ledger-${var.suffix}"', "random_password.p.result")
    issue = of(issues(secret, right), "RG151")
    assert "random_password" in shown(issue) and "suffix" not in shown(issue)


def test_an_argument_that_stayed_as_it_was_is_repaired_by_what_it_is_made_of() -> None:
    text = 'locals {{\n  prefix = {}\n}}\nresource "aws_db_instance" "d" {{\n  identifier = {}\n}}\n'
    text += 'resource "aws_s3_bucket" "b" {{\n  bucket = "${{local.prefix}}-data"\n}}\n'
    model = text.format('"Shop-of-all"', '"${local.prefix}-db"')
    ideal = text.format('lower("Shop-of-all")', 'lower("${local.prefix}-db")')
    (issue,) = [i for i in issues(model, ideal) if i.rule == "RG603"]
    shown = "\n".join(passage.code for passage in issue.solution)
    assert 'lower("${local.prefix}-db")' in shown and 'lower("Shop-of-all")' in shown


def test_a_name_in_upper_case_is_none_of_a_variable_in_lower_case() -> None:
    text = 'variable "team" {\n  default = "Ops"\n}\nvariable "app" {\n  default = "web"\n}\n'
    text += 'resource "aws_s3_bucket" "b" {\n  bucket = "${var.team}-${var.app}"\n}\n'
    (issue,) = [i for i in issues(text, text) if i.rule == "RG603"]
    assert "var.team.default" in issue.where and "var.app.default" not in issue.where


API = """
resource "aws_api_gateway_deployment" "d" {{
  rest_api_id = "a1b2c3"
}}
resource "aws_api_gateway_stage" "s" {{
  rest_api_id   = "a1b2c3"
  deployment_id = aws_api_gateway_deployment.d.id
  stage_name    = "v1"
}}
output "tests" {{
  value = {{
    address = {address}
    region  = {region}
  }}
}}
"""


def test_what_another_line_of_the_value_needs_now_does_not_repair_a_deprecated_attribute() -> None:
    model = API.format(address="aws_api_gateway_deployment.d.invoke_url", region='"eu-west-1"')
    ideal = API.format(address="aws_api_gateway_stage.s.invoke_url", region="data.aws_region.here.id")
    issue = of(issues(model, ideal + 'data "aws_region" "here" {}\n'), "tf:deprecated-attribute")
    assert (issue.status, issue.where, len(issue.solution)) == ("fixed", ("output.tests.value",), 1)
    assert not any("aws_region" in check.check for check in issue.verification)


def test_what_only_stands_below_each_other_now_is_no_change() -> None:
    """A formatter puts the signs of neighbouring arguments in one column: nothing of that repairs anything."""
    head = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\nresource "aws_cloudwatch_dashboard" "d" {\n  dashboard_name = "d"\n'
    widget = (
        '      {{\n        type{0} = "metric"\n        width{1} = 12\n        height = 6\n        properties = {{\n          metrics = [\n'
        '            ["AWS/SQS", "NumberOfMessagesSent", {2}]\n          ]\n        }}\n      }},\n'
    )
    body = "  dashboard_body = jsonencode({{\n    widgets = [\n{}    ]\n  }})\n}}\n"
    wrong, right = '{ QueueName = "q" }', '"QueueName", "q"'
    model = head + body.format(widget.format("", "", wrong) * 2)
    ideal = head + body.format(widget.format("  ", " ", right) * 2)
    issue = of(issues(model, ideal), "RG821")
    assert (issue.lines_added, issue.lines_removed) == (2, 2)
    assert "width" not in shown(issue) and right in shown(issue)


def test_what_only_notes_the_keys_of_objects_otherwise_is_no_change() -> None:
    """`stat = "Sum"` and `"stat" : "Sum"` say the same: of several metrics only the wrong one is repaired, wherever it stands."""
    metric = '        ["AWS/SQS", "{}", "QueueName", "q", {{ {}, {} }}],\n'
    head = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\nresource "aws_cloudwatch_dashboard" "d" {\n  dashboard_name = "d"\n'
    body = '  dashboard_body = jsonencode({{\n    widgets = [{{\n      type = "metric"\n      properties = {{ metrics = [\n{}      ] }}\n    }}]\n  }})\n}}\n'
    names = [f"NumberOfMessages{n}" for n in range(9)]
    wrong = '        ["AWS/SQS", "SentMessageSize", { stat = "Sum", dimensions = { QueueName = "q" } }],\n'
    right = '        ["AWS/SQS", "SentMessageSize", "QueueName", "q", { "stat" : "Sum" }],\n'
    model = head + body.format("".join(metric.format(n, 'stat = "Sum"', f'label = "{n}"') for n in names) + wrong)
    ideal = head + body.format("".join(metric.format(n, '"stat" : "Sum"', f'"label" : "{n}"') for n in names) + right)
    issue = of(issues(model, ideal), "RG821")
    assert (issue.lines_added, issue.lines_removed) == (10, 10)  # these are lines, whatever they say
    assert "SentMessageSize" in shown(issue) and "NumberOfMessages" not in shown(issue)


SERVICE = """
terraform {{
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }}
  }}
}}
resource "aws_ecs_service" "web" {{
  name            = "web"
  task_definition = "web:1"
{rollout}}}
"""
WITHIN = """  deployment_configuration {
    maximum_percent         = 200
    minimum_healthy_percent = 50
    deployment_circuit_breaker {
      enable   = true
      rollback = true
    }
  }
"""
BESIDE = """  deployment_maximum_percent         = 200
  deployment_minimum_healthy_percent = {least}
  desired_count                      = 2
  deployment_circuit_breaker {{
    enable   = true
    rollback = {back}
  }}
"""


def test_what_stood_in_a_block_that_has_no_place_stands_beside_it_now() -> None:
    def corrected(least: int, back: str) -> Issue:
        return of(
            issues(SERVICE.format(rollout=WITHIN), SERVICE.format(rollout=BESIDE.format(least=least, back=back))), "tf:unsupported-block"
        )

    same, other = corrected(50, "true"), corrected(60, "false")
    assert (same.status, same.lines_added, same.lines_removed) == ("fixed", 6, 8)
    assert "deployment_circuit_breaker {" in shown(same) and "desired_count" not in shown(same)
    assert shown(other).strip() == "deployment_maximum_percent         = 200"


def test_a_name_is_shortened_by_its_words_and_not_by_what_makes_a_value_in_it() -> None:
    role = 'resource "aws_iam_role" "batch" {{\n  name_prefix        = "{}-"\n  assume_role_policy = "{{}}"\n}}\n'
    model = 'variable "suffix" { default = "0815" }\n' + role.format("customer-portal-nightly-batch-role-${var.suffix}")
    ideal = (
        'variable "suffix" { default = "0815" }\n'
        'resource "random_string" "made" {\n  count  = var.suffix == "" ? 1 : 0\n  length = 4\n}\n'
        'locals {\n  suffix = var.suffix != "" ? var.suffix : random_string.made[0].result\n}\n' + role.format("batch-${local.suffix}")
    )
    issue = of(issues(model, ideal), "RG601")
    assert any("batch-${local.suffix}-" in p.code for p in issue.solution)
    assert 'resource "random_string"' not in shown(issue)
