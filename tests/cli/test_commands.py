"""What a person at the command line gets: output, messages, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reviewgen.cli.main import run
from reviewgen.documents import read

Capture = pytest.CaptureFixture[str]


def test_report_goes_to_stdout_and_nothing_else_does(small: Path, capfd: Capture) -> None:
    assert run(["report", str(small)]) == 0
    out, err = capfd.readouterr()
    assert out.startswith("# ") and err == ""
    assert [i.id for i in read(out).issues]


def test_report_as_json(small: Path, capfd: Capture) -> None:
    assert run(["report", str(small), "--format", "json"]) == 0
    review = json.loads(capfd.readouterr().out)
    assert review["sample"]["id"] == "small" and review["diff"]["added"] == ["aws_sns_topic.alerts"]


def test_a_trailing_slash_or_an_existing_folder_gets_both_files(small: Path, tmp_path: Path, capfd: Capture) -> None:
    assert run(["report", str(small), "-o", f"{tmp_path}/new/"]) == 0
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == ["MODEL_FAILURES.md", "review.json"]
    out, err = capfd.readouterr()
    assert out == "" and len(err.splitlines()) == 3
    assert run(["-q", "report", str(small), "-o", str(tmp_path / "new")]) == 0
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("name", "start"), [("a.md", "# "), ("a.json", "{")])
def test_a_file_is_written_by_its_suffix(small: Path, tmp_path: Path, name: str, start: str) -> None:
    assert run(["report", str(small), "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_text().startswith(start)


def test_two_runs_give_the_same_bytes(small: Path, tmp_path: Path) -> None:
    for name in ("one/", "two/"):
        assert run(["report", str(small), "-o", f"{tmp_path}/{name}"]) == 0
    for name in ("MODEL_FAILURES.md", "review.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_explicit_documents_need_no_folder(small: Path, capfd: Capture) -> None:
    arguments = ["--model", str(small / "MODEL_RESPONSE.md"), "--ideal", str(small / "IDEAL_RESPONSE.md")]
    assert run(["report", *arguments, "--format", "json"]) == 0
    review = json.loads(capfd.readouterr().out)
    assert review["sample"]["prompt"] is None and any("no PROMPT" in n for n in review["sample"]["notes"])


def test_the_gate_fails_from_its_category_on(small: Path, tmp_path: Path) -> None:
    out = ["-o", str(tmp_path / "x.md")]
    assert run(["report", str(small), "--fail-on", "warning", *out]) == 1
    assert (tmp_path / "x.md").is_file()


def test_diff_is_text_for_people(small: Path, capfd: Capture) -> None:
    assert run(["diff", str(small / "MODEL_RESPONSE.md"), str(small / "IDEAL_RESPONSE.md")]) == 0
    assert capfd.readouterr().out == "+ aws_sns_topic.alerts\n\n1 added; 2 unchanged\n"


def test_diff_takes_files_and_folders(tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "a.tf").write_text('variable "x" {\n  default = 1\n}\n')
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "vars.tf").write_text('variable "x" {\n  default = 2\n}\n')
    assert run(["diff", str(tmp_path / "a.tf"), str(tmp_path / "b")]) == 0
    assert "~ default = 1 -> 2" in capfd.readouterr().out


def test_colours_only_where_they_are_asked_for(small: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["diff", str(small / "MODEL_RESPONSE.md"), str(small / "IDEAL_RESPONSE.md")]
    monkeypatch.setenv("FORCE_COLOR", "1")
    run(arguments)
    assert "\x1b[" in capfd.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    run(arguments)
    assert "\x1b[" not in capfd.readouterr().out


def test_validate_exits_with_1_when_the_tree_is_invalid(tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_vpc" "a" {\n  cidr_block = \n}\n')
    assert run(["validate", str(tmp_path)]) == 1
    out = capfd.readouterr().out
    assert "Error: Invalid expression" in out and "on main.tf line 2" in out and "^" in out
    assert run(["validate", str(tmp_path), "--format", "json"]) == 1
    assert json.loads(capfd.readouterr().out)["valid"] is False
    (tmp_path / "main.tf").write_text("locals {}\n")
    assert run(["validate", str(tmp_path)]) == 0


def test_config_shows_where_each_value_comes_from(tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reviewgen.toml").write_text('fail_on = "critical"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REVIEWGEN_JOBS", "3")
    assert run(["config", "--format", "json"]) == 0
    shown = json.loads(capfd.readouterr().out)
    assert shown["fail_on"] == {"value": "critical", "origin": "reviewgen.toml:1"}
    assert shown["jobs"]["origin"] == "REVIEWGEN_JOBS"
    assert shown["rubric"]["origin"] == "default"


def test_schema_commands(capfd: Capture) -> None:
    assert run(["schema", "list"]) == 0
    assert "hashicorp/aws" in capfd.readouterr().out
    assert run(["schema", "show", "aws_sqs_queue"]) == 0
    assert "fifo_queue" in capfd.readouterr().out
    assert run(["schema", "show", "aws_nothing"]) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["report"], ["report", "nowhere"], ["report", "{small}", "--format", "xml"], ["report", "{small}", "--model", "nowhere.md"],
        ["report", "{small}", "--fail-on", "bad"], ["report", "{small}", "--unknown"], ["nothing"], ["diff", "one"], ["diff", "nowhere", "nowhere"],
        ["validate"], ["validate", "nowhere"], ["batch", "nowhere", "-o", "{tmp}/o"], ["batch", "{tmp}/empty", "-o", "{tmp}/o"],
        ["report", "{tmp}/empty"], ["report", "{tmp}/binary"], ["report", "{tmp}/huge"], ["report", "{small}", "--template", "nothing"],
        ["report", "{small}", "-o", "{tmp}/binary/MODEL_RESPONSE.md/x/"], ["schema", "build", "nowhere", "-o", "{tmp}/o"], ["-q", "-v", "config"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_input_is_one_clear_message(arguments: list[str], small: Path, tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "empty").mkdir()
    for name, content in (("binary", b"\x7fELF\x00\x01" * 99), ("huge", b"")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "MODEL_RESPONSE.md").write_bytes(content)
        (tmp_path / name / "IDEAL_RESPONSE.md").write_text("x")
    with open(tmp_path / "huge" / "MODEL_RESPONSE.md", "wb") as file:
        file.truncate(51 * 1024 * 1024)
    before = sorted(p for p in tmp_path.rglob("*"))
    assert run([a.format(small=small, tmp=tmp_path) for a in arguments]) == 2
    out, err = capfd.readouterr()
    assert out == "" and "Traceback" not in err and err.strip()
    assert sorted(p for p in tmp_path.rglob("*")) == before, "nothing is written"


def test_messages_name_file_and_remedy(tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "IDEAL_RESPONSE.md").write_text("x")
    assert run(["report", str(tmp_path / "s")]) == 2
    err = capfd.readouterr().err
    assert err == f"error: {tmp_path / 's'}: no MODEL_RESPONSE in the sample (add MODEL_RESPONSE.md, or give --model PATH)\n"


def test_a_bug_of_ours_keeps_its_traceback(small: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("reviewgen.pipeline.review_sample", broken)
    assert run(["report", str(small)]) == 70
    err = capfd.readouterr().err
    assert "ZeroDivisionError: on purpose" in err and "bug" in err


def test_help_has_examples(capfd: Capture) -> None:
    assert run(["report", "--help"]) == 0
    assert "Examples:" in capfd.readouterr().out
