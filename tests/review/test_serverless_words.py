"""What is said of functions and their APIs where the tree holds another version of the provider, or has another language."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.review import Issue
from reviewgen.model.source import Document, SourceFile

STAGE = """
terraform {{
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "{version}"
    }}
  }}
}}
resource "aws_api_gateway_rest_api" "a" {{
  name = "a"
}}
resource "aws_api_gateway_deployment" "d" {{
  rest_api_id = aws_api_gateway_rest_api.a.id
  stage_name  = "prod"
}}
"""
FUNCTION = """
variable "role" {
  type = string
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = var.role
  handler       = "main"
  runtime       = "go1.x"
  s3_bucket     = "artifacts"
  s3_key        = "f.zip"
}
resource "aws_lambda_provisioned_concurrency_config" "p" {
  count                             = 0
  function_name                     = aws_lambda_function.f.function_name
  qualifier                         = aws_lambda_function.f.version
  provisioned_concurrent_executions = 1
}
"""


def issues(code: str) -> dict[str, Issue]:
    """Return the issues of an answer that nobody repairs, by rule."""
    sides = [Document(side, files=(SourceFile("main.tf", code.lstrip("\n")),)) for side in ("model", "ideal")]
    return {i.rule: i for i in pipeline.review_sample(sample.of_documents(*sides, None, "x"), Config()).issues}


@pytest.mark.parametrize(("version", "warned"), [("~> 5.0", True), ("~> 4.0", False), ("= 5.31.0", False)])
def test_no_version_is_said_to_warn_that_may_not(version: str, warned: bool) -> None:
    told = issues(STAGE.format(version=version))["RG301"]
    assert bool(told.message) == bool(told.stage) == warned


def test_a_version_without_the_argument_refuses_it_by_itself() -> None:
    found = issues(STAGE.format(version="~> 6.0"))
    assert "RG301" not in found and "tf:unsupported-argument" in found


def test_there_is_no_later_runtime_for_go() -> None:
    told = issues(FUNCTION)["RG322"]
    assert told.recommendation is not None and "`provided.al2023`" in told.recommendation.text


def test_what_is_not_created_gives_no_concurrency() -> None:
    told = issues(FUNCTION)["RG329"]
    assert told.problem.endswith("With the default values of the variables `aws_lambda_provisioned_concurrency_config.p` is not created.")
