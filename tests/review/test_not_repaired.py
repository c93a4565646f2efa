"""Defects of MODEL that IDEAL does not show, or shows elsewhere: they are not called repaired; and what repairs one is shown."""

from __future__ import annotations

import re

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.review import Issue
from reviewgen.render.issue import issue_view
from tests.build import document
from tests.review.test_correction import issues, reviewed

TOPIC = """
resource "aws_kms_key" "k" {
  policy = jsonencode({ Statement = [{
    Effect    = "Allow"
    Principal = { AWS = "arn:aws:iam::123456789012:root" }
    Action    = "kms:*"
    Resource  = "*"
  }] })
}
resource "aws_sns_topic" "t" {
  kms_master_key_id = aws_kms_key.k.id
}
resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_name    = "a"
  alarm_actions = [aws_sns_topic.t.arn]
}
"""


def _of_files(model: dict[str, str], ideal: dict[str, str]) -> tuple[Issue, ...]:
    return pipeline.review_sample(sample.of_documents(document(**model), document(**ideal), None, "x"), Config()).issues


def test_a_directory_that_ideal_no_longer_reaches_keeps_its_defects() -> None:
    root = 'terraform {\n  required_version = ">= 1.5"\n}\n'
    found = _of_files({"lib/main.tf": TOPIC}, {"main.tf": root, "lib/main.tf": TOPIC})
    assert [i.status for i in found if i.rule == "RG102"] == ["left"]


HANDLER = 'resource "aws_lambda_function" "f" {{\n  filename = "job.zip"\n  runtime  = "python3.12"\n  handler  = "{}.run"\n}}\n'


@pytest.mark.parametrize(("more", "told"), [({}, []), ({"job.py": "def run(event, context):\n    pass\n"}, ["fixed"])])
def test_a_handler_in_a_package_that_nobody_shows_is_not_repaired(more: dict[str, str], told: list[str]) -> None:
    model = {"main.tf": HANDLER.format("index"), "job.py": "def run(event, context):\n    pass\n"}
    found = _of_files(model, {"main.tf": HANDLER.format("job"), **more})
    assert [i.status for i in found if i.rule == "RG337"] == told


WRITER = """
resource "aws_kms_key" "k" {}
resource "aws_sqs_queue" "q" {
  kms_master_key_id = aws_kms_key.k.arn
}
resource "aws_iam_role" "r" {
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  policy = POLICY
}
"""
SENDS = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.q.arn }] })'
CALL = 'module "rights" {\n  source = "./rights"\n}\n'
OUTPUT = 'output "policy" {\n  value = "{}"\n}\n'


@pytest.mark.parametrize(("more", "told"), [({}, []), ({"rights/main.tf": OUTPUT}, ["fixed"])])
def test_a_policy_of_a_module_that_nobody_has_repairs_nothing(more: dict[str, str], told: list[str]) -> None:
    ideal = WRITER.replace("POLICY", "module.rights.policy") + CALL
    found = _of_files({"main.tf": WRITER.replace("POLICY", SENDS)}, {"main.tf": ideal, **more})
    assert [i.status for i in found if i.rule == "RG336"] == told


ROLE = 'resource "aws_iam_role" "r" {\n  assume_role_policy = "{}"\n}\n'
FUNCTION = (
    'resource "aws_lambda_function" "f" {{\n  role = {}aws_iam_role.r.arn\n  vpc_config {{\n    subnet_ids         = ["subnet-1"]\n'
    '    security_group_ids = ["sg-1"]\n  }}\n}}\n'
)
RIGHTS = (
    'resource "aws_iam_role_policy_attachment" "a" {\n  role       = data.aws_iam_role.r.name\n'
    '  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"\n}\n'
)


@pytest.mark.parametrize(("more", "told"), [("", []), (RIGHTS, ["fixed"])])
def test_a_role_that_is_only_looked_up_is_not_repaired(more: str, told: list[str]) -> None:
    looked_up = 'data "aws_iam_role" "r" {\n  name = "r"\n}\n' + FUNCTION.format("data.")
    assert [i.status for i in issues(ROLE + FUNCTION.format(""), looked_up + more) if i.rule == "RG332"] == told


