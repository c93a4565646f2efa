"""What is to be written in place of a name that a type does not have."""

from __future__ import annotations

import pytest

from reviewgen.model.review import Status
from reviewgen.review.diagnostics.meant import Meant, meant, proposed, rows
from reviewgen.terraform.schema.catalogue import shipped
from reviewgen.terraform.schema.types import BlockSchema
from tests.review.test_correction import reviewed

AWS = "hashicorp/aws"
TOPIC = 'resource "aws_sns_topic" "more" {}\n'
PINNED = """terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}
"""
SERVICE = 'resource "aws_ecs_service" "web" {\n  name            = "web"\n  task_definition = "web:1"\nMORE}\n'


def has(schema: BlockSchema, path: str) -> bool:
    first, _, rest = path.partition(".")
    if first in schema.blocks:
        return not rest or has(schema.blocks[first].block, rest)
    if first not in schema.attributes:
        return False
    value = schema.attributes[first].type
    while value.element is not None:
        value = value.element
    return not rest or rest in value.attributes


@pytest.mark.parametrize("row", rows(), ids=[f"{row.type}-{row.names[0]}" for row in rows()])
def test_what_is_advised_is_in_every_schema(row: Meant) -> None:
    for version in shipped().versions(AWS):
        bundle = shipped().bundle(AWS, version)
        assert bundle is not None and (schema := bundle.resource(row.type)) is not None
        assert [path for path in row.has if not has(schema, path)] == []
        assert [type_ for type_ in row.other if bundle.resource(type_) is None] == []
    assert all(f"`{path.split('.')[-1]}`" in row.advice or "Set it in" in row.advice for path in row.has)
    assert all(f"`{type_}`" in row.advice for type_ in row.other)


@pytest.mark.parametrize("row", rows(), ids=[f"{row.type}-{row.names[0]}" for row in rows()])
def test_what_is_replaced_is_refused_by_some_schema(row: Meant) -> None:
    bundles = [shipped().bundle(AWS, version) for version in shipped().versions(AWS)]
    schemas = [schema for b in bundles if b is not None and (schema := b.resource(row.type)) is not None]
    for name in row.names:
        path = f"{row.within}.{name}" if row.within else name
        assert any(not has(schema, path) or has_only_as_argument(schema, path) for schema in schemas)


def has_only_as_argument(schema: BlockSchema, path: str) -> bool:
    return path in schema.attributes and path not in schema.blocks


@pytest.mark.parametrize(
    ("type_", "attribute", "name", "advice"),
    [
        ("aws_dynamodb_table", "replica.kms_key_id", "kms_key_id", "in the block `replica`"),
        ("aws_dynamodb_table", "server_side_encryption.kms_key_id", "kms_key_id", "in the block `server_side_encryption`"),
        ("aws_flow_log", "log_destination_arn", "log_destination_arn", "`log_destination`"),
        ("aws_wafv2_web_acl_logging_configuration", "log_destination_arn", "log_destination_arn", ""),
        ("aws_lambda_function", "vpc_config.security_groups", "security_groups", "`security_group_ids`"),
        ("aws_lambda_function", "security_groups", "security_groups", ""),
        ("aws_emr_instance_group", "market", "market", "without it is on-demand"),
        ("aws_emr_instance_group", "ebs_config.throughput", "throughput", "no argument of the resource"),
        ("aws_sns_topic", "colour", "colour", ""),
    ],
)
def test_what_is_known_of_a_name(type_: str, attribute: str, name: str, advice: str) -> None:
    row = meant(type_, attribute, name)
    assert advice in row.advice if row is not None else not advice


@pytest.mark.parametrize(
    ("detail", "advice"),
    [
        ('Blocks of type "taints" are not expected here. Did you mean "taint"?', "Write `taint`, which Terraform proposes."),
        (
            'An argument named "ttl" is not expected here. Did you mean to define a block of type "ttl"?',
            "Write `ttl` as a block, as Terraform proposes.",
        ),
        (
            'Blocks of type "records" are not expected here. Did you mean to define argument "records"? If so, use the equals sign to assign it a value.',
            "Write `records` as an argument, as Terraform proposes.",
        ),
        ('An argument named "colour" is not expected here.', ""),
    ],
)
def test_what_terraform_proposes_is_advised(detail: str, advice: str) -> None:
    assert proposed(detail) == advice


def test_each_refused_name_of_an_issue_is_replaced() -> None:
    code = SERVICE.replace(
        "MORE", "\n  deployment_configuration {\n    maximum_percent         = 200\n    minimum_healthy_percent = 50\n  }\n"
    )
    (issue,) = reviewed(code, code + TOPIC).issues
    assert issue.status is Status.LEFT
    assert issue.source.endswith("/latest/docs/resources/ecs_service")
    assert issue.recommendation is not None
    assert issue.recommendation.text == (
        "Write `deployment_maximum_percent`, as an argument of the service itself. "
        "Write `deployment_minimum_healthy_percent`, as an argument of the service itself."
    )


def test_what_one_version_lacks_is_documented_by_that_version() -> None:
    code = PINNED + SERVICE.replace("MORE", "\n  deployment_configuration {\n    maximum_percent = 200\n  }\n")
    (issue,) = reviewed(code, code + TOPIC).issues
    assert issue.recommendation is not None
    assert issue.recommendation.text.startswith("Leave the block out: the service itself has `deployment_maximum_percent`")
    assert issue.source.endswith("/5.100.0/docs/resources/ecs_service")
    assert issue.lesson.startswith("What is a block in one resource type")


def test_a_name_that_nobody_knows_has_the_advice_of_its_kind() -> None:
    code = SERVICE.replace("MORE", '  colour          = "red"\n')
    (issue,) = reviewed(code, code + TOPIC).issues
    assert issue.recommendation is not None
    assert issue.recommendation.text.startswith("Take the argument out")
