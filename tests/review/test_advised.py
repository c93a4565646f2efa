"""Advice yields to PROMPT: what it rules out is not recommended, and each pair of the table fits some advice of ours."""

from __future__ import annotations

import ast

import pytest

from reviewgen.resources import PACKAGE
from reviewgen.review.diagnostics.diagnosed import kinds
from reviewgen.review.issues.advised import classes
from tests.review.test_correction import issues

VARIABLES = 'resource "aws_sqs_queue" "orders" {\n  name = var.queue\n}\n'


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("No placeholders, **no variables**, no modules.", "Write the values in their place, as PROMPT wants no variables."),
        ("Never use variables.", "Write the values in their place, as PROMPT wants no variables."),
        ("No variables for regions.", "Declare the variables in the module that uses them"),
        ("No hard-coded values: use variables.", "Declare the variables in the module that uses them"),
        ("No variables files.", "Declare the variables in the module that uses them"),
    ],
)
def test_no_variables_are_recommended_where_none_are_wanted(line: str, advice: str) -> None:
    (issue,) = (i for i in issues(VARIABLES, VARIABLES, f"# Task\n\nA queue. {line}\n") if i.rule == "tf:undeclared-variable")
    assert issue.recommendation and issue.recommendation.text.startswith(advice)


DATABASE = """
resource "aws_db_instance" "orders" {
  identifier                   = "orders"
  engine                       = "mysql"
  instance_class               = "db.t3.micro"
  allocated_storage            = 20
  username                     = "keeper"
  manage_master_user_password  = true
  performance_insights_enabled = true
  final_snapshot_identifier    = "orders-final"
}
"""


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("on `db.t3.micro`", "Leave Performance Insights off:"),
        ("on `db.r6g.large`", "Choose a class that has it"),
        ("", "Choose a class that has it"),
    ],
)
def test_the_class_that_prompt_names_is_not_to_be_changed(line: str, advice: str) -> None:
    (issue,) = (i for i in issues(DATABASE, DATABASE, f"1. An RDS database {line}\n") if i.rule == "RG205")
    assert issue.recommendation and issue.recommendation.text.startswith(advice)


def test_each_pair_fits_some_advice() -> None:
    said = [advice for kind in kinds() for advice in (kind.advice, *(words.advice for words in kind.of))]
    for path in [*(PACKAGE / "rules").rglob("*.py"), *(PACKAGE / "requirements").rglob("*.py")]:
        said += [
            node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
    idle = [(known.id, pattern.pattern) for known in classes() for pattern, _ in known.yields if not any(map(pattern.search, said))]
    assert not idle
