"""What trees answer to what PROMPTs ask."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from reviewgen.model.requirement import Verdict
from reviewgen.model.source import Document
from reviewgen.requirements import capabilities, check, parse, services, trace
from reviewgen.review import by_requirement
from tests.build import graph
from tests.paths import CASES
from tests.requirements.trees import having, lacking

ROWS = tomllib.loads((CASES / "requirements" / "trace.toml").read_text("utf-8"))["case"]

ASKED: dict[str, str] = tomllib.loads((CASES / "requirements" / "asked.toml").read_text("utf-8"))
MODULE = {"modules__x__main_tf": 'resource "aws_glacier_vault" "y" {}'}


def test_each_capability_has_a_sentence() -> None:
    assert set(ASKED) == set(capabilities())


@pytest.mark.parametrize("id_", ASKED)
def test_asked_and_met(id_: str) -> None:
    found, addresses = verdicts(f"1. {ASKED[id_]}.", having(capabilities()[id_]), **MODULE)
    assert (found.get(id_), bool(addresses.get(id_))) == ("met", True)


@pytest.mark.parametrize("id_", ASKED)
def test_asked_and_unmet(id_: str) -> None:
    assert verdicts(f"1. {ASKED[id_]}.", lacking(capabilities()[id_]))[0].get(id_) == "unmet"


def verdicts(prompt: str, code: str, **files: str) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The worst verdict of each capability that PROMPT asks for, with its addresses."""
    tree = graph(code, **files)
    found: dict[str, str] = {}
    addresses: dict[str, tuple[str, ...]] = {}
    for coverage in trace(parse(Document("PROMPT.md", prompt)), tree, tree):
        assert (coverage.model, coverage.model_addresses) == (coverage.ideal, coverage.ideal_addresses)
        if coverage.capability and found.get(coverage.capability) != "unmet":
            found[coverage.capability] = coverage.model.value
            addresses[coverage.capability] = coverage.model_addresses
    return found, addresses


@pytest.mark.parametrize("case", ROWS, ids=[r["name"] for r in ROWS])
def test_cases(case: dict[str, Any]) -> None:
    files = {"modules__x__main_tf": case["module"]} if "module" in case else {}
    found, addresses = verdicts(case["prompt"], case["code"], **files)
    assert {name: found.get(name, "absent") for name in case["expect"]} == case["expect"]
    if "addresses" in case:
        assert addresses[next(iter(case["expect"]))] == tuple(case["addresses"])
    if "whole" in case:
        rows = trace(parse(Document("PROMPT.md", case["prompt"])), *[graph(case["code"], **files)] * 2)
        assert [row.whole for row in rows if row.capability in case["expect"]] == [case["whole"]]


def test_sides_are_judged_alone() -> None:
    rows = trace(
        parse(Document("P", "1. Create an SQS queue")), graph('resource "aws_vpc" "v" {}'), graph('resource "aws_sqs_queue" "q" {}')
    )
    assert [(r.model, r.ideal, r.ideal_addresses, r.capability) for r in rows] == [
        (Verdict.UNMET, Verdict.MET, ("aws_sqs_queue.q",), "sqs-queue")
    ]


def test_every_requirement_has_a_row() -> None:
    asked = parse(Document("P", "- Keep it simple\n- Create an SQS queue and an SNS topic"))
    rows = trace(asked, graph('resource "aws_vpc" "v" {}'), graph(""))
    assert [r.capability for r in rows if r.requirement.id == "C1"] == [""]
    assert {r.capability for r in rows if r.requirement.id == "C2"} == {"sqs-queue", "sns-topic"}


def test_services_are_the_parts_in_order_of_mention() -> None:
    prompt = "Create an ECS service behind an Application Load Balancer for RDS.\nNo Lambda function is needed.\nUse DynamoDB."
    assert services(Document("P", prompt)) == ("ecs-service", "application-load-balancer", "dynamodb-table")


