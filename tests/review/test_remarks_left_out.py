"""A remark that IDEAL leaves out says nothing of what it was about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.documents.rendered import mismatches
from reviewgen.model.source import SourceFile
from reviewgen.render import markdown, template_names
from reviewgen.render.issue import issue_view
from tests.build import document
from tests.review.test_correction import issues, reviewed


@pytest.mark.parametrize(
    ("model", "ideal", "told"),
    [
        ('{\n  name = "a" # Replace with your name\n}', '{\n  name = "shop"\n}', ["fixed"]),
        ('{\n  name = "a" # Replace with your name\n}', '{\n  name = "a"\n}', []),
        ('{\n  # Replace with your name\n  name = "a"\n}', '{\n  name = "shop"\n}', ["fixed"]),
    ],
)
def test_a_remark_that_is_only_left_out_is_not_fixed(model: str, ideal: str, told: list[str]) -> None:
    queue = 'resource "aws_sqs_queue" "q" '
    assert [i.status for i in issues(queue + model, queue + ideal) if i.rule == "RG901"] == told


def test_what_a_remark_before_a_resource_wants_may_still_be_wanted() -> None:
    queue = 'resource "aws_sqs_queue" "q" {{\n  name = "{}"\n}}\n'
    found = issues("# A placeholder for the real queue\n" + queue.format("a"), queue.format("b"))
    assert not [i for i in found if i.rule == "RG901"]


HANDLER = """
resource "local_file" "{}" {{
  content  = <<-EOF
    # {}
    def handler(event, context): pass
  EOF
  filename = "index.py"
}}
"""


@pytest.mark.parametrize(
    ("ideal", "told"),
    [
        (HANDLER.format("code", "This is a placeholder implementation"), []),
        ("# A dummy function" + HANDLER.format("code", "Orders"), []),
        (HANDLER.format("code", "Orders"), ["fixed"]),
        ('# A placeholder for what follows\nresource "aws_sqs_queue" "q" {}\n' + HANDLER.format("code", "Orders"), ["fixed"]),
    ],
)
def test_a_remark_about_what_another_placeholder_stands_for_is_not_fixed(ideal: str, told: list[str]) -> None:
    model = "# In a real scenario, this holds the actual code" + HANDLER.format("empty_code", "Nothing yet")
    assert [i.status for i in issues(model, ideal) if i.rule == "RG901" and "local_file.empty_code" in i.where] == told


PARTS = """
variable "name" {
  default = "shop" # Replace with your name
}
resource "aws_sqs_queue" "shown" {
  name = var.name
}
resource "aws_vpc" "v" {}
resource "aws_sns_topic" "t" {}
resource "aws_sns_topic" "u" {}
resource "aws_sns_topic" "w" {}
"""


def test_a_remark_in_what_a_snippet_shows_anew_belongs_to_nothing_behind_it() -> None:
    review = reviewed(PARTS, PARTS[: PARTS.index('resource "aws_vpc"')].replace("var.name", '"q"'))
    assert [(i.status, i.where) for i in (*review.issues, *review.minor) if i.rule == "RG901"] == [("left", ("var.name",))]


def test_a_remark_in_what_a_snippet_does_not_show_stays_where_it_is() -> None:
    more = PARTS + '# Replace with your topic\nresource "aws_sns_topic" "x" {\n  name = "a" # Replace with your name\n}\n'
    review = reviewed(more, PARTS[: PARTS.index('resource "aws_vpc"')].replace("shop", "store"))
    found = [i for i in (*review.issues, *review.minor) if i.rule == "RG901"]
    assert [(i.status, set(i.where)) for i in found] == [("left", {"var.name", "aws_sns_topic.x"})]


HEAD = "# The shop (a placeholder - replace with your company name)\n\n"
REQUIRED = 'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n'
NAMED = 'variable "company" {\n  default = "shop"\n}\nresource "aws_sqs_queue" "q" {\n  name = var.company\n}\n'


def test_a_remark_at_the_head_of_a_file_is_told_of_what_stands_in_that_file_in_both_trees() -> None:
    pair = document(**{"main.tf": HEAD + REQUIRED + NAMED}), document(**{"main.tf": HEAD + NAMED, "provider.tf": REQUIRED})
    review = pipeline.review_sample(sample.of_documents(*pair, None, "x"), Config())
    (told,) = [i for i in (*review.issues, *review.minor) if i.rule == "RG901"]
    assert (told.status, told.where) == ("left", ("var.company",))


@pytest.mark.parametrize(
    ("remark", "told"),
    [("# Replace with your own address", []), ("# Who is told", ["introduced"])],
)
def test_a_remark_at_a_default_is_not_new_where_model_makes_it_beside_its_values(remark: str, told: list[str]) -> None:
    variable = 'variable "mail" {{\n  type = string\n{}}}\n\nresource "aws_sns_topic" "t" {{\n  display_name = var.mail\n}}\n'
    model = document(variable.format(""))
    values = SourceFile("terraform.tfvars", f'{remark}\nmail = "ops@example.com"\n')
    model = replace(model, files=(*model.files, values))
    ideal = document(variable.format('  default = "dev@example.com" # replace with the actual address\n'))
    found = pipeline.review_sample(sample.of_documents(model, ideal, None, "x"), Config()).issues
    assert [i.status.value for i in found if i.rule == "RG901"] == told


@pytest.mark.parametrize(
    ("remark", "said"),
    [("Scan all of it (in production, use an index)", ", and elsewhere it leaves work, too: `main.tf:3`"), ("Scan all of it", "")],
)
def test_a_remark_in_the_code_of_a_function_leaves_work_as_well(remark: str, said: str) -> None:
    queue = 'resource "aws_sqs_queue" "q" {{\n  name = "{}"{}\n}}\n'
    model, ideal = queue.format("a", " # Replace with your name"), queue.format("shop", "")
    review = reviewed(model + HANDLER.format("code", "Orders"), HANDLER.format("code", remark) + ideal)
    (issue,) = [i for i in review.issues if i.rule == "RG901"]
    assert issue_view(issue, review, "").status == f"Fixed by IDEAL (category C fix){said}"
    assert all(mismatches(review, markdown(review, template=t), t) == () for t in template_names())
