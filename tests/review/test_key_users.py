"""A key that leaves a service out: what becomes of that once nobody uses the key, or meets it, any more; and what it does not stop."""

from __future__ import annotations

import pytest

from reviewgen.model.prose import doubt
from reviewgen.model.review import Issue, Status
from tests.review.test_correction import issues
from tests.review.test_heirs import _of_files

KEY = """
resource "aws_kms_key" "k" {
  description = "k"
POLICY}
"""
POLICY = """  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [
      { Sid = "Root", Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = "arn:aws:iam::111122223333:root" } },
      { Sid = "New", Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { Service = "SERVICE.amazonaws.com" } },
    ]
  })
"""
TOPIC = """
resource "aws_sns_topic" "t" {
  name              = "t"
  kms_master_key_id = aws_kms_key.k.id
}
"""
ALARM = """
resource "aws_cloudwatch_metric_alarm" "NAME" {
  namespace     = "AWS/EC2"
  metric_name   = "CPUUtilization"
  alarm_actions = [aws_sns_topic.t.arn]
}
"""
GROUP = """
resource "aws_autoscaling_group" "g" {
  launch_template {
    id = aws_launch_template.l.id
  }
}
resource "aws_launch_template" "l" {
  name_prefix = "l"
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      encrypted = true
KEY    }
  }
}
"""
USED = "      kms_key_id = aws_kms_key.k.arn\n"


def _key(service: str = "") -> str:
    return KEY.replace("POLICY", POLICY.replace("SERVICE", service) if service else "")


def _of(found: tuple[Issue, ...], rule: str) -> Issue:
    (issue,) = [i for i in found if i.rule == rule]
    return issue


@pytest.mark.parametrize(
    ("ideal", "removed", "shown"),
    [
        (_key("logs") + TOPIC, True, ""),
        (_key("cloudwatch") + TOPIC + ALARM.replace("NAME", "b"), False, "cloudwatch.amazonaws.com"),
    ],
    ids=["no alarm is left", "another alarm, which the key admits"],
)
def test_without_anybody_who_sends_what_became_of_the_key_repairs_nothing(ideal: str, removed: bool, shown: str) -> None:
    issue = _of(issues(_key() + TOPIC + ALARM.replace("NAME", "a"), ideal), "RG102")
    assert (issue.status, issue.removed) == ("fixed", removed)
    assert bool(issue.solution) is bool(shown) and all(shown in p.code for p in issue.solution)


@pytest.mark.parametrize(("service", "shown"), [("ec2", 0), ("", 0)])
def test_volumes_that_use_the_key_no_longer_are_the_repair(service: str, shown: int) -> None:
    issue = _of(issues(_key() + GROUP.replace("KEY", USED), _key(service) + GROUP.replace("KEY", "")), "RG104")
    assert (issue.status, issue.removed, len(issue.solution)) == ("fixed", False, shown)
    assert issue.verification[0].check.startswith(
        "`aws_launch_template.l` no longer sets `block_device_mappings.ebs.kms_key_id`, or no volume"
    )


def test_a_policy_beside_the_key_that_admits_who_sends_is_the_repair() -> None:
    policy = POLICY.replace("SERVICE", "cloudwatch")
    beside = f'resource "aws_kms_key_policy" "k" {{\n  key_id = aws_kms_key.k.id\n{policy}}}\n'
    model = _key() + TOPIC + ALARM.replace("NAME", "a")
    issue = _of(issues(model, model + beside), "RG102")
    assert (issue.status, "aws_kms_key_policy.k" in issue.corrected) == ("fixed", True)
    assert issue.solution


def test_who_else_refers_to_the_key_is_not_stopped_by_its_policy() -> None:
    other = 'resource "aws_db_instance" "d" {\n  storage_encrypted = true\n  kms_key_id        = aws_kms_key.k.arn\n}\n'
    group = 'resource "aws_cloudwatch_log_group" "GROUP" {\n  name       = "GROUP"\n  kms_key_id = aws_kms_key.k.arn\n}\n'
    issue = _of(issues(_key() + other + group.replace("GROUP", "a"), _key() + other + group.replace("GROUP", "b")), "RG101")
    assert issue.status == "left"
    assert [i.aspect for i in issue.impact] == ["Deployment"]


