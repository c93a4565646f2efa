from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reviewgen import render
from tests.command_line import IDEAL, MODEL, Cli, MakeSample


def test_stdout_gets_the_document_and_nothing_else(cli: Cli, make_sample: MakeSample) -> None:
    run = cli("report", make_sample())
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("# ")
    assert run.out == cli("report", make_sample("again/audit"), "-o", "-").out


def test_json_is_the_published_schema(cli: Cli, make_sample: MakeSample) -> None:
    review = json.loads(cli("report", make_sample(), "--format", "json").out)
    Draft202012Validator(render.schema()).validate(review)
    assert review["sample"]["id"] == "audit"
    assert "aws_kms_key.logs" in review["diff"]["added"]


def test_folder_gets_both_files_and_stderr_three_lines(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    sample, out = make_sample(), tmp_path / "new" / "out"
    run = cli("report", sample, "-o", f"{out}/")
    assert (run.code, run.out) == (0, "")
    lines = run.err.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("audit: ")
    assert lines[1:] == [f"document: {out / 'MODEL_FAILURES.md'}", f"review:   {out / 'review.json'}"]
    assert sorted(p.name for p in out.iterdir()) == ["MODEL_FAILURES.md", "review.json"]
    assert (out / "MODEL_FAILURES.md").read_text("utf-8") == cli("report", sample).out
    assert (out / "review.json").read_text("utf-8") == cli("report", sample, "--format", "json").out
    assert cli("report", sample, "-q", "-o", out) == (0, "", "")  # an existing folder needs no slash


@pytest.mark.parametrize(
    ("name", "arguments", "first"),
    [("r.json", [], "{"), ("r.md", [], "#"), ("r", ["--format", "json"], "{"), ("r.json", ["--format", "markdown"], "#")],
)
def test_one_file(cli: Cli, make_sample: MakeSample, tmp_path: Path, name: str, arguments: list[str], first: str) -> None:
    run = cli("report", make_sample(), "-o", tmp_path / name, *arguments)
    assert run.code == 0
    assert (tmp_path / name).read_text("utf-8")[0] == first
    assert len(run.err.splitlines()) == 2


def test_setting_decides_where_no_flag_and_no_suffix_does(
    cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWGEN_FORMAT", "json")
    assert cli("report", make_sample()).out[0] == "{"
    assert cli("report", tmp_path / "samples" / "audit", "--format", "markdown").out[0] == "#"


def test_sides_without_a_folder(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "answer.md").write_text(MODEL, "utf-8")
    fixed = tmp_path / "fixed"
    fixed.mkdir()
    (fixed / "main.tf").write_text(IDEAL.split("```hcl\n")[1].rstrip("`\n"), "utf-8")
    review = json.loads(cli("report", "--model", tmp_path / "answer.md", "--ideal", fixed, "--format", "json").out)
    assert (review["sample"]["model"], review["sample"]["ideal"], review["sample"]["prompt"]) == ("answer.md", "fixed/", None)
    assert "aws_kms_key.logs" in review["diff"]["added"]


def test_model_from_stdin(cli: Cli, make_sample: MakeSample) -> None:
    review = json.loads(cli("report", make_sample(), "--model", "-", "--format", "json", stdin=IDEAL).out)
    assert review["sample"]["model"] == "stdin"
    assert review["sample"]["class"] == "identical"


def test_gate(cli: Cli, make_sample: MakeSample) -> None:
    sample = make_sample()
    categories = {issue["category"] for issue in json.loads(cli("report", sample, "--format", "json").out)["issues"]}
    assert categories, "the sample has an issue"
    order = ("blocker", "critical", "warning")
    worst = min(order.index(c) for c in categories)
    for position, category in enumerate(order):
        run = cli("report", sample, "--fail-on", category)
        assert run.code == (1 if position >= worst else 0)
        assert run.out.startswith("# ")  # the gate does not take the document away
        assert run.err.startswith("gate: ") == (run.code == 1)


def test_verbose_says_what_was_assumed(cli: Cli, make_sample: MakeSample) -> None:
    sample = make_sample(prompt=None)
    assert "note: There is no PROMPT" in cli("report", sample, "-v").err
    assert cli("-v", "report", sample).err == cli("report", sample, "-v").err
    assert cli("report", sample).err == ""


def test_special_files_are_written_to_and_not_replaced(cli: Cli, make_sample: MakeSample) -> None:
    before = os.stat(os.devnull)
    assert cli("report", make_sample(), "-q", "-o", os.devnull) == (0, "", "")
    after = os.stat(os.devnull)
    assert (before.st_mode, before.st_rdev) == (after.st_mode, after.st_rdev)


def test_links_are_written_through_and_permissions_are_usual(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    target, link = tmp_path / "target.md", tmp_path / "link.md"
    target.write_text("old", "utf-8")
    link.symlink_to(target)
    usual = target.stat().st_mode
    assert cli("report", make_sample(), "-o", link).code == 0
    assert link.is_symlink()
    assert target.read_text("utf-8").startswith("# ")
    assert target.stat().st_mode == usual


def test_nothing_is_left_where_writing_failed(cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "review.json").write_text("old", "utf-8")

    def full(self: Path, data: bytes) -> int:
        os.close(os.open(self, os.O_CREAT | os.O_WRONLY))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    run = cli("report", make_sample(), "-o", out / "review.json")
    assert run.code == 2
    assert run.err == f"error: {out / 'review.json'}: cannot write: No space left on device (make room and run it again)\n"
    assert [(p.name, p.read_text("utf-8")) for p in out.iterdir()] == [("review.json", "old")]
