"""What PROMPT asks for in two ways that exclude each other: which lines they are, and that nothing is decided on them."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from reviewgen.model.requirement import Verdict
from reviewgen.model.source import Document, SourceFile
from reviewgen.requirements import capabilities, check, contradictions, parse, trace
from reviewgen.requirements.tables.opposite import opposites
from reviewgen.terraform import Graph, build
from tests.paths import CASES

ROWS = tomllib.loads((CASES / "requirements" / "contradictions.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", ROWS, ids=[r["name"] for r in ROWS])
def test_cases(case: dict[str, Any]) -> None:
    found = contradictions(parse(Document("PROMPT.md", case["prompt"])))
    assert {c.subject: [c.first.line, c.second.line] for c in found} == case["found"]
    if "text" in case:
        assert [c.text for c in found] == [case["text"]]


def test_entries_name_what_there_is() -> None:
    for known in opposites().values():
        unknown = [id_ for id_ in known.undecided if ":" not in id_ and id_ not in ("region", "single-file") and id_ not in capabilities()]
        assert known.undecided and not unknown, known.id


def test_nothing_is_decided_on_what_excludes_itself() -> None:
    prompt = "- Do not create NAT gateways\n- Create a NAT gateway in each zone\n- Create a VPC\n"
    rows = parse(Document("PROMPT.md", prompt))
    tree = build(
        Document("MODEL", files=(SourceFile("main.tf", 'resource "aws_nat_gateway" "n" {}\nresource "aws_vpc" "v" {}\n'),)), "model"
    )
    graph = Graph(tree)
    excluding = contradictions(rows)
    traced = {row.capability: row.model for row in trace(rows, graph, graph, excluding) if row.capability}
    assert (traced["nat-gateway"], traced["vpc"]) == (Verdict.UNKNOWN, Verdict.MET)
    assert "forbidden:nat-gateway" not in {row.capability for row in check(rows, prompt, graph, graph, excluding).coverage}
    assert "forbidden:nat-gateway" in {row.capability for row in check(rows, prompt, graph, graph).coverage}