def both(prompt: str, model: str, ideal: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
    rows = trace(parse(Document("P", prompt)), graph(model), graph(ideal))
    return [(r.capability, r.model.value, r.ideal.value, r.ideal_gaps) for r in rows if r.capability]


def test_an_absence_has_a_place() -> None:
    topic = 'resource "aws_sns_topic" "t" {}'
    assert both("1. Subscribe the operators to the SNS topic", topic, topic) == [
        ("sns-subscription", "unmet", "unmet", ("aws_sns_topic.t",))
    ]
    database = 'resource "aws_db_instance" "d" {}'
    assert both("1. RDS MySQL in Multi-AZ", database, database)[-1] == ("rds-multi-az", "unmet", "unmet", ("aws_db_instance.d.multi_az",))


def test_without_its_part_a_property_is_missing_too() -> None:
    assert both("1. Flow logs for the VPC", 'resource "aws_vpc" "v" {}', 'resource "aws_sqs_queue" "q" {}') == [
        ("vpc-flow-logs", "unmet", "unmet", ())
    ]


@pytest.mark.parametrize(
    ("prompt", "verdict"),
    [
        ("1. Create a VPC with subnets", "met"),
        ("1. Use **VPC** for network isolation", "met"),
        ("1. Create a VPC with public and private subnets for the shop", "unknown"),
        ("1. Create a VPC in the shared account", "unknown"),
        ("1. VPC latency and subnet usage", "unknown"),
        ("1. Create the VPC with:", "unknown"),
        ("1. `network.tf` (VPC and subnets)", "unknown"),
        ("1. VPC -> subnets", "unknown"),
        ("1. Create one VPC per region", "unknown"),
        ("1. Create subnets whose sizes leave room for growth, follow the corporate address plan and match the sister accounts", "unknown"),
        ("1. Create a VPC with subnets for 4,000 hosts", "unknown"),
        ("1. Create a VPC with subnets and flow logs", "partial"),
        ("1. Create a VPC with restricted subnets", "unknown"),
        ("1. Create a VPC with appropriate subnets", "unknown"),
        ("1. Create a VPC for the application and AWS services", "unknown"),
        ("1. Create a VPC named after the shop", "unknown"),
        ("1. VPC: `shop-vpc-${var.suffix}`", "unknown"),
        ("1. Create a VPC with private subnets only", "unknown"),
        ("1. Traffic of the sister accounts flows through the VPC", "unknown"),
        ("1. Create a VPC with traffic mirroring", "unknown"),
        ("1. Create a VPC for RDS, SQS and Lambda", "unknown"),
        ("1. The VPC role needs ec2:DescribeSubnets", "unknown"),
        ("1. Outputs: VPC id and subnet ids", "unknown"),
        ("## Outputs\n- VPC and subnet ids", "unknown"),
    ],
)
def test_a_small_part_that_is_met_says_nothing_of_the_whole(prompt: str, verdict: str) -> None:
    tree = graph('resource "aws_vpc" "v" {}\nresource "aws_subnet" "s" {}')
    (row,) = by_requirement(trace(parse(Document("P", prompt)), tree, tree), ())
    assert (row.model, row.ideal) == (verdict, verdict)


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("The private subnets host the cache", ("aws_subnet.private",)),
        ("Subnets, public and private, host the cache", ("aws_subnet.public", "aws_subnet.private", "aws_subnet.data")),
        ("Two database subnets without a way to the internet", ("aws_subnet.data",)),
        ("Public subnets and database subnets", ("aws_subnet.public", "aws_subnet.data")),
    ],
)
def test_of_subnets_those_are_shown_of_which_a_line_speaks(prompt: str, found: tuple[str, ...]) -> None:
    tree = graph("".join(f'resource "aws_subnet" "{name}" {{}}\n' for name in ("public", "private", "data")))
    (row,) = by_requirement(trace(parse(Document("P", f"1. {prompt}")), tree, tree), ())
    assert row.model_addresses == row.ideal_addresses == found


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("Encryption of the database in transit", ()),
        ("Encryption of the database and its bucket in transit", ("aws_s3_bucket_policy.p",)),
    ],
)
def test_a_line_about_databases_means_no_bucket(prompt: str, found: tuple[str, ...]) -> None:
    tree = graph("""
        resource "aws_db_instance" "d" {}
        resource "aws_s3_bucket_policy" "p" {
          policy = jsonencode({ Statement = [{ Effect = "Deny", Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
        }
    """)
    (row,) = by_requirement(trace(parse(Document("P", f"1. {prompt}")), tree, tree), ())
    assert tuple(a for a in row.model_addresses if "bucket" in a) == found


