"""What is said of files that cannot be parsed."""

from __future__ import annotations

from reviewgen.review.answers.unparsed import written
from tests.build import graph
from tests.review.test_correction import reviewed

# Two versions of a file, line by line in one another.
WOVEN = """
variable "name" {  type = string
  default = "a"variable "password" {
}  type    = string
resource "aws_sns_topic" "a" {  default = "Secret-1234"
  name = var.name}
}resource "aws_lb_listener" "http" {
  port = 80
output "topic" {}resource "aws_sqs_queue" "q" {
  value = aws_sns_topic.a.arn  name = var.queue_name
}}
resource "aws_kms_key" "k" {
  title = "K"
}
"""
IDEAL = """
variable "name" {
  type    = string
  default = "a"
}
variable "password" {
  type    = string
  default = "Secret-1234"
}
resource "aws_sns_topic" "a" {
  name = var.name
}
resource "aws_db_instance" "d" {
  identifier     = "d"
  engine         = "mysql"
  instance_class = "db.t3.micro"
  username       = "admin"
  password       = var.password
}
output "topic" {
  value = aws_sns_topic.a.arn
}
"""


def test_two_texts_in_one_another_are_one_issue() -> None:
    found = [i for i in reviewed(WOVEN, WOVEN.replace('\n  title = "K"', "")).issues if i.rule.startswith("tf:")]
    assert {i.rule for i in found} == {"tf:syntax"}
    assert found[0].problem.startswith("In 3 lines of `main.tf` a block begins behind other code")


def test_what_is_read_out_of_two_texts_in_one_another_is_noted() -> None:
    said = (
        "In `main.tf` of MODEL two texts are written into one another: what is said of its blocks, and what differs, is read as it stands."
    )
    assert said in reviewed(WOVEN, PLAIN_TOPIC).sample.notes
    assert said not in reviewed(PLAIN_TOPIC, WOVEN).sample.notes


PLAIN_TOPIC = 'resource "aws_sns_topic" "a" {\n  name = "a"\n}\n'


def test_an_error_of_another_kind_in_a_file_with_one_broken_line_is_told() -> None:
    broken = 'resource "aws_sns_topic" "a" {\n  name = \n}\nresource "aws_kms_key" "k" {\n  title = "K"\n}\n'
    assert {i.rule for i in reviewed(broken, broken).issues} >= {"tf:syntax", "tf:unsupported-argument"}


def test_what_stands_in_a_file_that_does_not_parse_is_not_new() -> None:
    assert not any(i.rule == "RG151" for i in reviewed(WOVEN, IDEAL).issues)
    without = reviewed('resource "aws_sns_topic" "a" {\n  name = \n}\n', IDEAL).issues
    assert [i.status for i in without if i.rule == "RG151"] == ["introduced"]


def test_a_block_that_is_read_in_spite_of_errors_elsewhere_is_compared() -> None:
    topic = graph('module "t" {\n  source = "./t"\n}\n', **{"t/main.tf": 'resource "aws_sns_topic" "a" {}\n'}).get(
        "module.t.aws_sns_topic.a"
    )
    assert written(graph('resource "aws_sns_topic" "a" {}\nresource "aws_sqs_queue" "q" {\n  name = \n}\n'), topic) is False
    assert written(graph('resource "aws_sqs_queue" "q" {\n  name = 1resource "aws_sns_topic" "a" {\n}\n}\n'), topic) is True


def test_a_default_that_the_other_tree_does_not_give_hides_behind_nothing() -> None:
    variable, database = (
        'variable "password" {{\n  type = string\n{default}}}\n',
        'resource "aws_db_instance" "orders" {\n  password = var.password\n',
    )
    cut = variable.format(default="") + database + "  allocated_storage = 20 *"
    whole = variable.format(default='  default = "Winter-2024-x"\n') + database + "}\n"
    found = {(i.rule, i.status): i.where[0] for i in reviewed(cut, whole).issues}
    assert found["RG151", "introduced"] == "var.password.default"


QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = "orders"\n}\n'


def test_a_comment_that_nothing_closes_is_told_as_one() -> None:
    values = "\n/*\nname = "
    (found,) = (i for i in reviewed(QUEUE + values, QUEUE).issues if i.rule == "tf:syntax")
    assert found.problem.endswith("A comment begins there that nothing closes.")
    assert "`main.tf:5`" in found.problem
    assert not [i for i in reviewed(QUEUE + values + "\n*/\n", QUEUE).issues if i.rule == "tf:syntax"]


def test_of_two_errors_at_one_place_the_first_is_told_that_terraform_prints() -> None:
    """A fence that is left over: the scanner refuses the character before the parser misses an argument (tried with Terraform 1.11)."""
    queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    (issue,) = [i for i in reviewed(queue, f"{queue}\n`\n").issues if i.rule == "tf:syntax"]
    assert "The backtick character is not valid." in issue.problem
    assert issue.message.startswith('Error: Invalid character\nThe "`" character is not valid.')
