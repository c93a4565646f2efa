"""What a policy says, in each form in which Terraform code writes one, and what stays unknown."""

from __future__ import annotations

import pytest

from reviewgen.terraform.policies import Policy
from tests.build import graph

ROLE = 'resource "aws_iam_role" "r" {}\n'
QUEUE = 'resource "aws_sqs_queue" "q" {}\nresource "aws_sqs_queue" "other" {}\n'
SEND = '{ Effect = "Allow", Action = ["sqs:Send*"], Resource = aws_sqs_queue.q.arn }'


def of_role(code: str) -> Policy:
    found = graph(ROLE + QUEUE + code)
    return found.policies.of_role(found.of_type("aws_iam_role")[0])


def inline(policy: str) -> str:
    return f'resource "aws_iam_role_policy" "p" {{\n  role = aws_iam_role.r.id\n  policy = {policy}\n}}\n'


FORMS = {
    "jsonencode": inline(f"jsonencode({{ Statement = [{SEND}] }})"),
    "one statement": inline(f"jsonencode({{ Statement = {SEND} }})"),
    "heredoc": inline(
        '<<-EOT\n{"Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "${aws_sqs_queue.q.arn}"}]}\nEOT'
    ),
    "local": inline("local.doc") + f"locals {{\n  one = {SEND}\n  doc = jsonencode({{ Statement = concat([], [local.one]) }})\n}}\n",
    "data": inline("data.aws_iam_policy_document.d.json")
    + 'data "aws_iam_policy_document" "d" {\n  statement {\n    actions = ["sqs:*"]\n    resources = [aws_sqs_queue.q.arn]\n  }\n}\n',
    "data with source": inline("data.aws_iam_policy_document.e.json")
    + 'data "aws_iam_policy_document" "e" {\n  source_policy_documents = [data.aws_iam_policy_document.d.json]\n}\n'
    + 'data "aws_iam_policy_document" "d" {\n  statement {\n    actions = ["sqs:SendMessage"]\n    resources = [aws_sqs_queue.q.arn]\n  }\n}\n',
    "dynamic": inline("data.aws_iam_policy_document.d.json") + 'data "aws_iam_policy_document" "d" {\n  dynamic "statement" {\n'
    '    for_each = ["Send", "Receive"]\n    content {\n      actions = ["sqs:${statement.value}Message"]\n'
    "      resources = [aws_sqs_queue.q.arn]\n    }\n  }\n}\n",
    "for": inline(
        'jsonencode({ Statement = [for a in ["Send", "Receive"] : '
        '{ Effect = "Allow", Action = "sqs:${a}Message", Resource = aws_sqs_queue.q.arn }] })'
    ),
    "attached": 'resource "aws_iam_role_policy_attachment" "a" {\n  role = aws_iam_role.r.name\n  policy_arn = aws_iam_policy.p.arn\n}\n'
    f'resource "aws_iam_policy" "p" {{\n  policy = jsonencode({{ Statement = [{SEND}] }})\n}}\n',
    "attached in a loop": 'resource "aws_iam_role_policy_attachment" "a" {\n  for_each = { one = aws_iam_policy.p.arn }\n'
    "  role = aws_iam_role.r.name\n  policy_arn = each.value\n}\n"
    f'resource "aws_iam_policy" "p" {{\n  policy = jsonencode({{ Statement = [{SEND}] }})\n}}\n',
    "attached to many": 'resource "aws_iam_policy_attachment" "a" {\n  name = "x"\n  roles = [aws_iam_role.r.name]\n'
    f"  policy_arn = aws_iam_policy.p.arn\n}}\n"
    f'resource "aws_iam_policy" "p" {{\n  policy = jsonencode({{ Statement = [{SEND}] }})\n}}\n',
    "all that is attached": 'resource "aws_iam_role_policy_attachments_exclusive" "a" {\n  role_name = aws_iam_role.r.name\n'
    "  policy_arns = [aws_iam_policy.p.arn]\n}\n"
    f'resource "aws_iam_policy" "p" {{\n  policy = jsonencode({{ Statement = [{SEND}] }})\n}}\n',
}


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str) -> None:
    policy = of_role(FORMS[form])
    assert policy.complete
    assert policy.allows("sqs:SendMessage", on="aws_sqs_queue.q") is True
    assert policy.allows("sqs:SendMessage", on="aws_sqs_queue.other") is False
    assert policy.allows("sqs:DeleteMessage") is (form == "data")


