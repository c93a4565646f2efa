"""What a block reads that does not exist it reads under another name, too; and what MODEL lacked IDEAL may declare beside modules that nobody has."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.review import Review
from tests.build import document

CALLED = """
module "store" {
  source = "./store"
}
module "alarms" {
  source = "./alarms"
  %s = module.store.cluster
}
"""
ALARMS = 'variable "cluster" {\n  default = ""\n}\nvariable "database" {\n  default = ""\n}\n'


def reviewed(model: str, ideal: str, **files: str) -> Review:
    return pipeline.review_sample(sample.of_documents(*(document(text, **files) for text in (model, ideal)), None, "x"), Config())


@pytest.mark.parametrize(
    ("argument", "reads", "status"),
    [("database", "cluster", "left"), ("database", "arn", "fixed")],
)
def test_what_does_not_exist_is_not_mended_by_another_name_of_the_argument(argument: str, reads: str, status: str) -> None:
    files = {"store__main_tf": 'output "arn" {\n  value = "a"\n}\n', "alarms__main_tf": ALARMS}
    found = reviewed(CALLED % "cluster", (CALLED % argument).replace("store.cluster", f"store.{reads}"), **files).issues
    told = [i for i in found if i.rule == "tf:unsupported-attribute"]
    assert [(i.status, "module.alarms.cluster" in i.where) for i in told] == [(status, True)]


ALIASED = 'provider "aws" {\n  alias  = "west"\n  region = "us-west-2"\n}\n'
ZONE = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'
ELSEWHERE = 'module "topics" {\n  source = "./topics"\n}\n'


@pytest.mark.parametrize(("provider", "status"), [('provider "aws" {\n  region = "us-east-1"\n}\n', "fixed"), ("", "left")])
def test_a_default_provider_that_ideal_configures_is_there_for_modules_that_nobody_has(provider: str, status: str) -> None:
    review = reviewed(ALIASED + ZONE, ALIASED + provider + ELSEWHERE)
    assert [f.status for f in (*review.issues, *review.minor) if f.rule == "RG630"] == [status]
