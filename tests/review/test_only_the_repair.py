"""That what stands beside a repair is not shown as one: other rules, other lines of a list, the same action in other letters."""

from __future__ import annotations

import pytest

from reviewgen.model.review import Status
from tests.review.test_correction import issues
from tests.review.test_smallest_correction import of, shown

FIRST = '  rule {{\n    name     = "{name}"\n    priority = 1\n    override_action {{\n      none {{}}\n    }}\n    statement {{\n{what}    }}\n'
SECOND = '    visibility_config {{\n      cloudwatch_metrics_enabled = {seen}\n      metric_name                = "{name}"\n    }}\n  }}\n'
ACL = 'resource "aws_wafv2_web_acl" "shop" {{\n  name  = "shop"\n  scope = "REGIONAL"\n{}}}\n'


def _rule(name: str, what: str, seen: str) -> str:
    return (FIRST + SECOND).format(name=name, what=what, seen=seen)


def test_what_a_rule_holds_was_exchanged_and_its_metrics_repair_nothing() -> None:
    rate = '      rate_based_statement {\n        limit              = 500\n        aggregate_key_type = "IP"\n      }\n'
    group = (
        '      managed_rule_group_statement {\n        name        = "AWSManagedRulesCommonRuleSet"\n        vendor_name = "AWS"\n      }\n'
    )
    issue = of(issues(ACL.format(_rule("Limit", rate, "false")), ACL.format(_rule("Common", group, "true"))), "RG482")
    assert "managed_rule_group_statement" in shown(issue)
    assert "visibility_config" not in shown(issue) and "metric" not in shown(issue)
    assert not any("visibility_config" in a.check for a in issue.verification)
    assert (issue.lines_added, issue.lines_removed) == (4, 4)


NETWORK = """
resource "aws_vpc" "v" {{
  cidr_block = "10.0.0.0/16"
}}
resource "aws_internet_gateway" "g" {{
  vpc_id = aws_vpc.v.id
}}
resource "aws_subnet" "s" {{
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}}
resource "aws_route_table" "t" {{
  vpc_id = aws_vpc.v.id
  route {{
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }}
}}
resource "aws_route_table_association" "a" {{
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.t.id
}}
resource "aws_network_acl" "n" {{
  vpc_id     = aws_vpc.v.id
  subnet_ids = [aws_subnet.s.id]
{}{}}}
"""
ENTRY = (
    '  {way} {{\n    protocol   = "{protocol}"\n    rule_no    = {number}\n    action     = "allow"\n    cidr_block = "{cidr}"\n'
    "    from_port  = {low}\n    to_port    = {high}\n  }}\n"
)


def _entry(number: int, low: int, high: int, way: str = "ingress", protocol: str = "tcp", cidr: str = "0.0.0.0/0") -> str:
    return ENTRY.format(way=way, protocol=protocol, number=number, cidr=cidr, low=low, high=high)


def test_of_several_new_rules_of_a_network_acl_the_one_for_answers_is_shown() -> None:
    out = _entry(100, 0, 0, way="egress", protocol="-1")
    before = _entry(100, 5432, 5432, cidr="10.0.0.0/16")
    more = _entry(110, 443, 443) + _entry(120, 1024, 65535) + _entry(130, 80, 80)
    issue = of(issues(NETWORK.format(before, out), NETWORK.format(before + more, out)), "RG451")
    assert "to_port    = 65535" in shown(issue) and "443" not in shown(issue) and "rule_no    = 130" not in shown(issue)


READER = """
resource "aws_kinesis_stream" "clicks" {{
  name        = "clicks"
  shard_count = 1
}}
resource "aws_iam_role" "reader" {{
  name               = "reader"
  assume_role_policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "lambda.amazonaws.com" }} }}] }})
}}
resource "aws_iam_role_policy" "reader" {{
  role = aws_iam_role.reader.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{
        Effect = "Allow"
        Action = [
          "kinesis:PutRecord",
{read}          "logs:CreateLogGroup",
          "logs:CreateLogStream",
          "logs:PutLogEvents",
          "xray:PutTraceSegments",
          "xray:PutTelemetryRecords"{more}
        ]
        Resource = "*"
      }}
    ]
  }})
}}
resource "aws_lambda_function" "reader" {{
  function_name = "reader"
  role          = aws_iam_role.reader.arn
  s3_bucket     = "code"
  s3_key        = "reader.zip"
  handler       = "index.handler"
  runtime       = "python3.13"
}}
resource "aws_lambda_event_source_mapping" "reader" {{
  event_source_arn  = aws_kinesis_stream.clicks.arn
  function_name     = aws_lambda_function.reader.arn
  starting_position = "LATEST"
}}
"""


