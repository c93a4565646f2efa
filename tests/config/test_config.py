"""Where settings come from, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewgen.config import Config, load
from reviewgen.errors import ConfigError


def test_flag_before_environment_before_file_before_default(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.reviewgen]\njobs = 2\nmax-issues = 9\ntemplate = "analysis"\n')
    found = load(tmp_path, {"jobs": 4, "format": None}, {"REVIEWGEN_JOBS": "3", "REVIEWGEN_MAX_ISSUES": "7", "OTHER": "x"})
    assert (found.jobs, found.max_issues, found.template, found.format) == (4, 7, "analysis", "markdown")
    assert [found.origins[n] for n in ("jobs", "max_issues", "template", "format")] == [
        "flag", "REVIEWGEN_MAX_ISSUES", "pyproject.toml:4", "default",
    ]  # fmt: skip


def test_the_nearest_file_upwards_counts_and_paths_are_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / "reviewgen.toml").write_text('schemas = ["bundles/x.gz"]\ntemplates = "mine"\n')
    (tmp_path / "a" / "b").mkdir(parents=True)
    found = load(tmp_path / "a" / "b")
    assert found.schemas == (str(tmp_path / "bundles/x.gz"),) and found.templates == str(tmp_path / "mine")


def test_without_anything_all_is_default(tmp_path: Path) -> None:
    assert load(tmp_path) == Config()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("jbs = 2\n", ["reviewgen.toml:1", "'jbs'", "did you mean 'jobs'"]),
        ('\njobs = "two"\n', ["reviewgen.toml:2", "whole number"]),
        ("jobs = -1\n", ["0 to 512"]),
        ('fail_on = "everything"\n', ["blocker, critical, warning"]),
        ("max_issues = 16\n", ["1 to 15"]),
        ("jobs = true\n", ["whole number"]),
        ("x = [\n", ["not valid TOML"]),
    ],
)
def test_a_wrong_file_is_an_error_with_its_line(tmp_path: Path, text: str, words: list[str]) -> None:
    (tmp_path / "reviewgen.toml").write_text(text)
    with pytest.raises(ConfigError) as error:
        load(tmp_path)
    assert all(word in str(error.value) for word in words), str(error.value)


@pytest.mark.parametrize("name", ["REVIEWGEN_JOBS", "REVIEWGEN_NOTHING"])
def test_a_wrong_variable_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError):
        load(tmp_path, {}, {name: "many"})


@pytest.mark.parametrize(("text", "value"), [("1", True), ("true", True), ("no", False), ("0", False)])
def test_a_switch_in_the_environment(tmp_path: Path, text: str, value: bool) -> None:
    assert load(tmp_path, environment={"REVIEWGEN_REDACT": text}).redact is value


def test_a_switch_is_true_or_false(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="redact must be true or false"):
        load(tmp_path, environment={"REVIEWGEN_REDACT": "perhaps"})
