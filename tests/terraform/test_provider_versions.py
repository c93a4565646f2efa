"""Which version of the AWS provider a tree asks for decides what is said of it; each difference has its source."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from typing import Any

import pytest

from reviewgen import sample, terraform
from reviewgen.model.diagnostic import Validation
from reviewgen.model.source import Document, SourceFile
from reviewgen.terraform import Graph
from reviewgen.terraform.schema import shipped, versions
from reviewgen.terraform.validate import validate
from tests.paths import CASES, SAMPLES

ROWS: list[dict[str, Any]] = tomllib.loads((CASES / "provider_versions.toml").read_text("utf-8"))["difference"]
TREES = [f"{folder.name}/{side}" for folder in SAMPLES for side in ("model", "ideal")]
MAJORS = ("~> 5.0", "~> 6.0")
CONSTRAINT = re.compile(r'(source\s*=\s*"hashicorp/aws"\s*version\s*=\s*)"[^"]*"')
PIN = 'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = ""\n    }\n  }\n}\n'


def checked(files: Iterable[SourceFile], constraint: str) -> Validation:
    """Validate files that ask for a version of the AWS provider; the constraint is written in where they have none."""
    texts = {file.path: file.text for file in files}
    if not any(map(CONSTRAINT.search, texts.values())):
        texts["pin.tf"] = PIN
    pinned = tuple(SourceFile(path, CONSTRAINT.sub(rf'\1"{constraint}"', text)) for path, text in texts.items())
    tree = terraform.build(Document("pinned", files=pinned), "model")
    return validate(tree, Graph(tree), shipped())


def said(found: Validation) -> set[str]:
    """Return diagnostics as the rows write them."""
    return {
        f"{d.severity}: {d.summary}" + (f" in {d.range.filename}" if d.range else "") + (f": {d.detail}" if d.detail else "")
        for d in found.diagnostics
    }


def differences(files: Iterable[SourceFile]) -> tuple[list[bool], set[str], set[str]]:
    """Return both verdicts, what only version 5 says, and what only version 6 says."""
    five, six = (checked(files, constraint) for constraint in MAJORS)
    return [five.valid, six.valid], said(five) - said(six), said(six) - said(five)


@pytest.mark.parametrize("tree", TREES)
def test_each_difference_on_a_sample_has_a_row(tree: str) -> None:
    name, side = tree.split("/")
    folder = next(path for path in SAMPLES if path.name == name)
    verdicts, five, six = differences(getattr(sample.load(folder), side).files)
    rows = [row for row in ROWS if tree in row.get("samples", ())]
    assert five == {text for row in rows for text in row["five"]}
    assert six == {text for row in rows for text in row["six"]}
    assert all(row["valid"] == verdicts for row in rows)
    assert rows or verdicts[0] == verdicts[1]


@pytest.mark.parametrize("row", [row for row in ROWS if "code" in row], ids=lambda row: row["id"])
def test_versions_judge_differently(row: dict[str, Any]) -> None:
    verdicts, five, six = differences([SourceFile("main.tf", row["code"])])
    assert (verdicts, five, six) == (row["valid"], set(row["five"]), set(row["six"]))


@pytest.mark.parametrize("row", [row for row in ROWS if "code" in row], ids=lambda row: row["id"])
def test_an_open_constraint_reports_what_all_versions_reject(row: dict[str, Any]) -> None:
    assert checked([SourceFile("main.tf", row["code"])], ">= 5.0").valid


@pytest.mark.parametrize("row", [row for row in ROWS if "code" in row], ids=lambda row: row["id"])
def test_a_lock_decides_unless_the_constraints_exclude_it(row: dict[str, Any]) -> None:
    lock = SourceFile(".terraform.lock.hcl", 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "6.0.0"\n}\n')
    files = [SourceFile("main.tf", row["code"]), lock]
    assert [checked(files, constraint).valid for constraint in (">= 5.0", "~> 5.0")] == [row["valid"][1], row["valid"][0]]


@pytest.mark.parametrize("constraint, whole", (("~> 5", "~> 5.0"), ("=5.1", "5.1.0"), (">= 5 , <6.0.0, >= 5.0", ">= 5.0.0, < 6.0.0")))
def test_constraints_are_written_as_terraform_writes_them(constraint: str, whole: str) -> None:
    assert versions.written([constraint]) == whole
    assert versions.written([constraint, "~> 6.0-beta1"]) == ""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_rows_are_whole(row: dict[str, Any]) -> None:
    assert row["source"].startswith("https://")
    assert row["five"] or row["six"]
    assert ("code" in row) != ("samples" in row)
    assert set(row.get("samples", ())) <= set(TREES)
