"""What one tree takes away from the other: pairs of trees, and what is said of each."""

from __future__ import annotations

import tomllib

import pytest

from reviewgen import diff
from reviewgen.rules import changes
from reviewgen.rules.changes import table
from tests.build import graph
from tests.paths import CASES

FILES = sorted((CASES / "changes").glob("*.toml"))
ROWS = [(f.stem, row) for f in FILES for row in tomllib.loads(f.read_text())["case"]]
TABLE_RULES = {t.id for t in table.themes()} | {g.id for g in table.groups()}


@pytest.mark.parametrize(("stem", "row"), ROWS, ids=[f"{stem}-{row['name']}" for stem, row in ROWS])
def test_cases(stem: str, row: dict[str, str]) -> None:
    model, ideal = graph(row["model"]), graph(row["ideal"])
    ours, theirs = changes.compare(model, ideal, diff.compare(model, ideal), row.get("prompt", "").lower())
    found = [f"{side} {f.rule} {f.address}.{f.attribute}".rstrip(".") for side, fs in (("model", ours), ("ideal", theirs)) for f in fs]
    assert found == row["expect"]
    assert row.get("says", "") in " ".join(text for f in (*ours, *theirs) for text in (f.problem, *(i.text for i in f.impact)))
    for finding in (*ours, *theirs):
        assert len(finding.title) <= 90 and finding.problem.endswith(".")
        assert finding.problem.count("`") % 2 == 0 and finding.check.count("`") % 2 == 0


# A correction that is a fragment is judged as a whole, an answer that is one by what it lacks: this is not symmetric.
SYMMETRIC = [(stem, row) for stem, row in ROWS if "RG053" not in str(row["expect"])]


@pytest.mark.parametrize(("stem", "row"), SYMMETRIC, ids=[f"{stem}-{row['name']}" for stem, row in SYMMETRIC])
def test_swapping_the_trees_swaps_the_findings(stem: str, row: dict[str, str]) -> None:
    model, ideal, prompt = graph(row["model"]), graph(row["ideal"]), row.get("prompt", "").lower()
    ours, theirs = changes.compare(model, ideal, diff.compare(model, ideal), prompt)
    others, mine = changes.compare(ideal, model, diff.compare(ideal, model), prompt)
    assert ({(f.rule, f.address) for f in ours}, {(f.rule, f.address) for f in theirs}) == (
        {(f.rule, f.address) for f in mine},
        {(f.rule, f.address) for f in others},
    )


def test_what_another_page_says_has_that_page_as_its_source() -> None:
    weak, strong = (graph(f'resource "aws_db_instance" "d" {{\n{more}}}\n') for more in ("", "  manage_master_user_password = true\n"))
    ours, _ = changes.compare(weak, strong, diff.compare(weak, strong), "")
    assert [f.source.rpartition("/")[2] for f in ours if f.attribute == "manage_master_user_password"] == ["rds-secrets-manager.html"]


def test_a_row_without_a_page_of_its_own_has_the_providers_page_of_the_resource() -> None:
    weak, strong = (graph(f'resource "aws_alb" "l" {{\n{more}}}\n') for more in ("", "  enable_deletion_protection = true\n"))
    ours, _ = changes.compare(weak, strong, diff.compare(weak, strong), "")
    assert [f.source.rpartition("/resources/")[2] for f in ours] == ["lb"]


def test_terragrunt_writes_provider_and_backend() -> None:
    bucket = 'resource "aws_s3_bucket" "b" {}\n'
    strong = graph('provider "aws" {\n  region = "eu-west-1"\n}\nterraform {\n  backend "s3" {\n    bucket = "states"\n  }\n}\n' + bucket)
    for weak, expected in ((graph(bucket), ["RG055", "RG056"]), (graph(bucket, **{"terragrunt.hcl": ""}), [])):
        ours, _ = changes.compare(weak, strong, diff.compare(weak, strong), "")
        assert [f.rule for f in ours] == expected


def test_the_count_of_a_kind_is_that_of_the_tree() -> None:
    alarms = [f'resource "aws_cloudwatch_metric_alarm" "a{n}" {{}}\n' for n in range(4)]
    missed = 'resource "aws_cloudwatch_dashboard" "d" {\n  dashboard_body = aws_cloudwatch_metric_alarm.a3.arn\n}\n'
    weak, strong = graph("".join(alarms[:1]) + missed), graph("".join(alarms) + missed)
    ours, _ = changes.compare(weak, strong, diff.compare(weak, strong), "")
    assert "(1 against 4 in IDEAL)" in next(f.problem for f in ours if f.rule == "RG021")


def test_what_stands_in_a_module_that_nothing_calls_is_not_created() -> None:
    detector, call = 'resource "aws_guardduty_detector" "d" {{\n  enable = {}\n}}\n', 'module "{0}" {{\n  source = "./modules/{0}"\n}}\n'
    modules = {"modules__guard__main_tf": detector.format("var.enable"), "modules__net__main_tf": 'resource "aws_vpc" "v" {}\n'}
    strong, weak = graph(detector.format("true")), graph(call.format("net"), **modules)
    _, (found,) = changes.compare(strong, weak, diff.compare(strong, weak), "")
    assert found.rule == "RG024"
    assert found.problem.startswith("IDEAL creates no ") and "Nothing calls the module of `module.guard." in found.problem
    assert changes.compare(weak, strong, diff.compare(weak, strong), "")[0][0].address == "aws_guardduty_detector.d"


def test_a_service_that_is_left_out_is_not_told_of_as_another_one() -> None:
    hub, other = 'resource "aws_securityhub_account" "a" {}\n', 'resource "aws_vpc" "v" {}\n'
    strong, weak = graph(hub + other), graph(other)
    _, (found,) = changes.compare(strong, weak, diff.compare(strong, weak), "")
    assert found.rule == "RG024" and "Security Hub" in found.title and "threat detection" not in found.problem


def test_every_rule_of_the_tables_has_a_case() -> None:
    assert {rule for rule in TABLE_RULES if not any(f" {rule} " in said for _, row in ROWS for said in row["expect"])} == set()


def test_ids_and_slugs_of_the_tables_are_unique() -> None:
    rows = [*table.themes(), *table.groups()]
    assert len({r.id for r in rows}) == len({r.slug for r in rows}) == len(rows)
