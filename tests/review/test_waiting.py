"""Several places as one issue of which the default values do not create all: the others are told as they are, and those are named."""

from __future__ import annotations

import pytest

from reviewgen.terraform.instances import absent_by_default
from tests.build import graph
from tests.review.test_correction import issues

INSTANCES = """
variable "bastion" {{
  default = {bastion}
}}
resource "aws_instance" "app" {{
  {app}
  ami           = "ami-0abcdef1234567890"
  instance_type = "t3.micro"
}}
resource "aws_instance" "bastion" {{
  count         = var.bastion ? 1 : 0
  ami           = "ami-0abcdef1234567890"
  instance_type = "t3.micro"
}}
resource "aws_instance" "spare" {{
  for_each      = var.bastion ? toset(["a"]) : toset([])
  ami           = "ami-0abcdef1234567890"
  instance_type = "t3.micro"
}}
"""
SAME = "The same holds for `aws_instance.bastion` and `aws_instance.spare`."
TWO = " With the default values of the variables `aws_instance.bastion` and `aws_instance.spare` are not created."
ALL = " With the default values of the variables `aws_instance.app`, `aws_instance.bastion` and `aws_instance.spare` are not created."


@pytest.mark.parametrize(
    ("bastion", "app", "said", "waits"),
    [("false", "", SAME + TWO, False), ("true", "", SAME, False), ("false", "count = var.bastion ? 1 : 0", SAME + ALL, True)],
)
def test_places_that_are_not_created_are_named_behind_all_of_them(bastion: str, app: str, said: str, waits: bool) -> None:
    code = INSTANCES.format(bastion=bastion, app=app)
    (issue,) = [i for i in issues(code, code) if i.rule == "RG501"]
    assert issue.problem.endswith(said)
    # What follows from a place that is there is said once, and of no condition.
    texts = [i.text for i in issue.impact if i.aspect == "Deployment"]
    assert [text.startswith("With values that create it: ") for text in texts] == [waits]


SWITCHED = 'variable "on" {\n  default = false\n}\nvariable "all" {\n  default = {}\n}\n'


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("for_each = var.on ? { a = 1 } : {}", True),
        ("for_each = toset(var.on ? [1] : [])", True),
        ("for_each = { for k, v in var.all : k => v }", True),
        ("for_each = var.on ? {} : { a = 1 }", False),
        ("for_each = var.unknown", False),
        ("count = var.on ? 1 : 0", True),
        ("", False),
    ],
)
def test_what_is_made_for_nothing_is_not_created(text: str, absent: bool) -> None:
    tree = graph(f'{SWITCHED}resource "aws_sqs_queue" "q" {{\n  {text}\n}}\n')
    assert absent_by_default(tree, tree.tree.declarations["aws_sqs_queue.q"]) is absent


CALLED = 'module "m" {{\n  source = "./m"\n  {}\n}}\n'


@pytest.mark.parametrize(
    ("calls", "absent"),
    [(["count = var.on ? 1 : 0"], True), ([""], False), (["count = 0", ""], False), (["for_each = var.all", "count = 0"], True)],
)
def test_what_only_modules_hold_that_nobody_gets_is_not_created(calls: list[str], absent: bool) -> None:
    called = "".join(CALLED.format(call).replace('"m"', f'"m{n}"') for n, call in enumerate(calls))
    tree = graph(SWITCHED + called, m__main_tf='resource "aws_sqs_queue" "q" {}\n')
    (queue,) = tree.of_type("aws_sqs_queue")
    assert absent_by_default(tree, queue) is absent
