"""Documents of people: each way to write down failures, one small case."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewgen.documents.file import MOST_BYTES, load_text, read_failures
from reviewgen.errors import InputError
from tests.command_line import Cli
from tests.goldens import golden
from tests.paths import CASES

FOLDERS = sorted((CASES / "documents").iterdir())


@pytest.mark.parametrize("folder", FOLDERS, ids=[f.name for f in FOLDERS])
def test_golden_reading(cli: Cli, folder: Path) -> None:
    run = cli("read", folder / "input.md", "--format", "json")
    assert (run.code, run.err) == (0, "")
    golden(folder / "expected.json", run.out)


def test_as_text(cli: Cli) -> None:
    run = cli("read", CASES / "documents" / "labels" / "input.md")
    assert run.out.splitlines()[:6] == [
        "Failures: 2 issues",
        "",
        "1. Wrong zone  (blocker, CRITICAL, fixed; line 3)",
        "   where: aws_route53_record.www, data.aws_route53_zone.main and 2 more",
        "   code of nobody named on line 19",
        "   code of IDEAL on line 25",
    ]


def test_from_a_pipe(cli: Cli) -> None:
    run = cli("read", "-", stdin="# Failures\n\n## 1. Wrong\n\n**Severity**: High\n")
    assert (run.code, run.out) == (0, "Failures: 1 issue\n\n1. Wrong  (critical, HIGH; line 3)\n")


def test_large_binary_and_other_documents_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    with path.open("wb") as file:
        file.truncate(20 * 1024 * 1024)
    with pytest.raises(InputError, match="larger than 5 MB"):
        load_text(path)
    path.write_bytes(b"# a\x00\x01\x02")
    with pytest.raises(InputError, match="binary"):
        load_text(path)
    with pytest.raises(InputError, match="folder"):
        load_text(tmp_path)
    with pytest.raises(InputError, match="no document of failures"):
        read_failures("## main.tf\n\n```hcl\nlocals {}\n```\n", "answer.md")
    with pytest.raises(InputError, match="no document of failures"):
        read_failures("", "empty.md")


TREE = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "q{n}"\n}}\n\n' for n in range(9))
OTHERS = {
    "task": "# Queues\n\nCreate a queue, handle errors and log failed jobs.\n\n## Problem Statement\n\nFix the issues of the old one.\n",
    "task without a title": "We need queues that survive failures. Issues go to the team.\n\nFix the old ones.\n\nFix their names.\n",
    "answer": f"# Queues\n\nWith error handling.\n\n```hcl\n{TREE}```\n\n## Common Issues\n\n**Error**: no access\n\n**Solution**: a policy\n",
    "answer with headings": f"# IDEAL_RESPONSE\n\n## Key Fixes\n\n## Issue Resolutions\n\n```hcl\n{TREE}```\n",
    "answer without fences": f"{TREE}{TREE.replace('q', 'r')}{TREE.replace('q', 's')}# Alarm for errors\n# Alarm for failures\n",
}
FAILURES = {
    "title": "# Fixes\n\nThe name was changed.\n",
    "first line": "Deployment failed with a wrong name\n",
    "title in a fence": "```\n# Model Failures\n\nThe name.\n```\n",
    "labels": f"# Queues\n\n**MODEL_RESPONSE Issue**: no key\n\n**IDEAL_RESPONSE Fix**: a key\n\n```hcl\n{TREE}```\n",
    "root causes": f"# 1. Names\n\n**Error**: refused\n\n**Root Cause**: dots\n\n**Fix**: hyphens\n\n```hcl\n{TREE}```\n",
    "messages": "# Queues\n\n```\nError: Unsupported argument\n```\n",
    "headings": "# Queues\n\n## Wrong names: an error\n\n## The second problem\n",
    "corrections": "Fix the names of the queues:\n\n- no dots\n\nFix the key.\n",
    "nothing": "Model code was deployed successfully on first attempt.\n",
}


@pytest.mark.parametrize("name", OTHERS)
def test_documents_of_another_kind_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="no document of failures"):
        read_failures(OTHERS[name], "other.md")


@pytest.mark.parametrize("name", FAILURES)
def test_documents_of_failures_are_read(name: str) -> None:
    read_failures(FAILURES[name], "failures.md")


def test_a_large_document_is_read_in_bounded_time() -> None:
    issue = "## {}. Wrong `aws_sqs_queue.a`\n\n**Severity**: High\n\n- ✅ a\n- ❌ b (c) [d](e) **f**\n\n```hcl\na = 1\n```\n\n"
    text = "# Failures\n\n" + "".join(issue.format(n) for n in range(1, 2000)) + "*" * 20_000 + "[" * 20_000 + "`" * 20_000
    assert len(text) < MOST_BYTES
    assert len(read_failures(text, "x").issues) == 1999