def test_iam_authentication_is_no_role() -> None:
    tree = graph('resource "aws_iam_role" "app" {}')
    (row,) = by_requirement(trace(parse(Document("P", "1. Enable backups and IAM authentication")), tree, tree), ())
    assert not row.model_addresses


def test_a_line_that_leads_a_list_is_met_by_what_stands_in_the_list() -> None:
    tree = graph('resource "aws_vpc" "v" {}')
    rows = by_requirement(trace(parse(Document("P", "1. **VPC**\n   - Leave no address to the sister accounts")), tree, tree), ())
    assert [row.model for row in rows] == ["unknown", "unknown"]


@pytest.mark.parametrize(
    ("prompt", "verdict"),
    [
        ("1. SNS topic for notifications", "met"),
        ("1. SNS topic for notices of reports", "met"),
        ("1. SNS topic for report alerts", "met"),
        ("1. SNS topic for the security team", "unknown"),
        ("1. Encryption at rest and in transit", "unknown"),
        ("1. CloudWatch for logging and monitoring", "unknown"),
    ],
)
def test_what_a_part_is_for_must_show_in_its_name(prompt: str, verdict: str) -> None:
    listener = 'resource "aws_lb" "l" {}\nresource "aws_lb_listener" "l" {\n  protocol = "HTTPS"\n}\n'
    topic = 'resource "aws_sns_topic" "reporting" {}\nresource "aws_cloudwatch_metric_alarm" "a" {\n  alarm_actions = [aws_sns_topic.reporting.arn]\n}\n'
    tree = graph(topic + 'resource "aws_cloudwatch_log_group" "app" {}\n' + listener)
    (row,) = by_requirement(trace(parse(Document("P", prompt)), tree, tree), ())
    assert (row.model, row.ideal) == (verdict, verdict)


@pytest.mark.parametrize(
    ("title", "label", "name", "verdict"),
    [
        ("API Gateway", "orders_api", "orders", "met"),
        ("API Gateway", "orders", "/aws/lambda/orders", "unknown"),
        ("Lambda", "orders", "/aws/lambda/orders", "met"),
        ("VPC Flow Logs", "orders", "/aws/lambda/orders", "unknown"),
        ("Storage", "orders", "orders", "met"),
        ("Logging with CloudWatch and S3", "orders", "orders", "met"),
    ],
)
def test_a_log_group_that_a_service_is_to_have_is_its_own(title: str, label: str, name: str, verdict: str) -> None:
    tree = graph(f'resource "aws_cloudwatch_log_group" "{label}" {{\n  name = "{name}"\n}}\n')
    rows = by_requirement(trace(parse(Document("P", f"1. **{title}**\n   - CloudWatch log group\n")), tree, tree), ())
    assert [(r.model, r.ideal) for r in rows if "log-groups" in r.capability.split()] == [(verdict, verdict)]


@pytest.mark.parametrize(("zone", "verdict"), [('"eu-west-1b"', "unknown"), ("var.zone", "unmet")])
def test_a_line_is_not_unmet_of_whose_region_the_zones_are_there(zone: str, verdict: str) -> None:
    subnet = 'resource "aws_subnet" "%s" {\n  availability_zone = %s\n}\n'
    tree = graph('variable "zone" {}\n' + subnet % ("a", '"eu-west-1a"') + subnet % ("b", zone))
    prompt = "1. Deploy to eu-west-1 across 2 availability zones"
    rows = parse(Document("P", prompt))
    (row,) = by_requirement((*trace(rows, tree, tree), *check(rows, prompt, tree, tree).coverage), ())
    assert row.model == verdict


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("1. CloudWatch log groups for the function", True),
        ("1. Log groups, keys and all other resources use the DESTROY removal policy", False),
    ],
)
def test_how_log_groups_are_removed_asks_for_none(prompt: str, asked: bool) -> None:
    tree = graph('resource "aws_sqs_queue" "q" {}\n')
    found = {row.capability for row in trace(parse(Document("P", prompt)), tree, tree)}
    assert ("log-groups" in found) is asked


