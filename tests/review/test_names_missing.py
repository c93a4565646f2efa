"""Of what is referred to and not declared: what made it so is shown, and what repairs it, and nothing else that changed about it."""

from __future__ import annotations

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.review import Issue
from tests.build import document
from tests.review.test_correction import issues
from tests.review.test_smallest_correction import of

LABELS = 'variable "labels" {\n  type = map(string)\n}\n'
QUEUE = 'resource "aws_sqs_queue" "orders" {\n  tags = merge(var.labels, { Name = "orders-%s" })\n}\n'


def test_what_referred_to_it_before_is_not_what_made_a_variable_missing() -> None:
    issue = of(issues(LABELS + QUEUE % "live", QUEUE % "test"), "tf:undeclared-variable")
    assert (issue.status, issue.corrected) == ("introduced", ("var.labels",))
    assert not issue.solution and not issue.values


def test_what_refers_to_it_only_now_is_what_made_it_missing() -> None:
    issue = of(issues(QUEUE.replace("var.labels", "{}") % "live", QUEUE % "live"), "tf:undeclared-variable")
    assert [value.address for value in issue.values] == ["aws_sqs_queue.orders.tags"]


CALL = 'module "queue" {\n  source = "./modules/queue"\n  title  = var.title\n  owner  = "shop"\n}\n'
TITLE = 'variable "title" {\n%s  default = "orders"\n}\n'
BODY = 'resource "aws_sqs_queue" "q" {\n  name = var.title\n}\n'


def _in_modules() -> tuple[Issue, ...]:
    model = document(CALL + TITLE % "", modules__queue__main_tf=BODY)
    taken = 'variable "title" {\n  type = string\n}\nvariable "owner" {\n  type = string\n}\n'
    ideal = document(CALL + TITLE % "  type    = string\n", modules__queue__main_tf=BODY, modules__queue__variables_tf=taken)
    return pipeline.review_sample(sample.of_documents(model, ideal, None, "x"), Config()).issues


def test_a_module_that_takes_what_it_is_given_is_repaired_by_its_variables_and_not_by_the_type_of_what_is_given() -> None:
    (issue,) = [i for i in _in_modules() if i.status == "fixed"]
    assert issue.corrected == ("module.queue.var.owner", "module.queue.var.title")
    assert not issue.values


def test_a_title_about_modules_names_those_that_are_given_nothing_as_well() -> None:
    call = CALL + 'module "idle" {\n  source = "./modules/idle"\n}\n' + TITLE % ""
    body = {"modules__queue__main_tf": BODY, "modules__idle__main_tf": BODY}
    taken = 'variable "title" {\n  default = "orders"\n}\nvariable "owner" {\n  default = ""\n}\n'
    new = {"modules__queue__variables_tf": taken, "modules__idle__variables_tf": taken}
    pair = document(call, **body), document(call, **body, **new)
    (issue,) = pipeline.review_sample(sample.of_documents(*pair, None, "x"), Config()).issues
    assert issue.title == "Modules do not declare their variables: `module.idle` and `module.queue`"
