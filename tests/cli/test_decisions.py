"""What a curator decides, what led to an issue, and secrets that nobody should read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import IDEAL, MODEL, Cli, MakeSample

SECRET = "Winter-Sun-2031"
WITH_SECRET = MODEL.replace(
    '  bucket = "audit-logs"',
    f'  bucket = "audit-logs"\n  # replace with your own password, not {SECRET}\n  tags   = {{ password = "{SECRET}" }}',
)


def issues(cli: Cli, sample: Path, *arguments: object) -> dict[str, Any]:
    review = json.loads(cli("report", sample, "--format", "json", *arguments).out)
    return {i["fingerprint"]: i for i in review["issues"]} | {"": review}


def decide(sample: Path, *entries: str) -> None:
    (sample / "review.overrides.toml").write_text("\n".join(f"[[override]]\n{entry}\n" for entry in entries), "utf-8")


def test_an_issue_is_dismissed_with_its_reason(cli: Cli, make_sample: MakeSample) -> None:
    sample = make_sample()
    before = issues(cli, sample)
    chosen = next(f for f in before if f)
    decide(sample, f'issue = "{chosen}"\ndismiss = true\nreason = "It is done elsewhere."')
    after = issues(cli, sample)
    assert chosen not in after and len(after) == len(before) - 1
    assert after[""]["dismissed"] == [{"title": before[chosen]["title"], "fingerprint": chosen, "reason": "It is done elsewhere."}]
    assert "It is done elsewhere." in cli("report", sample).out


def test_an_issue_gets_another_category_and_title(cli: Cli, make_sample: MakeSample) -> None:
    sample = make_sample()
    chosen = next(f for f, i in issues(cli, sample).items() if f and i["category"] != "warning")
    decide(
        sample, f'issue = "{chosen}"\ncategory = "warning"\ntitle = "Keys are S3 keys"\nnote = "See the wiki"\nreason = "Test data only."'
    )
    issue = issues(cli, sample)[chosen]
    assert (issue["category"], issue["title"]) == ("warning", "Keys are S3 keys")
    text = cli("report", sample).out
    assert "**Curator**: " in text and "See the wiki; Test data only." in text


def test_a_decision_about_no_issue_is_stale(cli: Cli, make_sample: MakeSample, tmp_path: Path) -> None:
    sample = make_sample()
    (tmp_path / "other.toml").write_text('[[override]]\nissue = "RG999:x"\ndismiss = true\nreason = "Gone."\n')
    run = cli("report", sample, "--overrides", tmp_path / "other.toml")
    assert run.code == 0 and "RG999:x" in run.err
    assert "stale" in run.out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[override]]\nissue = 1\nreason = 'x'", "must be a text"),
        ("[[override]]\nreason = 'x'\ndismiss = true", "needs 'issue'"),
        ("[[override]]\nissue = 'a'\ndismiss = true", "needs 'reason'"),
        ("[[override]]\nissue = 'a'\nreason = 'x'", "decides nothing"),
        ("[[override]]\nissue = 'a'\nreason = 'x'\ndismiss = true\ntitle = 't'", "dismisses the issue and gives it a title"),
        ("[[override]]\nissue = 'a'\nreason = 'x'\ncategory = 'bad'", "'bad' is none of"),
        ("[[override]]\nissue = 'a'\nreason = 'x'\nsilent = true", "unknown key 'silent'"),
        ("[override]\nissue = 'a'", "no list"),
        ("[[overrides]]\nissue = 'a'", "unknown key 'overrides'"),
        ("[[override]\nissue = 'a'", "no TOML"),
        ("[[override]]\nissue = 'a'\nreason = 'x'\nnote = 'y'\n[[override]]\nissue = 'a'\nreason = 'x'\nnote = 'z'", "two overrides"),
    ],
)
def test_wrong_decisions_name_file_and_line(cli: Cli, make_sample: MakeSample, text: str, says: str) -> None:
    sample = make_sample()
    (sample / "review.overrides.toml").write_text(text, "utf-8")
    run = cli("report", sample)
    assert (run.code, run.out) == (2, "")
    assert "review.overrides.toml" in run.err and says in run.err and len(run.err.splitlines()) == 1


def test_explain_shows_what_led_to_an_issue(cli: Cli, make_sample: MakeSample) -> None:
    sample = make_sample()
    fingerprint = next(f for f in issues(cli, sample) if f)
    by_number, by_name = cli("explain", sample, "1"), cli("explain", sample, fingerprint)
    assert by_number.code == 0 and by_number.out == by_name.out
    assert by_number.out.startswith("#1 ") and "evidence:" in by_number.out and "assertions:" in by_number.out
    assert json.loads(cli("explain", sample, "1", "--format", "json").out)["fingerprint"] == fingerprint
    run = cli("explain", sample, "77")
    assert run.code == 2 and "no issue '77'" in run.err


def test_explain_says_no_more_of_an_answer_of_parts_than_the_document(cli: Cli, make_sample: MakeSample) -> None:
    """It said that both trees have the defect, and that IDEAL fails the assertion, where the document says that nobody knows."""
    metric = '["AWS/SQS", "NumberOfMessagesSent", { dimensions = { QueueName = "orders-1" } }]'
    body = f'jsonencode({{ widgets = [{{ type = "metric", properties = {{ region = "eu-west-1", metrics = [{metric}] }} }}] }})'
    board = f'resource "aws_cloudwatch_dashboard" "orders" {{\n  dashboard_name = "orders"\n  dashboard_body = {body}\n}}\n'
    queues = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "orders-{n}"\n}}\n' for n in range(12))
    call = 'module "watch" {\n  source = "./modules/watch"\n  name   = "orders"\n}\n'
    part = f'resource "aws_sqs_queue" "q1" {{\n  name = "changed"\n}}\n{call}'
    model = f"### main.tf\n\n```hcl\n{queues}{board}```\n"
    ideal = f'### main.tf\n\n```hcl\n{part}```\n\n### modules/watch/variables.tf\n\n```hcl\nvariable "name" {{\n  type = string\n}}\n```\n'
    sample = make_sample(model=model, ideal=ideal)
    fingerprint = next(f for f in issues(cli, sample) if f.startswith("RG821"))
    shown = cli("explain", sample, fingerprint).out
    assert "status       Open: IDEAL " in shown
    assert ": MODEL no\n" in shown and "IDEAL no" not in shown
    told = json.loads(cli("explain", sample, fingerprint, "--format", "json").out)
    assert "Open: IDEAL" in told["status_because"]
    assert {(check["model"], check["ideal"]) for check in told["assertions"]} == {(False, None)}


def test_secrets_are_said_and_masked(cli: Cli, make_sample: MakeSample) -> None:
    sample = make_sample(model=WITH_SECRET, ideal=IDEAL)
    shown = cli("report", sample)
    assert SECRET in shown.out and "--redact" in shown.out
    for arguments in (["--redact"], ["--redact", "--format", "json"]):
        run = cli("report", sample, *arguments)
        assert SECRET not in run.out and "********" in run.out


def test_what_only_looks_like_a_secret_is_left(cli: Cli, make_sample: MakeSample) -> None:
    model = MODEL.replace('bucket = "audit-logs"', 'bucket = "audit-logs"\n  tags = { secret_name = "prod/db", kms_key_id = "alias/x" }')
    assert "redact" not in cli("report", make_sample(model=model)).out
