"""Answers that think aloud first: what their drafts say is not what they answer."""

from __future__ import annotations

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.review import Review
from tests.build import document

VPC = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/%s"\n}\n'
BUCKET = 'resource "aws_s3_bucket" "archive" {}\n'
QUEUE = 'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n'
CUT = 'resource "aws_sqs_queue" "jobs" {\n  name = "jo'


def fenced(code: str, closed: bool = True) -> str:
    return f"```hcl\n{code}{'```' if closed else ''}\n\n"


def reviewed(answer: str, ideal: str) -> Review:
    model = sample.read_markdown(answer, "MODEL_RESPONSE.md")
    return pipeline.review_sample(sample.of_documents(model, document(main_tf=ideal), None, "x"), Config())


def statuses(review: Review, rule: str) -> list[str]:
    return [i.status for i in review.issues if i.rule == rule]


def test_a_mistake_of_the_thoughts_that_the_answer_does_not_make_is_none() -> None:
    thoughts = "### Reasoning\n\n" + fenced(VPC % 15) + fenced(QUEUE)
    assert statuses(reviewed(thoughts, VPC % 16 + QUEUE), "RG434") == ["fixed"]
    assert statuses(reviewed(thoughts + "### Answer\n\n" + fenced(VPC % 16 + QUEUE), VPC % 16 + QUEUE), "RG434") == []


def test_drafts_that_would_be_saved_beside_the_answer_are_told() -> None:
    review = reviewed("### Reasoning\n\n" + fenced(VPC % 16) + "### Answer\n\n" + fenced(VPC % 16 + QUEUE), VPC % 16 + QUEUE)
    issue = next(i for i in review.issues if i.rule == "tf:drafts")
    assert (issue.status, issue.where, issue.solution) == ("fixed", ("aws_vpc.main",), ())
    assert issue.problem.startswith("`MODEL_RESPONSE.md` drafts one resource of its answer before it gives it: `aws_vpc.main`.")


def test_of_drafts_what_is_counted_is_told_by_its_kinds() -> None:
    code = 'provider "aws" {\n  region = var.place\n}\n' + VPC % 16 + QUEUE + 'variable "place" {\n  default = "eu-west-1"\n}\n'
    review = reviewed("### Reasoning\n\n" + fenced(code) + "### Answer\n\n" + fenced(code), code)
    issue = next(i for i in review.issues if i.rule == "tf:drafts")
    assert "drafts 3 resources and variables of its answer before it gives it:" in issue.problem


def test_every_declaration_that_drafts_repeat_is_a_place_of_the_finding() -> None:
    code = "".join(QUEUE.replace('"jobs"', f'"jobs{n}"') for n in range(9))
    review = reviewed("### Reasoning\n\n" + fenced(code) + "### Answer\n\n" + fenced(code), code)
    issue = next(i for i in review.issues if i.rule == "tf:drafts")
    assert issue.where == tuple(f"aws_sqs_queue.jobs{n}" for n in range(9))


def test_what_drafts_repeat_is_a_strength_all_the_same() -> None:
    closed = "".join(f"  {name} = true\n" for name in ("block_public_acls", "block_public_policy", "ignore_public_acls"))
    code = BUCKET + 'resource "aws_s3_bucket_public_access_block" "archive" {\n  bucket = aws_s3_bucket.archive.id\n'
    code += closed + "  restrict_public_buckets = true\n}\n"
    review = reviewed("### Reasoning\n\n" + fenced(code) + "### Answer\n\n" + fenced(code), code)
    assert statuses(review, "tf:drafts") == ["fixed"]
    assert "No public buckets" in [s.title for s in review.strengths]


def test_a_file_that_is_given_anew_takes_the_place_of_its_draft() -> None:
    named = "# main.tf\n"
    review = reviewed(
        "### Reasoning\n\n" + fenced(named + VPC % 15) + "### Answer\n\n" + fenced(named + VPC % 16 + QUEUE), VPC % 16 + QUEUE
    )
    assert statuses(review, "tf:drafts") == []


def test_what_a_file_given_anew_drafts_is_not_counted_and_that_is_said() -> None:
    thoughts = "### Reasoning\n\n" + fenced("# main.tf\n" + VPC % 16) + fenced("# jobs.tf\n" + QUEUE)
    answer = "### Answer\n\n" + fenced("# main.tf\n" + VPC % 16) + fenced("# queues.tf\n" + QUEUE)
    issue = next(i for i in reviewed(thoughts + answer, VPC % 16 + QUEUE).issues if i.rule == "tf:drafts")
    assert (
        "one resource of its answer before it gives it, not counting files that the answer gives anew: `aws_sqs_queue.jobs`"
        in issue.problem
    )