LOGGED = """
resource "aws_s3_bucket" "{0}" {{}}
resource "aws_s3_bucket_logging" "{0}" {{
  bucket        = aws_s3_bucket.{0}.id
  target_bucket = aws_s3_bucket.{0}.id
  target_prefix = "log/"
}}
"""


def test_of_several_defects_that_became_one_none_is_repaired() -> None:
    model = "".join(LOGGED.format(name) for name in ("app", "balancer"))
    found = issues(model, LOGGED.format("access"), "Access logs of all buckets.")
    assert [i.status for i in found if i.rule == "RG723"] == ["left"]


OTHERS = (
    'resource "aws_s3_bucket_policy" "app" {\n  bucket = aws_s3_bucket.app.id\n  policy = jsonencode({ Statement = [{\n'
    '    Effect = "Allow"\n    Action = "s3:PutObject"\n    Resource = "${aws_s3_bucket.app.arn}/*"\n'
    '    Principal = { Service = "cloudtrail.amazonaws.com" }\n  }] })\n}\n'
)


@pytest.mark.parametrize("admitted", ["MODEL", "IDEAL"])
def test_what_shuts_out_in_one_tree_is_not_said_of_the_other(admitted: str) -> None:
    trees = [LOGGED.format("app") + (OTHERS if side == admitted else "") for side in ("MODEL", "IDEAL")]
    (issue,) = [i for i in issues(*trees) if i.rule == "RG723"]
    other = "IDEAL" if admitted == "MODEL" else "MODEL"
    sent = "`aws_s3_bucket_logging.app` sends server access logs to `aws_s3_bucket.app`, and"
    assert f"In {admitted}: {sent} its policy does not allow `logging.s3.amazonaws.com` to write" in issue.problem
    assert f"In {other}: {sent} it has neither a policy nor an ACL" in issue.problem
    assert issue.status == "left"


def test_a_zone_that_is_only_switched_off_is_said_to_be() -> None:
    zone = 'resource "aws_route53_zone" "z" {{\n  {}name = "example.com"\n}}\n'
    switch = 'variable "zone" {\n  default = false\n}\n'
    review = reviewed(zone.format(""), switch + zone.format("count = var.zone ? 1 : 0\n  "))
    (issue,) = [i for i in review.issues if i.rule == "RG471"]
    assert "With its own values IDEAL does not create `aws_route53_zone.z`." in issue.problem
    assert issue_view(issue, review, "").status.endswith(", which leaves it out with its own values")


SSH = """
variable "ranges" {{
  default = {}
}}
resource "aws_security_group" "g" {{
  ingress {{
    description = "{}"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = var.ranges
  }}
}}
"""


def test_another_description_is_no_correction_where_a_value_is() -> None:
    (issue,) = [i for i in issues(SSH.format('["0.0.0.0/0"]', "SSH"), SSH.format('["10.0.0.0/8"]', "Remote")) if i.rule == "RG402"]
    assert [p.code.strip() for p in issue.solution] == ['default = ["10.0.0.0/8"]']
    assert not any("description" in c.check for c in issue.verification)


TRAIL = """
resource "aws_cloudwatch_log_group" "audit" {{}}
resource "aws_cloudtrail" "t" {{
  name                       = "t"
  cloud_watch_logs_group_arn = "${{aws_cloudwatch_log_group.audit.arn}}:{}"
}}
resource "aws_cloudwatch_log_metric_filter" "iam" {{
  log_group_name = aws_cloudwatch_log_group.audit.name
  pattern        = "{{ $.eventName = DeleteRolePolicy }}"
}}
"""


def test_a_trail_whose_log_group_cannot_be_read_may_write_to_it() -> None:
    assert [i.rule for i in issues(TRAIL.format("\\*"), TRAIL.format("*")) if i.rule == "RG812"] == []


BOARD = 'resource "aws_cloudwatch_dashboard" "d" {{\n  dashboard_name = "d"\n  dashboard_body = jsonencode({{ widgets = [{}] }})\n}}\n'
WIDGET = '{{ type = "metric", properties = {{ metrics = [["AWS/SQS", "ApproximateNumberOfMessagesVisible"{}]] }} }}'


