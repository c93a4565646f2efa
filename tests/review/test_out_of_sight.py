"""A part of an answer that calls modules of its own and does not show them: what became of the rest nobody knows."""

from __future__ import annotations

import re

import pytest

from reviewgen import pipeline, render, sample
from reviewgen.config import Config
from reviewgen.model import Review, SampleClass
from reviewgen.model.sight import Sight
from reviewgen.model.source import Document
from reviewgen.render.engine import markdown
from tests.build import document

_QUEUES = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "orders-{n}"\n}}\n' for n in range(12))
_BOARD = """resource "aws_cloudwatch_dashboard" "orders" {
  dashboard_name = "orders"
  dashboard_body = jsonencode({
    widgets = [{
      type = "metric"
      properties = {
        region  = "eu-west-1"
        metrics = [["AWS/SQS", "NumberOfMessagesSent", { dimensions = { QueueName = "orders-1" } }]]
      }
    }]
  })
}
"""
_CALL = 'module "watch" {\n  source = "./modules/watch"\n  name   = "orders"\n}\n'
_SHARED = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "changed-{n}"\n}}\n' for n in (1, 2))
_NAME = 'variable "name" {\n  type = string\n}\n'


def reviewed(ideal: str, **files: str) -> Review:
    found = pipeline.review_sample(sample.of_documents(document(_QUEUES + _BOARD), document(ideal, **files), None, "x"), Config())
    assert found.sample.class_ == SampleClass.SNIPPET_IDEAL
    return found


def page(review: Review) -> str:
    return re.sub(r"\s+", " ", markdown(review))


def test_what_may_stand_in_modules_that_are_not_shown_is_not_called_left() -> None:
    review = reviewed(_SHARED + _CALL, modules__watch__variables_tf=_NAME)
    text = page(review)
    assert [i.rule for i in review.issues if i.rule == "RG821"] == ["RG821"]
    assert "Open: IDEAL shows no Terraform block that settles it, and calls modules of its own whose code it does not show" in text
    assert "(MODEL: no)" in text
    assert "What became of #1 in the modules whose code IDEAL does not show is not known." in text
    assert "**After fixes**: not judged" in text
    for claim in ("eft as it is", "read as unchanged", "IDEAL: no", "not ready", "Not fixed"):
        assert claim not in text


@pytest.mark.parametrize(
    ("ideal", "files"),
    [
        (_SHARED, {}),  # no module at all
        (_SHARED + _CALL, {"modules__watch__main_tf": _NAME + 'resource "aws_sns_topic" "t" {\n  name = var.name\n}\n'}),
    ],
)
def test_without_such_modules_what_is_not_shown_is_left(ideal: str, files: dict[str, str]) -> None:
    text = page(reviewed(ideal, **files))
    assert "Left as it is: no block that IDEAL shows changes it" in text
    assert "IDEAL shows no block that answers #1. IDEAL is not ready to deploy while #1 stands." in text


def test_the_closing_words_say_of_a_block_shown_in_part_what_its_issue_says() -> None:
    """They asked each for themselves once: the issue was open, and the last words had IDEAL leave it."""
    part = 'resource "aws_cloudwatch_dashboard" "orders" {\n  dashboard_name = "changed"\n  # ... rest of the code\n}\n'
    review = reviewed(_SHARED + part + _CALL, modules__watch__variables_tf=_NAME)
    text = page(review)
    assert [i.rule for i in review.issues] == ["RG821"]
    assert "Open: IDEAL shows no Terraform block that settles it, and calls modules of its own whose code it does not show" in text
    assert "What became of #1 in the modules whose code IDEAL does not show is not known." in text
    assert "IDEAL leaves #1 open" not in text