def test_of_a_list_of_actions_those_that_were_missing_are_shown() -> None:
    read = "".join(f'          "kinesis:{name}",\n' for name in ("GetRecords", "GetShardIterator", "DescribeStream", "ListShards"))
    more = ',\n          "ses:SendEmail",\n          "secretsmanager:GetSecretValue"'
    issue = of(issues(READER.format(read="", more=""), READER.format(read=read, more=more)), "RG334")
    assert "kinesis:GetRecords" in shown(issue) and "ses:SendEmail" not in shown(issue)


KEY = """
resource "aws_kms_key" "k" {{
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{
        Sid       = "Services"
        Effect    = "Allow"
        Principal = {{ Service = [{services}] }}
        Action = [
          "kms:Encrypt*",
          "kms:Decrypt*"{more}
        ]
        Resource = "*"
      }}
    ]
  }})
}}
resource "aws_cloudwatch_log_group" "g" {{
  name       = "g"
  kms_key_id = aws_kms_key.k.arn
}}
"""


def test_where_a_principal_was_missing_its_new_actions_are_shown_too() -> None:
    more = ',\n          "kms:ReEncrypt*",\n          "kms:GenerateDataKey*",\n          "kms:Describe*"'
    ideal = KEY.format(services='"sns.amazonaws.com", "logs.amazonaws.com"', more=more)
    issue = of(issues(KEY.format(services='"sns.amazonaws.com"', more=""), ideal), "RG101")
    assert "kms:GenerateDataKey*" in shown(issue)


TOPIC = """
resource "aws_sns_topic" "alerts" {{
  name = "alerts"
}}
resource "aws_sns_topic_policy" "alerts" {{
  arn = aws_sns_topic.alerts.arn
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{
        Sid    = "Alarms"
        Effect = "Allow"
        Principal = {{
          Service = "cloudwatch.amazonaws.com"
        }}
        Action   = "{action}"
        Resource = aws_sns_topic.alerts.arn
      }}{more}
    ]
  }})
}}
"""


def test_the_same_action_in_other_letters_is_not_what_repairs_a_policy() -> None:
    wide = ',\n      {\n        Sid    = "Owner"\n        Effect = "Allow"\n'
    wide += '        Principal = {\n          AWS = "arn:aws:iam::111122223333:root"\n        }\n'
    wide += '        Action   = "SNS:*"\n        Resource = aws_sns_topic.alerts.arn\n      }'
    issue = of(issues(TOPIC.format(action="SNS:Publish", more=wide), TOPIC.format(action="sns:Publish", more="")), "RG353")
    assert shown(issue).strip() != 'Action   = "sns:Publish"'


DISTRIBUTION = """
resource "aws_cloudfront_distribution" "site" {{
  enabled = true
  origin {{
    domain_name = {origin}.bucket_regional_domain_name
    origin_id   = "site"
  }}
{logs}}}
"""
BUCKET = 'resource "aws_s3_bucket" "{}" {{\n  bucket_prefix = "{}-"\n}}\n'


def test_a_new_bucket_that_another_argument_names_stands_for_none_that_went() -> None:
    logs = "  logging_config {\n    bucket = aws_s3_bucket.logs.bucket_domain_name\n  }\n"
    kept = BUCKET.format("pages", "pages") + BUCKET.format("drafts", "drafts")
    model = DISTRIBUTION.format(origin="aws_s3_bucket.pages", logs=logs) + kept + BUCKET.format("logs", "logs")
    ideal = DISTRIBUTION.format(origin="aws_s3_bucket.pictures", logs="") + kept + BUCKET.format("pictures", "pictures")
    issue = of(issues(model, ideal), "RG491")
    assert issue.status == "fixed" and "pictures" not in shown(issue)


ALARM = """
resource "aws_cloudwatch_metric_alarm" "denied" {{
  alarm_name          = "denied"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "DeniedCalls"
  namespace           = "Shop"
  period              = 300
  statistic           = "Sum"
  threshold           = 0
}}
{}"""


def test_the_new_filter_that_publishes_the_metric_repairs_an_alarm_on_it() -> None:
    filter_ = (
        'resource "aws_cloudwatch_log_metric_filter" "denied" {\n  name           = "denied"\n  log_group_name = "/shop"\n'
        '  pattern        = "denied"\n  metric_transformation {\n    name      = "DeniedCalls"\n    namespace = "Shop"\n    value     = "1"\n'
        "  }\n}\n"
    )
    issue = of(issues(ALARM.format(""), ALARM.format(filter_)), "RG802")
    assert shown(issue) == filter_.strip()


