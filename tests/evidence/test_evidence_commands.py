"""Evidence at the command line: what report, batch and verify do with it."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import jsonschema
import pytest

from reviewgen import render, rules
from reviewgen.evidence import messages, record, verify
from tests.command_line import Cli
from tests.paths import CASES, SAMPLES

FOLDER = CASES / "evidence" / "samples"


def steps(document: str) -> list[str]:
    """The lines of the document's part about deployment."""
    part = document.partition("### Deployment Verification")[2].partition("\n#")[0]
    return [line for line in part.splitlines() if line.startswith("- ")]


@pytest.mark.parametrize("template", ["failures-and-corrections", "failure-analysis"])
def test_the_document_says_what_happened_and_who_says_so(template: str, cli: Cli) -> None:
    document = cli("report", FOLDER / "an-emulator-refuses-model-only", "--template", template).out
    source = "(source: `evidence.json: Terraform 1.11.4, hashicorp/aws 5.100.0, moto 5.2.5`)"
    assert steps(document)[1:4] == [
        f"- `terraform validate`: MODEL ✅ passed, IDEAL ✅ passed {source}",
        f"- `terraform plan`: MODEL ✅ passed (1 to create), IDEAL ✅ passed (1 to create) {source}",
        f"- `terraform apply`: MODEL ❌ failed (1 error), IDEAL ✅ passed (1 created) {source}",
    ]
    assert "moto 5.2.5 stood for AWS" in document and "(observed)" in document


def test_what_was_not_run_says_why(cli: Cli) -> None:
    lines = steps(cli("report", FOLDER / "not-installed").out)
    assert lines[0] == "- `terraform init`: not run (IDEAL: provider hashicorp/random is not installed)"
    assert lines[1] == "- `terraform validate`: not run; the built-in static check found no errors in MODEL and IDEAL"


def test_a_verdict_of_each_kind_is_told_apart(cli: Cli) -> None:
    lines = steps(cli("report", FOLDER / "valid-after-all").out)
    assert lines[0] == (
        "- `terraform validate`: MODEL ✅ passed, IDEAL not run (source: `evidence/model/validate.json`); "
        "the built-in static check found no errors in IDEAL"
    )


@pytest.mark.parametrize("case", sorted(p.name for p in FOLDER.iterdir()))
def test_reviews_with_evidence_fit_the_schema_and_are_read_back(case: str, cli: Cli) -> None:
    data = json.loads(cli("report", FOLDER / case, "--format", "json").out)
    jsonschema.validate(data, render.schema())
    assert json.loads(json.dumps(render.document(render.read(data)))) == data


def test_records_can_be_named(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    shutil.copytree(FOLDER / "only-ideal-fails", folder)
    shutil.move(folder / "evidence", tmp_path / "logs")
    assert "not run" in steps(cli("report", folder).out)[2]
    found = cli(
        "report",
        folder,
        "--evidence",
        f"ideal={tmp_path / 'logs' / 'ideal-apply.log'}",
        "--evidence",
        tmp_path / "logs" / "model-apply.log",
    )
    assert "IDEAL ❌ failed" in steps(found.out)[2] and str(tmp_path) not in found.out
    assert cli("report", folder, "--evidence", tmp_path / "logs").code == 0


def test_a_broken_record_is_an_error_with_file_and_line(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    shutil.copytree(FOLDER / "invalid", folder)
    record_ = folder / "evidence" / "model" / "validate.json"
    record_.write_text(record_.read_text()[:200])
    found = cli("report", folder)
    assert found.code == 2 and f"{record_}:" in found.err and "cut or broken" in found.err


def test_a_sample_without_evidence_gets_the_same_bytes(cli: Cli) -> None:
    before = cli("report", SAMPLES[0]).out
    assert cli("report", SAMPLES[0]).out == before == (SAMPLES[0] / "EXPECTED.md").read_text()


def test_a_batch_sees_that_evidence_came_or_changed(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWGEN_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "samples" / "one"
    shutil.copytree(FOLDER / "an-emulator-refuses-model-only", folder)
    shutil.move(folder / record.NAME, tmp_path / record.NAME)

    def issues() -> list[str]:
        assert cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "--jobs", "1").code == 0
        return [issue["rule"] for issue in json.loads((tmp_path / "out" / "one" / "review.json").read_text())["issues"]]

    assert issues() == []
    shutil.copy(tmp_path / record.NAME, folder / record.NAME)
    assert issues() == ["run:apply"]
    (folder / record.NAME).write_text((tmp_path / record.NAME).read_text().replace('"failed"', '"interrupted"'))
    assert issues() == []


def test_score_and_explain_are_of_the_same_review(cli: Cli) -> None:
    folder = FOLDER / "an-emulator-refuses-model-only"
    assert "terraform apply: Error: creating SNS Topic" in cli("explain", folder, "1").out
    assert '"before": 7' in cli("score", folder, "--format", "json").out


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that stands for Terraform, and no moto."""
    program = tmp_path / "bin" / "terraform"
    program.parent.mkdir()
    program.write_text((Path(__file__).parent / "terraform.py").read_text().replace("#!/usr/bin/env python3", f"#!{sys.executable} -S", 1))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(verify, "available", lambda: False)
    monkeypatch.setattr("reviewgen.evidence.verify.emulator.available", lambda: False)
    return program.parent


def test_verify_without_emulator_applies_nothing_and_says_so(cli: Cli, fake: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    shutil.copytree(FOLDER / "interrupted", folder)
    found = cli("verify", folder)
    assert found.code == 0 and "nothing is planned or applied; install reviewgen[verify] or give --endpoint" in found.err
    assert found.out.count("apply:    not run: no emulator stands for AWS") == 2
    data = json.loads((folder / record.NAME).read_text())
    jsonschema.validate(data, record.schema())
    called = [json.loads(line)["arguments"][0] for line in (fake / "calls").read_text().splitlines()]
    assert set(called) == {"fmt", "init", "validate"}
    assert "MODEL ✅ passed, IDEAL ✅ passed" in steps(cli("report", folder).out)[2]


def test_verify_of_one_side_keeps_what_is_known_of_the_other(cli: Cli, fake: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    shutil.copytree(FOLDER / "an-emulator-refuses-both", folder)
    cli("verify", folder, "--side", "ideal", "--steps", "validate")
    runs = json.loads((folder / record.NAME).read_text())["runs"]
    assert [(run["side"], len(run["steps"])) for run in runs] == [("model", 4), ("ideal", 2)]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--steps", "lunch"], "no such step: 'lunch'"),
        (["--endpoint", "https://sts.amazonaws.com"], "an emulator must run on this machine"),
        (["--var-file", "gone.tfvars"], "no such file"),
    ],
)
def test_verify_says_what_is_wrong(options: list[str], said: str, cli: Cli, fake: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    shutil.copytree(FOLDER / "interrupted", folder)
    found = cli("verify", folder, *options)
    assert found.code == 2 and said in found.err
    assert not (fake / "calls").exists()


def test_messages_lead_to_rules_that_exist() -> None:
    known = {rule.id for rule in rules.CATALOGUE}
    assert {message.rule for message in messages.messages() if message.rule} <= known