def test_lines_that_only_the_text_shows_are_not_denied() -> None:
    """A section about errors quoted the metrics that IDEAL's own module has, and the document said that IDEAL does not show them."""
    lines = '## Errors\n\nThe metrics of the dashboard are refused; write\n\n```hcl\nmetrics = [\n  ["AWS/SQS", "NumberOfMessagesSent"]\n]\n```\n'
    call = f"### variables.tf\n\n```hcl\n{_NAME}```\n\n### modules/watch/variables.tf\n\n```hcl\n{_NAME}```\n\n{lines}"
    model, ideal = _answer(_QUEUES + _BOARD, "", "MODEL.md"), _answer(_SHARED + _CALL, call, "IDEAL.md")
    text = page(pipeline.review_sample(sample.of_documents(model, ideal, None, "x"), Config()))
    assert "Open: IDEAL shows no Terraform block that settles it, and calls modules of its own whose code it does not show" in text
    assert "**Not known**: No Terraform block that IDEAL shows settles it." in text
    assert "IDEAL does not show it" not in text


@pytest.mark.parametrize(("off", "status"), [(True, "fixed"), (False, "left")])
def test_what_stands_in_comments_stands_in_no_module_either(off: bool, status: str) -> None:
    """A module that nobody has may hold what IDEAL does not declare; not what IDEAL has switched off."""
    board = "".join(f"# {line}\n" for line in _BOARD.splitlines()) if off else ""
    kept = 'resource "aws_sqs_queue" "q" {\n  name = "orders"\n}\n'
    call = 'module "more" {\n  source = "./modules/more"\n}\n'
    found = pipeline.review_sample(sample.of_documents(document(kept + _BOARD + call), document(kept + board + call), None, "x"), Config())
    assert [i.status for i in found.issues if i.rule == "RG821"] == [status]


def _answer(code: str, words: str, name: str) -> Document:
    return sample.read_markdown(f"### main.tf\n\n```hcl\n{code}```\n\n{words}\n", name)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("## Key Improvements\n\n1. **Dashboard Body**: widgets that CloudWatch takes", True),
        ("## Key Improvements\n\n- sets `dashboard_body` anew", True),
        ("## Key Improvements\n\n- a dashboard for each team", False),
        ("## Files with fixes\n\n- `main.tf`: no issues (its `dashboard_body` may work)", False),
        ("## Overview\n\n- Dashboard body: one widget", False),  # says nothing of a correction
    ],
)
def test_what_ideal_speaks_of_and_shows_no_code_for_is_not_called_left(words: str, told: bool) -> None:
    model, ideal = _answer(_QUEUES + _BOARD, "", "MODEL.md"), _answer(_SHARED, words, "IDEAL.md")
    review = pipeline.review_sample(sample.of_documents(model, ideal, None, "x"), Config())
    assert review.sample.class_ == SampleClass.SNIPPET_IDEAL
    text = page(review)
    assert ("Open: IDEAL shows no code for it, and speaks of it in words only" in text) is told
    assert ("What became of #1, whose code IDEAL does not show, is not known." in text) is told
    assert ("What IDEAL Says of Its Corrections" in text) is told
    for claim in ("eft as it is", "IDEAL: no", "not ready", "Not fixed"):
        assert (claim not in text) is told


@pytest.mark.parametrize(("last", "told"), [("", True), ("```\n", False)])
def test_half_a_file_is_not_called_left(last: str, told: bool) -> None:
    """IDEAL is an answer of its own: what it does not show of a file that breaks off in MODEL it does not leave in halves."""
    whole, half = f"### main.tf\n\n```hcl\n{_QUEUES}```\n\n### alarms.tf\n\n```hcl\n", 'resource "aws_sns_topic" "t" {\n  name = "orders"\n'
    model = sample.read_markdown(whole + half + ("" if told else "  what is this\n}\n") + last, "MODEL.md")
    review = pipeline.review_sample(sample.of_documents(model, _answer(_SHARED, "", "IDEAL.md"), None, "x"), Config())
    assert review.sample.class_ == SampleClass.SNIPPET_IDEAL
    (issue,) = review.issues
    assert issue.rule == "tf:syntax"
    text = page(review)
    assert ("Open: IDEAL does not show the whole of the file in which MODEL breaks off" in text) is told
    assert ("What became of #1, whose code IDEAL does not show, is not known." in text) is told
    assert ("(MODEL: no, IDEAL: no)" in text) is not told


