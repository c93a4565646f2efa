"""evidence.json: its schema, what it keeps and what it must not keep."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from reviewgen.errors import InputError
from reviewgen.evidence import collect, readers, record, redact
from reviewgen.model.diagnostic import Diagnostic, Snippet
from reviewgen.model.evidence import Outcome, Step, StepRecord, Tool, TreeRun
from reviewgen.model.source import Position, Range

PLACE = Range("main.tf", Position(3, 1, 20), Position(3, 9, 28))
ERROR = Diagnostic("error", "Bad", "Very bad.", "aws_x.y", PLACE, Snippet('resource "aws_x" "y"', "  z = 1", 3))
RUN = TreeRun(
    "ideal",
    (
        StepRecord(Step.PLAN, Outcome.PASSED, "", 3, 0, 0),
        StepRecord(Step.APPLY, Outcome.FAILED, "", 2, 0, 0, (ERROR,)),
        StepRecord(Step.DESTROY, Outcome.NOT_RUN, "no emulator stands for AWS"),
    ),
    Tool("Terraform", "1.11.4"),
    (Tool("hashicorp/aws", "5.100.0"),),
    Tool("moto", "5.2.5"),
    record.NAME,
    "sha256:" + "0" * 64,
    ("`data.external.x` runs a program",),
)


def test_it_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / record.NAME).write_text(record.dumps([RUN]))
    found = collect.collect(tmp_path)
    assert found is not None and found.runs == (RUN,)


def test_it_fits_its_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(record.schema())
    jsonschema.validate(json.loads(record.dumps([RUN, TreeRun("model", ())])), record.schema())


def test_the_trees_stand_in_order() -> None:
    assert [run["side"] for run in json.loads(record.dumps([RUN, TreeRun("model", ())]))["runs"]] == ["model", "ideal"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format_version": "2.0"}, "another version: 2.0"),
        ({"format_version": None}, "format_version must be a text"),
        ({"runs": {}}, "runs must be a list of objects"),
        ({"runs": [{"side": "both"}]}, "runs[0].side must be model or ideal"),
        ({"runs": [{"side": "model", "steps": [{"step": "lunch"}]}]}, "runs[0].steps[0].step must be one of fmt, init"),
        ({"runs": [{"side": "model", "steps": [{"step": "plan", "outcome": "fine"}]}]}, "runs[0].steps[0].outcome must be one of passed"),
        ({"runs": [{"side": "model", "steps": [{"step": "plan", "outcome": "passed", "created": -1}]}]}, "created must be a number"),
        ({"runs": [{"side": "model", "tool": "Terraform"}]}, "runs[0].tool must be an object"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change: dict[str, object], said: str, tmp_path: Path) -> None:
    file = tmp_path / record.NAME
    file.write_text(json.dumps(json.loads(record.dumps([RUN])) | change))
    with pytest.raises(InputError) as caught:
        readers.read(file, record.NAME)
    assert said in caught.value.message and caught.value.path == str(file)


SECRETS = [
    ("arn:aws:iam::210987654321:role/x", "210987654321"),
    ("key AKIAABCDEFGHIJKLMNOP was refused", "AKIAABCDEFGHIJKLMNOP"),
    ("Authorization: Bearer abcdefghijklmnop.qrstuv", "abcdefghijklmnop"),
    ("https://x/?X-Amz-Signature=0123456789abcdef&y", "0123456789abcdef"),
    ('secret_key = "sup3rsecret"', "sup3rsecret"),
    ("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc", "eyJhbGciOiJIUzI1NiJ9"),
    ("https://user:hunter22@host/", "hunter22"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "MIIE"),
    ("RequestID: 4ba12af1-13f0-4e07-a655-15aec400e22a, NoSuchEntity", "4ba12af1"),
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_secrets_accounts_and_tokens_are_not_kept(text: str, secret: str) -> None:
    step = StepRecord(Step.APPLY, Outcome.FAILED, diagnostics=(Diagnostic("error", text, text, snippet=Snippet(None, text, 1)),))
    assert secret not in record.dumps([TreeRun("model", redact.steps([step]))])


def test_secrets_of_the_tree_are_not_kept() -> None:
    step = StepRecord(Step.PLAN, Outcome.FAILED, diagnostics=(Diagnostic("error", "bad value: Winter2024"),))
    assert "Winter2024" not in record.dumps([TreeRun("model", redact.steps([step], ["Winter2024"]))])


@pytest.mark.parametrize("text", ["20 resources in 1234567890 ms", "vpc-0bf2e68c9a8bbfc68", "1.11.4", "password is too short"])
def test_nothing_else_is_masked(text: str) -> None:
    assert redact.text(text) == text


def test_records_are_collected_from_folder_file_and_argument(tmp_path: Path) -> None:
    sample = tmp_path / "sample"
    (sample / "evidence" / "model").mkdir(parents=True)
    (sample / "evidence" / "model" / "validate.log").write_text("Success! The configuration is valid.\n")
    (sample / "evidence" / "README.md").write_text("Logs of Monday.\n")
    (sample / record.NAME).write_text(record.dumps([RUN]))
    (tmp_path / "run.log").write_text("Destroy complete! Resources: 3 destroyed.\n")
    found = collect.collect(sample, [f"ideal={tmp_path / 'run.log'}"])
    assert found is not None
    assert [(run.side, run.source) for run in found.runs] == [
        ("ideal", "run.log"), ("model", "evidence/model/validate.log"), ("ideal", "evidence.json"),
    ]  # fmt: skip
    assert collect.collect(tmp_path) is None
    with pytest.raises(InputError, match="no such record"):
        collect.collect(None, [str(tmp_path / "gone.log")])
