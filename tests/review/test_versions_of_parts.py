"""A part of an answer names no versions of providers: those of the whole hold for it."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model import SampleClass
from tests.build import document

_QUEUES = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "orders-{n}"\n}}\n' for n in range(12))
_VERSIONS = 'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = "VERSION"\n    }\n  }\n}\n'
_SERVICE = 'resource "aws_ecs_service" "web" {\n  name            = "web"\n  task_definition = "web"\nMORE}\n'
# A block that aws_ecs_service has since version 6 of the provider.
_BLOCK = '  deployment_configuration {\n    strategy = "BLUE_GREEN"\n  }\n'


@pytest.mark.parametrize(("version", "refused"), [("~> 5.0", True), ("~> 6.0", False)])
def test_a_part_is_checked_with_the_versions_of_the_whole(version: str, refused: bool) -> None:
    model = document(_VERSIONS.replace("VERSION", version) + _QUEUES + _SERVICE.replace("MORE", ""))
    review = pipeline.review_sample(sample.of_documents(model, document(_SERVICE.replace("MORE", _BLOCK)), None, "x"), Config())
    assert review.sample.class_ == SampleClass.SNIPPET_IDEAL
    found = [(i.rule, i.status) for i in review.issues]
    assert found == ([("tf:unsupported-block", "introduced")] if refused else [])