_PLANS = 'resource "aws_sns_topic" "t" {\n  name = "changed"\n}\noutput "queue" {\n  value = aws_sqs_queue.%s.arn\n}\n'


@pytest.mark.parametrize(("named", "told"), [("main", True), ("q1", False)])
def test_an_ideal_with_resources_of_its_own_that_it_does_not_show_leaves_nothing(named: str, told: bool) -> None:
    """What its parts refer to stands in neither tree: so the rest of MODEL is not what IDEAL goes on with."""
    topic = 'resource "aws_sns_topic" "t" {\n  name = "orders"\n}\n'
    documents = document(_QUEUES + topic + _BOARD), document(_PLANS % named)
    review = pipeline.review_sample(sample.of_documents(*documents, None, "x"), Config())
    assert review.sample.class_ == SampleClass.SNIPPET_IDEAL
    text = page(review)
    assert ("refers to resources that neither tree has: what became of the rest is not known" in text) is told
    assert (
        "Open: IDEAL shows no Terraform block that settles it, and refers to resources of its own that it does not show" in text
    ) is told
    assert ("Left as it is: no block that IDEAL shows changes it" in text) is not told
    assert markdown(render.read(render.document(review))) == markdown(review)


_TARGET = """resource "aws_cloudwatch_event_target" "t" {
  rule = "nightly"
  arn  = "arn:aws:sqs:eu-west-1:111122223333:orders-1"
  retry_policy {
    maximum_event_age = 60
  }
}
resource "aws_synthetics_canary" "c" {
  name                 = "orders"
  artifact_s3_location = "s3://orders-canary/"
  execution_role_arn   = "arn:aws:iam::111122223333:role/canary"
  handler              = "main.handler"
  runtime_version      = "syn-nodejs-puppeteer-9.1"
  zip_file             = "canary.zip"
  schedule {
    expression = "rate(5 minutes)"
  }
  code {
    handler = "main.handler"
  }
}
"""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("- Canaries take `zip_file` instead of a `code` block", {"tf:unsupported-block"}),
        ("- CloudWatch Event Targets use supported attributes only", {"tf:unsupported-argument"}),
        ("- The code of the canary is shorter", set()),
        ("- A `code` of conduct", set()),
        ("- CloudWatch Event Targets for each team", set()),
    ],
)
def test_one_word_names_an_argument_where_it_is_code_and_its_type_is_spoken_of(words: str, told: set[str]) -> None:
    model, ideal = _answer(_QUEUES + _TARGET, "", "MODEL.md"), _answer(_SHARED, f"## Key Improvements\n\n{words}", "IDEAL.md")
    review = pipeline.review_sample(sample.of_documents(model, ideal, None, "x"), Config())
    assert {"tf:unsupported-block", "tf:unsupported-argument"} <= {i.rule for i in review.issues}
    assert {i.rule for i in review.issues if Sight.of(review).loses(i)} == told


def test_what_a_part_does_not_show_is_not_said_to_be_absent() -> None:
    asked = sample.read_markdown("# Task\n\n- Network ACLs for the subnets\n", "PROMPT.md")
    queues = document(_QUEUES + 'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\n')
    review = pipeline.review_sample(sample.of_documents(queues, document(_SHARED), asked, "x"), Config())
    assert review.sample.class_ == SampleClass.SNIPPET_IDEAL
    text = page(review)
    assert "Unmet: neither MODEL nor what IDEAL shows declares what answers it" in text
    assert "neither MODEL nor what IDEAL shows declares anything that provides it" in text
    assert "What IDEAL shows declares nothing that answers it either." in text and "neither tree" not in text


_DATABASE = """
resource "aws_db_instance" "shop" {{
  engine         = "postgres"
{version}  instance_class = "{size}"
  storage_encrypted = true
{more}}}
"""
_MORE = "".join(f'  {name} = "x"\n' for name in ("db_name", "identifier", "storage_type", "username", "license_model"))