def test_what_stands_in_the_drafts_of_an_answer_that_breaks_off_is_not_new() -> None:
    ideal = VPC % 16 + QUEUE + BUCKET
    answer = "### Answer\n\n" + fenced(VPC % 16 + CUT, closed=False)
    drafts = "### Reasoning\n\n" + fenced(VPC % 16 + QUEUE)
    assert statuses(reviewed(drafts + answer, ideal), "RG258") == ["introduced"]
    assert statuses(reviewed(drafts + fenced(BUCKET) + answer, ideal), "RG258") == []
    assert statuses(reviewed(drafts + fenced(BUCKET) + "### Answer\n\n" + fenced(VPC % 16 + QUEUE), ideal), "RG258") == ["introduced"]


RULES = """resource "aws_wafv2_web_acl" "%s" {
  name  = "orders"
  scope = "REGIONAL"

  default_action {
    allow {}
  }

  rule {
    name     = "words"
    priority = 1

    action {
      block {}
    }

    statement {
      or_statement {%s}
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "words"
      sampled_requests_enabled   = true
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "orders"
    sampled_requests_enabled   = true
  }
}
"""
COUNTRY = '\n%s {\n geo_match_statement {\n country_codes = ["AT"]\n }\n }\n'


def test_what_the_answer_has_under_another_name_is_not_what_its_drafts_have() -> None:
    """IDEAL named the block as a draft did: of its two errors one was told and the one that explains it was not."""
    good, bad = COUNTRY % "statement" * 2, COUNTRY % "statements" * 2
    drafts, ideal = "### Reasoning\n\n" + fenced(VPC % 16 + QUEUE + RULES % ("api", bad)), VPC % 16 + RULES % ("api", bad) + QUEUE
    answer = "### Answer\n\n" + fenced(VPC % 16 + RULES % ("waf", good) + CUT, closed=False)
    told = [i for i in reviewed(drafts + answer, ideal).issues if i.where[0].startswith("aws_wafv2_web_acl")]
    assert [(i.rule, i.status, i.recommendation.text) for i in told if i.recommendation] == [
        ("tf:unsupported-block", "introduced", "Write `statement`, which Terraform proposes.")
    ]


def test_a_block_that_the_drafts_lack_as_well_is_not_newly_missing() -> None:
    drafts, ideal = "### Reasoning\n\n" + fenced(VPC % 16 + QUEUE + RULES % ("api", "")), VPC % 16 + RULES % ("api", "") + QUEUE
    answer = "### Answer\n\n" + fenced(VPC % 16 + CUT, closed=False)
    assert statuses(reviewed(answer, ideal), "tf:missing-block") == ["introduced"]
    assert statuses(reviewed(drafts + answer, ideal), "tf:missing-block") == []


def test_a_file_that_the_drafts_lack_as_well_is_not_newly_missing() -> None:
    sender = 'resource "aws_lambda_function" "%s" {\n  function_name = "%s"\n  role = "r"\n  filename = "code.zip"\n  source_code_hash = '
    sender += 'filebase64sha256("code.zip")\n  handler = "index.handler"\n  runtime = "python3.13"\n}\n'
    answer = "### Answer\n\n" + fenced(VPC % 16 + CUT, closed=False)
    drafts = "### Reasoning\n\n" + fenced(VPC % 16 + QUEUE + sender % ("old", "old"))
    review = reviewed(drafts + answer, VPC % 16 + QUEUE + sender % ("old", "old") + sender % ("new", "new"))
    told = [i.where[0] for i in review.issues if i.rule in ("RG324", "tf:missing-file")]
    assert told == ["aws_lambda_function.new.filename"]


def test_files_that_the_thoughts_name_are_checked_as_terraform_would_find_them() -> None:
    thoughts = "### Reasoning\n\n" + fenced("# network.tf\n" + VPC % 16)
    model = sample.read_markdown(thoughts + "### Answer\n\n" + fenced("# main.tf\n" + VPC % 16 + QUEUE), "MODEL_RESPONSE.md")
    review = pipeline.review_sample(sample.of_documents(model, document(main_tf=VPC % 16 + QUEUE), None, "x"), Config())
    assert review.model_validation.valid
    assert review.model_validation.delivered is not None and not review.model_validation.delivered.valid
