"""The closing words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reviewgen.model.diagnostic import Diagnostic, Validation
from reviewgen.model.diff import Diff
from reviewgen.model.review import Category, Check, Issue, Minor, Severity, Stage, Status
from reviewgen.model.source import SampleClass
from reviewgen.render.issue import issue_view
from reviewgen.review.page.assess import assessment
from tests.review.test_correction import reviewed


def blocker(status: Status) -> Issue:
    return Issue(
        "1",
        "RG203:aws_db_instance.d",
        "RG203",
        "t",
        Category.BLOCKER,
        Severity.CRITICAL,
        status,
        "p",
        ("aws_db_instance.d.engine_version",),
    )


@pytest.mark.parametrize(
    ("class_", "diff", "words"),
    [
        (SampleClass.PAIR, Diff(), "MODEL has 1 blocker. IDEAL leaves #1 open. IDEAL is not ready to deploy while #1 stands."),
        # What IDEAL leaves out with its block does not stand in it; that none is known would contradict what is told as open.
        (
            SampleClass.PAIR,
            Diff(removed=("aws_db_instance.d",)),
            "MODEL has 1 blocker. IDEAL leaves #1 open. Whether IDEAL deploys was not tried.",
        ),
        # What takes the place of a block with the same defect does.
        (
            SampleClass.PAIR,
            Diff(added=("aws_db_instance.d",), removed=("aws_db_instance.old",)),
            "MODEL has 1 blocker. IDEAL leaves #1 open. IDEAL is not ready to deploy while #1 stands.",
        ),
        (
            SampleClass.NO_IDEAL_CODE,
            Diff(),
            "MODEL has 1 blocker. IDEAL declares no resource or module, so no correction was verified.",
        ),
    ],
)
def test_what_is_said_of_ideal(class_: SampleClass, diff: Diff, words: str) -> None:
    issues = [replace(blocker(Status.LEFT), where=("aws_db_instance.d.engine_version", "aws_db_instance.old.engine_version"))]
    assert " ".join(assessment(class_, issues, Validation(), diff)) == words


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        ([Status.UNMET], "MODEL declares no resource or module."),
        (
            [Status.FIXED],
            "MODEL declares no resource or module. No blocker is known in IDEAL; whether it deploys was not tried.",
        ),
        (
            [Status.FIXED, Status.INTRODUCED],
            "MODEL declares no resource or module. IDEAL has #1. IDEAL is not ready to deploy while #1 stands.",
        ),
    ],
)
def test_what_is_said_of_ideal_where_model_is_no_answer(statuses: list[Status], words: str) -> None:
    assert " ".join(assessment(SampleClass.NO_MODEL_CODE, [*map(blocker, statuses)], Validation(), Diff())) == words


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.LEFT, "All that the review found in MODEL are smaller findings. IDEAL introduces #1."),
        (Status.INTRODUCED, "The review found no issue in MODEL. IDEAL introduces #1."),
    ],
)
def test_a_model_with_smaller_findings_is_not_one_without_any(status: Status, words: str) -> None:
    said = assessment(SampleClass.PAIR, [blocker(Status.INTRODUCED)], Validation(), Diff(), minor=[Minor("Alarms tell nobody", (), status)])
    assert " ".join(said[:2]) == words


def test_a_part_of_a_tree_is_not_called_invalid() -> None:
    error = Diagnostic("error", "Reference to undeclared resource")
    said = assessment(SampleClass.SNIPPET_IDEAL, [blocker(Status.FIXED)], Validation((error,), incomplete=True), Diff())
    assert said[-1] == "No blocker is known in IDEAL; whether it deploys was not tried."


def test_what_only_shows_in_use_keeps_nothing_from_being_deployed() -> None:
    absent = replace(blocker(Status.UNMET), id="2", stage=Stage.RUNTIME)
    assert assessment(SampleClass.PAIR, [absent], Validation(), Diff())[-1] == "IDEAL is not ready for use while #2 stands."
    both = assessment(SampleClass.PAIR, [blocker(Status.LEFT), absent], Validation(), Diff())[-1]
    assert both == "IDEAL is not ready to deploy while #1 stands, nor for use while #2 stands."


def test_a_workspace_that_is_not_selected_keeps_nobody_from_deploying_in_another_one() -> None:
    lookup = replace(blocker(Status.LEFT), id="2", rule="RG627")
    alone = assessment(SampleClass.PAIR, [lookup], Validation(), Diff())[-1]
    assert alone == "IDEAL does not deploy in the workspace `default` while #2 stands."
    both = assessment(SampleClass.PAIR, [blocker(Status.LEFT), lookup], Validation(), Diff())[-1]
    assert both == "IDEAL is not ready to deploy while #1 stands."


BROKEN = 'resource "aws_iam_policy" "old" {\n  name = {\n    a:b = "c"\n  }\n}\n'
MALFORMED = (
    'resource "aws_iam_policy" "new" {\n  policy = jsonencode({ Statement = [{\n    Effect = "Allow"\n    Action = "*:Get*"\n'
    '    Resource = "*"\n  }] })\n}\n'
)


def test_a_blocker_that_nobody_can_call_new_is_not_told_and_not_denied() -> None:
    review = reviewed(BROKEN, MALFORMED)
    assert not [i for i in review.issues if i.rule == "RG141"]
    assert review.assessment[-1] == "Whether IDEAL deploys was not tried."


@pytest.mark.parametrize(
    ("deployed", "words"),
    [("", "Whether IDEAL deploys was not tried."), ("it was applied on an emulator", "It was applied on an emulator.")],
)
def test_of_what_may_block_only_the_run_is_said(deployed: str, words: str) -> None:
    assert assessment(SampleClass.PAIR, [blocker(Status.FIXED)], Validation(), Diff(), deployed, untold=True)[-1] == words


POLICY = MALFORMED.replace("new", "a")
SWITCH = 'variable "audit" {\n  default = false\n}\n'


@pytest.mark.parametrize(
    ("default", "said"),
    [
        ("false", "No blocker is known in what IDEAL creates with its own values; whether it deploys was not tried."),
        ("true", "IDEAL is not ready to deploy while #1 stands."),
    ],
)
def test_a_blocker_in_what_nobody_gets_who_asks_for_nothing_stops_nobody(default: str, said: str) -> None:
    optional = POLICY.replace("{\n", "{\n  count = var.audit ? 1 : 0\n", 1)
    review = reviewed(POLICY, SWITCH.replace("false", default) + optional)
    (issue,) = (i for i in review.issues if i.rule == "RG141")
    assert (issue.category, issue.status) == (Category.BLOCKER, Status.LEFT)
    assert review.assessment[-1].replace(issue.id, "1") == said


_DATABASE = """resource "aws_db_instance" "%s" {
  engine         = "postgres"
  engine_version = "%s"
}
"""
_READ = 'output "standby" {\n  value = aws_db_instance.standby.address\n}\n'


@pytest.mark.parametrize(
    ("version", "said", "solution", "stands"),
    [
        ("13.7", ", and has the defect in the rest", "IDEAL has the defect in what it does not leave out.", True),
        ("17.6", "", "IDEAL does not declare all that takes part in it.", False),
    ],
)
def test_a_blocker_stands_in_what_ideal_keeps_of_it(version: str, said: str, solution: str, stands: bool) -> None:
    """One of two databases is left out, and the other asks for another version: for one that is withdrawn as well, or for one that is not."""
    model = _DATABASE % ("main", "13.4") + _DATABASE % ("standby", "13.4") + _READ
    review = reviewed(model, _DATABASE % ("main", version) + _READ)
    (issue,) = [i for i in review.issues if i.rule == "RG203" and i.status is Status.LEFT]
    view = issue_view(issue, review, "")
    assert view.status.startswith("Left open: IDEAL leaves out ") and view.status.endswith(f"it is about{said}")
    assert view.solution is not None and view.solution.text == solution
    assert (f"#{issue.id}" in review.assessment[-1]) is stands, review.assessment


def test_nobody_knows_what_a_part_of_an_answer_keeps() -> None:
    where = ("aws_db_instance.d.engine_version", "aws_db_instance.old.engine_version")
    issue = replace(blocker(Status.LEFT), where=where, verification=(Check("it is offered", False, False),))
    gone = Diff(removed=("aws_db_instance.old",))
    said = [assessment(SampleClass.PAIR, [issue], Validation(incomplete=part), gone)[-1] for part in (False, True)]
    assert said == ["IDEAL is not ready to deploy while #1 stands.", "Whether IDEAL deploys was not tried."]
