"""The command line in the test's own process, and small samples for it. The conftest of each room that needs them imports the fixtures."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

PROMPT = """# Task

Build an audit log bucket.

1. Encrypt the bucket `logs` with a customer managed KMS key.
2. Block public access.
"""
MODEL = """# Answer

### main.tf

```hcl
resource "aws_s3_bucket" "logs" {
  bucket = "audit-logs"
  # In a real deployment, use a customer managed key.
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
```
"""
IDEAL = """# Answer

### main.tf

```hcl
resource "aws_kms_key" "logs" {
  enable_key_rotation = true
}

resource "aws_s3_bucket" "logs" {
  bucket = "audit-logs"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.logs.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
```
"""


class Run(NamedTuple):
    """What a run of the command line gave."""

    code: int
    out: str
    err: str


Cli = Callable[..., Run]
MakeSample = Callable[..., Path]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the person who runs the tests reaches them, apart from the switch that refreshes goldens."""
    for name in list(os.environ):
        if name in ("NO_COLOR", "FORCE_COLOR") or (name.startswith("REVIEWGEN_") and name != "REVIEWGEN_GOLDENS"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("REVIEWGEN_CACHE", "off")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line in this process: ``cli("report", path, stdin="...")``."""
    from reviewgen.cli.main import run

    def call(*arguments: object, stdin: str | bytes = "") -> Run:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))
            patch.delenv("REVIEWGEN_GOLDENS", raising=False)
            capsys.readouterr()
            code = run([str(argument) for argument in arguments])
            return Run(code, *capsys.readouterr())

    return call


@pytest.fixture
def make_sample(tmp_path: Path) -> MakeSample:
    """Make a small sample's folder: ``make_sample("team/one", ideal=None)`` leaves a document out."""

    def make(name: str = "audit", *, prompt: str | None = PROMPT, model: str | None = MODEL, ideal: str | None = IDEAL) -> Path:
        folder = tmp_path / "samples" / name
        folder.mkdir(parents=True)
        for file, text in (("PROMPT.md", prompt), ("MODEL_RESPONSE.md", model), ("IDEAL_RESPONSE.md", ideal)):
            if text is not None:
                (folder / file).write_text(text, encoding="utf-8")
        return folder

    return make
