"""Documents held against a small sample: each kind of contradiction, and beside it the near miss about which nothing may be said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reviewgen import audit, pipeline, sample
from reviewgen.audit import Finding, Kind
from reviewgen.config import Config
from reviewgen.model.source import Turns
from tests.command_line import Cli
from tests.paths import CASES

FOLDER = CASES / "audit"
SAMPLE = sample.load(FOLDER / "sample")


def audited(text: str, turns: Turns | None = None) -> tuple[Finding, ...]:
    return pipeline.audit_sample(SAMPLE, turns or Turns(), text, "x.md", Config())[1]


def said(text: str, turns: Turns | None = None) -> list[tuple[Kind, int]]:
    return [(f.kind, f.line) for f in audited(text, turns) if f.kind is not Kind.LACKS]


CONTRADICTED = {
    "code of neither answer": (
        '# Failures of MODEL\n\n**IDEAL_RESPONSE Fix**:\n\n```hcl\nresource "aws_sqs_queue" "jobs" {\n  name                      = "jobs"\n'
        "  message_retention_seconds = 777\n}\n```\n",
        [(Kind.CODE, 8)],
    ),
    "code of the other answer": (
        "# Failures of MODEL\n\n**MODEL_RESPONSE Issue**:\n\n```hcl\n  kms_master_key_id = aws_kms_key.jobs.arn\n```\n",
        [(Kind.SWAPPED, 6)],
    ),
    "message about other code": (
        "# Failures of MODEL\n\n```\nError: Unsupported argument\n\n  with aws_sqs_queue.other,\n  on main.tf line 3, in resource "
        '"aws_sqs_queue" "other":\n   3:   receive_wait_seconds = 7\n```\n',
        [(Kind.ERROR, 6), (Kind.ERROR, 8)],
    ),
    "missing, and there": ("# Failures of MODEL\n\n## 1. Missing VPC Flow Logs\n\nThe model has none.\n", [(Kind.PRESENT, 3)]),
    "missing output": ("# Failures of MODEL\n\n- Missing `queue_url` output\n", [(Kind.PRESENT, 3)]),
    "added, and nowhere": (
        "# Failures of MODEL\n\n- Added `dead_letter_url` output\n- Added VPC peering to the other region\n",
        [(Kind.ABSENT, 3), (Kind.ABSENT, 4)],
    ),
    "added, and there before": ("# Failures of MODEL\n\n- Added `visibility_timeout_seconds = 60` to the queue\n", [(Kind.PRESENT, 3)]),
    "removed, and never there": ("# Failures of MODEL\n\n- Removed `redrive_policy` from the queue\n", [(Kind.ABSENT, 3)]),
    "a setting of nobody": ('# Failures\n\n**MODEL_RESPONSE Issue**: The queue is named by `name_prefix = "jobs-"`.\n', [(Kind.ABSENT, 3)]),
    "an address of nobody": ("# Failures\n\n**MODEL_RESPONSE Issue**: The flaw of `aws_sqs_queue.dead` is its name.\n", [(Kind.ABSENT, 3)]),
    "table": (
        "# Failures\n\n| Part | MODEL_RESPONSE | IDEAL_RESPONSE |\n|---|---|---|\n| VPC Flow Logs | \u274c Missing | \u2705 |\n"
        "| CloudTrail | - | \u2705 Implemented |\n",
        [(Kind.ABSENT, 6), (Kind.PRESENT, 5)],
    ),
    "all lack it, and all have it": (
        "# Failures\n\n**Issue**: Outputs lacked descriptions.\n",
        [(Kind.PRESENT, 3)],
    ),
    "a limit that is kept": (
        "# Failures of MODEL\n\n## 1. Names\n\n**Issue**: Security group names begin with `sg-`, which is reserved.\n",
        [(Kind.DEFECT, 5)],
    ),
    "a cycle that is none": ("# Failures of MODEL\n\n## 1. Circular dependency of queue and key\n\nIt fails.\n", [(Kind.DEFECT, 3)]),
    "a provider that is declared": ("# Failures of MODEL\n\n**Issue**: The random provider is not declared.\n", [(Kind.DEFECT, 3)]),
    "words that PROMPT does not have": (
        '# Failures\n\nPROMPT requires "encrypt every queue with the master key of the team".\n',
        [(Kind.QUOTATION, 3)],
    ),
    "heading and label": ("# Failures\n\n## Critical Failures\n\n### 1. Names\n\n**Severity**: Low\n", [(Kind.SEVERITY, 7)]),
    "total": (
        "# Failures\n\n## High Failures\n\n### 1. Names\n\nWrong.\n\n### 2. Keys\n\nNone.\n\n## Summary\n\n- Total failures: 1 High, 0 Low\n",
        [(Kind.TOTAL, 15)],
    ),
    "sum": ("# Failures\n\n**Score**: 8 - 2 - 1 = 6\n", [(Kind.TOTAL, 3)]),
    "about nothing that is there": (
        "# Failures\n\n## 1. Zebra stripes\n\nThe throughput of `aws_efs_file_system` is too low.\n",
        [(Kind.UNSUPPORTED, 3)],
    ),
}
SILENT = {
    "code of the answer, written otherwise": (
        '# Failures\n\n**IDEAL_RESPONSE Fix**:\n\n```hcl\nresource "aws_sqs_queue" "jobs" {\n  name = "jobs" # as before\n  ...\n}\n```\n'
    ),
    "code that should be": "# Failures\n\n**MODEL_RESPONSE Issue**: It should have set a longer time:\n\n```hcl\nreceive_wait_seconds = 7\n```\n",
    "code under a label of its own": "# Failures\n\n**MODEL_RESPONSE**: bad\n\n**Better**:\n\n```hcl\nreceive_wait_seconds = 7\n```\n",
    "missing for a part": "# Failures of MODEL\n\n## 1. Missing VPC Flow Logs for the second VPC\n\nOnly one has them.\n",
    "missing in part": "# Failures of MODEL\n\n## 1. Missing VPC Flow Logs\n\nThe model has them for some networks only.\n",
    "added with the right value": "# Failures of MODEL\n\n- Added `kms_master_key_id` to the queue\n",
    "advice": "# Failures of MODEL\n\n**Recommendation**: Added alarms and VPC peering would help.\n",
    "a quotation cut and put together": (
        '# Failures\n\nPROMPT says "Encrypt the queue with a key ... and publish its URL". It also says "**Encrypt** the queue, with a key".\n'
    ),
    "not as PROMPT's words": '# Failures\n\nThe model says "encrypt every queue with the master key of the team".\n',
    "two severities": "# Failures\n\n## Critical and High Failures\n\n### 1. Names\n\n**Severity**: Low\n",
    "very low": "# Failures\n\n## Medium Failures\n\n### 1. Names\n\n**Severity**: Very Low\n",
    "a total in passing": "# Failures\n\n## High Failures\n\n### 1. Names\n\nWrong.\n\n## Summary\n\nThere were 3 high alarms.\n",
    "a sum that is right": "# Failures\n\n**Score**: 8 - 2 - 1 = 5, 10.0 - 1.5 = 8.5\n",
    "a heading without a space": (
        "# Failures\n\n## Critical Failures\n\n### 1. A\n\n**Severity**: Critical\n\n##High Failures\n\n### 2. B\n\n**Severity**: High\n"
    ),
    "a heading in a block that never closed": (
        "# Failures\n\n## Critical Failures\n\n### 1. A\n\n```\na\n\n## High Failures\n\n```\n\n### 2. B\n\n**Severity**: High\n"
    ),
    "a block that never closed": (
        "# Failures\n\n**IDEAL_RESPONSE Fix**:\n\n```hcl\nname = local.queue\n\n## 2. Next\n\n**MODEL_RESPONSE Issue**: bad\n\nreceive_wait_seconds = 7\n"
    ),
    "a setting that is the default": "# Failures\n\n**MODEL_RESPONSE Issue**: The queue has `fifo_queue = false`.\n",
    "a message about a file that is not shown": (
        "# Failures\n\n```\nError: Reference to undeclared input variable\n\n  on network.tf line 3:\n   3:   region = var.zone_of_all\n```\n"
    ),
    "a range and an address": "# Failures\n\n**Issue**: 10.0.0.0 - 10.0.0.255 and 3 - 2 years\n",
}


@pytest.mark.parametrize("name", CONTRADICTED)
def test_contradicted(name: str) -> None:
    text, wanted = CONTRADICTED[name]
    found = said(text)
    assert sorted(found) == sorted(wanted)
    assert all(f.evidence and f.says for f in audited(text))


@pytest.mark.parametrize("name", SILENT)
def test_near_misses_are_left_alone(name: str) -> None:
    assert said(SILENT[name]) == []


def test_a_later_turn_may_have_what_the_first_one_has_not() -> None:
    text, _ = CONTRADICTED["a setting of nobody"]
    assert said(text, Turns(model=('```hcl\nname_prefix = "jobs-"\n```\n',))) == []


def test_serious_issues_that_a_document_lacks() -> None:
    nothing = "# Failures of MODEL\n\n## 1. Style\n\nThe comments are long.\n"
    assert [f.says for f in audited(nothing) if f.kind is Kind.LACKS] == ["nothing about: No customer-managed KMS key: `kms_master_key_id`"]
    assert not [f for f in audited(nothing + "\nThe queue has no `kms_master_key_id`.\n") if f.kind is Kind.LACKS]


def test_our_own_document_has_no_contradiction() -> None:
    from reviewgen.render import markdown, template_names

    review = pipeline.review_sample(SAMPLE, Config())
    for template in template_names():
        assert audited(markdown(review, template=template)) == ()


def test_command_and_counts(cli: Cli, tmp_path: Path) -> None:
    text, _ = CONTRADICTED["total"]
    document = tmp_path / "doc.md"
    document.write_bytes(text.replace("\n", "\r\n").encode())
    run = cli("audit", FOLDER / "sample", "--document", document)
    assert run.code == 1 and "doc.md:15: total:" in run.out and "The document has 2 issues of severity high." in run.out
    rows = json.loads(cli("audit", FOLDER / "sample", "--document", document, "--format", "json").out)["findings"]
    assert {
        "kind": "total",
        "line": 15,
        "issue": None,
        "says": '"1 High"',
        "evidence": ["The document has 2 issues of severity high."],
    } in rows
    run = cli("audit", FOLDER / "sample", "--document", document, "--fix-counts")
    assert run.code == 1 and "total:" not in run.out and "1 total mended" in run.err
    assert document.read_bytes() == text.replace("1 High", "2 High").replace("\n", "\r\n").encode()


def test_a_sum_is_mended_and_an_unclear_line_is_not(cli: Cli, tmp_path: Path) -> None:
    document = tmp_path / "doc.md"
    for before, after in (("8 - 2 = **5**", "8 - 2 = **6**"), ("8 - 2 = 5 and 8 - 2 = 5", "8 - 2 = 5 and 8 - 2 = 5")):
        document.write_text(f"# Failures\n\n**Issue**: {before}\n", "utf-8")
        cli("audit", FOLDER / "sample", "--document", document, "--fix-counts")
        assert document.read_text("utf-8") == f"# Failures\n\n**Issue**: {after}\n"


@pytest.mark.parametrize("arguments", [["--document", "nowhere.md"], [], ["--document", "-", "--fix-counts"], ["--document", "PROMPT"]])
def test_wrong_input(cli: Cli, arguments: list[str]) -> None:
    given = [a.replace("PROMPT", str(FOLDER / "sample" / "IDEAL_RESPONSE.md")) for a in arguments]
    run = cli("audit", FOLDER / "sample", *given)
    assert (run.code, run.out) == (2, "") and run.err.startswith("error: ")


def test_every_kind_is_explained() -> None:
    assert set(audit.EXPLAINED) == set(Kind)
