"""Which declaration a place belongs to."""

from __future__ import annotations

import pytest

from tests.build import graph

CODE = """
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "dr"
  region = "eu-north-1"
}
resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}
"""


@pytest.mark.parametrize(
    ("place", "owner"),
    [
        ("aws_s3_bucket.logs", ("aws_s3_bucket.logs", "")),
        ("aws_s3_bucket.logs.versioning.enabled", ("aws_s3_bucket.logs", "versioning.enabled")),
        ("provider.aws.dr.region", ("provider.aws.dr", "region")),
        ("provider.aws.region", ("provider.aws", "region")),
        ("aws_s3_bucket.data.bucket", ("", "")),
        ("", ("", "")),
        # What broken code nests without end takes no longer for it.
        ("aws_s3_bucket.logs" + ".rule" * 200_000, ("aws_s3_bucket.logs", ".".join(["rule"] * 200_000))),
    ],
    ids=lambda value: str(value)[:30],
)
def test_the_longest_address_owns_a_place(place: str, owner: tuple[str, str]) -> None:
    assert graph(CODE).owner(place) == owner
