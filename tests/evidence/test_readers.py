"""Records from elsewhere: real output of Terraform 1.11, each with what it tells. None of the cases needs Terraform."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reviewgen.errors import InputError
from reviewgen.evidence import readers
from reviewgen.evidence.readers import file
from reviewgen.model.evidence import TreeRun
from tests.paths import CASES

RECORDS = sorted(p for p in (CASES / "evidence" / "records").iterdir() if p.is_dir())
APPLY = CASES / "evidence" / "records" / "apply-stream" / "apply.json"


def told(run: TreeRun) -> dict[str, Any]:
    return {
        "tool": str(run.tool) if run.tool else None,
        "providers": [str(p) for p in run.providers],
        "steps": [
            {
                "step": s.step,
                "outcome": s.outcome,
                **({"reason": s.reason} if s.reason else {}),
                "created": s.created,
                "changed": s.changed,
                "destroyed": s.destroyed,
                "messages": [
                    {
                        "severity": d.severity,
                        "summary": d.summary,
                        "detail": d.detail,
                        "address": d.address,
                        "place": f"{d.range.filename}:{d.range.start.line}" if d.range else None,
                    }
                    for d in s.diagnostics
                ],
            }
            for s in run.steps
        ],
    }


@pytest.mark.parametrize("case", RECORDS, ids=lambda p: p.name)
def test_what_a_record_tells(case: Path) -> None:
    record = next(f for f in case.iterdir() if f.name != "expected.json")
    expected = json.loads((case / "expected.json").read_text())
    try:
        found = readers.read(record, f"ideal/{record.name}")
    except InputError as error:
        assert {"error": error.message, "line": error.line} == expected
        assert error.path == str(record) and error.hint
    else:
        assert told(found.runs[0]) == expected
        assert found.runs[0].side == "ideal"


@pytest.mark.parametrize("name", ["model/apply.json", "evidence/model-run.json", "MODEL_RESPONSE.apply.json"])
def test_the_name_tells_the_tree(name: str) -> None:
    assert readers.read(APPLY, name).runs[0].side == "model"


@pytest.mark.parametrize("name", ["apply.json", "model-and-ideal.json"])
def test_a_record_of_no_tree_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="which tree") as caught:
        readers.read(APPLY, name)
    assert "model=PATH" in caught.value.hint
    assert readers.read(APPLY, name, "ideal").runs[0].side == "ideal"


def test_a_large_log_is_read_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "apply.log"
    work = "".join(f"aws_sns_topic.t[{n}]: Creating...\naws_sns_topic.t[{n}]: Creation complete after 0s [id={n}]\n" for n in range(20_000))
    log.write_text(f"{work}\nApply complete! Resources: 20000 added, 0 changed, 0 destroyed.\n")
    assert readers.read(log, "ideal/apply.log").runs[0].steps[0].created == 20_000
    monkeypatch.setattr(file, "MOST_BYTES", 1_000_000)
    with pytest.raises(InputError, match="larger than 1 MB"):
        readers.read(log, "ideal/apply.log")


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    log = tmp_path / "apply.log"
    log.write_text("x" * 4_000_001)
    with pytest.raises(InputError, match="longer than 4 MB"):
        readers.read(log, "ideal/apply.log")


def test_a_large_document_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "MOST_DOCUMENT", 100)
    document = tmp_path / "validate.json"
    document.write_text('{"valid": true, "diagnostics": []' + " " * 100 + "}")
    with pytest.raises(InputError, match="document is larger"):
        readers.read(document, "ideal/validate.json")


def test_deep_json_is_refused(tmp_path: Path) -> None:
    document = tmp_path / "show.json"
    document.write_text('{"a":' + "[" * 100_000 + "]" * 100_000 + "}")
    with pytest.raises(InputError, match="nested too deeply"):
        readers.read(document, "ideal/show.json")


def test_logs_of_powershell_are_read(tmp_path: Path) -> None:
    log = tmp_path / "validate.log"
    log.write_bytes("Success! The configuration is valid.\r\n".encode("utf-16"))
    assert readers.read(log, "model/validate.log").runs[0].steps[0].outcome == "passed"


def test_many_messages_are_bounded(tmp_path: Path) -> None:
    log = tmp_path / "plan.log"
    log.write_text("".join(f"Error: mistake {n}\n\n  on main.tf line {n + 1}:\n\nWrong.\n\n" for n in range(1_000)))
    step = readers.read(log, "model/plan.log").runs[0].steps[0]
    assert (step.step, step.outcome, len(step.errors)) == ("plan", "failed", 200)
