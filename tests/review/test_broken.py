"""Errors of a tree hide what became of a defect where they can touch what it is about, and nowhere else."""

from __future__ import annotations

import pytest

from reviewgen import pipeline, sample
from reviewgen.config import Config
from tests.build import document

GROUP = """
resource "aws_lb_target_group" "app" {
  name     = "app"
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-0123456789abcdef0"
}
resource "aws_lb_listener" "http" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188"
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
"""
TARGET = """
resource "aws_lb_target_group_attachment" "app" {
  target_group_arn = %s
  target_id        = "i-0123456789abcdef0"
}
"""
OURS = TARGET % "aws_lb_target_group.app.arn"
MODULE = 'module "targets" {\n  source = "./targets"\n  group  = aws_lb_target_group.app.arn\n}\n'


@pytest.mark.parametrize(
    ("more", "file", "status"),
    [
        (OURS, "", "fixed"),
        # an argument that a block apart does not have, and a name that is nowhere declared
        (OURS + 'resource "aws_sqs_queue" "jobs" {\n  retries = 3\n}\n', "", "fixed"),
        (OURS + 'resource "aws_sns_topic_policy" "t" {\n  arn    = aws_sns_topic.gone.arn\n  policy = "{}"\n}\n', "", "fixed"),
        # an input that nobody declares says no more than one without a default
        (OURS + 'resource "aws_sns_topic" "t" {\n  kms_master_key_id = var.key\n}\n', "", "fixed"),
        # what is attached may be ours under another name, or what a module is given
        (TARGET % "aws_lb_target_group.web.arn", "", None),
        (TARGET % "local.group", "", None),
        (MODULE, TARGET % "var.group", None),
    ],
)
def test_an_error_hides_what_it_can_touch(more: str, file: str, status: str | None) -> None:
    files = {"targets__main_tf": file} if file else {}
    for model, ideal, expected in ((GROUP, GROUP + more, status), (GROUP + more, GROUP, "introduced" if status else None)):
        sides = (document(text, **(files if "module" in text else {})) for text in (model, ideal))
        found = pipeline.review_sample(sample.of_documents(*sides, None, "x"), Config())
        assert [i.status for i in found.issues if i.rule == "RG524"] == ([expected] if expected else [])
