"""What a block lacks and a module may have that only IDEAL calls, without its code: nobody knows whether it is repaired."""

from __future__ import annotations

import pytest

from tests.build import document
from tests.review.test_new_or_old import told

GROUPS = """
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_security_group" "web" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "aws_security_group" "cache" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 6379
    to_port     = 6379
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
}
resource "aws_lb" "web" {
  security_groups = [aws_security_group.web.id]
}
"""
CALL = 'module "cache" {\n  source = "./modules/cache"\n  %s\n}\n'


@pytest.mark.parametrize(("given", "found"), [("", []), ("groups = [aws_security_group.cache.id]", ["fixed"])])
def test_a_group_is_attached_where_something_takes_it(given: str, found: list[str]) -> None:
    assert told(document(GROUPS), document(GROUPS + CALL % given), "RG410") == found


NAMED = """
resource "aws_security_group" "search" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    security_groups = [aws_security_group.cache.id]
  }
}
"""


def test_a_group_that_admits_another_does_not_attach_it() -> None:
    assert told(document(GROUPS), document(GROUPS + NAMED + CALL % ""), "RG410") == []