def test_of_a_block_shown_in_part_ideal_does_not_have_the_argument_that_it_leaves_out() -> None:
    model = _DATABASE.format(version='  engine_version = "12.1"\n', size="db.t3.small", more=_MORE)
    later = _DATABASE.format(version="", size="db.t3.large", more="")
    pair = sample.of_documents(document(_QUEUES + model), document(_SHARED + later), None, "x")
    found = pipeline.review_sample(pair, Config())
    assert found.sample.class_ == SampleClass.SNIPPET_IDEAL
    assert [i.rule for i in found.issues] == ["RG203"]
    text = page(found)
    how = "IDEAL shows `aws_db_instance.shop` without `engine_version`, and what it leaves out is read as unchanged"
    assert f"Left as it is: {how}" in text and f"**Not fixed**: {how}." in text
    assert "IDEAL has it too" not in text


@pytest.mark.parametrize(
    ("words", "call", "told"),
    [
        ("One root for all of it. The stack is self-contained, requiring no external modules.", "", True),
        ("- **Without modules**: all queues stand in one file", "", True),
        ("The queues stand in modules.", "", False),
        ("There are no external modules.", 'module "more" {\n  source = "./modules/more"\n}\n', False),  # but one of its own
    ],
)
def test_what_stands_in_a_module_is_not_left_by_an_ideal_that_says_it_has_none(words: str, call: str, told: bool) -> None:
    calls = "".join(f'module "{n}" {{\n  source = "./modules/{n}"\n}}\n' for n in ("watch", "more"))
    board = sample.read_markdown(
        f"### main.tf\n\n```hcl\n{_QUEUES}{calls}```\n\n### modules/watch/main.tf\n\n```hcl\n{_BOARD}```\n"
        f'\n### modules/more/main.tf\n\n```hcl\nresource "aws_sqs_queue" "q" {{\n  name = "more"\n}}\n```\n',
        "MODEL.md",
    )
    ideal = _answer(_SHARED + call, words, "IDEAL.md")
    review = pipeline.review_sample(sample.of_documents(board, ideal, None, "x"), Config())
    assert review.sample.class_ == SampleClass.SNIPPET_IDEAL
    text = page(review)
    assert [i.where[0].startswith("module.watch.") for i in review.issues] == [True]
    assert ("Open: IDEAL shows no code for it, and speaks of doing without modules" in text) is told
    assert ("What became of #1, whose code IDEAL does not show, is not known." in text) is told
    assert ("What IDEAL Says of Its Corrections" in text) is told
    for claim in ("eft as it is", "IDEAL: no", "not ready", "Not fixed"):
        assert (claim not in text) is told


@pytest.mark.parametrize("off", [True, False])
def test_what_a_part_has_as_comments_only_is_told_to_be_read_as_gone(off: bool) -> None:
    board = "".join(f"# {line}\n" for line in _BOARD.splitlines()) if off else ""
    assert any("as comments only" in note for note in reviewed(_SHARED + board).sample.notes) is off


def test_a_file_of_model_that_ideal_shows_a_part_of_goes_by_its_own_name() -> None:
    remarks = _QUEUES.replace('"orders-3"', '"orders-3" # TODO: rename this').replace('"orders-5"', '"orders-5" # TODO: drop this')
    ideal = _SHARED
    found = pipeline.review_sample(sample.of_documents(document(remarks), document(ideal), None, "x"), Config())
    assert found.sample.class_ == SampleClass.SNIPPET_IDEAL
    text = page(found)
    assert "`main.tf` makes no remark like the one quoted above (MODEL: no, IDEAL: no)" in text
    assert ".tf (MODEL)" not in text


def test_what_ideal_does_not_show_is_missing_in_model_only() -> None:
    logs = 'resource "aws_kms_key" "logs" {}\nresource "aws_cloudwatch_log_group" "app" {\n  name       = "app"\n  kms_key_id = aws_kms_key.logs.arn\n}\n'
    found = pipeline.review_sample(sample.of_documents(document(_QUEUES + logs), document(_SHARED), None, "x"), Config())
    assert found.sample.class_ == SampleClass.SNIPPET_IDEAL
    text = page(found)
    assert "What is missing in MODEL: - ❌ a statement that lets CloudWatch Logs use the key" in text
    assert "no block that IDEAL shows changes it" in text
