"""The closing words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reviewgen.model.diagnostic import Diagnostic, Validation
from reviewgen.model.diff import Diff
from reviewgen.model.review import Category, Issue, Severity, Stage, Status
from reviewgen.model.source import SampleClass
from reviewgen.review.page.assess import assessment


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
        # What IDEAL leaves out with its block does not stand in it.
        (
            SampleClass.PAIR,
            Diff(removed=("aws_db_instance.d",)),
            "MODEL has 1 blocker. IDEAL leaves #1 open. No blocker is known in IDEAL; whether it deploys was not tried.",
        ),
        (
            SampleClass.NO_IDEAL_CODE,
            Diff(),
            "MODEL has 1 blocker. IDEAL declares no resource or module, so no correction could be verified.",
        ),
    ],
)
def test_what_is_said_of_ideal(class_: SampleClass, diff: Diff, words: str) -> None:
    issues = [blocker(Status.LEFT)]
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


def test_a_part_of_a_tree_is_not_called_invalid() -> None:
    error = Diagnostic("error", "Reference to undeclared resource")
    said = assessment(SampleClass.SNIPPET_IDEAL, [blocker(Status.FIXED)], Validation((error,), incomplete=True), Diff())
    assert said[-1] == "No blocker is known in IDEAL; whether it deploys was not tried."


def test_what_only_shows_in_use_keeps_nothing_from_being_deployed() -> None:
    absent = replace(blocker(Status.UNMET), id="2", stage=Stage.RUNTIME)
    assert assessment(SampleClass.PAIR, [absent], Validation(), Diff())[-1] == "IDEAL is not ready for use while #2 stands."
    both = assessment(SampleClass.PAIR, [blocker(Status.LEFT), absent], Validation(), Diff())[-1]
    assert both == "IDEAL is not ready to deploy while #1 stands, nor for use while #2 stands."
