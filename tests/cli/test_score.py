"""``reviewgen score`` and the gate ``--fail-under``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.command_line import IDEAL, MODEL, Cli, MakeSample
from tests.goldens import golden
from tests.paths import ROOT

SAMPLE = ROOT / "samples" / "wrong-task"


def test_sums_as_a_person_would_write_them(cli: Cli, make_sample: MakeSample) -> None:
    run = cli("score", make_sample())
    review = json.loads(cli("report", make_sample("again/audit"), "--format", "json").out)["score"]
    assert (run.code, run.err) == (0, "")
    blocks = run.out.split("\n\n")
    assert blocks[0] == "Sample audit"
    before, _, learning = (block.splitlines() for block in blocks[1:])
    assert before[0] == "failures@1, before the corrections" and before[1].split() == [str(review["base"]), "base"]
    rows = [line.split()[0] for line in before[2:-2]]
    assert sum(map(int, rows)) + review["base"] == review["before"] == int(before[-1])
    assert learning[-1].strip() == "threshold 8: accepted" and learning[-2].split()[0] == str(review["learning_value"]["final"])


def test_golden_example_of_the_documentation(cli: Cli) -> None:
    page = ROOT / "docs" / "scores.md"
    shown = f"```console\n$ reviewgen score samples/broken-hcl\n{cli('score', ROOT / 'samples' / 'broken-hcl').out}```\n"
    text, number = re.subn(
        r"(<!-- excerpt: [^\n]*-->\n).*(<!-- end of excerpt -->)", lambda m: m[1] + shown + m[2], page.read_text("utf-8"), flags=re.S
    )
    assert number == 1
    golden(page, text)


def test_json_is_the_score_of_the_review(cli: Cli, make_sample: MakeSample) -> None:
    found = json.loads(cli("score", make_sample(), "--format", "json").out)
    review = json.loads(cli("report", make_sample("again/audit"), "--format", "json").out)
    assert found == {"sample": "audit", "class": "pair", "score": review["score"]}


def test_a_hard_blocker_is_said_in_both_sums(cli: Cli) -> None:
    out = cli("score", SAMPLE).out
    assert out.count("hard blocker, the base is 4: 3 of the 3 services counted in PROMPT are missing in MODEL") == 3
    assert "     4\n        threshold 8: not accepted\n" in out


PLACES = {
    "region": ("Deploy everything to eu-west-1.", 'region = "us-east-1"', 'region = "eu-west-1"', 5),
    "account": (
        "Deploy everything to account 482915730164.",
        'allowed_account_ids = ["730164482915"]',
        'allowed_account_ids = ["482915730164"]',
        3,
    ),
}


@pytest.mark.parametrize("kind", PLACES)
def test_another_place_than_the_one_that_prompt_names(cli: Cli, make_sample: MakeSample, kind: str) -> None:
    line, wrong, right, number = PLACES[kind]
    provider = '```hcl\nprovider "aws" {{\n  {}\n}}\n'
    sides = [text.replace("```hcl\n", provider.format(inside), 1) for text, inside in ((MODEL, wrong), (IDEAL, right))]
    prompt = f"# Task\n\n1. {line}\n2. Encrypt the bucket `logs` with a customer managed KMS key.\n"
    found = json.loads(cli("score", make_sample(prompt=prompt, model=sides[0], ideal=sides[1]), "--format", "json").out)["score"]
    (row,) = found["learning_value"]["adjustments"]
    assert (found["base"], found["learning_value"]["final"], row["rule"]) == (number, number, f"hard-blocker.{kind}")
    assert row["issues"] and row["issues"] == found["adjustments"][0]["issues"]


def test_identical_trees_and_an_ideal_without_code(cli: Cli, make_sample: MakeSample) -> None:
    assert "no corrective change, no learning value\n  ----\n     0\n" in cli("score", make_sample("same", ideal=MODEL)).out
    out = cli("score", make_sample("none", ideal="# All is well\n")).out
    assert out.count("not judged: IDEAL holds no Terraform") == 2 and "threshold" not in out


@pytest.mark.parametrize("command", ["score", "report"])
@pytest.mark.parametrize(("least", "code"), [(0, 0), (4, 0), (5, 1)])
def test_gate(cli: Cli, command: str, least: int, code: int) -> None:
    run = cli(command, SAMPLE, "--fail-under", least)
    assert run.code == code and run.out
    assert run.err == (f"gate: the learning value is 4, {least} is required\n" if code else "")


def test_what_is_not_judged_passes_no_gate(cli: Cli, make_sample: MakeSample) -> None:
    run = cli("score", make_sample("none", ideal="# All is well\n"), "--fail-under", 1)
    assert (run.code, run.err) == (1, "gate: the learning value is not judged, 1 is required\n")


@pytest.mark.parametrize("least", ["11", "-1", "x"])
def test_a_gate_outside_of_the_scale(cli: Cli, least: str) -> None:
    run = cli("score", SAMPLE, "--fail-under", least)
    assert (run.code, run.out) == (2, "")
    assert "fail" in run.err


def test_a_wrong_rubric_writes_nothing(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.toml").write_text('name = "failures@1"\nextends = "failures@1"\nbase = true\n', "utf-8")
    monkeypatch.setenv("REVIEWGEN_RUBRICS", str(tmp_path / "own.toml"))
    run = cli("report", SAMPLE, "-o", tmp_path / "out.md")
    assert run.code == 2 and "own.toml:3: 'base' must be a number" in run.err
    assert not (tmp_path / "out.md").exists()
