"""Rubrics as files: the shipped ones, one's own, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewgen.config import Config, load
from reviewgen.errors import ConfigError, DataError
from reviewgen.model.review import Category, Status
from reviewgen.score import Facts, deducted, learned
from reviewgen.score import load as rubrics
from tests.score.issues import fixed, issue

MILD = """name = "failures@1-mild"
extends = "failures@1"

[[deduction]]
id = "any-blocker"
points = -3
reason = "blocker"
categories = ["blocker"]
"""


def own(folder: Path, text: str, **settings: str) -> Config:
    (folder / "own.toml").write_text(text, "utf-8")
    return Config(rubrics=(str(folder / "own.toml"),), **settings)


def test_a_rubric_of_ones_own_extends_a_shipped_one(tmp_path: Path) -> None:
    found = rubrics(own(tmp_path, MILD, rubric="failures@1-mild")).failures
    issues = [issue(1, Category.BLOCKER, Status.FIXED), issue(2, Category.CRITICAL, Status.FIXED)]
    assert (found.name, found.base, found.hard["region"]) == ("failures@1-mild", 8, 5)
    assert deducted(issues, found, Facts()).before == 5


def test_one_with_the_name_of_a_shipped_one_takes_its_place(tmp_path: Path) -> None:
    strict = 'name = "learning-value@1"\nextends = "learning-value@1"\nthreshold = 9\n[[hard_blocker]]\nwhen = "region"\nbase = 1\n'
    found = rubrics(own(tmp_path, strict))
    assert (found.learning.threshold, found.failures.hard) == (9, {"region": 1})
    assert learned(fixed(B=1), found.learning, Facts(services=("S3", "SNS"))).accepted is False


def test_points_may_be_fractions_and_the_sum_still_adds_up(tmp_path: Path) -> None:
    text = 'name = "x@1"\nextends = "learning-value@1"\n[[fixes]]\nid = "half"\nclass = "B"\nleast = 1\npoints = -1.5\n'
    found = rubrics(own(tmp_path, text, learning_rubric="x@1")).learning
    result = learned(fixed(B=1), found, Facts(services=("S3", "SNS")))
    assert (result.final, [(a.points, a.rule) for a in result.adjustments]) == (7, [(-1.5, "half"), (0.5, "rounding")])


def test_a_folder_of_rubrics_in_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "mild.toml").write_text(MILD, "utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.reviewgen]\nrubric = "failures@1-mild"\nrubrics = ["team"]\n', "utf-8")
    assert rubrics(load(tmp_path)).failures.rows[0].points == -3


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('name = "x@1"\nextends = "failures@1"\nbse = 7\n', 3, "did you mean 'base'"),
        ('name = "x@1"\nextends = "failures@1"\nbase = 11\n', 3, "'base' must be from 0 to 10, not 11"),
        ('name = "x@1"\nextends = "failures@1"\nbase = "8"\n', 3, "'base' must be a number"),
        ('name = "x@1"\nextends = "failures@1"\nbase = nan\n', 3, "'base' must be a number"),
        ('name = "x"\nextends = "failures@1"\n', 1, "no name of a rubric"),
        ('kind = "fixes"\n', 1, "'name' is missing"),
        ('name = "x@1"\nkind = "sum"\n', 2, "must be one of deductions, fixes"),
        ('name = "x@1"\nextends = "y@1"\n', 2, "no rubric 'y@1' to extend"),
        ('name = "x@1"\nkind = "deductions"\nbase = 8\nminimum = 0\nmaximum = 10\n', 1, "'counts' is missing"),
        (MILD.replace("-3", "3"), 6, "'points' must be from -100 to 0, not 3"),
        (MILD.replace('["blocker"]', '["bloker"]'), 8, "'bloker', which is none of blocker, critical, warning"),
        (MILD + "requirement = 1\n", 9, "true or false"),
        (MILD + MILD[MILD.index("[[") :], 10, "stands twice"),
        (MILD.replace('id = "any-blocker"\n', ""), 4, "'id' is missing"),
        (MILD.replace("points", "point"), 6, "unknown key 'point'"),
        ('name = "x@1"\nextends = "failures@1"\nhard_blockers = "failures@1"\n', 3, "has no hard blockers"),
        ('name = "x@1"\nextends = "failures@1"\ndeduction = 1\n', 3, "must be a list of tables"),
        ('name = "x@1"\nextends = "failures@1"\n[counts]\nbefore = ["fixed"]\nafter = ["mended"]\n', 5, "'mended'"),
        ('name = "x@1"\n= 3\n', 2, "not valid TOML"),
    ],
)  # fmt: skip
def test_a_wrong_rubric_is_an_error_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(DataError) as error:
        rubrics(own(tmp_path, text, rubric="x@1" if "failures@1-mild" not in text else "failures@1-mild"))
    assert (error.value.path, error.value.line) == (str(tmp_path / "own.toml"), line), str(error.value)
    assert words in str(error.value), str(error.value)


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ('[[complexity]]\nid = "x"\npoints = 1\nany = ["aws_x["]\nreason = "r"\n', 6, "not a condition"),
        ('[[complexity]]\nid = "x"\npoints = 1\n', 3, "one of 'least_services', 'most_services' and 'any'"),
        ('[[fixes]]\nid = "x"\nclass = "D"\nleast = 1\npoints = 0\n', 5, "must be one of A, B, C"),
        ('[[fixes]]\nid = "x"\nclass = "C"\nleast = 0.5\npoints = 0\n', 6, "from 1 to 1000"),
        ('[[hard_blocker]]\nwhen = "mood"\nbase = 3\n', 4, "platform, region, account, services"),
    ],
)
def test_a_wrong_rubric_of_fixes(tmp_path: Path, rows: str, line: int, words: str) -> None:
    with pytest.raises(DataError) as error:
        rubrics(own(tmp_path, f'name = "x@1"\nextends = "learning-value@1"\n{rows}', learning_rubric="x@1"))
    assert error.value.line == line and words in str(error.value), str(error.value)


def test_names_that_there_are_not_or_of_the_other_kind(tmp_path: Path) -> None:
    (tmp_path / "reviewgen.toml").write_text('\nrubric = "failures@9"\n', "utf-8")
    with pytest.raises(ConfigError, match=r"reviewgen\.toml:2: no rubric 'failures@9' \(the rubrics are failures@1, learning-value@1\)"):
        rubrics(load(tmp_path))
    with pytest.raises(ConfigError, match="'learning-value@1' is no rubric of deductions"):
        rubrics(Config(rubric="learning-value@1"))
    with pytest.raises(ConfigError, match="no such file or folder of rubrics"):
        rubrics(Config(rubrics=(str(tmp_path / "none"),)))


def test_two_rubrics_of_one_name_and_circles(tmp_path: Path) -> None:
    for name, text in (("a", MILD), ("b", MILD)):
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    with pytest.raises(DataError, match="is also in"):
        rubrics(Config(rubrics=(str(tmp_path),)))
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{name}.toml").write_text(f'name = "{name}@1"\nextends = "{other}@1"\n', "utf-8")
    with pytest.raises(DataError, match="extends this rubric, too"):
        rubrics(Config(rubrics=(str(tmp_path),)))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="no text in UTF-8"):
        rubrics(Config(rubrics=(str(tmp_path / "binary.toml"),)))
