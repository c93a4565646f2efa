"""What becomes of a module that IDEAL calls otherwise, or no longer calls."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model import Review
from reviewgen.render.view import view
from tests.build import document

CALL = 'module "%s" {\n  source = "./modules/%s"\n%s}\n'


def _of_files(model: dict[str, str], ideal: dict[str, str]) -> Review:
    return pipeline.review_sample(sample.of_documents(document(**model), document(**ideal), None, "x"), Config())


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("web_module", "  size = 1\n", "fixed"),
        ("web_module", "", "left"),
        ("data", "  size = 1\n", "left"),
    ],
)
def test_a_call_that_stands_for_another_gives_what_that_lacked(name: str, given: str, told: str) -> None:
    model = {"main.tf": CALL % ("web", "web", ""), "modules/web/main.tf": 'variable "size" {}\n'}
    review = _of_files(model, {"main.tf": CALL % (name, name, given), "modules/web/main.tf": 'variable "size" {}\n'})
    assert [i.status for i in review.issues if i.rule == "tf:missing-argument"] == [told]


LISTENER = (
    'resource "aws_lb" "main" {\n  name = "web"\n}\n'
    'resource "aws_lb_listener" "main" {\n  load_balancer_arn = aws_lb.main.arn\n  port = 80\n  protocol = "HTTP"\n'
    '  default_action {\n    type = "fixed-response"\n    fixed_response {\n      content_type = "text/plain"\n    }\n  }\n}\n'
)


def test_what_stands_in_a_module_that_nothing_calls_is_not_left_out() -> None:
    trees = [{"main.tf": CALL % (name, name, ""), "modules/alb/main.tf": LISTENER} for name in ("alb", "lb_module")]
    review = _of_files(*trees)
    (row,) = [row for row in view(review).smaller if row.title == "Load balancer serves plain HTTP only"]
    assert row.status == "Left as it is"


ROLES = """
module "first" {
  source = "./role"
  policy = %s
}

module "second" {
  source = "./role"
  policy = %s
}
"""
ROLE = """
variable "policy" {
  type    = string
  default = ""
}

locals {
  given = var.policy != ""
}

resource "aws_iam_role_policy_attachment" "more" {
  for_each   = local.given ? { more = var.policy } : {}
  role       = "app"
  policy_arn = each.value
}
"""
NONE, ONE, OPEN = '""', '"arn:aws:iam::aws:policy/ReadOnlyAccess"', "aws_iam_policy.own.arn"


@pytest.mark.parametrize(
    ("first", "second", "call"),
    [(NONE, ONE, "second"), (NONE, OPEN, "second"), (ONE, NONE, "first"), (OPEN, ONE, "first"), (NONE, NONE, "first")],
)
def test_a_block_is_named_by_a_call_that_creates_it(first: str, second: str, call: str) -> None:
    attached = 'resource "aws_iam_role_policy_attachment" "more" {\n  role       = "app"\n  policy_arn = "%s"\n}\n'
    model = {"main.tf": attached % "arn:aws:iam::aws:policy/service-role/ConfigRole"}
    review = _of_files(model, {"main.tf": ROLES % (first, second), "role/main.tf": ROLE})
    name = f"module.{call}.aws_iam_role_policy_attachment.more"
    assert [a for a in (*review.diff.added, *(r.after for r in review.diff.renamed)) if a.endswith("attachment.more")] == [name]
    (told,) = (issue for issue in review.issues if issue.rule == "RG121")
    assert name in told.where and name in review.places


GROUPS = 'output "web_group" {\n  value = "sg-1"\n}\n'
READS = CALL % ("groups", "groups", "") + CALL % ("web", "web", "  group = module.groups.web\n")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("  group = module.groups_module.web_group\n", "fixed"),
        ("  group = module.groups_module.web\n", "left"),
        ("  group = module.others.web_group\n", "left"),
        ("", "left"),
    ],
)
def test_a_call_that_stands_for_another_reads_what_there_is(given: str, told: str) -> None:
    group = {"modules/web/main.tf": 'variable "group" {\n  default = ""\n}\n'}
    model = {"main.tf": READS, "modules/groups/main.tf": GROUPS, **group}
    called = CALL % ("groups_module", "groups_module", "") + CALL % ("web_module", "web_module", given)
    review = _of_files(model, {"main.tf": called, **group})
    assert [i.status for i in review.issues if i.rule == "tf:unsupported-attribute"] == [told]