@pytest.mark.parametrize(("widgets", "told"), [("\n # the queue\n", []), (WIDGET.format(', "QueueName", "q"'), ["fixed"])])
def test_a_dashboard_whose_widgets_are_left_out_is_not_repaired(widgets: str, told: list[str]) -> None:
    found = _of_files({"main.tf": BOARD.format(WIDGET.format(""))}, {"main.tf": BOARD.format(widgets)})
    assert [i.status for i in found if i.rule == "RG822"] == told


CARRIED = """
resource "aws_security_group" "web" {}
resource "aws_instance" "web" {
  vpc_security_group_ids = [aws_security_group.web.id]
}
resource "aws_security_group" "db" {
  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}
"""


def test_an_output_attaches_no_security_group() -> None:
    shown = CARRIED + 'output "group" {\n  value = aws_security_group.db.id\n}\n'
    assert "RG410" not in [i.rule for i in issues(CARRIED, shown)]
    taken = CARRIED + 'resource "aws_db_instance" "db" {\n  vpc_security_group_ids = [aws_security_group.db.id]\n}\n'
    assert [i.status for i in issues(CARRIED, taken) if i.rule == "RG410"] == ["fixed"]


READING = 'resource "aws_iam_role_policy" "p" {{\n  role   = "r"\n  policy = {}\n}}\n'


def test_a_file_that_is_delivered_is_the_correction_and_not_the_call() -> None:
    model = {"main.tf": READING.format('file("${path.module}/rights.json")')}
    ideal = {"main.tf": READING.format('templatefile("${path.module}/rights.json", { account = "a" })'), "rights.json": "{}\n"}
    (issue,) = [i for i in _of_files(model, ideal) if i.rule == "tf:missing-file"]
    assert (issue.status, [p.file for p in issue.solution], issue.corrected) == ("fixed", ["rights.json"], ())
    written = {"main.tf": READING.format('"{}"')}
    (issue,) = [i for i in _of_files(model, written) if i.rule == "tf:missing-file"]
    assert issue.corrected == ("aws_iam_role_policy.p",)


@pytest.mark.parametrize(("region", "line"), [("eu-west-3", 3), ("eu-north-1", 0)])
def test_what_prompt_asks_of_a_thing_is_not_repaired_by_the_thing_alone(region: str, line: int) -> None:
    """IDEAL has a provider; where it goes elsewhere, the line that names the region is not what it answers."""
    topic = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'
    prompt = "# Requirements\n\n- Deploy to the eu-west-3 region\n- One topic\n"
    found = issues(topic, topic + f'provider "aws" {{\n  region = "{region}"\n}}\n', prompt)
    (issue,) = [i for i in found if i.rule == "RG055"]
    assert (issue.status, issue.requirement.line if issue.requirement else 0) == ("fixed", line)


SHUT = """
variable "endpoint" {
  default = ""
}
resource "aws_s3_bucket" "ledger" {}
data "aws_iam_policy_document" "ledger" {
  %s
}
resource "aws_s3_bucket_policy" "ledger" {
  bucket = aws_s3_bucket.ledger.id
  policy = data.aws_iam_policy_document.ledger.json
}
"""
DENIED = """
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.ledger.arn, "${aws_s3_bucket.ledger.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "%s"
      variable = "%s"
      values   = ["%s"]
    }
"""
LOOP = 'dynamic "statement" {\n    for_each = var.endpoint != "" ? [1] : []\n    content {%s}\n  }'


@pytest.mark.parametrize(
    ("ideal", "told"),
    [
        ("statement {" + DENIED % ("Bool", "aws:SecureTransport", "false") + "}", ["fixed"]),
        (LOOP % (DENIED % ("StringNotEquals", "aws:SourceVpce", "${var.endpoint}")), []),
    ],
)
def test_a_denial_that_a_variable_switches_on_is_not_gone(ideal: str, told: list[str]) -> None:
    found = issues(SHUT % ("statement {" + DENIED % ("StringNotEquals", "aws:SourceVpce", "vpce-1") + "}"), SHUT % ideal)
    assert [i.status for i in found if i.rule == "RG138"] == told


