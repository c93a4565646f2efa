from __future__ import annotations

import json
from pathlib import Path

import pytest

from reviewgen import pipeline
from reviewgen.model.diagnostic import Diagnostic, Snippet, Validation
from reviewgen.model.source import Position, Range, SourceFile
from reviewgen.model.tree import Tree
from tests.command_line import Cli

CODE = 'resource "aws_s3_bucket" "logs" {\n\tbückét = "a"\n}\n'
FILE = SourceFile("main.tf", CODE, "ANSWER.md", 11)
ERROR = Diagnostic(
    "error",
    "Unsupported argument",
    'An argument named "bückét" is not expected here, and this sentence is long enough to be wrapped by Terraform.\n  kept as it is',
    "aws_s3_bucket.logs",
    Range("main.tf", Position(2, 2, 35), Position(2, 8, 43)),
    Snippet('resource "aws_s3_bucket" "logs"', '\tbückét = "a"', 2),
)
WARNING = Diagnostic("warning", "Version constraints inside provider configuration blocks are deprecated")
TEXT = """\
Error: Unsupported argument

  with aws_s3_bucket.logs,
  on main.tf line 2 (ANSWER.md line 12), in resource "aws_s3_bucket" "logs":
   2: \tbückét = "a"
      \t^~~~~~

An argument named "bückét" is not expected here, and this sentence is long
enough to be wrapped by Terraform.
  kept as it is

Warning: Version constraints inside provider configuration blocks are deprecated

The configuration is not valid: 1 error, 1 warning.
1 type of providers without a schema was not checked: heroku_app.
The files are known to be a part only: what is missing may stand elsewhere.
"""


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A document for which validation finds the above."""
    tree = Tree("model", {"main.tf": FILE}, "", {}, {})
    result = Validation((ERROR, WARNING), True, ("heroku_app",), "static")
    monkeypatch.setattr(pipeline, "validate_document", lambda document, config: (tree, result))
    path = tmp_path / "ANSWER.md"
    path.write_text(f"# Answer\n\n### main.tf\n\n```hcl\n{CODE}```\n", "utf-8")
    return path


def test_text_is_what_terraform_prints(cli: Cli, found: Path) -> None:
    assert cli("validate", found) == (1, TEXT, "")


def test_json_is_what_terraform_prints(cli: Cli, found: Path) -> None:
    run = cli("validate", found, "--format", "json")
    shown = json.loads(run.out)
    assert run.code == 1
    assert (shown["format_version"], shown["valid"], shown["error_count"], shown["warning_count"]) == ("1.0", False, 1, 1)
    error, warning = shown["diagnostics"]
    assert error["range"] == {
        "filename": "main.tf",
        "start": {"line": 2, "column": 2, "byte": 35},
        "end": {"line": 2, "column": 8, "byte": 43},
    }
    snippet = error["snippet"]
    code = snippet["code"].encode()
    assert code[snippet["highlight_start_offset"] : snippet["highlight_end_offset"]].decode() == "bückét"
    assert set(warning) == {"severity", "summary", "detail"}


def test_real_tree(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('output "x" {\n  value = 1\n}\n', "utf-8")
    run = cli("validate", tmp_path)
    assert (run.code, run.out) == (0, "Success! The configuration is valid.\n")
    (tmp_path / "main.tf").write_text('output "x" {\n  value = = 1\n}\n', "utf-8")
    run = cli("validate", tmp_path)
    assert run.code == 1
    assert "on main.tf line 2" in run.out
    assert json.loads(cli("validate", tmp_path, "--format", "json").out)["valid"] is False


def test_wraps_where_terraform_does(cli: Cli, tmp_path: Path) -> None:
    """The lines are Terraform's own; a word with a hyphen stays whole."""
    (tmp_path / "main.tf").write_text(
        'output "x" {\n  value = var.missing\n}\n\noutput "y" {\n  value = file("a/rather-long/name-of-a-file.txt")\n}\n'
    )
    run = cli("validate", tmp_path)
    assert run.code == 1
    assert 'An input variable with the name "missing" has not been declared. This\nvariable can be declared with' in run.out
    assert max(map(len, run.out.splitlines())) <= 77


def test_types_without_a_schema_are_said_in_the_verdict(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "heroku_app" "a" {}\n\nresource "heroku_addon" "b" {}\n')
    run = cli("validate", tmp_path)
    assert run.code == 0
    assert (
        run.out
        == "Success! The configuration is valid.\n2 types of providers without a schema were not checked: heroku_addon, heroku_app.\n"
    )
