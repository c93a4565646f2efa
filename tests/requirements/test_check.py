"""What PROMPT asks in particular (amounts, regions, tags, prohibitions), and how trees answer it."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from reviewgen.model.source import Document, SourceFile
from reviewgen.requirements import check, parse
from reviewgen.requirements.prompt.quantities import measured
from reviewgen.requirements.tables.count import counts
from reviewgen.requirements.tables.everywhere import everywhere
from reviewgen.requirements.tables.prohibition import prohibitions
from reviewgen.requirements.tables.value import values
from reviewgen.requirements.tree.conditions import Term
from reviewgen.terraform import Graph, build
from tests.paths import CASES
from tests.requirements.schemas import knows, schemas

ROWS = tomllib.loads((CASES / "requirements" / "check.toml").read_text("utf-8"))["case"]


def tree(code: str, files: dict[str, str]) -> Graph:
    named = {"main.tf": code, **files}
    return Graph(build(Document("test", files=tuple(SourceFile(path, text) for path, text in named.items())), "model"))


@pytest.mark.parametrize("case", ROWS, ids=[r["name"] for r in ROWS])
def test_cases(case: dict[str, Any]) -> None:
    files = case.get("files", {})
    model = tree(case["code"], files)
    ideal = tree(case.get("ideal", case["code"]), files)
    result = check(parse(Document("PROMPT.md", case["prompt"])), case["prompt"], model, ideal)
    verdicts = {row.capability: row.model.value for row in result.coverage}
    assert {name: verdicts.get(name, "absent") for name in case["expect"]} == case["expect"]
    kinds = {(True, True): "left", (True, False): "fixed", (False, True): "introduced"}
    found = {f.key or f.rule: f for f in (*result.model, *result.ideal)}
    if "title" in case:
        assert [f.title for f in found.values()] == [case["title"]] * bool(case["title"])
    for finding in found.values():
        assert finding.requirement is not None and finding.problem.count("`") % 2 == 0 and len(finding.title) <= 90
        assert kinds[finding in result.model, finding in result.ideal] == case.get("status", "left")
        if "impact" in case:
            assert [i.text for i in finding.impact] == case["impact"]
        if "where" in case:
            lead = f"{finding.address}.{finding.attribute}" if finding.attribute else finding.address
            assert [lead, *finding.related] == case["where"]


@pytest.mark.parametrize(
    ("condition", "advice"),
    [
        (
            'data.aws_region.here.name == "us-east-2"',
            " A condition of `terraform_data.guard` names `us-east-2`: it has to change along with it.",
        ),
        ('contains(["us-east-2", "eu-west-3"], data.aws_region.here.name)', ""),
    ],
)
def test_what_holds_a_stack_in_the_wrong_region_changes_along_with_it(condition: str, advice: str) -> None:
    guard = f'lifecycle {{\n    precondition {{\n      condition     = {condition}\n      error_message = "Elsewhere."\n    }}\n  }}'
    code = f'provider "aws" {{\n  region = "us-east-2"\n}}\nresource "terraform_data" "guard" {{\n  {guard}\n}}\n'
    code += 'data "aws_region" "here" {}\nresource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    prompt = "Deploy the stack in the eu-west-3 region."
    (finding,) = check(parse(Document("PROMPT.md", prompt)), prompt, tree(code, {}), tree(code, {})).model
    assert finding.recommendation is not None
    assert finding.recommendation.text == f"Set the region to `eu-west-3`.{advice}"


def terms() -> list[tuple[str, Term, tuple[str, ...]]]:
    found = [(v.id, a.term, a.path) for v in values().values() for a in v.arguments]
    found += [(c.id, t, ()) for c in counts().values() for t in c.terms]
    for known in everywhere().values():
        found += [(known.what, t, ()) for t in (*known.subjects, *known.none, *known.own, *known.all)]
        found += [(known.what, c.term, c.path) for c in (*known.by, *known.perhaps)]
    return found + [(p.id, t, ()) for p in prohibitions().values() for t in p.found]


def test_types_and_arguments_exist() -> None:
    wrong = []
    for id_, term, path in terms():
        if term.type.startswith(("aws_", "data.aws_")):
            paths = [p for p in (path, *(t.path for t in term.tests)) if p]
            wrong += [(id_, term.type, p) for p in paths if not any(knows(s, p) for s in schemas(term.type))]
            wrong += [(id_, term.type, ()) for _ in range(not schemas(term.type))]
    assert wrong == []


def test_words_for_readers() -> None:
    for known in (*values().values(), *prohibitions().values(), *counts().values()):
        assert all(sentence.endswith(".") and not sentence[0].islower() for _, sentence in known.impact)
    assert all(len(known.title) <= 90 for known in prohibitions().values())


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("≥ 7 days", "at least 7 days"),
        ("Set timeout=thirty-five seconds", "set timeout 35 seconds"),
        ("five hundred twelve MB (1,024 later)", "512 mb 1024 later"),
        ("Node.js 18+", "node.js 18 or more"),
        ("Retention: 30-day", "retention 30 day"),
    ],
)
def test_amounts_in_words(text: str, form: str) -> None:
    assert measured(text) == form


def test_resources_whose_tags_nobody_knows_are_not_counted_as_tagged() -> None:
    code = (
        'variable "tags" {\n  type = map(string)\n}\n'
        'resource "aws_vpc" "v" {\n  tags = { Owner = "a" }\n}\n'
        'resource "aws_subnet" "s" {\n  tags = var.tags\n}\n'
        'resource "aws_eip" "e" {}\n'
    )
    graph = tree(code, {})
    prompt = "Tag all resources with Owner"
    (finding,) = check(parse(Document("PROMPT.md", prompt)), prompt, graph, graph).model
    assert (finding.title, finding.present) == ("1 of 3 taggable resources lacks the tag Owner", ("1 of 3 resources with all of them",))
    assert finding.recommendation is not None and "the tags of these resources" in finding.recommendation.text


def test_a_tag_that_no_resource_has_weighs_no_less_where_ideal_leaves_a_few_without_it() -> None:
    names = [f'resource "aws_sqs_queue" "q{n}" {{' for n in range(8)]
    ours = "\n".join(f'{name}\n  tags = {{ Name = "q" }}\n}}' for name in names)
    theirs = "\n".join(f'{name}\n  tags = {{ {"Team" if n else "Name"} = "a" }}\n}}' for n, name in enumerate(names))
    prompt = "Tag all resources with Team"
    (finding,) = check(parse(Document("PROMPT.md", prompt)), prompt, tree(ours, {}), tree(theirs, {})).model
    assert (finding.title, finding.severity) == (
        "No resource carries the tag Team; in IDEAL 1 of 8 taggable resources lacks the tag Team",
        "MEDIUM",
    )


def test_all_resources_that_answer_are_named_however_many() -> None:
    topics = "\n".join(f'resource "aws_sns_topic" "t{n}" {{\n  tags = {{ Team = "a" }}\n}}' for n in range(9))
    prompt = "# Task\n\n1. Tag all resources with the Team tag: Team = a\n"
    result = check(parse(Document("PROMPT.md", prompt)), prompt, tree(topics, {}), tree(topics, {}))
    assert [len(row.model_addresses) for row in result.coverage if row.capability == "tags"] == [9]


def test_all_resources_that_lack_a_tag_are_named_however_many() -> None:
    tagged = "\n".join(f'resource "aws_sns_topic" "t{n}" {{\n  tags = {{ Team = "a" }}\n}}' for n in range(40))
    code = tagged + "\n" + "\n".join(f'resource "aws_sqs_queue" "q{n}" {{}}' for n in range(8))
    prompt = "# Task\n\n1. Tag all resources with the Team tag: Team = a\n"
    (finding,) = check(parse(Document("PROMPT.md", prompt)), prompt, tree(code, {}), tree(code, {})).model
    assert (finding.title, len({finding.address, *finding.related})) == ("8 of 48 taggable resources lack the tag Team", 8)


def test_of_resources_that_lack_one_tag_or_another_the_title_counts_the_tags_that_it_does_not_name() -> None:
    code = 'resource "aws_sqs_queue" "a" {\n  tags = { Team = "a", Owner = "b", Stage = "c", Cost = "d" }\n}\n'
    code += 'resource "aws_sqs_queue" "b" {\n  tags = { Team = "a", Owner = "b", Stage = "c" }\n}\nresource "aws_sqs_queue" "c" {}\n'
    prompt = "# Task\n\n1. Tag all resources with Team, Owner, Stage and Cost\n"
    (finding,) = check(parse(Document("PROMPT.md", prompt)), prompt, tree(code, {}), tree(code, {})).model
    assert finding.title == "2 of 3 taggable resources lack one or more of the tags Team, Owner, Stage and 1 more"


def test_where_no_name_has_the_suffix_nothing_is_ticked_for_it() -> None:
    names = [f'resource "aws_sqs_queue" "q{n}" {{\n  name = "jobs-{n}"\n}}' for n in range(4)]
    code = 'variable "environment_suffix" {\n  type = string\n}\n' + "\n".join(names)
    prompt = "# Task\n\n1. All resource names must include the environment suffix\n"
    found = check(parse(Document("PROMPT.md", prompt)), prompt, tree(code, {}), tree(code, {})).model
    (finding,) = [f for f in found if f.rule == "names-without-suffix"]
    assert (finding.present, finding.absent) == ((), ("the environment suffix in 4 of 4 names",))


def test_what_stands_against_the_prompt_is_not_called_forbidden_where_it_only_follows() -> None:
    code = 'resource "aws_db_instance" "main" {\n  engine = "mysql"\n  instance_class = "db.t3.micro"\n  final_snapshot_identifier = "last"\n}\n'
    prompt = "# Task\n\n1. The infrastructure must be fully destroyable\n"
    found = check(parse(Document("PROMPT.md", prompt)), prompt, tree(code, {}), tree(code, {})).model
    (finding,) = [f for f in found if f.rule == "forbidden-construct:final-snapshot"]
    assert finding.problem.startswith("Against what PROMPT asks, `aws_db_instance.main` does not skip the final snapshot.")