def test_of_a_new_topic_the_policy_is_shown_that_does_not_admit_the_alarm() -> None:
    topic = (
        'resource "aws_sns_topic" "alerts" {\n  name = "alerts"\n}\n'
        'resource "aws_sns_topic_policy" "alerts" {\n  arn = aws_sns_topic.alerts.arn\n  policy = jsonencode({\n    Statement = [{\n'
        '      Effect = "Allow"\n      Action = "sns:Publish"\n      Principal = { Service = "events.amazonaws.com" }\n'
        "      Resource = aws_sns_topic.alerts.arn\n    }]\n  })\n}\n"
    )
    told = ALARM.format("").replace(
        "  threshold           = 0\n", "  threshold           = 0\n  alarm_actions       = [aws_sns_topic.alerts.arn]\n"
    )
    issue = of(issues('resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\n', told + topic), "RG351")
    assert issue.status == "introduced" and 'resource "aws_sns_topic_policy" "alerts"' in shown(issue)
    assert 'resource "aws_sns_topic" "alerts"' not in shown(issue)


CERTIFICATE = """
resource "aws_acm_certificate" "shop" {{
{count}  domain_name       = "shop.test"
  validation_method = "DNS"
}}
resource "aws_lb_listener" "https" {{
{count}  load_balancer_arn = "arn"
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = {arn}
  default_action {{
    type             = "forward"
    target_group_arn = "arn"
  }}
}}
"""


def test_what_is_written_with_a_count_of_nothing_has_no_defect_left() -> None:
    model = CERTIFICATE.format(count="", arn="aws_acm_certificate.shop.arn")
    issue = of(issues(model, CERTIFICATE.format(count="  count = 0\n", arn="aws_acm_certificate.shop[0].arn")), "RG477")
    assert issue.status == "fixed" and "count = 0" in shown(issue)


POLICY = """
resource "aws_iam_policy" "p" {{
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [
{}    ]
  }})
}}
"""
MANAGE = """      {{
        Sid      = "Manage"
        Effect   = "Allow"
        Action   = ["ec2:*"]
        Resource = "*"
        Condition = {{
          StringEquals = {{
            "aws:RequestedRegion" = "us-east-1"
          }}
{}        }}
      }},
"""
LITERAL = '          StringNotEquals = {\n            "ec2:InstanceType" = "*.8xlarge"\n          }\n'
# Of its beginning the comparison of two texts takes lines for those of the statement that was there.
VOLUMES = """      {
        Sid      = "Volumes"
        Effect   = "Allow"
        Action   = ["ec2:CreateVolume", "ec2:DeleteVolume"]
        Resource = [
          "arn:aws:ec2:*:*:volume/*",
          "arn:aws:ec2:*:*:snapshot/*",
        ]
        Condition = {
          StringEquals = {
            "aws:RequestedRegion" = "us-east-1"
          }
        }
      },
"""


def test_where_a_condition_is_gone_no_other_statement_is_what_repairs_it() -> None:
    issue = of(issues(POLICY.format(MANAGE.format(LITERAL)), POLICY.format(MANAGE.format("") + VOLUMES)), "RG134")
    assert issue.status is Status.FIXED
    assert not issue.solution


@pytest.mark.parametrize(
    ("later", "counts"),
    [
        ('backend "local" {\n    path = "a.tfstate"\n  }', (1, 2)),  # another one in its place
        ('backend "s3" {}', (0, 2)),  # left to be configured from outside
        ('backend "s3" {\n    key    = "a"\n  }', (0, 1)),
    ],
)
def test_a_backend_that_is_exchanged_goes_as_a_whole(later: str, counts: tuple[int, int]) -> None:
    code = 'terraform {{\n  {}\n}}\nresource "aws_sqs_queue" "q" {{\n  name = "q"\n}}\n'
    found = issues(code.format('backend "s3" {\n    bucket = "shop-state"\n    key    = "a"\n  }'), code.format(later))
    assert [(i.lines_added, i.lines_removed) for i in found if i.rule == "RG623"] == [counts]


@pytest.mark.parametrize(
    ("later", "removed"),
    [
        ("encrypt = true", 3),  # all else is left to whoever runs init
        ('encrypt = true\n    key    = "b"', 1),  # the key is another one for a reason of its own
    ],
)
def test_of_a_backend_that_keeps_a_value_all_goes_that_is_left_to_be_configured(later: str, removed: int) -> None:
    code = 'terraform {{\n  backend "s3" {{\n    {}\n  }}\n}}\nresource "aws_sqs_queue" "q" {{\n  name = "q"\n}}\n'
    found = issues(code.format('bucket = "shop-state"\n    key    = "a"\n    region = "eu-west-1"\n    encrypt = true'), code.format(later))
    assert [i.lines_removed for i in found if i.rule == "RG623"] == [removed]


