"""What is declared twice: the correction is that one of the declarations goes, and nothing that becomes of the other."""

from __future__ import annotations

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.model.review import Issue, Review
from reviewgen.model.source import Document
from tests.build import document

REGION = 'variable "region" {\n  default = "%s"\n}\n'
QUEUE = 'resource "aws_sqs_queue" "jobs" {}\n'
TWICE = document(main_tf=QUEUE + REGION % "a", variables_tf=REGION % "a")


def reviewed(model: Document, ideal: Document) -> Review:
    return pipeline.review_sample(sample.of_documents(model, ideal, None, "x"), Config())


def told(model: Document, ideal: Document) -> Issue:
    return next(i for i in reviewed(model, ideal).issues if i.rule == "tf:declared-twice")


def test_it_is_not_repaired_by_what_became_of_the_one_that_is_left() -> None:
    once = document(main_tf=QUEUE + REGION % "b")
    for pair, status in (((TWICE, once), "fixed"), ((once, TWICE), "introduced")):
        issue = told(*pair)
        assert (issue.status, issue.solution, issue.values, issue.corrected) == (status, (), (), ())
        assert [c.check for c in issue.verification if " sets " in c.check] == []


def test_it_may_be_gone_altogether_with_both_declarations() -> None:
    assert told(TWICE, document(main_tf=QUEUE)).lines_removed == 6


def test_it_may_come_altogether() -> None:
    issue = told(document(main_tf=QUEUE), TWICE)
    assert [(p.file, p.code) for p in issue.solution] == [(name, (REGION % "a").rstrip("\n")) for name in ("main.tf", "variables.tf")]
    assert issue.lines_added == 6


def test_both_places_are_told() -> None:
    places = reviewed(TWICE, document(main_tf=QUEUE)).places["var.region"]
    assert [(p.side, p.file, p.line) for p in places] == [("model", "main.tf", 2), ("model", "variables.tf", 1)]


PINNED = 'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = "%s"\n    }\n  }\n}\n'


def test_of_settings_that_come_once_more_neither_is_the_change_of_those_that_there_were() -> None:
    model = document(main_tf=QUEUE, versions_tf=PINNED % ">= 5.0.0")
    ideal = document(main_tf=QUEUE, provider_tf=PINNED % ">= 5.0", versions_tf=PINNED % ">= 5.0.0")
    issue = next(i for i in reviewed(model, ideal).issues if i.rule == "tf:provider-twice")
    assert (issue.status, issue.solution, issue.values, issue.corrected, issue.lines_removed) == ("introduced", (), (), (), 0)