@pytest.mark.parametrize(
    ("prompt", "verdict"),
    [
        ("1. Enable versioning on the bucket", "unknown"),
        ("1. Create an S3 bucket", "met"),
        ("1. Two S3 buckets", "met"),
    ],
)
def test_what_one_of_several_things_has_is_not_met(prompt: str, verdict: str) -> None:
    versioned = 'resource "aws_s3_bucket_versioning" "a" {\n  bucket = aws_s3_bucket.a.id\n  versioning_configuration {\n    status = "Enabled"\n  }\n}\n'
    tree = graph('resource "aws_s3_bucket" "a" {}\nresource "aws_s3_bucket" "b" {}\n' + versioned)
    rows = parse(Document("P", prompt))
    found = by_requirement((*trace(rows, tree, tree), *check(rows, prompt, tree, tree).coverage), ())
    assert [(row.model, row.ideal) for row in found] == [(verdict, verdict)]


@pytest.mark.parametrize(
    ("prompt", "verdict"),
    [
        ("1. CloudWatch log groups with 30 day retention", "met"),
        ("1. CloudWatch log groups with retention", "met"),
        ("1. CloudWatch log groups with 30 streams and retention", "unknown"),
        ("1. CloudWatch log groups with archived events and retention", "unknown"),
    ],
)
def test_words_and_numbers_between_those_of_a_phrase_are_looked_at(prompt: str, verdict: str) -> None:
    tree = graph('resource "aws_cloudwatch_log_group" "g" {\n  retention_in_days = 30\n}\n')
    rows = parse(Document("P", prompt))
    found = by_requirement((*trace(rows, tree, tree), *check(rows, prompt, tree, tree).coverage), ())
    assert [(row.model, row.ideal) for row in found] == [(verdict, verdict)]


def test_another_region_is_no_part_of_the_one_that_is_asked() -> None:
    rows = parse(Document("P", "1. All resources operate in us-west-2"))
    tree = graph('provider "aws" {\n  region = "us-east-2"\n}\n')
    found = by_requirement((*trace(rows, tree, tree), *check(rows, rows[0].text, tree, tree).coverage), ())
    assert [(row.model, row.ideal) for row in found] == [("unmet", "unmet")]


def test_a_stack_without_a_provider_does_not_name_the_region_that_is_asked() -> None:
    rows = parse(Document("P", "1. Deploy the following in the us-west-2 region"))
    tree = graph('resource "aws_sqs_queue" "q" {}\n')
    found = by_requirement((*trace(rows, tree, tree), *check(rows, rows[0].text, tree, tree).coverage), ())
    assert [(row.model, row.ideal) for row in found] == [("unmet", "unmet")]


def test_a_provider_in_a_wrong_region_answers_no_other_line_with_a_region_either() -> None:
    prompt = "1. Set the region to eu-west-1\n2. All resources must be deployed in the eu-west-1 region\n3. Use an AWS provider"
    rows = parse(Document("P", prompt))
    here, there = (graph(f'provider "aws" {{\n  region = "{region}"\n}}\n') for region in ("eu-west-1", "eu-west-2"))
    found = by_requirement((*trace(rows, here, there), *check(rows, prompt, here, there).coverage), ())
    (row,) = [row for row in found if row.requirement.number == "2"]
    assert (row.model_addresses, row.ideal_addresses) == (("provider.aws",), ()) and row.ideal != "met"


def test_a_requirement_of_which_one_thing_is_not_certain_is_not_called_met() -> None:
    text = 'variable "prod" {\n  default = false\n}\nresource "aws_db_instance" "d" {\n  multi_az = var.prod ? true : false\n}\n'
    tree = graph(text)
    (row,) = by_requirement(trace(parse(Document("P", "1. RDS database with Multi-AZ")), tree, tree), ())
    assert (row.capability, row.model) == ("rds-database rds-multi-az", "unknown")


