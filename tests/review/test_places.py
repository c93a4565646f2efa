"""The lines that a document gives for what it names."""

from __future__ import annotations

from reviewgen.render import markdown
from tests.review.test_correction import reviewed

FUNCTION = """\
resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}
resource "aws_iam_role" "worker" {
  name               = "worker"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "worker" {
  role   = aws_iam_role.worker.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "logs:PutLogEvents", Resource = "*" }] })
}
resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  environment {
    variables = {
      LEVEL     = "info"
      QUEUE_URL = aws_sqs_queue.jobs.url
    }
  }
}
"""


def test_a_variable_of_a_function_stands_on_its_own_line() -> None:
    places = reviewed(FUNCTION, FUNCTION).places["aws_lambda_function.worker.environment.variables.QUEUE_URL"]
    line = FUNCTION.split("\n").index("      QUEUE_URL = aws_sqs_queue.jobs.url") + 1
    assert {(place.side, place.line) for place in places} == {("model", line), ("ideal", line)}


def test_an_argument_behind_the_end_of_an_answer_has_no_line_there() -> None:
    block = 'resource "aws_db_instance" "orders" {\n  instance_class    = "db.t3.micro"\n  allocated_storage = 20 *'
    places = reviewed(block, f"{block} 2\n}}\n").places["aws_db_instance.orders.allocated_storage"]
    assert {place.side for place in places} == {"ideal"}


def test_all_places_of_an_issue_are_counted_and_named_with_the_lines_that_they_have() -> None:
    """A list that shows some of its names says of how many more it is silent: of all of them."""
    base = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    added = "".join(f'output "o{n:02}" {{\n  value = aws_sqs_queue.q.arn\n}}\n' for n in range(30))
    text = markdown(reviewed(base, base + added))
    assert "and 22 more (90 lines added)." in text and "(IDEAL `main.tf:25`) and 22 more" in text