LOGGED = """
resource "aws_api_gateway_stage" "shop" {{
  stage_name = "live"
  access_log_settings {{
    destination_arn = "arn:aws:logs:eu-west-1:111122223333:log-group:shop"
    format = jsonencode({{
      id = "$context.requestId"
{more}    }})
  }}
}}
"""
ACCOUNT = 'resource "aws_api_gateway_account" "shop" {\n  cloudwatch_role_arn = "arn:aws:iam::111122223333:role/logs"\n}\n'


def test_beside_a_setting_of_the_account_another_line_of_the_format_repairs_nothing() -> None:
    ideal = LOGGED.format(more='      status = "$context.status"\n')
    issue = of(issues(LOGGED.format(more=""), ideal + ACCOUNT), "RG305")
    assert issue.status is Status.FIXED and shown(issue) == ACCOUNT.strip()
    assert (issue.lines_added, issue.lines_removed) == (3, 0)


DELIVERED = """
resource "aws_s3_bucket" "logs" {{
  bucket = "shop-logs"
}}
resource "aws_s3_bucket_policy" "logs" {{
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{
        Effect    = "Allow"
        Principal = {{ Service = "config.amazonaws.com" }}
        Action    = "s3:PutObject"
        Resource  = "${{aws_s3_bucket.logs.arn}}/*"
      }},
      {{
        Effect    = "{}"
        Principal = {}
        Action    = "s3:{}"
        Resource  = "${{aws_s3_bucket.logs.arn}}/*"
        Condition = {{
          {}
        }}
      }},
    ]
  }})
}}
resource "aws_config_delivery_channel" "main" {{
  s3_bucket_name = aws_s3_bucket.logs.id
}}
"""


def test_a_statement_of_another_effect_takes_the_place_of_no_denial() -> None:
    denial = ("Deny", '"*"', "PutObject", 'StringNotEquals = {\n            "s3:x-amz-server-side-encryption" = "aws:kms"\n          }')
    reader = (
        "Allow",
        '{ Service = "cloudfront.amazonaws.com" }',
        "GetObject",
        'StringEquals = {\n            "aws:SourceAccount" = "1"\n          }',
    )
    issue = of(issues(DELIVERED.format(*denial), DELIVERED.format(*reader)), "RG724")
    assert issue.status is Status.FIXED
    assert not issue.solution


STAMPED = """
variable "region" {{}}
{more}locals {{
  tags = {{
    Project = "shop"
{own}  }}
}}
{providers}provider "aws" {{
  region = var.region
  default_tags {{
    tags = local.tags
  }}
}}
resource "aws_vpc" "v" {{
  cidr_block = "10.0.0.0/16"
}}
"""
FAR = 'provider "aws" {\n  alias  = "far"\n  region = "us-west-2"\n  default_tags {\n    tags = local.tags\n  }\n}\n'


def test_a_tag_that_went_was_repaired_by_no_other_tag_and_by_nobody_who_took_the_tags() -> None:
    before = STAMPED.format(more="", own='    ManagedBy = "terraform"\n    CreatedAt = timestamp()\n', providers=FAR)
    team = 'variable "team" {\n  default = "web"\n}\n'
    after = STAMPED.format(more=team, own='    Team      = var.team\n    ManagedBy = "terraform"\n', providers="")
    issue = of(issues(before, after), "RG611")
    assert issue.status is Status.FIXED
    assert 'variable "team"' not in shown(issue) and (issue.lines_added, issue.lines_removed) == (1, 1)
    assert not any("var.team" in a.check for a in issue.verification)


def test_that_a_variable_is_declared_which_a_new_name_is_made_of_is_no_check_of_the_name() -> None:
    queue = 'resource "aws_s3_bucket" "b" {{\n  bucket = {}\n}}\n'
    stage = 'variable "stage" {\n  default = "dev"\n}\n'
    issue = of(issues(queue.format('"Shop"'), stage + queue.format('"shop-${var.stage}"')), "RG603")
    assert 'variable "stage"' in shown(issue)
    assert [a.check for a in issue.verification] == ["`aws_s3_bucket.b` has a `bucket` in lower case"]