@pytest.mark.parametrize(
    ("prompt", "ids"),
    [
        ("## Outputs\n\nExport these:\n- KMS key ID and ARN\n", []),
        ("Outputs should include the KMS key and its rotation.\n", []),
        ("1. KMS key with rotation\n", ["kms-key", "kms-rotation"]),
    ],
)
def test_what_the_stack_is_to_tell_is_asked_for_elsewhere(prompt: str, ids: list[str]) -> None:
    tree = graph('resource "aws_kms_key" "k" {\n  enable_key_rotation = true\n}\noutput "k" {\n  value = aws_kms_key.k.arn\n}\n')
    assert [row.capability for row in trace(parse(Document("P", prompt)), tree, tree) if row.capability] == ids


def test_all_that_answers_is_counted() -> None:
    code = "".join(f'variable "v{number}" {{\n  type = string\n}}\n' for number in range(15))
    _, addresses = verdicts(f"1. {ASKED['terraform-variables']}.", code)
    assert len(addresses["terraform-variables"]) == 15


@pytest.mark.parametrize(
    ("prompt", "verdict"),
    [
        ("1. Network ACLs providing subnet-level isolation", "unmet"),
        ("1. RDS parameter groups for the application", "unmet"),
        ("1. EventBridge rules to trigger the Step Functions workflow", "unmet"),
        ("1. Deploy a WAF web ACL associated with the CloudFront distribution", "unmet"),
        ("1. CloudTrail: multi-region trail, encrypted with KMS", "unmet"),
        ("1. A Redis cache that serves all instances in the Auto Scaling group", "unmet"),
        ("1. A Redis cache, and instances in an Auto Scaling group", "partial"),
        ("1. Network ACLs: only our VPC and subnets need them", "unmet"),
        ("1. Create an EFS file system that is mounted in the private subnets", "unmet"),
        ("1. RDS database with encryption at rest", "partial"),
        ("1. Use Step Functions for workflows and EventBridge rules for events", "partial"),
        ("1. Database passwords stored in Secrets Manager and rotated automatically", "partial"),
    ],
)
def test_what_a_missing_thing_would_be_for_is_no_part_of_it(prompt: str, verdict: str) -> None:
    types = (
        "aws_vpc",
        "aws_subnet",
        "aws_sfn_state_machine",
        "aws_cloudfront_distribution",
        "aws_db_instance",
        "aws_kms_key",
        "aws_secretsmanager_secret",
        "aws_autoscaling_group",
    )
    tree = graph("".join(f'resource "{type_}" "x" {{}}\n' for type_ in types))
    (row,) = by_requirement(trace(parse(Document("P", prompt)), tree, tree), ())
    assert row.model == verdict


@pytest.mark.parametrize(
    ("prompt", "code"),
    [
        ("1. Use **Step Functions** for workflow orchestration", 'resource "aws_sfn_state_machine" "orders" {}'),
        ("1. Rotate the secrets automatically", 'resource "aws_secretsmanager_secret_rotation" "x" {}'),
    ],
)
def test_what_is_only_a_part_of_what_is_asked_does_not_meet_it(prompt: str, code: str) -> None:
    """Something has to start the machine, and the function of a rotation has to rotate."""
    tree = graph(code)
    (row,) = by_requirement(trace(parse(Document("P", prompt)), tree, tree), ())
    assert (row.model, row.ideal) == ("unknown", "unknown")


@pytest.mark.parametrize(
    ("prompt", "verdict"),
    [
        ("1. Global load balancing for all users", "unmet"),
        ("1. Global load balancing: we need load balancers in two regions", "partial"),
    ],
)
def test_what_a_line_names_by_itself_as_well_is_a_part_of_it(prompt: str, verdict: str) -> None:
    tree = graph('resource "aws_lb" "x" {}\n')
    (row,) = by_requirement(trace(parse(Document("P", prompt)), tree, tree), ())
    assert row.model == verdict


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("1. Attach user data that installs the agent", True),
        ("1. Design a portal that handles sensitive user data", False),
        ("1. The service is processing user data of the shop", False),
    ],
)
def test_data_of_users_is_no_script(prompt: str, asked: bool) -> None:
    found, _ = verdicts(prompt, 'resource "aws_launch_template" "web" { user_data = "x" }')
    assert ("ec2-user-data" in found) is asked
