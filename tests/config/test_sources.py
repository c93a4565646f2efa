from __future__ import annotations

from pathlib import Path

import pytest

from reviewgen.config import SETTINGS, Config, load
from reviewgen.errors import ConfigError


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_each_source_wins_over_the_next(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", '[tool.other]\njobs = 9\n\n[tool.reviewgen]\njobs = 3\nmax-issues = 5\nformat = "json"\n')
    environment = {"REVIEWGEN_JOBS": "4", "REVIEWGEN_MAX_ISSUES": "", "PATH": "/bin"}
    config = load(tmp_path, {"jobs": 2, "format": None}, environment)
    assert (config.jobs, config.max_issues, config.format, config.template) == (2, 5, "json", "failures-and-corrections")
    assert [config.origins[n] for n in ("jobs", "max_issues", "format", "template")] == [
        "flag",
        "pyproject.toml:6",
        "pyproject.toml:7",
        "default",
    ]
    assert load(tmp_path, {}, environment).origins["jobs"] == "REVIEWGEN_JOBS"


def test_every_setting_has_an_origin_and_a_documented_field(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    config = load(tmp_path)
    assert config == Config()
    assert dict(config.origins) == dict.fromkeys(SETTINGS, "default")
    assert Config.__doc__ is not None
    for name in SETTINGS:
        assert f"        {name}: " in Config.__doc__


def test_nearest_file_upwards_within_the_repository(tmp_path: Path) -> None:
    write(tmp_path, "reviewgen.toml", "jobs = 7\n")
    work = tmp_path / "clone" / "deep" / "er"
    work.mkdir(parents=True)
    write(tmp_path / "clone", "pyproject.toml", "[project]\nname = 'x'\n")
    assert load(work).jobs == 7
    assert load(work).origins["jobs"] == "../../../reviewgen.toml:1"
    (tmp_path / "clone" / ".git").mkdir()
    assert load(work).jobs == 0  # what lies above a clone is not its business
    write(tmp_path / "clone", "reviewgen.toml", "jobs = 8\n")
    assert load(work).jobs == 8


def test_paths_are_relative_to_their_file_and_lists_split_as_paths_do(tmp_path: Path) -> None:
    write(tmp_path, "reviewgen.toml", 'templates = "docs/t"\nschemas = ["a.schema.gz", "/b"]\n')
    deep = tmp_path / "deep"
    deep.mkdir()
    config = load(deep)
    assert config.templates == str(tmp_path / "docs/t")
    assert config.schemas == (str(tmp_path / "a.schema.gz"), "/b")
    assert load(deep, {}, {"REVIEWGEN_SCHEMAS": "x:y"}).schemas == ("x", "y")


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("reviewgen.toml", "jobs = 1\nmax_isues = 3\n", "reviewgen.toml:2: unknown setting 'max_isues' (did you mean 'max_issues'?)"),
        ("reviewgen.toml", "zzzzzz = 3\n", f"unknown setting 'zzzzzz' (the settings are {', '.join(SETTINGS)})"),
        ("reviewgen.toml", "jobs = 'two'\n", "reviewgen.toml:1: jobs must be a whole number, not 'two'"),
        ("reviewgen.toml", "jobs = true\n", "jobs must be a whole number, not true"),
        ("reviewgen.toml", "max_issues = 16\n", "max_issues must be from 1 to 15, not 16"),
        ("reviewgen.toml", "schemas = ['a', 1]\n", "schemas must be a list of texts, not ['a', 1]"),
        ("reviewgen.toml", "format = 'pdf'\n", "format must be one of markdown, json, html, sarif, not 'pdf'"),
        ("reviewgen.toml", "fail-on = 'error'\n", "fail_on must be one of blocker, critical, warning, not 'error'"),
        ("reviewgen.toml", "fail-on = 'blocker'\nfail_on = 'blocker'\n", "reviewgen.toml:2: fail_on stands twice (remove one)"),
        ("reviewgen.toml", "jobs = \n", "reviewgen.toml:1: not valid TOML"),
        ("pyproject.toml", "[x]\njobs = 'a'\n[tool.reviewgen]\njobs = 'b'\n", "pyproject.toml:4: jobs must be a whole number"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path: Path, file: str, text: str, message: str) -> None:
    write(tmp_path, file, text)
    with pytest.raises(ConfigError) as raised:
        load(tmp_path)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("REVIEWGEN_JOBS", "many", "REVIEWGEN_JOBS: jobs must be a whole number, not 'many'"),
        ("REVIEWGEN_JOBS", "-1", "REVIEWGEN_JOBS: jobs must be from 0 to 512, not -1"),
        ("REVIEWGEN_TEMPLATS", "x", "REVIEWGEN_TEMPLATS: unknown setting 'templats' (did you mean 'templates'?)"),
    ],
)
def test_wrong_environment(tmp_path: Path, name: str, value: str, message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, {}, {name: value})
    assert str(raised.value) == message
