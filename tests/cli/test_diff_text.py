from __future__ import annotations

import json
from pathlib import Path

import pytest

from reviewgen.cli.diff import lines
from reviewgen.model.diff import AttributeChange, Changed, Diff, Moved, Renamed
from tests.command_line import IDEAL, MODEL, Cli

FOUND = Diff(
    added=("aws_kms_key.dr",),
    removed=("aws_s3_bucket.old",),
    changed=(
        Changed(
            "aws_rds_cluster.dr",
            "aws_rds_cluster.dr",
            (
                AttributeChange("kms_key_id", None, "aws_kms_key.dr.arn"),
                AttributeChange("engine", '"aurora"', '"aurora-mysql"'),
                AttributeChange("deletion_protection", "true", None),
                AttributeChange("scaling", None, "{\n    min = 1\n  }", block=True),
                AttributeChange("tags", '{\n    A = "1"\n    B = "2"\n  }', '{\n    A = "1"\n    B = "3"\n  }'),
            ),
        ),
    ),
    renamed=(Renamed("aws_s3_bucket.logs", "aws_s3_bucket.audit", ("the same type", "`bucket` is the same")),),
    moved=(Moved("aws_sns_topic.alerts", "main.tf", "alarms.tf"),),
    unchanged=93,
)
TEXT = """\
> aws_s3_bucket.logs is now aws_s3_bucket.audit
      the same type
      bucket is the same
- aws_s3_bucket.old
+ aws_kms_key.dr
~ aws_rds_cluster.dr
    + kms_key_id = aws_kms_key.dr.arn
    ~ engine = "aurora" -> "aurora-mysql"
    - deletion_protection = true
    + scaling
        + {
        +   min = 1
        + }
    ~ tags =
            A = "1"
        -   B = "2"
        +   B = "3"
          }
  aws_sns_topic.alerts moved from main.tf to alarms.tf

1 renamed, 1 removed, 1 added, 1 changed, 1 moved; 93 unchanged
"""


def test_every_kind_of_change() -> None:
    assert "\n".join(lines(FOUND, colour=False)) + "\n" == TEXT


def test_colours_only_add_colours() -> None:
    import re

    coloured = "\n".join(lines(FOUND, colour=True)) + "\n"
    assert "\x1b[32m+ aws_kms_key.dr\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == TEXT


def test_values_cannot_drive_the_terminal() -> None:
    change = AttributeChange("name\x1b[1m", '"\x1b]0;owned\x07"', '"b\u202e"')
    text = "\n".join(lines(Diff(changed=(Changed("aws_x.y", "aws_x.y", (change,)),)), colour=False))
    assert not set(text) & {"\x1b", "\x07", "\u202e"}


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "model.md", tmp_path / "ideal.md"
    for path, text in zip(paths, (MODEL, IDEAL), strict=True):
        path.write_text(text, "utf-8")
    return paths


def test_command(cli: Cli, sides: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    run = cli("diff", *sides)
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines()[0] == "+ aws_kms_key.logs"
    assert "\x1b" not in run.out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[32m" in cli("diff", *sides).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert cli("diff", *sides).out == run.out
    monkeypatch.setenv("REVIEWGEN_COLOR", "always")
    assert "\x1b[32m" in cli("diff", *sides).out


def test_nothing_differs_and_stdin(cli: Cli, sides: tuple[Path, Path]) -> None:
    assert cli("diff", sides[0], "-", stdin=MODEL).out == "no difference; 2 unchanged\n"


def test_json_is_the_diff_of_the_review(cli: Cli, sides: tuple[Path, Path]) -> None:
    diff = json.loads(cli("diff", *sides, "--format", "json").out)
    review = json.loads(cli("report", "--model", sides[0], "--ideal", sides[1], "--format", "json").out)
    assert diff == review["diff"]
