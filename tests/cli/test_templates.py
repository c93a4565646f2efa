"""``reviewgen templates``, and ``--template`` by path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line import Cli, MakeSample

NAMES = ["brief", "failure-analysis", "failures-and-corrections"]


def test_list_and_show(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ours.md.j2").write_text("{# Our own. #}\n# Ours\n", "utf-8")
    assert [entry["name"] for entry in json.loads(cli("templates", "list", "--format", "json").out)] == NAMES
    monkeypatch.setenv("REVIEWGEN_TEMPLATES", str(tmp_path))
    lines = cli("templates", "list").out.splitlines()
    assert [line.split()[0] for line in lines] == [*NAMES, "ours"]
    assert lines[0].endswith("a table of the issues and the scores.") and lines[-1].endswith("Our own. (own)")
    assert cli("templates", "show", "ours").out == "{# Our own. #}\n# Ours\n"
    assert "{% block issues %}" in cli("templates", "show", "brief").out
    run = cli("templates", "show", "oours")
    assert run.code == 2 and "there are: brief, failure-analysis, failures-and-corrections, ours" in run.err


def test_check(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "own.md.j2"
    path.write_text("# {{ view.headlin }}\n\n{% if view.minor %}{{ view.nothing }}{% endif %}\n", "utf-8")
    run = cli("templates", "check", path)
    assert (run.code, run.out) == (2, "")
    first, second = run.err.splitlines()
    assert first == f"error: {path}:1: View has no 'headlin'; did you mean 'headline'?" and f"{path}:3: View has no 'nothing'" in second
    path.write_text("# {{ view.headline }}\n", "utf-8")
    run = cli("templates", "check", path)
    assert (run.code, run.err) == (0, f"{path}: valid, written for view model 1.0\n")
    assert cli("templates", "check", tmp_path / "none.md.j2").code == 2


def test_a_template_by_path(cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample, folder = make_sample(), tmp_path / "project"
    (folder / "docs").mkdir(parents=True)
    path = folder / "docs" / "own.md.j2"
    path.write_text('{{ begin("own") }}\nOurs: {{ view.sample }}\n{{ end("own") }}\n', "utf-8")
    assert "\nOurs: audit\n" in cli("report", sample, "--template", path).out
    (folder / "reviewgen.toml").write_text('template = "docs/own.md.j2"\n', "utf-8")
    monkeypatch.chdir(folder / "docs")
    document = tmp_path / "doc.md"
    assert cli("report", sample, "-o", document).code == 0
    assert "\nOurs: audit\n" in document.read_text("utf-8")
    assert cli("report", sample, "--update", document, "--check").code == 0
    monkeypatch.chdir(tmp_path)
    run = cli("report", sample, "--update", document)
    assert run.code == 2 and "written with a template 'own', which is not known" in run.err


def test_a_changed_file_is_another_template(cli: Cli, make_sample: MakeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_sample()
    path, out = tmp_path / "own.md.j2", tmp_path / "out"
    for text in ("one", "other"):
        path.write_text(text, "utf-8")
        assert cli("batch", tmp_path / "samples", "-o", out, "-j", 1, "--template", path).code == 0
        assert (out / "audit" / "MODEL_FAILURES.md").read_text("utf-8") == text


@pytest.mark.parametrize("text", ["{{ view.nothing }}", "{% for i in range(99999) %}{{ 'x' * 99999 }}{% endfor %}", "{% include '../x' %}"])
def test_a_wrong_template_overwrites_nothing(cli: Cli, make_sample: MakeSample, tmp_path: Path, text: str) -> None:
    sample, path, document = make_sample(), tmp_path / "own.md.j2", tmp_path / "doc.md"
    path.write_text(f"x\n{text}\n", "utf-8")
    document.write_text("mine", "utf-8")
    run = cli("report", sample, "-o", document, "--template", path)
    assert run.code == 2 and run.err.startswith(f"error: {path}:2: ") and len(run.err.splitlines()) == 1
    assert document.read_text("utf-8") == "mine"
    run = cli("batch", tmp_path / "samples", "-o", tmp_path / "out", "--template", path)
    assert run.code == 2 and not (tmp_path / "out").exists()
