"""What repairs a defect where no change at its own place does: arguments that exclude it, resources that take over, references that went, code."""

from __future__ import annotations

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.review import Issue, Status
from reviewgen.model.source import Document, SourceFile
from tests.review.test_correction import issues


def shown(issue: Issue) -> str:
    return "\n".join(passage.code for passage in issue.solution)


def of(rule: str, model: str, ideal: str, prompt: str = "") -> Issue:
    return next(i for i in issues(model, ideal, prompt) if i.rule == rule)


def of_files(rule: str, model: Document, ideal: Document) -> Issue:
    review = pipeline.review_sample(sample.of_documents(model, ideal, None, "x"), Config())
    return next(i for i in review.issues if i.rule == rule)


DATABASE = """
resource "aws_db_instance" "orders" {
  identifier          = "orders"
  engine              = "mysql"
  instance_class      = "db.t3.micro"
  allocated_storage   = 20
  username            = "shop"
  skip_final_snapshot = true
%s}
"""


def test_an_argument_that_excludes_the_wrong_one_takes_its_place() -> None:
    issue = of("RG151", DATABASE % '  password = "orders-2024!"\n', DATABASE % "  manage_master_user_password = true\n")
    assert issue.status is Status.FIXED
    assert shown(issue).split() == ["manage_master_user_password", "=", "true"]


def test_a_new_argument_beside_the_one_that_went_is_no_correction_of_it() -> None:
    model, ideal = (
        DATABASE % '  password = "orders-2024!"\n',
        DATABASE % "  manage_master_user_password = true\n  copy_tags_to_snapshot = true\n",
    )
    assert "copy_tags" not in shown(of("RG151", model, ideal))


STAGE = """
resource "aws_api_gateway_deployment" "shop" {
  rest_api_id = "a1b2c3"
%s}
"""
NEW_STAGE = """
resource "aws_api_gateway_stage" "live" {
  rest_api_id   = "a1b2c3"
  deployment_id = aws_api_gateway_deployment.shop.id
  stage_name    = "live"
}
"""


def test_the_resource_that_the_provider_names_in_place_of_an_argument_is_shown() -> None:
    issue = of("RG301", STAGE % '  stage_name = "live"\n', STAGE % "" + NEW_STAGE)
    assert shown(issue) == NEW_STAGE.strip()


SECRET = """
resource "aws_secretsmanager_secret" "api" {
  name = "api"
%s}
"""
ROTATION = """
resource "aws_secretsmanager_secret_rotation" "api" {
  secret_id           = aws_secretsmanager_secret.api.id
  rotation_lambda_arn = "arn:aws:lambda:us-east-1:123456789012:function:rotate"
  rotation_rules {
    automatically_after_days = 30
  }
}
"""


def test_a_block_that_moved_into_a_resource_of_its_own_is_shown_there() -> None:
    issue = of("tf:unsupported-block", SECRET % "  rotation_rules {\n    automatically_after_days = 30\n  }\n", SECRET % "" + ROTATION)
    assert shown(issue) == ROTATION.strip()


COPIES = """
locals {
  workers = {
    mail = {
      handler = "%s.run"
      file    = "mail_worker.py"
    }
    bill = {
      handler = "%s.run"
      file    = "bill_worker.py"
    }
    pack = {
      handler = "pack_worker.run"
      file    = "pack_worker.py"
    }
  }
}
data "archive_file" "worker" {
  for_each    = local.workers
  type        = "zip"
  source_file = "${path.module}/${each.value.file}"
  output_path = "${path.module}/${each.key}.zip"
}
resource "aws_lambda_function" "worker" {
  for_each      = local.workers
  function_name = each.key
  role          = "arn:aws:iam::123456789012:role/worker"
  runtime       = "python3.12"
  handler       = each.value.handler
  filename      = data.archive_file.worker[each.key].output_path
}
"""


def test_what_copies_take_from_the_elements_of_a_local_value_is_shown_where_it_stands() -> None:
    issue = of("RG326", COPIES % ("mail", "bill"), COPIES % ("mail_worker", "bill_worker"))
    assert issue.status is Status.FIXED
    assert [line.split()[-1] for line in shown(issue).splitlines()] == ['"mail_worker.run"', '"bill_worker.run"']


STARTED = """
resource "aws_launch_template" "app" {
  image_id = "ami-0abc0abc0abc0abc0"
  network_interfaces {
    security_groups = ["sg-0abc0abc0abc0abc0"]
  }
}
resource "aws_instance" "app" {
  subnet_id = "subnet-0abc0abc0abc0abc0"
%s}
"""


def test_a_reference_between_the_parts_of_a_defect_that_went_is_counted() -> None:
    model = STARTED % '  launch_template {\n    id      = aws_launch_template.app.id\n    version = "$Latest"\n  }\n'
    issue = of("RG527", model, STARTED % '  ami           = "ami-0abc0abc0abc0abc0"\n  instance_type = "t3.micro"\n')
    assert (issue.status, issue.lines_removed) == (Status.FIXED, 4)
    assert "aws_instance.app" in issue.corrected


CERTIFICATE = """
resource "aws_acm_certificate" "shop" {
%s}
resource "aws_lb_listener" "shop" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/1"
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = aws_acm_certificate.shop.arn
  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1"
  }
}
"""


