"""Facts measured with AWS 5.100: what they tell of trees that use AWS 6, and of trees that may use either."""

from __future__ import annotations

import pytest

from reviewgen import terraform
from reviewgen.model.source import Document, SourceFile
from reviewgen.terraform import Graph
from reviewgen.terraform.schema import shipped
from reviewgen.terraform.validate import validate

FIVE, SIX, EITHER = "~> 5.0", "~> 6.0", ">= 5.0"
BUCKET = 'resource "aws_s3_bucket_ownership_controls" "a" {{\n  bucket = "b"\n  rule {{\n    object_ownership = "{}"\n  }}\n}}\n'
LAMBDA = (
    'resource "aws_lambda_function" "a" {{\n  function_name = "{}"\n  role = "arn:aws:iam::123456789012:role/x"\n  filename = "a.zip"\n'
    '  handler = "a.b"\n  runtime = "{}"\n}}\n'
)
FLOW_LOG = 'resource "aws_flow_log" "a" {{\n  log_destination = "arn:aws:s3:::bucket"\n  log_destination_type = "s3"\n  traffic_type = "ALL"\n{}}}\n'
LOG_GROUP = 'resource "aws_cloudwatch_log_group" "a" {\n  retention_in_days = 45\n}\n'

CASES = {
    "a word of the list": (BUCKET.format("BucketOwnerEnforced"), {}),
    "a word that a newer list may have": (BUCKET.format("BucketOwnerMaybe"), {FIVE: "to be one of", EITHER: "to be one of"}),
    "a word in other letter case": (
        BUCKET.format("bucketownerenforced"),
        {FIVE: "to be one of", SIX: "to be one of", EITHER: "to be one of"},
    ),
    "a later version of a word": (LAMBDA.format("f", "python3.99"), {FIVE: "to be one of"}),
    "a number that no version has": (LOG_GROUP, {FIVE: "to be one of", SIX: "to be one of", EITHER: "to be one of"}),
    "an unknown word": (LAMBDA.format("f", "cobol"), {FIVE: "to be one of", EITHER: "to be one of"}),
    "a format": (LAMBDA.format("f g", "python3.12"), {FIVE: "function_name", SIX: "function_name", EITHER: "function_name"}),
    "a choice not made": (FLOW_LOG.format(""), {FIVE: "must be specified", SIX: "must be specified", EITHER: "must be specified"}),
    "a choice that is new": (FLOW_LOG.format('  regional_nat_gateway_id = "nat-0123456789abcdef0"\n'), {FIVE: "must be specified"}),
    "arguments that exclude each other": (
        FLOW_LOG.format('  vpc_id = "vpc-1"\n  subnet_id = "subnet-1"\n'),
        {FIVE: "only one of", SIX: "only one of", EITHER: "only one of"},
    ),
}


@pytest.mark.parametrize("constraint", [FIVE, SIX, EITHER])
@pytest.mark.parametrize("what", CASES)
def test_what_facts_tell(what: str, constraint: str) -> None:
    body, told = CASES[what]
    head = f'terraform {{\n  required_providers {{\n    aws = {{\n      source = "hashicorp/aws"\n      version = "{constraint}"\n    }}\n  }}\n}}\n\n'
    tree = terraform.build(Document("own", files=(SourceFile("main.tf", head + body), SourceFile("a.zip", ""))), "model")
    found = [
        f"{d.summary} {d.detail}" for d in validate(tree, Graph(tree), shipped()).diagnostics if "Unsupported argument" not in d.summary
    ]
    expected = told.get(constraint)
    assert (not found) if expected is None else (found and all(expected in text for text in found)), found


@pytest.mark.parametrize(("argument", "refused"), [("maximum_percent = 200", True), ('strategy = "ROLLING"', False)])
def test_a_block_that_one_version_lacks_is_wrong_where_the_other_refuses_what_stands_in_it(argument: str, refused: bool) -> None:
    service = f'resource "aws_ecs_service" "s" {{\n  name = "s"\n  deployment_configuration {{\n    {argument}\n  }}\n}}\n'
    head = 'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n      version = ">= 5.0"\n    }\n  }\n}\n\n'
    tree = terraform.build(Document("own", files=(SourceFile("main.tf", head + service),)), "model")
    found = [d.detail for d in validate(tree, Graph(tree), shipped()).errors]
    assert found == (['An argument named "maximum_percent" is not expected here.'] if refused else [])