LATER = """
resource "aws_sns_topic" "news" {
  count = %s
  # %s
  name = "news"
}
variable "stage" {
  default = "dev"
}
"""


def test_what_a_remark_excuses_is_not_repaired_while_it_is_created_in_neither_tree() -> None:
    said = "TODO: replace this placeholder with your actual topic name"
    model, gone = LATER % ('var.stage == "prod" ? 1 : 0', said), "Switched off"
    assert any(i.rule == "RG901" and i.status == "fixed" for i in issues(model, LATER % ("1", gone)))
    assert not any(i.rule == "RG901" for i in issues(model, LATER % ("0", gone)))


KEPT = """
variable "password" {
  type    = string
%s}
resource "aws_db_instance" "orders" {
  identifier          = "orders"
  engine              = "mysql"
  instance_class      = "db.t3.micro"
  allocated_storage   = 20
  username            = "shop"
  password            = var.password
  skip_final_snapshot = true
}
"""


def test_a_secret_is_not_out_of_the_files_while_it_is_the_default() -> None:
    values = {"terraform.tfvars": 'password = "orders-2024!"\n'}
    default = KEPT % '  default = "orders-2023!"\n'
    assert not any(i.rule == "RG152" for i in _of_files({"main.tf": default, **values}, {"main.tf": default}))
    assert any(i.rule == "RG152" for i in _of_files({"main.tf": KEPT % "", **values}, {"main.tf": KEPT % ""}))


SHARED = """
resource "aws_security_group" "front" {
  name = "front"
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_lb" "front" {
  subnets         = ["subnet-1", "subnet-2"]
  security_groups = [aws_security_group.front.id]
}
resource "aws_instance" "web" {
  ami                    = "ami-0abc0abc0abc0abc0"
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.%s.id]
}
"""
OWN = """
resource "aws_security_group" "web" {
  name = "web"
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    %s
  }
}
"""


@pytest.mark.parametrize(
    ("admits", "told"), [("security_groups = [aws_security_group.front.id]", {"fixed"}), ('cidr_blocks = ["0.0.0.0/0"]', set())]
)
def test_servers_with_an_open_group_of_their_own_are_not_behind_the_load_balancer(admits: str, told: set[str]) -> None:
    found = issues(SHARED % "front", SHARED % "web" + OWN % admits)
    assert {i.status for i in found if i.rule == "RG409"} == told


WATCHED = """
resource "aws_elasticache_replication_group" "cache" {{
  replication_group_id = "sessions"
  description          = "Sessions"
}}
resource "aws_cloudwatch_metric_alarm" "cache" {{
  alarm_name  = "cache"
  namespace   = "AWS/ElastiCache"
  metric_name = "CPUUtilization"
  dimensions  = {{ {dimension} = {value} }}
}}
"""


@pytest.mark.parametrize(
    ("dimension", "value", "told"),
    [
        ("ReplicationGroupId", "aws_elasticache_replication_group.cache.id", []),
        ("CacheClusterId", "tolist(aws_elasticache_replication_group.cache.member_clusters)[0]", ["fixed"]),
    ],
)
def test_a_value_that_only_goes_to_another_dimension_is_not_repaired(dimension: str, value: str, told: list[str]) -> None:
    model = WATCHED.format(dimension="CacheClusterId", value="aws_elasticache_replication_group.cache.id")
    found = issues(model, WATCHED.format(dimension=dimension, value=value))
    assert [i.status for i in found if i.rule == "RG804"] == told


def test_what_is_left_is_advised_for_the_key_as_ideal_has_it() -> None:
    """A key that has a policy in IDEAL keeps it: what is missing is a statement."""
    model = re.sub(r"(?s)  policy = jsonencode\(.*?\n  }\)\n", "", TOPIC)
    (issue,) = [i for i in issues(model, TOPIC) if i.rule == "RG102"]
    assert issue.status == "left"
    assert issue.recommendation is not None
    assert issue.recommendation.text.startswith("Add a statement for `cloudwatch.amazonaws.com` to the key policy")
