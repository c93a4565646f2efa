"""What the coverage table says beside the issues: nothing that one of them denies, nothing that none of them tells."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, render, sample
from reviewgen.config import Config
from reviewgen.model.requirement import Coverage, Requirement, Verdict
from reviewgen.model.review import Minor, Status
from reviewgen.review import borne_out
from tests.build import document
from tests.review.test_correction import reviewed
from tests.review.test_new_or_old import RULES

DATABASE = """
resource "aws_db_instance" "orders" {
  engine         = "mysql"
  engine_version = "%s"
  instance_class = "db.t3.micro"

  identifier                  = "orders"
  allocated_storage           = 20
  username                    = "keeper"
  manage_master_user_password = true
  storage_encrypted           = true
  backup_retention_period     = 7
  final_snapshot_identifier   = "orders-final"
}
"""


@pytest.mark.parametrize(("version", "verdict"), [("5.6.10", "unknown"), ("8.0", "met")])
def test_what_an_issue_names_is_not_met(version: str, verdict: str) -> None:
    (row,) = reviewed(DATABASE % version, DATABASE % "8.0", "1. An RDS database\n").coverage
    assert (row.model, row.ideal) == (verdict, "met")


LIMITS = RULES.replace("geo_match_statement", "rate_based_statement").replace('country_codes = ["AQ"]', "limit = 1000")
LIMITS += 'resource "aws_wafv2_web_acl_association" "web" {\n  resource_arn = var.balancer\n  web_acl_arn  = aws_wafv2_web_acl.web.arn\n}\n'


@pytest.mark.parametrize(("priority", "verdict"), [(1, "unknown"), (2, "met")])
def test_what_aws_refuses_is_not_met_though_no_issue_is_about_it(priority: int, verdict: str) -> None:
    call = f'module "waf" {{\n  source   = "./modules/waf"\n  balancer = "arn"\n  limits   = {{ a = {priority} }}\n}}\n'
    variables = 'variable "balancer" {\n  type = string\n}\nvariable "limits" {\n  type = map(number)\n}\n'
    model = document(call, modules__waf__main_tf=LIMITS)
    ideal = document(call, modules__waf__main_tf=LIMITS, modules__waf__variables_tf=variables)
    asked = sample.read_markdown("1. AWS WAF with rate limiting rules\n", "PROMPT.md")
    review = pipeline.review_sample(sample.of_documents(model, ideal, asked, "x"), Config())
    assert [row.ideal for row in review.coverage] == [verdict]
    assert not any(issue.rule == "RG483" for issue in review.issues)


QUEUE = 'resource "aws_sqs_queue" "orders" {}\n'
TOPIC = 'resource "aws_sns_topic" "orders" {\n%s}\n'


def test_what_is_not_met_an_issue_tells() -> None:
    review = reviewed(QUEUE, QUEUE + TOPIC % "", "1. An SNS topic\n2. A queue and a topic: SQS queue and SNS topic\n")
    for row in review.coverage:
        told = {issue.id for issue in review.issues if row.requirement.id in issue.requirements}
        assert set(row.issues) == told and (told or {row.model, row.ideal}.isdisjoint({"unmet", "partial"}))


@pytest.mark.parametrize(
    ("count", "verdict"),
    [('terraform.workspace == "prod" ? 1 : 0', "unknown"), ("var.copies", "met"), ("var.wanted ? 1 : 0", "met")],
)
def test_what_one_workspace_creates_is_not_met(count: str, verdict: str) -> None:
    code = 'variable "copies" {}\nvariable "wanted" {\n  default = true\n}\n' + TOPIC % f"  count = {count}\n"
    (row,) = reviewed(code, code, "1. An SNS topic\n").coverage
    assert row.model == verdict


NETWORK = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\nresource "aws_flow_log" "main" {\n  vpc_id = aws_vpc.main.id\n}\n'


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("1. VPC Configuration\n   - Leave no address to the sister accounts\n", True),
        ("1. The VPC serves the machines of the sister companies as well\n", False),
        ("1. VPC with 10 subnets\n", False),
        ("1. Flow logs and a VPC with names of the department\n", False),
    ],
)
def test_what_was_found_stands_beside_a_line_that_says_no_more(prompt: str, found: bool) -> None:
    page = render.markdown(reviewed(NETWORK, NETWORK, f"# Task\n\n{prompt}"))
    assert ("Found in MODEL" in page) is found


@pytest.mark.parametrize(
    ("where", "status", "verdicts"),
    [
        ("aws_security_group.web.egress", Status.LEFT, ("unknown", "unknown")),
        ("aws_security_group.web", Status.INTRODUCED, ("unknown", "unknown")),  # both have it, and the table does not say what differs
        ("aws_security_group.website", Status.LEFT, ("met", "met")),
    ],
)
def test_what_the_closing_table_names_is_not_met(where: str, status: Status, verdicts: tuple[str, str]) -> None:
    address = ("aws_security_group.web",)
    row = Coverage(Requirement("R1", "1", "Security groups", 1), Verdict.MET, Verdict.MET, address, address)
    (found,) = borne_out([row], (), [Minor("Unrestricted egress", (where,), status, "RG411")])
    assert (found.model, found.ideal) == verdicts


@pytest.mark.parametrize(("rule", "verdict"), [("RG611", "met"), ("missing-tags:some", "met"), ("wrong-region", "unknown")])
def test_where_a_provider_deploys_to_its_tags_do_not_deny(rule: str, verdict: str) -> None:
    row = Coverage(
        Requirement("R1", "1", "Deploy to eu-west-1", 1), Verdict.MET, Verdict.MET, ("provider.aws",), (), "provider-region region"
    )
    (found,) = borne_out([row], (), [Minor("x", ("provider.aws.default_tags.tags",), Status.LEFT, rule)])
    assert found.model == verdict


@pytest.mark.parametrize(("led", "verdict"), [("R1", "unmet"), ("R2", "unknown")])
def test_what_is_not_met_the_closing_table_may_tell(led: str, verdict: str) -> None:
    row = Coverage(Requirement("R1", "1", "No deletion protection", 1), Verdict.UNMET, Verdict.UNKNOWN)
    finding = Minor("Deletion protection is on", ("aws_lb.web.enable_deletion_protection",), Status.FIXED, "x", requirements=(led,))
    (found,) = borne_out([row], (), [finding])
    assert (found.model, found.ideal) == (verdict, "unknown")


def test_an_answer_without_resources_meets_nothing() -> None:
    provider = 'provider "aws" {\n  region = "eu-west-1"\n}\n'
    rows = reviewed(
        provider, provider + QUEUE, "1. Everything is deployed to eu-west-1\n2. Create the infrastructure in eu-west-1\n"
    ).coverage
    assert [row.model for row in rows] == ["unknown", "unknown"]


@pytest.mark.parametrize(("backend", "verdict"), [('  backend "s3" {\n    dynamodb_table = "l"\n  }\n', "met"), ("", "unknown")])
def test_a_kind_of_what_is_missing_is_not_met(backend: str, verdict: str) -> None:
    table = 'resource "aws_dynamodb_table" "l" {\n  name     = "l"\n  hash_key = "LockID"\n  billing_mode = "PAY_PER_REQUEST"\n%s}\n'
    code = f"terraform {{\n{backend}}}\n" + table % '  attribute {\n    name = "LockID"\n    type = "S"\n  }\n'
    prompt = "1. DynamoDB table for state locking\n2. The S3 backend must have state locking\n"
    (row,) = [row for row in reviewed(code, code, prompt).coverage if row.requirement.number == "1"]
    assert (row.model, bool(row.model_addresses)) == (verdict, verdict == "met")


@pytest.mark.parametrize(("prompt", "verdict"), [("1. SNS topic", "met"), ("1. `topics.tf` - SNS topic", "unknown")])
def test_a_line_about_a_file_is_not_judged(prompt: str, verdict: str) -> None:
    code = TOPIC % '  name = "orders"\n'
    assert [row.model for row in reviewed(code, code, f"# Task\n\n{prompt}\n").coverage] == [verdict]


def test_what_the_answer_is_to_put_out_is_no_output() -> None:
    code = TOPIC % '  name = "orders"\n'
    review = reviewed(code, code, "1. You must output only one Terraform file\n")
    assert not any(issue.rule == "need:terraform-outputs" for issue in review.issues)


def _in_the_network(runtime: str) -> str:
    places = {name: "  vpc_config {\n    subnet_ids = []\n    security_group_ids = []\n  }\n" for name in ("a", "b")} | {"c": ""}
    return "".join(
        f'resource "aws_lambda_function" "{name}" {{\n  function_name = "{name}"\n  runtime = "{runtime}"\n'
        f'  handler = "app.run"\n  filename = "app.zip"\n  role = "arn:aws:iam::123456789012:role/f"\n{place}}}\n'
        for name, place in places.items()
    )


def test_how_many_of_several_have_something_is_told_whatever_else_is_wrong_with_them() -> None:
    model, ideal = _in_the_network("python3.7"), _in_the_network("python3.12")
    (row,) = reviewed(model, ideal, "1. All Lambda functions in the VPC\n").coverage
    assert (row.model, row.ideal) == ("partial", "partial")


def test_how_many_have_a_tag_is_told_whatever_else_is_wrong_with_them() -> None:
    tags = '  tags = {\n    Owner = "shop"\n  }\n}\n'
    code = (DATABASE % "5.6.10").rstrip("}\n") + "\n" + tags + 'resource "aws_sqs_queue" "orders" {\n  name = "orders"\n}\n'
    (row,) = reviewed(code, code, "- Tag all resources with Owner tags: Owner = shop\n").coverage
    assert (row.model, row.ideal) == ("partial", "partial")


@pytest.mark.parametrize(
    ("owner", "said"),
    [
        ('    Owner = "team"\n', "PROMPT's requirement 1 is not wholly met."),  # a part of the resources has it
        ("", "PROMPT's requirement 1 is not met."),
    ],
)
def test_what_is_met_in_part_is_not_said_to_be_not_met(owner: str, said: str) -> None:
    queue = 'resource "aws_sqs_queue" "%s" {\n  tags = {\n    Stage = "a"\n%s  }\n}\n'
    text = queue % ("orders", owner) + queue % ("bills", "")
    review = reviewed(text, text, "1. Tag all resources with Owner\n")
    assert [i.text for issue in review.issues for i in issue.impact if i.aspect == "Requirement"] == [said]
    (row,) = review.coverage
    assert (row.model is Verdict.UNMET) == said.endswith("is not met.")


def test_what_uses_a_provider_without_a_version_is_met_all_the_same() -> None:
    review = reviewed(DATABASE % "8.0", DATABASE % "8.0", "1. An RDS database\n2. Use AWS provider 5.x\n")
    assert any("aws_db_instance.orders" in told.where for told in (*review.issues, *review.minor) if told.rule == "RG629")
    assert [row.model for row in review.coverage if row.requirement.text == "An RDS database"] == [Verdict.MET]


CHECK = """
resource "aws_route53_health_check" "shop" {
  fqdn              = "shop.test"
  type              = "HTTPS"
  port              = 443
  resource_path     = "/"
  failure_threshold = 3
  request_interval  = 30
}
"""
LINES = "1. Route53 health checks with failover routing policy\n2. Configure DNS records for the shop in Route 53\n"


@pytest.mark.parametrize(("more", "verdicts"), [(CHECK, ["unknown", "unmet"]), ("", ["unmet", "unmet"])])
def test_a_line_of_which_another_part_is_there_is_not_called_unmet(more: str, verdicts: list[str]) -> None:
    code = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n' + more
    assert [row.model for row in reviewed(code, code, LINES).coverage] == verdicts


RECORDER = """
resource "aws_config_configuration_recorder" "main" {
  role_arn = "arn:aws:iam::123456789012:role/config"
}
resource "aws_config_delivery_channel" "main" {
  s3_bucket_name = "shop-records"
  depends_on     = [aws_config_configuration_recorder.main]
}
resource "aws_config_configuration_recorder_status" "main" {
  name       = aws_config_configuration_recorder.main.name
  is_enabled = true
  depends_on = [aws_config_delivery_channel.main]
}
"""


@pytest.mark.parametrize(
    ("line", "verdict"),
    [("Configure AWS Config for compliance monitoring", "unknown"), ("Set up AWS Config rules for compliance monitoring", "unmet")],
)
def test_a_part_that_is_there_without_its_manner_is_not_called_unmet(line: str, verdict: str) -> None:
    (row,) = reviewed(RECORDER, RECORDER, f"1. {line}\n").coverage
    assert (row.model, row.ideal, row.issues) == (verdict, verdict, ("1",))
