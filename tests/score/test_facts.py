"""What is counted in the trees for the learning value."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reviewgen.config import Config
from reviewgen.model.requirement import Coverage, Requirement, Verdict
from reviewgen.model.review import Category, Issue, Severity, Status
from reviewgen.model.source import SampleClass
from reviewgen.score import Facts, facts, load
from reviewgen.score.services import services
from tests.build import graph

RUBRIC = load(Config()).learning
STACK = """
    resource "aws_s3_bucket" "a" { bucket = "a" }
    resource "random_id" "r" { byte_length = 4 }
    resource "aws_subnet" "s" { vpc_id = "v" }
    resource "aws_nat_gateway" "n" { subnet_id = aws_subnet.s.id }
    resource "aws_kms_key" "k" {}
    resource "aws_sns_topic" "none" { count = 0 }
"""


def counted(code: str, *issues: Issue, coverage: tuple[Coverage, ...] = (), class_: SampleClass = SampleClass.PAIR) -> Facts:
    return facts(class_, issues, coverage, graph(code), RUBRIC)


def found(rule: str, status: Status = Status.FIXED, number: int = 1) -> Issue:
    return Issue(str(number), f"{rule}:x", rule, f"title of {rule}", Category.BLOCKER, Severity.HIGH, status, "", requirements=("R1",))


def row(capability: str, model: Verdict) -> Coverage:
    return Coverage(Requirement("R1", "1", "must", 1), model, Verdict.MET, capability=capability)


def test_services_are_counted_by_the_resources_that_come_into_being() -> None:
    assert counted(STACK).services == ("KMS", "S3", "VPC")
    assert counted('resource "aws_glue_job" "j" {}\nresource "aws_braket_thing" "b" {}').services == ("braket", "Glue")


@pytest.mark.parametrize(("status", "counted_too"), [(Status.LEFT, False), (Status.FIXED, True)])
def test_a_type_that_does_not_exist_belongs_to_no_service(status: Status, counted_too: bool) -> None:
    issue = replace(found("tf:unknown-type", status), where=("aws_braket_thing.b",))
    services_ = counted('resource "aws_glue_job" "j" {}\nresource "aws_braket_thing" "b" {}', issue).services
    assert services_ == (("braket", "Glue") if counted_too else ("Glue",))


def test_practices_name_their_addresses() -> None:
    assert counted(STACK).practices["security"] == ("aws_kms_key.k",)
    assert counted('resource "aws_db_instance" "d" { multi_az = false }').practices["availability"] == ()
    assert counted('resource "aws_db_instance" "d" { multi_az = true }').practices["availability"] == ("aws_db_instance.d",)


def test_a_policy_that_an_issue_calls_wrong_is_no_practice() -> None:
    wide = 'resource "aws_iam_policy" "wide" {}\nresource "aws_kms_key" "k" {}'
    issue = replace(found("RG133", Status.INTRODUCED), where=("aws_iam_policy.wide.policy",))
    assert counted(wide, issue).practices["security"] == ("aws_kms_key.k",)
    assert counted(wide, replace(issue, where=("aws_kms_key.k",))).practices["security"] == ("aws_kms_key.k", "aws_iam_policy.wide")
    assert counted(wide, replace(issue, status=Status.FIXED)).practices["security"] == ("aws_kms_key.k", "aws_iam_policy.wide")


def test_a_module_from_elsewhere_may_have_further_services() -> None:
    assert counted('resource "aws_s3_bucket" "a" {}').whole
    assert not counted('resource "aws_s3_bucket" "a" {}\nmodule "m" { source = "example/vpc/aws" }').whole


def test_without_code_in_ideal_nothing_is_corrected() -> None:
    assert counted(STACK).corrected
    assert not counted("").corrected
    assert not counted(STACK, class_=SampleClass.NO_IDEAL_CODE).corrected


def test_flaws_are_those_of_model() -> None:
    assert [(f.kind, f.issues, f.text) for f in counted(STACK, found("wrong-region")).flaws] == [
        ("region", ("1",), "title of wrong-region")
    ]
    assert [f.kind for f in counted(STACK, found("no-terraform")).flaws] == ["platform"]
    assert counted(STACK, found("wrong-region", Status.INTRODUCED)).flaws == ()


def test_half_of_the_services_missing() -> None:
    missing = row("sns-topic", Verdict.UNMET)
    need = found("need:sns-topic", number=2)
    (flaw,) = counted(STACK, need, coverage=(missing, row("sqs-queue", Verdict.MET))).flaws
    assert (flaw.kind, flaw.issues) == ("services", ("2",))
    assert (
        flaw.text == "1 of the 2 services counted in PROMPT is missing in MODEL (SNS; counted beside it: SQS; no other service was counted)"
    )
    (flaw,) = counted(STACK, need, coverage=(missing, row("sqs-queue", Verdict.UNKNOWN))).flaws
    assert (
        flaw.text
        == "at least 1 of the 2 services counted in PROMPT is missing in MODEL (SNS; counted beside it: SQS; no other service was counted)"
    )
    met = (row("sqs-queue", Verdict.MET), row("step-functions", Verdict.UNKNOWN))
    assert counted(STACK, need, coverage=(missing, *met)).flaws == ()
    # What a curator dismissed, and what only IDEAL lacks, is not missing.
    assert counted(STACK, coverage=(missing,)).flaws == ()
    assert counted(STACK, replace(need, status=Status.INTRODUCED), coverage=(missing,)).flaws == ()


def test_services_have_their_names_and_another_provider_is_one() -> None:
    types = [
        "aws_quicksight_data_source",
        "aws_inspector2_enabler",
        "aws_shield_protection",
        "kubernetes_namespace",
        "kubernetes_service",
        "helm_release",
        "random_id",
    ]
    assert services(types) == ("helm", "Inspector", "kubernetes", "QuickSight", "Shield")
