"""What is said of one file that PROMPT wants, where an answer gives its code no file at all."""

from __future__ import annotations

import pytest

from reviewgen.model.requirement import Verdict
from reviewgen.requirements import check, parse
from reviewgen.sample import read_markdown
from reviewgen.terraform import Graph, build

QUEUE, TOPIC = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n', 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'


@pytest.mark.parametrize(
    ("names", "verdict"),
    [
        (("", ""), Verdict.UNKNOWN),  # that they are two files says nobody but us
        (("main.tf", "topic.tf"), Verdict.UNMET),
        (("", "topic.tf"), Verdict.UNMET),
        (("",), Verdict.MET),
    ],
)
def test_pieces_without_file_names_may_be_one_file(names: tuple[str, ...], verdict: Verdict) -> None:
    prompt = "Put everything into a single Terraform file."
    pieces = [f"### {name}\n\n" * bool(name) + f"```hcl\n{code}```\n" for name, code in zip(names, (QUEUE, TOPIC), strict=False)]
    model, ideal = (Graph(build(read_markdown(text, "ANSWER.md"), side)) for side, text in (("model", "\n".join(pieces)), ("ideal", "")))
    rows = check(parse(read_markdown(prompt, "PROMPT.md")), prompt, model, ideal).coverage
    assert [row.model for row in rows if row.capability == "single-file"] == [verdict]


PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'


@pytest.mark.parametrize(
    ("prompt", "verdict"),
    [
        ("Put everything into a single Terraform file.", Verdict.UNMET),
        ("Put everything into a single Terraform file. Provider and backend are configured elsewhere.", Verdict.MET),
        ("Put everything into a single Terraform file. Do not include provider blocks.", Verdict.MET),
        ("Put all variables, locals, resources and outputs into a single Terraform file.", Verdict.MET),
        ("Put providers, variables, resources and outputs into a single Terraform file.", Verdict.UNMET),
    ],
)
def test_settings_that_prompt_has_elsewhere_are_no_second_file(prompt: str, verdict: Verdict) -> None:
    text = "\n".join(f"### {name}\n\n```hcl\n{code}```\n" for name, code in (("main.tf", QUEUE), ("provider.tf", PROVIDER)))
    model, ideal = (Graph(build(read_markdown(t, "ANSWER.md"), side)) for side, t in (("model", text), ("ideal", "")))
    rows = check(parse(read_markdown(prompt, "PROMPT.md")), prompt, model, ideal).coverage
    assert [row.model for row in rows if row.capability == "single-file"] == [verdict]


def test_a_file_that_prompt_does_not_name_is_not_called_named() -> None:
    prompt = "Put everything into a single Terraform file."
    text = "\n".join(f"### {name}\n\n```hcl\n{code}```\n" for name, code in (("main.tf", QUEUE + PROVIDER), ("topic.tf", TOPIC)))
    model, ideal = (Graph(build(read_markdown(t, "ANSWER.md"), side)) for side, t in (("model", text), ("ideal", "")))
    (finding,) = check(parse(read_markdown(prompt, "PROMPT.md")), prompt, model, ideal).model
    assert [impact.text for impact in finding.impact] == ["Whoever takes over `main.tf` alone gets a part of the stack."]
