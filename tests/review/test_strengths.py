"""What MODEL is praised for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reviewgen.model.review import Coverage, Requirement, Verdict
from reviewgen.review.strengths import strengths
from reviewgen.terraform import Graph
from tests.build import graph, tree

ALARMS = "".join(f'resource "aws_cloudwatch_metric_alarm" "a{n}" {{\n  alarm_actions = {{}}\n}}\n' for n in range(2))


@pytest.mark.parametrize(("actions", "praised"), [("[aws_sns_topic.t.arn]", True), ("[]", False)])
def test_an_empty_list_is_no_action(actions: str, praised: bool) -> None:
    assert any(s.title == "Monitoring" for s in strengths(graph(ALARMS.replace("{}", actions)))) is praised


@pytest.mark.parametrize("incomplete", [False, True])
def test_a_part_of_an_answer_is_not_praised_for_what_it_meets(incomplete: bool) -> None:
    rows = [Coverage(Requirement(f"R{n}", None, "x", n), Verdict.MET, Verdict.MET) for n in range(6)]
    found = strengths(Graph(replace(tree("locals {}\n"), incomplete=incomplete)), rows)
    assert any(s.title == "Requirement coverage" for s in found) is not incomplete
