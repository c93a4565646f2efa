"""An IDEAL of parts that has a section about a file and no code of it: what stands there is neither kept nor repaired, but unknown."""

from __future__ import annotations

import json
import re

import pytest

from reviewgen import pipeline, render
from reviewgen.config import Config
from reviewgen.model import Review, SampleClass
from reviewgen.model.requirement import Verdict
from reviewgen.model.source import Document
from reviewgen.render.engine import markdown
from reviewgen.review import described
from reviewgen.sample import of_documents, read_markdown
from tests.build import document

_QUEUES = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "orders-{n}"\n}}\n' for n in range(12))
_HANDLER = """resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  runtime       = "nodejs12.x"
  handler       = "index.handler"
  s3_bucket     = "orders-code"
  s3_key        = "orders.zip"
}
"""
_SHOWN = '### queues.tf\n\n```hcl\nresource "aws_sqs_queue" "q1" {\n  name = "changed"\n}\n```\n'


def reviewed(ideal: str, **files: str) -> Review:
    answer = read_markdown(ideal, "IDEAL.md")
    found = pipeline.review_sample(of_documents(document(**files), answer, None, "x"), Config())
    assert found.sample.class_ == SampleClass.SNIPPET_IDEAL
    return found


def page(review: Review) -> str:
    return re.sub(r"\s+", " ", markdown(review))


@pytest.mark.parametrize("words", ["The handler of the orders, with a role of its own.", "See the repository for the full `handler.tf`."])
def test_what_stands_in_a_file_that_is_only_described_is_not_called_left(words: str) -> None:
    review = reviewed(f"{_SHOWN}\n### handler.tf\n\n{words}\n", queues_tf=_QUEUES, handler_tf=_HANDLER)
    assert review.sample.described == ("handler.tf",)
    for text in (page(review), page(render.read(json.loads(render.dumps(review))))):
        assert "IDEAL tells of `handler.tf` in words only: what stands there is not known." in text
        assert "Open: IDEAL shows no code for it, and tells of its file in words only" in text
        assert "(MODEL: no)" in text
        for claim in ("eft as it is", "IDEAL: no", "Not fixed", "not ready"):
            assert claim not in text


def test_a_default_that_ideal_shows_is_not_denied_where_its_user_is_only_described() -> None:
    """The variable that gives the runtime was shown, and the document said that IDEAL shows no code for it."""
    variable = 'variable "language" {\n  default = "nodejs12.x"\n}\n'
    shown = f"{_SHOWN}\n### variables.tf\n\n```hcl\n{variable}```\n\n### handler.tf\n\nThe handler of the orders.\n"
    handler = _HANDLER.replace('"nodejs12.x"', "var.language")
    text = page(reviewed(shown, queues_tf=_QUEUES, variables_tf=variable, handler_tf=handler))
    assert "`var.language.default` (MODEL `variables.tf:2`, IDEAL `variables.tf:2`)" in text
    assert "Open: IDEAL shows only a part of what it is about, and tells of a file with the rest in words only" in text
    assert "**Not known**: What IDEAL shows of it does not settle it." in text
    for claim in ("shows no code for it", "No Terraform block that IDEAL shows", "IDEAL: no"):
        assert claim not in text


@pytest.mark.parametrize(
    "section", ["", "### handler.tf\n\nUnchanged.\n", "### handler.tf\n\n```bash\nterraform plan\n```\n", "### handler.tf\n"]
)
def test_what_ideal_says_nothing_else_of_is_read_as_unchanged(section: str) -> None:
    text = page(reviewed(f"{_SHOWN}\n{section}", queues_tf=_QUEUES, handler_tf=_HANDLER))
    assert "Left as it is: no block that IDEAL shows changes it" in text
    assert "in words only" not in text


def test_files_are_known_by_a_name_that_only_one_has() -> None:
    model = document(main_tf=_QUEUES, modules__a__main_tf=_HANDLER, modules__a__roles_tf=_HANDLER)
    assert described(model, Document("IDEAL.md", "### modules/a/main.tf\n\nWith `roles.tf` the handler.\n")) == (
        "modules/a/main.tf",
        "modules/a/roles.tf",
    )
    assert described(model, Document("IDEAL.md", "### The `main.tf` of the queues\n\nThe queues.\n")) == ("main.tf",)


def test_a_module_whose_directory_ideal_adds_is_delivered() -> None:
    call = 'module "alerts" {\n  source = "./modules/alerts"\n}\n'
    whole = _SHOWN.replace("queues", "main")
    shown = '### modules/alerts/main.tf\n\n```hcl\nresource "aws_sns_topic" "alerts" {\n  name = "alerts"\n}\n```\n'
    fixed, left = (reviewed(part, main_tf=_QUEUES + call) for part in (whole + shown, whole))
    assert "Fixed by IDEAL" in page(fixed)
    assert "Left as it is: no block that IDEAL shows changes it" in page(left)


@pytest.mark.parametrize(("section", "verdict"), [("### topics.tf\n\nWhom the orders tell.\n", Verdict.UNKNOWN), ("", Verdict.MET)])
def test_what_prompt_asks_is_not_met_by_a_file_that_is_only_described(section: str, verdict: Verdict) -> None:
    model = document(queues_tf=_QUEUES, topics_tf='resource "aws_sns_topic" "orders" {\n  name = "orders"\n}\n')
    prompt = Document("PROMPT.md", "# Requirements\n\n- Create an SNS topic\n")
    ideal = read_markdown(f"{_SHOWN}\n{section}", "IDEAL.md")
    found = pipeline.review_sample(of_documents(model, ideal, prompt, "x"), Config())
    assert [(row.model, row.ideal) for row in found.coverage if row.model_addresses] == [(Verdict.MET, verdict)]


_CALLS = """provider "aws" {
  alias  = "main"
  region = "eu-west-1"
}
module "mail" {
  source    = "./modules/mail"
  providers = { aws = aws.main }
}
module "post" {
  source    = "./modules/post"
  providers = { aws = aws.main }
}
"""
_NAMED = 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n'


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (
            "## Fixes\n\n- Added required_providers to all modules\n",
            "Open: IDEAL shows only a part of what it is about, and speaks of the rest in words only",
        ),
        ("", "Left as it is: no block that IDEAL shows changes it"),
    ],
)
def test_a_module_that_is_not_shown_may_name_its_providers_where_its_call_is_shown(words: str, status: str) -> None:
    """The call was in IDEAL as in MODEL, so that IDEAL "had it too", and the module names the provider in a file that nobody sees."""
    topic = 'resource "aws_sns_topic" "t" {\n  name = "orders"\n}\n'
    shown = f"### main.tf\n\n```hcl\n{_CALLS}```\n\n### modules/mail/main.tf\n\n```hcl\n{_NAMED}{topic}```\n\n"
    review = reviewed(f"{shown}{words}", main_tf=_CALLS, queues_tf=_QUEUES, modules__mail__main_tf=topic, modules__post__main_tf=topic)
    found = {(i.status.value, i.where[0]) for i in review.issues if i.rule == "tf:provider-undefined"}
    assert found == {("fixed", "module.mail.providers"), ("left", "module.post.providers")}
    text = page(review)
    assert status in text
    assert "IDEAL has it too" not in text
    assert "IDEAL has the same defect" not in text
    assert ("does not hold the code that shows them, or not all of it" in text) is bool(words)