def test_what_stands_in_a_module_that_is_not_delivered_has_no_heir_elsewhere() -> None:
    call = 'module "watch" {\n  source = "./watch"\n}\n'
    managed = TOPIC.replace("aws_kms_key.k.id", '"alias/aws/sns"')
    ideal = {"main.tf": call + 'resource "aws_sns_topic" "topic_t" {\n  name = "t"\n}\n'}
    review = _of_files({"main.tf": call, "watch/main.tf": managed + ALARM.replace("NAME", "a")}, ideal)
    assert [i.status for i in (*review.issues, *review.minor) if i.rule == "RG103"] == ["left"]


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("Topics are encrypted with AWS managed KMS keys.", True),
        ("Topics stay small; buckets are encrypted with AWS managed keys.", False),
    ],
)
def test_the_managed_key_that_prompt_asks_for_is_named_so(prompt: str, asked: bool) -> None:
    text = TOPIC.replace("aws_kms_key.k.id", '"alias/aws/sns"') + ALARM.replace("NAME", "a")
    issue = _of(issues(text, text, prompt=f"# Task\n\n{prompt}\n"), "RG103")
    assert ("PROMPT asks for it." in issue.problem) is asked


def test_a_reason_that_stands_over_what_came_along_is_not_the_reason_of_the_correction() -> None:
    secret = 'resource "aws_secretsmanager_secret" "s" {\n  name = "s"\n}\n'
    rotation = """
resource "aws_secretsmanager_secret_rotation" "s" {
  secret_id           = aws_secretsmanager_secret.s.id
  rotation_lambda_arn = aws_lambda_function.rotate.arn
  rotation_rules {
    automatically_after_days = 30
  }
}
# FIX: a package of its own
resource "aws_lambda_function" "rotate" {
  function_name = "rotate"
  role          = "arn:aws:iam::111122223333:role/rotate"
}
"""
    issue = _of(issues(secret, secret + rotation, prompt="# Task\n\nSecrets with automatic rotation.\n"), "RG039")
    assert (issue.status, issue.reasons) == ("fixed", ())


def test_where_one_is_left_to_take_the_place_of_who_needed_it_that_is_the_repair() -> None:
    template = 'resource "aws_launch_template" "NAME" {\n  name_prefix = "l"\nKEY}\n'
    model = template.replace("NAME", "web").replace("KEY", '  key_name    = "your-key"\n')
    issue = _of(issues(model, template.replace("NAME", "main").replace("KEY", "")), "RG503")
    assert (issue.status, issue.removed) == ("fixed", False)


@pytest.mark.parametrize(("before", "shown"), [("rds", False), ("cloudwatch", True)])
def test_a_policy_that_left_a_service_out_before_is_not_what_a_new_sender_fails_for(before: str, shown: bool) -> None:
    theirs = _key("sns") + TOPIC + ALARM.replace("NAME", "a")
    issue = _of(issues(_key(before) + TOPIC * shown, theirs), "RG102")
    assert issue.status is Status.INTRODUCED
    assert ("aws_kms_key.k" in issue.corrected, "aws_cloudwatch_metric_alarm.a" in issue.corrected) == (shown, shown)


@pytest.mark.parametrize(
    ("before", "key", "topic"),
    [("", False, True), ("rds", False, True), ("cloudwatch", True, True), (None, True, False)],
    ids=["default policy", "another service", "it admitted the sender", "no key before"],
)
def test_the_key_of_before_under_another_name_is_not_what_a_new_topic_fails_for(before: str | None, key: bool, topic: bool) -> None:
    bucket = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
    model = bucket + (_key(before).replace('"k"', '"earlier"') if before is not None else "")
    issue = _of(issues(model, bucket + _key() + TOPIC + ALARM.replace("NAME", "a")), "RG102")
    assert issue.status is Status.INTRODUCED
    assert ("aws_kms_key.k" in issue.corrected, "aws_sns_topic.t" in issue.corrected) == (key, topic)


PLAIN_TOPIC = TOPIC.replace("  kms_master_key_id = aws_kms_key.k.id\n", "")


@pytest.mark.parametrize(("service", "told"), [("logs", True), ("cloudwatch", False)])
def test_a_key_that_shuts_out_who_publishes_is_said_of_the_encryption_that_brings_it_in(service: str, told: bool) -> None:
    alarm = ALARM.replace("NAME", "a")
    found = issues(_key(service) + PLAIN_TOPIC + alarm, _key(service) + TOPIC + alarm)
    assert [i.status for i in found if i.rule == "RG102"] == ["introduced"] * told
    said = [f"a defect of its own: #{i.id}" for i in found if i.rule == "RG102"] or [""]
    assert doubt(_of(found, "RG002").problem, "it").removeprefix("what it adds has ") == said[0]
