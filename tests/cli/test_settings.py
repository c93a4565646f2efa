from __future__ import annotations

import json
from pathlib import Path

import pytest

from reviewgen.config import SETTINGS
from tests.command_line import Cli


def test_config_shows_each_value_and_where_it_comes_from(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reviewgen.toml").write_text("# ours\nmax-issues = 5\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REVIEWGEN_JOBS", "3")
    shown = json.loads(cli("config", "--format", "json").out)
    assert list(shown) == list(SETTINGS)
    assert shown["max_issues"] == {"value": 5, "origin": "reviewgen.toml:2"}
    assert shown["jobs"] == {"value": 3, "origin": "REVIEWGEN_JOBS"}
    assert shown["schemas"] == {"value": [], "origin": "default"}
    text = cli("config").out
    assert [line.split() for line in text.splitlines() if line.startswith("max_issues")] == [
        ["max_issues", "=", "5", "#", "reviewgen.toml:2"]
    ]
    assert len(text.splitlines()) == len(SETTINGS)


def test_wrong_setting_stops_every_command(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reviewgen.toml").write_text("formt = 'json'\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    for arguments in (["config"], ["report", "x"], ["diff", "x", "y"], ["validate", "x"], ["batch", "x", "-o", "y"]):
        run = cli(*arguments)
        assert run.code == 2
        assert "reviewgen.toml:1: unknown setting 'formt' (did you mean 'format'?)" in run.err


def test_schema_commands(cli: Cli, tmp_path: Path) -> None:
    listed = json.loads(cli("schema", "list", "--format", "json").out)
    assert {"hashicorp/aws", "hashicorp/random"} <= {row["provider"] for row in listed}
    shown = cli("schema", "show", "random_id").out
    assert shown.startswith("random_id (hashicorp/random ")
    assert any("byte_length" in line and "required" in line for line in shown.splitlines())
    source = {
        "format_version": "1.0",
        "provider_schemas": {
            "registry.terraform.io/acme/toy": {
                "resource_schemas": {"toy_box": {"version": 0, "block": {"attributes": {"size": {"type": "number", "required": True}}}}}
            }
        },
    }
    run = cli("schema", "build", "-", "-o", tmp_path / "b", "--provider-version", "acme/toy=1.2.3", stdin=json.dumps(source))
    assert run.code == 0
    (tmp_path / "reviewgen.toml").write_text("schemas = ['b']\n", "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        assert cli("schema", "show", "toy_box").out.splitlines()[0] == "toy_box (acme/toy 1.2.3)"