TASK = """
{more}resource "aws_secretsmanager_secret" "db" {{
  name = "db"
}}
resource "aws_secretsmanager_secret_version" "db" {{
  secret_id     = aws_secretsmanager_secret.db.id
  secret_string = jsonencode({{ host = "h", {held} }})
}}
resource "aws_ecs_task_definition" "app" {{
  family = "app"
  container_definitions = jsonencode([
    {{
      name   = {name}
      image  = "public.ecr.aws/docker/library/httpd:2.4"
      cpu    = 256
      memory = 512
      portMappings = [
        {{
          containerPort = 80
        }}
      ]
      secrets = [
        {{
          name      = "DB_URL"
          valueFrom = "${{aws_secretsmanager_secret.db.arn}}:url::"
        }}
      ]
    }}
  ])
}}
"""


def test_where_a_value_asks_for_the_same_as_before_what_else_was_changed_in_it_repaired_nothing() -> None:
    before = TASK.format(more="", held='user = "u"', name='"app"')
    prefix = 'locals {\n  prefix = "shop"\n}\n'
    issue = of(issues(before, TASK.format(more=prefix, held='url = "u"', name='"${local.prefix}-app"')), "RG539")
    assert issue.status is Status.FIXED
    assert "secret_string" in shown(issue) and "prefix" not in shown(issue)
    # Nor is it counted: the secret's line alone was exchanged.
    assert (issue.lines_added, issue.lines_removed) == (1, 1)


def test_a_tag_in_the_place_of_another_one_is_not_what_its_value_became() -> None:
    before = STAMPED.format(more="", own='    ManagedBy = "terraform"\n    CreatedAt = timestamp()\n', providers="")
    suffix = 'variable "suffix" {\n  default = "dev"\n}\n'
    after = STAMPED.format(more=suffix, own='    ManagedBy = "terraform"\n    EnvironmentSuffix = var.suffix\n', providers="")
    issue = of(issues(before, after), "RG611")
    assert issue.status is Status.FIXED
    assert 'variable "suffix"' not in shown(issue) and (issue.lines_added, issue.lines_removed) == (1, 1)
    renamed = STAMPED.format(more=suffix, own='    ManagedBy = "terraform"\n    created_on = var.suffix\n', providers="")
    assert 'variable "suffix"' in shown(of(issues(before, renamed), "RG611"))


TEAMS = """
resource "aws_sqs_queue" "q" {{
  name = join("-", keys(var.teams))
}}
variable "account" {{
  type    = string
  default = "111122223333"
}}
variable "teams" {{
  type = map(any)
  # Replace the names with your own
  default = {{
    shop = {{
      text   = "{text}"
      role   = "{role}"
      people = ["ann", "bob"]
      hours  = 8
    }}
    bank = {{
      text   = "{text} of the bank"
      role   = "arn:aws:iam::111122223333:role/bank"
      people = ["cid", "dan"]
      hours  = 8
    }}
  }}
}}
"""


def test_what_else_is_new_in_a_default_did_not_take_the_variable_out_of_it() -> None:
    before = TEAMS.format(text="The team", role="arn:aws:iam::${var.account}:role/shop")
    issue = of(
        issues(
            before,
            TEAMS.format(text="Those", role="arn:aws:iam::111122223333:role/shop").replace("  # Replace the names with your own\n", ""),
        ),
        "tf:variables-not-allowed",
    )
    assert issue.status is Status.FIXED
    assert ":role/shop" in shown(issue) and "Those" not in shown(issue)
    # What MODEL leaves to the reader there is not what Terraform refuses.
    assert not issue.quotes and "comment" not in issue.signals


GRAPH = """      {{
        type = "metric"
{place}        properties = {{
          metrics = [
            {metric}
          ]
          title = "t"
        }}
      }},
"""


def _dashboard(place: str, *metrics: str) -> str:
    """A dashboard of two graphs, higher than what is shown whole."""
    graphs = "".join(GRAPH.format(place=place, metric=metric) for metric in metrics)
    return f'resource "aws_cloudwatch_dashboard" "d" {{\n  dashboard_body = jsonencode({{\n    widgets = [\n{graphs}    ]\n  }})\n}}\n'


@pytest.mark.parametrize(
    "rule, wrong",
    [("RG821", '["AWS/SQS", "NumberOfMessagesSent", { QueueName = "q" }]'), ("RG822", '["AWS/SQS", "NumberOfMessagesSent"]')],
)
def test_where_a_graph_stands_repairs_none_of_its_metrics(rule: str, wrong: str) -> None:
    other, right = '["AWS/Lambda", "Errors", { stat = "Sum" }]', '["AWS/SQS", "NumberOfMessagesSent", "QueueName", "q"]'
    found = issues(_dashboard("", wrong, other), _dashboard("        x = 0\n        y = 6\n        width = 12\n", right, other))
    assert shown(of(found, rule)).strip() == right
