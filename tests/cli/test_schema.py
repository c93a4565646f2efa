"""``reviewgen schema`` and bundles of one's own: every wrong input is one line with the remedy, exit 2, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reviewgen.terraform.schema.catalogue import FOLDER
from tests.command_line import Cli

GOOD = {"attributes": {"size": {"type": "number", "required": True}, "old": {"type": "string", "optional": True, "deprecated": True}}}


def schemas(block: Any = GOOD, **changes: Any) -> str:
    types = {"acme_disk": {"version": 0, "block": block}}
    return json.dumps({"format_version": "1.0", "provider_schemas": {"registry.example/acme/acme": {"resource_schemas": types}}} | changes)


def attribute(name: str, kind: Any) -> dict[str, Any]:
    return {"attributes": {name: {"type": kind, "optional": True}}}


DAMAGED = {
    "empty": ("", "no output of `terraform providers schema -json`"),
    "a list": ("[]", "no output of `terraform providers schema -json`"),
    "cut short": (schemas()[:-9], "no output of `terraform providers schema -json`"),
    "other format version": (schemas(format_version="9.0"), "format_version 9.0 of the provider schemas is unknown"),
    "no providers": (schemas(provider_schemas=None), "provider_schemas is no object"),
    "other provider": (schemas(provider_schemas={"registry.example/acme/other": {}}), "the file has registry.example/acme/other"),
    "provider is a list": (schemas(provider_schemas={"registry.example/acme/acme": []}), "is damaged"),
    "no block": (schemas(None), "is damaged"),
    "unknown type": (schemas(attribute("a", "text")), "is damaged"),
    "unknown collection": (schemas(attribute("a", ["bag", "string"])), "is damaged"),
    "half a type": (schemas(attribute("a", ["list"])), "is damaged"),
    "name with a space": (schemas(attribute("a b", "string")), "is damaged"),
    "block name with a colon": (schemas({"block_types": {"a:b": {"nesting_mode": "list", "block": {}}}}), "is damaged"),
    "unknown nesting": (schemas({"block_types": {"b": {"nesting_mode": "heap", "block": {}}}}), "is damaged"),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_damaged_schemas(cli: Cli, tmp_path: Path, what: str) -> None:
    text, message = DAMAGED[what]
    file, out = tmp_path / "schemas.json", tmp_path / "bundles"
    file.write_text(text, "utf-8")
    run = cli("schema", "build", file, "-o", out, "--provider-version", "acme/acme=1.2.3")
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(f"error: {file}: ") and message in run.err and run.err.endswith(")\n") and run.err.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize("version", ["acme/acme", "acme/acme=", "=1.0.0", "acme/acme=latest", "acme/acme=../../1.0.0", "acme/acme=1.0.0/x"])
def test_wrong_version(cli: Cli, tmp_path: Path, version: str) -> None:
    file = tmp_path / "schemas.json"
    file.write_text(schemas(), "utf-8")
    run = cli("schema", "build", file, "-o", tmp_path / "bundles", "--provider-version", version)
    assert (run.code, run.out) == (2, "")
    assert "NAME=VERSION" in run.err and "hashicorp/aws=5.100.0" in run.err
    assert [p.name for p in tmp_path.iterdir()] == ["schemas.json"]


def test_folder_that_is_a_file(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "schemas.json"
    file.write_text(schemas(), "utf-8")
    run = cli("schema", "build", file, "-o", file, "--provider-version", "acme/acme=1.2.3")
    assert (run.code, run.out) == (2, "")
    assert "cannot write the bundle" in run.err and "--output" in run.err
    assert file.read_text("utf-8") == schemas()


def project(folder: Path, bundles: str) -> Path:
    (folder / "reviewgen.toml").write_text(f'schemas = ["{bundles}"]\n', "utf-8")
    (folder / "main.tf").write_text(
        'terraform {\n  required_providers {\n    acme = { source = "registry.example/acme/acme" }\n  }\n}\n\n'
        'resource "acme_disk" "a" {\n  sise = 3\n}\n',
        "utf-8",
    )
    return folder


def test_own_bundle(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the bundle the type is unchecked; with it Terraform's errors are told, and the list says where it comes from."""
    monkeypatch.chdir(project(tmp_path, "bundles"))
    (tmp_path / "reviewgen.toml").rename(tmp_path / "later.toml")
    before = cli("validate", ".")
    assert before.code == 0 and "acme_disk" in before.out + before.err
    (tmp_path / "schemas.json").write_text(schemas(), "utf-8")
    assert cli("schema", "build", "schemas.json", "-o", "bundles", "--provider-version", "acme/acme=1.2.3").code == 0
    (tmp_path / "later.toml").rename(tmp_path / "reviewgen.toml")
    after = cli("validate", ".")
    assert after.code == 1 and 'Did you mean "size"?' in after.out
    (listed,) = [b for b in json.loads(cli("schema", "list", "--format", "json").out) if b["provider"] == "acme/acme"]
    assert (listed["version"], listed["licence"]) == ("1.2.3", "")
    assert listed["origin"] == "terraform providers schema -json, provider acme/acme 1.2.3"


UNREADABLE = {
    "missing": (None, "Check the path, and `schemas` of the configuration"),
    "text": (b"hello", "Build it again with `reviewgen schema build`"),
    "cut short": ((FOLDER / "random-3.7.2.schema.gz").read_bytes()[:90], "Build it again with `reviewgen schema build`"),
}


@pytest.mark.parametrize("what", UNREADABLE)
@pytest.mark.parametrize("command", [("schema", "list"), ("schema", "show", "aws_vpc"), ("validate", ".")], ids=" ".join)
def test_unreadable_bundle(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, command: tuple[str, ...]) -> None:
    data, remedy = UNREADABLE[what]
    monkeypatch.chdir(project(tmp_path, "own.schema.gz"))
    if data is not None:
        (tmp_path / "own.schema.gz").write_bytes(data)
    run = cli(*command)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("error: ") and "own.schema.gz" in run.err and remedy in run.err and run.err.count("\n") == 1


def test_list_names_version_licence_and_origin(cli: Cli) -> None:
    lines = [line.split() for line in cli("schema", "list").out.splitlines()]
    assert len(lines) == len(list(FOLDER.iterdir()))
    assert all(("MPL-2.0:" in line or line[0] == "builtin/terraform") and line[1][0].isdigit() and len(line) > 10 for line in lines)