def test_what_makes_another_kind_of_thing_of_a_block_is_shown() -> None:
    asked = CERTIFICATE % '  domain_name       = "shop.example.org"\n  validation_method = "DNS"\n'
    brought = CERTIFICATE % '  private_key      = file("shop.key")\n  certificate_body = file("shop.pem")\n'
    issue = of("RG477", asked, brought)
    assert issue.status is Status.FIXED
    assert [line.split()[0] for line in shown(issue).splitlines()] == ["private_key", "certificate_body"]
    # An imported certificate is in use without a record and without a wait, and needs neither.
    assert issue.verification[0].check.startswith("Where ACM has to validate `aws_acm_certificate.shop`, nothing uses it")


ALARM = """
resource "aws_cloudwatch_metric_alarm" "unsold" {
  alarm_name          = "unsold"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "UnsoldSeats"
  namespace           = "Shop/Seats"
  period              = 60
  statistic           = "Sum"
  threshold           = 0
}
"""
CODE = "import boto3\n\n\ndef handler(event, context):\n"
PUBLISHES = """    boto3.client("cloudwatch").put_metric_data(
        Namespace="Shop/Seats",
        MetricData=[{"MetricName": "UnsoldSeats", "Value": 1}],
    )"""


def test_the_code_that_publishes_a_metric_is_shown() -> None:
    model, ideal = (
        Document("x", files=(SourceFile("main.tf", ALARM), SourceFile("seats.py", CODE + body))) for body in ("    return 0\n", PUBLISHES)
    )
    assert shown(of_files("RG802", model, ideal)) == "\n".join(PUBLISHES.splitlines()[:3])


READ = """
resource "aws_iam_policy" "shop" {
  name   = "shop"
  policy = file("${path.module}/shop.json")
}
"""
POLICY = '{ "Version": "2012-10-17", "Statement": [] }'


def test_a_file_that_was_missing_is_shown() -> None:
    files = SourceFile("main.tf", READ), SourceFile("shop.json", POLICY + "\n")
    issue = of_files("tf:missing-file", Document("x", files=files[:1]), Document("x", files=files))
    assert shown(issue) == POLICY


BUCKETS = 'resource "aws_s3_bucket" "{0}" {{\n  bucket = "shop-{0}-1"\n}}\n'


def test_of_what_there_were_too_few_the_new_ones_are_shown() -> None:
    model = "".join(map(BUCKETS.format, ("raw", "clean")))
    prompt = "Create a data lake in Terraform on AWS.\n\n1. Create three S3 buckets for raw data, processed data, and audit logs.\n"
    issue = next(i for i in issues(model, model + BUCKETS.format("audit"), prompt) if i.rule.startswith("prompt-count-mismatch"))
    assert shown(issue) == BUCKETS.format("audit").strip()


PROVIDER = """
provider "aws" {
  region = %s
%s}
"""
LISTENER = """
resource "aws_sqs_queue" "%s" {
  name = "jobs"
}

resource "aws_sns_topic" "alerts" {
  name = "alerts"
  tags = { Team = "shop" }
}
"""
DEFAULTS = """
  default_tags {
    tags = { Team = "shop" }
  }
"""


def test_tags_that_a_provider_gives_to_all_repair_resources_without_them() -> None:
    prompt = 'All resources must be tagged with "Team: shop".'
    fixed = '"eu-west-1"', DEFAULTS
    issue = of("missing-tags:some", PROVIDER % ('"eu-west-1"', "") + LISTENER % "jobs", PROVIDER % fixed + LISTENER % "work", prompt)
    assert issue.status is Status.FIXED
    assert shown(issue).split() == DEFAULTS.split()


ZONES = """
variable "region" {
  default = "eu-west-1"
}

variable "zones" {
  default = ["eu-west-1a", "eu-west-1b"]
}

resource "aws_subnet" "back" {
  vpc_id            = "vpc-1"
  availability_zone = var.zones[0]
}
"""
LOOKED_UP = """
data "aws_availability_zones" "near" {}

resource "aws_subnet" "back" {
  vpc_id            = "vpc-1"
  availability_zone = data.aws_availability_zones.near.names[0]
}
"""


def test_zones_that_are_looked_up_repair_a_list_of_them_and_not_a_region_that_is_fixed() -> None:
    prompt = "The stack must be deployable in any region."
    issue = of("RG628", PROVIDER % ("var.region", "") + ZONES, PROVIDER % ('"eu-west-1"', "") + LOOKED_UP, prompt)
    assert issue.status is Status.FIXED
    assert shown(issue).split() == ["data", '"aws_availability_zones"', '"near"', "{}"]


def test_fewer_than_prompt_wants_are_not_gone_with_a_name_where_there_are_more() -> None:
    prompt = "Create a data lake in Terraform on AWS.\n\n1. Create three S3 buckets for raw data, processed data, and audit logs.\n"
    ideal = "".join(map(BUCKETS.format, ("landing", "curated", "trail")))
    issue = next(i for i in issues(BUCKETS.format("all"), ideal, prompt) if i.rule.startswith("prompt-count-mismatch"))
    assert (issue.status, issue.removed) == ("fixed", False)
