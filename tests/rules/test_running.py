"""Applying rules: what a configuration switches, what a rule that fails costs, and what is said about rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reviewgen import pipeline, rules
from reviewgen.cli.main import run
from reviewgen.config import Config, load
from reviewgen.errors import ConfigError
from reviewgen.model.review import Category, Stage
from reviewgen.rules.base import Hit
from reviewgen.sample import of_documents
from reviewgen.terraform import Graph
from tests.build import document, graph

RULE = rules.rule_named("apigw-deployment-stage-name")
CODE = 'resource "aws_api_gateway_deployment" "d" {\n  stage_name = "live"\n}\n'


def failing(tree: Graph) -> Iterator[Hit]:
    """Finds a deployment, and fails where there is none."""
    yield Hit(tree.of_type("aws_api_gateway_deployment")[0].address, "It is there.", "it is not there")


def test_a_rule_that_fails_on_one_tree_says_nothing_of_the_other() -> None:
    broken = replace(RULE, id="RG999", slug="broken", check=failing)
    found = rules.run_pair(graph(CODE), graph(""), [broken, RULE])
    assert [f.rule for f in found.model] == [RULE.id] and found.ideal == ()
    assert len(found.notes) == 1
    assert found.notes[0].startswith("Rule RG999 (broken) could not be applied") and "IndexError" in found.notes[0]


def test_a_rule_that_fails_is_noted_in_the_review(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "CATALOGUE", (replace(RULE, check=failing),))
    review = pipeline.review_sample(of_documents(document(CODE), document("locals {}\n")), Config())
    assert any(RULE.slug in note for note in review.sample.notes)


def test_rules_are_switched_off_and_recategorised(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.reviewgen.rules]\noff = ["RG201"]\n\n[tool.reviewgen.rules.category]\n{RULE.slug} = "blocker"\n'
    )
    found = {rule.slug: rule.category for rule in rules.chosen(load(tmp_path))}
    assert "global-secondary-no-kms" not in found and found[RULE.slug] == "blocker"
    assert len(found) == len(rules.CATALOGUE) - 1


def test_a_hit_that_weighs_more_gives_way_to_a_configuration_only() -> None:
    def graver(tree: Graph) -> Iterator[Hit]:
        yield Hit(tree.of_type("aws_api_gateway_deployment")[0].address, "It is there.", "it is not there", category=Category.BLOCKER)

    rule = replace(RULE, check=graver, category=Category.WARNING)
    found = [f.category for r in (rule, replace(rule, configured=True)) for f in rules.run(graph(CODE), [r]).findings]
    assert found == [Category.BLOCKER, Category.WARNING]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[rules]\noff = ["apigw-deployment-stage-nam"]\n', ["reviewgen.toml:2", "did you mean 'apigw-deployment-stage-name'"]),
        ('[rules.category]\nnothing-like-it = "blocker"\n', ["'nothing-like-it'", "rules list"]),
        ('[rules.category]\nRG201 = "awful"\n', ["RG201=awful", "blocker"]),
        ("[rules]\nof = []\n", ["rules_of", "did you mean 'rules_off'"]),
    ],
)
def test_what_names_no_rule_is_an_error(tmp_path: Path, text: str, words: list[str]) -> None:
    (tmp_path / "reviewgen.toml").write_text(text)
    with pytest.raises(ConfigError) as error:
        rules.chosen(load(tmp_path))
    assert all(word in str(error.value) for word in words), str(error.value)


def test_rules_are_listed_and_shown(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "list", "--format", "json"]) == 0
    assert [row["id"] for row in json.loads(capfd.readouterr().out)] == [rule.id for rule in rules.CATALOGUE]
    assert run(["rules", "list"]) == 0
    assert f"{RULE.id}  {RULE.slug} " in capfd.readouterr().out
    assert run(["rules", "show", RULE.id.lower()]) == 0
    assert RULE.source in capfd.readouterr().out
    assert run(["rules", "show", "no-such-rule"]) == 2
    assert "no-such-rule" in capfd.readouterr().err


def test_what_the_default_values_do_not_create_weighs_less() -> None:
    text = 'variable "prod" {\n  default = false\n}\nresource "aws_iam_role_policy" "p" {\n  {}role = "r"\n  policy = "*"\n}\n'
    rule = replace(RULE, category=Category.BLOCKER, check=_policies)
    (always,) = rules.run(graph(text.replace("{}", "")), (rule,)).findings
    (sometimes,) = rules.run(graph(text.replace("{}", "count = var.prod ? 1 : 0\n  ")), (rule,)).findings
    assert rules.run(graph(text.replace("{}", "count = 0\n  ")), (rule,)).findings == ()  # whatever values it is given
    assert (always.category, sometimes.category) == (Category.BLOCKER, Category.CRITICAL)
    assert sometimes.problem == "A sentence. With the default values of the variables `aws_iam_role_policy.p` is not created."


def test_what_the_default_values_do_not_create_has_consequences_with_others_only() -> None:
    text = 'variable "prod" {\n  default = false\n}\nresource "aws_iam_role_policy" "p" {\n  {}role = "r"\n  policy = "*"\n}\n'
    rule = replace(RULE, check=_policies, impact=(("Deployment", "The policy is refused."),))
    absent = graph(text.replace("{}", "count = var.prod ? 1 : 0\n  "))
    said = [
        [impact.text for finding in rules.run(tree, (replace(rule, stage=stage),)).findings for impact in finding.impact]
        for tree, stage in ((graph(text.replace("{}", "")), Stage.APPLY), (absent, Stage.APPLY), (absent, Stage.VALIDATE))
    ]
    # Terraform reads what it does not create, and refuses it there.
    assert said == [["The policy is refused."], ["With values that create it: The policy is refused."], ["The policy is refused."]]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"dev": "prod = false", "live": "size = 2"}, " With the delivered values `aws_iam_role_policy.p` is not created."),
        ({"dev": "prod = false", "live": "prod = true"}, " With the values of `dev.tfvars` `aws_iam_role_policy.p` is not created."),
        ({"dev": "prod = local.x"}, ""),
    ],
)
def test_what_no_delivered_value_creates_weighs_less(values: dict[str, str], said: str) -> None:
    text = 'variable "prod" {\n  default = false\n}\nresource "aws_iam_role_policy" "p" {\n  count = var.prod ? 1 : 0\n  policy = "*"\n}\n'
    rule = replace(RULE, category=Category.BLOCKER, check=_policies)
    files = {f"{name}_tfvars": value for name, value in values.items()}
    (found,) = rules.run(graph(text, **files), (rule,)).findings
    assert found.problem == f"A sentence.{said}"


def _policies(tree: Graph) -> Iterator[Hit]:
    for declaration in tree.of_type("aws_iam_role_policy"):
        yield Hit(declaration.address, "A sentence.", "an assertion")


PROVISIONED = """
variable "warm" {{ default = {default} }}
resource "aws_lambda_function" "{name}" {{}}
resource "aws_lambda_provisioned_concurrency_config" "{name}" {{
  count         = var.warm > 0 ? 1 : 0
  function_name = aws_lambda_function.{name}.function_name
  qualifier     = aws_lambda_function.{name}.version
}}
"""
SMALL, LARGE = {"dev.tfvars": "warm = 0\n", "test.tfvars": "warm = 0\n"}, {"prod.tfvars": "warm = 5\n"}


@pytest.mark.parametrize(
    ("default", "values", "said"),
    [
        (
            "0",
            SMALL | LARGE,
            "With the values of `dev.tfvars` and `test.tfvars` `aws_lambda_provisioned_concurrency_config.a` is not created.",
        ),
        ("1", {"dev.tfvars": "warm = 0\n"} | LARGE, "With the values of `dev.tfvars` `aws_lambda_provisioned_concurrency_config.a` is not"),
        ("1", LARGE, ""),
    ],
)
def test_what_some_files_of_values_do_not_create_is_told_of_with_their_names(default: str, values: dict[str, str], said: str) -> None:
    found = rules.run(graph(PROVISIONED.format(name="a", default=default), **values)).findings
    (finding,) = (f for f in found if f.rule == "RG329")
    assert (said in finding.problem) if said else ("created" not in finding.problem)
    assert finding.category is Category.BLOCKER


def test_what_is_said_of_files_of_values_is_said_once_of_several_blocks() -> None:
    code = PROVISIONED.format(name="a", default="0") + "".join(PROVISIONED.format(name="b", default="0").splitlines(keepends=True)[2:])
    answer = document(code, **SMALL, **LARGE)
    review = pipeline.review_sample(of_documents(answer, answer, None, "x"), Config())
    (issue,) = (i for i in review.issues if i.rule == "RG329")
    assert issue.problem.count("With the values of `dev.tfvars` and `test.tfvars`") == 1
    assert issue.problem.endswith(
        "With the values of `dev.tfvars` and `test.tfvars` `aws_lambda_provisioned_concurrency_config.a` and "
        "`aws_lambda_provisioned_concurrency_config.b` are not created."
    )


def test_a_part_of_a_tree_has_what_the_whole_other_tree_has() -> None:
    code = 'resource "aws_lb" "b" {}\nresource "aws_lb_listener" "l" {\n  load_balancer_arn = aws_lb.b.arn\n  protocol = "HTTP"\n}\n'
    rule = rules.rule_named("alb-http-only")
    part = Graph(replace(graph(code).tree, incomplete=True))
    found = rules.run_pair(part, graph(code), [rule])
    assert [f.address for f in found.model] == [f.address for f in found.ideal] == ["aws_lb_listener.l"]
    assert rules.run_pair(part, graph("locals {}\n"), [rule]).model == ()


def test_modules_from_elsewhere_repair_nothing() -> None:
    code = 'resource "aws_lb" "b" {}\nresource "aws_lb_listener" "l" {\n  load_balancer_arn = aws_lb.b.arn\n  protocol = "HTTP"\n}\n'
    rule = rules.rule_named("alb-http-only")
    remote = graph(code + 'module "security" {\n  source = "./modules/security"\n}\n')
    for model, ideal in ((graph(code), remote), (remote, graph(code))):
        found = rules.run_pair(model, ideal, [rule])
        assert [f.address for f in found.model] == [f.address for f in found.ideal] == ["aws_lb_listener.l"]
    assert rules.run_pair(remote, remote, [rule]).ideal == ()


def test_modules_from_elsewhere_do_not_make_new_what_is_there_under_another_name() -> None:
    code = """
        resource "aws_lb_target_group" "%s" {}
        resource "aws_lb_listener" "l" {
          default_action {
            type             = "forward"
            target_group_arn = aws_lb_target_group.%s.arn
          }
        }
    """
    rule = rules.rule_named("target-group-without-targets")
    remote = graph(code % ("main", "main") + 'module "network" {\n  source = "./modules/network"\n}\n')
    found = rules.run_pair(remote, graph(code % ("app", "app")), [rule])
    assert [f.address for f in found.model] == ["aws_lb_target_group.main"]
    assert [f.address for f in found.ideal] == ["aws_lb_target_group.app"]


def test_modules_that_nothing_calls_any_more_are_not_repaired() -> None:
    code = 'resource "aws_lb" "b" {}\nresource "aws_lb_listener" "l" {\n  load_balancer_arn = aws_lb.b.arn\n  protocol = "HTTP"\n}\n'
    rule = rules.rule_named("alb-http-only")
    called = graph('module "web" {\n  source = "./modules/web"\n}\n', modules__web__main_tf=code)
    found = rules.run_pair(called, graph('resource "aws_vpc" "v" {}\n', modules__web__main_tf=code), [rule])
    assert [f.address for f in found.model] == [f.address for f in found.ideal] == ["module.web.aws_lb_listener.l"]


def test_routes_that_cannot_be_read_are_not_absent() -> None:
    """A route in a block that does not parse may lead to the internet."""
    network = """
        resource "aws_vpc" "main" {}
        resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
        resource "aws_subnet" "public" { vpc_id = aws_vpc.main.id }
        resource "aws_nat_gateway" "main" { subnet_id = aws_subnet.public.id }
        resource "aws_route_table" "public" {
          vpc_id = aws_vpc.main.id
          %s
        }
        resource "aws_route_table_association" "public" {
          subnet_id      = aws_subnet.public.id
          route_table_id = aws_route_table.public.id
        }
    """
    broken = graph(network % 'route { cidr_block = "0.0.0.0/0", gateway_id = aws_internet_gateway.main.id }')
    assert broken.tree.diagnostics
    rule = rules.rule_named("nat-gateway-without-internet-route")
    assert not rules.run(broken, [rule]).findings
    assert rules.run(graph(network % ""), [rule]).findings


@pytest.mark.parametrize(
    ("remark", "unless"),
    [("Placeholder: update this after the first apply", "placeholder"), ("Update this after the first apply", "")],
)
def test_a_remark_at_a_placeholder_counts_unless_prompt_asks_for_one(remark: str, unless: str) -> None:
    [found] = rules.run(graph(f'resource "aws_vpc" "v" {{\n  # {remark}\n}}\n'), [rules.rule_named("admitted-gap")]).findings
    assert found.unless == unless


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("Limit SSH to a variable office_range (by default a placeholder like your own address).", True),
        ("Limit SSH to a variable office_range. No placeholders.", False),
        ("Variables with sensible defaults for the region, the office range and the size.", True),
        ("Variables with defaults for the region. The office range is asked for.", False),
    ],
)
def test_a_remark_at_a_default_counts_unless_prompt_asks_for_a_placeholder_there(prompt: str, asked: bool) -> None:
    variable = 'variable "office_range" {\n  default = "203.0.113.0/32" # Replace with your own address\n}\n'
    [found] = rules.run(graph(variable), [rules.rule_named("admitted-gap")]).findings
    assert bool(re.search(found.unless, prompt.lower())) is asked