UNKNOWN_FORMS = {
    "variable": inline("var.policy") + 'variable "policy" {}\n',
    "variable actions": inline('jsonencode({ Statement = [{ Effect = "Allow", Action = var.a, Resource = "*" }] })') + 'variable "a" {}\n',
    "condition": inline(f"jsonencode({{ Statement = var.on ? [{SEND}] : [] }})") + 'variable "on" {}\n',
    "rest": inline("jsonencode({ Statement = concat([], var.rest) })") + 'variable "rest" {}\n',
    "loop": inline(f"jsonencode({{ Statement = [for x in var.names : {SEND}] }})") + 'variable "names" {}\n',
    "managed": 'resource "aws_iam_role_policy_attachment" "a" {\n  role = aws_iam_role.r.name\n  policy_arn = var.arn\n}\nvariable "arn" {}\n',
    "somebody's": 'resource "aws_iam_role_policy" "p" {\n  role = var.role\n  policy = "{}"\n}\nvariable "role" {}\n',
}  # fmt: skip


@pytest.mark.parametrize("form", UNKNOWN_FORMS)
def test_what_is_not_certain_is_unknown(form: str) -> None:
    assert of_role(UNKNOWN_FORMS[form]).allows("sqs:SendMessage") is None


def test_a_role_without_anything_may_do_nothing() -> None:
    assert of_role("").allows("sqs:SendMessage") is False
    assert of_role('module "m" {\n  source = "some/where/aws"\n}\n').allows("sqs:SendMessage") is None


KEY = 'resource "aws_kms_key" "k" {{\n  policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "kms:*", Resource = "*", Principal = {} }}] }})\n}}\n'


@pytest.mark.parametrize(
    ("principal", "answer"),
    [
        ('{ Service = "logs.${data.aws_region.here.name}.amazonaws.com" }', True),
        ('{ Service = ["s3.amazonaws.com", "logs.eu-west-1.amazonaws.com"] }', True),
        ('"*"', True),
        ('{ Service = "sns.amazonaws.com" }', False),
        ('{ AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }', False),
        ("var.principals", None),
    ],
)
def test_which_service_may_use_a_key(principal: str, answer: bool | None) -> None:
    found = graph(KEY.format(principal) + 'variable "principals" {}\n')
    policy = found.policies.on(found.of_type("aws_kms_key")[0])
    assert policy is not None and policy.origins == ("aws_kms_key.k.policy",)
    assert policy.allows("kms:Decrypt", service="logs") is answer


def test_resource_policies() -> None:
    found = graph(
        'resource "aws_s3_bucket" "a" {}\nresource "aws_s3_bucket" "b" {}\nresource "aws_kms_key" "k" {}\n'
        'resource "aws_kms_alias" "k" {\n  target_key_id = aws_kms_key.k.key_id\n}\n'
        'resource "aws_s3_bucket_policy" "p" {\n  bucket = aws_s3_bucket.a.id\n  policy = jsonencode({ Statement = [{ Effect = "Allow", '
        'Action = "s3:PutObject", Resource = "${aws_s3_bucket.a.arn}/*", Principal = { Service = "cloudtrail.amazonaws.com" } }] })\n}\n'
        "locals {\n  key = aws_kms_alias.k.arn\n}\n"
    )
    a, b = found.of_type("aws_s3_bucket")
    key = found.of_type("aws_kms_key")[0]
    written = found.policies.on(a)
    assert written is not None and written.allows("s3:PutObject", service="cloudtrail", on=a.address)
    assert found.policies.on(b) is None
    default = found.policies.on(key)
    assert default is not None and default.allows("kms:Decrypt") and default.allows("kms:Decrypt", service="sns") is False
    local = found.tree.declarations["local.key"].attribute
    assert local is not None and found.policies.key(local.expr, "") is key
