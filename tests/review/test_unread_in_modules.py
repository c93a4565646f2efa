"""A defect that IDEAL has in a module is not new where MODEL has its like in the root, in what nobody can read."""

from __future__ import annotations

from reviewgen import pipeline, sample
from reviewgen.config import Config

BUCKETS = """
resource "aws_s3_bucket" "data" {
  bucket = "shop-data-0001"
}
resource "aws_s3_bucket" "logs" {
  bucket = "shop-logs-0001"
}
resource "aws_s3_bucket_logging" "data" {
  bucket        = aws_s3_bucket.data.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "access/"
}
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = data.aws_iam_policy_document.logs.json
}
"""
DOCUMENT = """
data "aws_iam_policy_document" "logs" {
  statement {
    actions   = ["s3:GetBucketAcl"]
    resources = [aws_s3_bucket.logs.arn]
    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }
  }
}
"""
# Blocks on one line take no semicolons.
BROKEN = """
data "aws_iam_policy_document" "logs" {
  statement {
    actions   = ["s3:GetBucketAcl"]
    principals { type = "Service"; identifiers = ["cloudtrail.amazonaws.com"] }
  }
}
"""
CALL = 'module "s3" {\n  source = "./modules/s3"\n}\n'


def told(model: str) -> list[str]:
    files = {"main.tf": CALL, "modules/s3/main.tf": BUCKETS + DOCUMENT}
    ideal = "\n".join(f"### {path}\n\n```hcl\n{text}```\n" for path, text in files.items())
    documents = sample.read_markdown(f"### main.tf\n\n```hcl\n{model}```\n", "MODEL.md"), sample.read_markdown(ideal, "IDEAL.md")
    review = pipeline.review_sample(sample.of_documents(*documents, None, "x"), Config())
    return [i.status.value for i in review.issues if i.rule == "RG723"]


def test_a_policy_that_cannot_be_read_may_have_the_same_defect() -> None:
    assert told(BUCKETS + BROKEN) == []


def test_a_policy_that_can_be_read_has_it() -> None:
    assert told(BUCKETS + DOCUMENT) == ["left"]
