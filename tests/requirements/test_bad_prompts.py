"""PROMPTs that are no list of demands: another language, code, nothing, a book. Each is read and judged, and in bounded time."""

from __future__ import annotations

import time

import pytest

from reviewgen.model.requirement import Verdict
from reviewgen.model.source import Document
from reviewgen.requirements import check, contradictions, parse, trace
from tests.build import graph

CODE = '```hcl\nresource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16" # must be all regions\n}\n```\n'
LINE = "- All S3 buckets must have versioning, 3 NAT gateways in us-east-1, log retention of 7 days, never public, tagged with Owner and Team\n"
PROMPTS = {
    "nothing": "",
    "blank": " \n\t\n\ufeff\n",
    "German": "Erstelle ein VPC mit drei Subnetzen. Alle Buckets müssen verschlüsselt sein, kein öffentlicher Zugriff.\n",
    "Japanese": "すべてのバケットを暗号化してください。\n- リージョンは東京\n",
    "Arabic": "يجب تشفير جميع البيانات.\n1. شبكة واحدة\n",
    "code": CODE * 40,
    "code without an end": "```hcl\n" + 'resource "aws_vpc" "main" {\n' * 400,
    "two megabytes of demands": LINE * (2_000_000 // len(LINE)),
    "two megabytes of code": CODE * (2_000_000 // len(CODE)),
    "two megabytes of one word": "must" * 500_000,
    "two megabytes of one line": "Create a NAT gateway in each zone, only " * 50_000,
    "control characters": "".join(map(chr, range(1, 32))) * 200 + "\n- must \x00\x1b[31m\n",
}


@pytest.mark.parametrize("name", PROMPTS)
def test_any_prompt_is_judged_in_bounded_time(name: str) -> None:
    text = PROMPTS[name]
    tree = graph('resource "aws_vpc" "v" {}\nresource "aws_s3_bucket" "b" {}\nresource "aws_nat_gateway" "n" {\n  count = 2\n}\n')
    start = time.process_time()
    rows = parse(Document("PROMPT.md", text))
    excluding = contradictions(rows)
    covered = (*trace(rows, tree, tree, excluding), *check(rows, text, tree, tree, excluding).coverage)
    assert time.process_time() - start < 20
    assert len(rows) <= 1500 and {row.requirement.id for row in covered} == {row.id for row in rows}
    assert all(row.model is row.ideal for row in covered)


def test_code_asks_for_nothing() -> None:
    tree = graph('resource "aws_vpc" "v" {}')
    rows = trace(parse(Document("PROMPT.md", CODE)), tree, tree)
    assert all(row.model is Verdict.UNKNOWN for row in rows)
