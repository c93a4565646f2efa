"""What the coverage table says of a tree on which no verdict is given, beside the issues of the same document."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reviewgen.model import Category, Coverage, Requirement, Status, Verdict
from reviewgen.model.prose import with_doubt
from reviewgen.render import markdown

from .reviews import PAIR

ASKED = Requirement("C9", None, "Encrypt the queue and tell the team of errors", 30)
ROW = Coverage(ASKED, Verdict.UNMET, Verdict.UNKNOWN, ideal_addresses=("aws_sqs_queue.orders",), capability="sqs-queue")
LEGEND = {
    "❌ not wholly met": "It is not wholly met where an issue tells that a part is missing",
    "⚠️ see #1": "Where a cell names issues in place of a verdict, they are about blocks found for the line, or added for its issues.",
    "not judged as a whole": "Where a line is not judged as a whole, no verdict is given on all that it asks",
}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW, "⚠️ see #1"),
        (replace(ROW, issues=("1",)), "❌ not wholly met"),  # an issue of this line says what is missing
        (replace(ROW, ideal_addresses=("aws_sqs_queue.other",)), "not judged as a whole"),
        (replace(ROW, capability="tags"), "not judged as a whole"),  # what is wrong with a block is not what is wrong with its tags
        (replace(ROW, capability="provider-region"), "not judged as a whole"),
        (replace(ROW, ideal_addresses=()), "not judged"),
        (replace(ROW, ideal_addresses=(), issues=("1",)), "not judged"),
    ],
)
def test_no_verdict_does_not_hide_what_an_issue_says(row: Coverage, said: str) -> None:
    issue = replace(PAIR.issues[0], category=Category.CRITICAL, status=Status.INTRODUCED, where=("aws_sqs_queue.orders.kms_master_key_id",))
    text = markdown(replace(PAIR, coverage=(row,), issues=(issue,)))
    assert f"| ❌ unmet | {said} | {'#1' if row.issues else '-'} |" in text
    for cell, legend in LEGEND.items():
        assert (legend in text) is (cell == said)
    assert ("0 of 1 in MODEL and 0 of 1 in IDEAL are met" in text) is (said == "❌ not wholly met")


@pytest.mark.parametrize("change", [{"status": Status.FIXED}, {"category": Category.WARNING}, {"rule": "need:sqs-dlq"}])
def test_an_issue_of_the_other_tree_a_small_one_or_one_of_what_is_missing_says_nothing_of_a_line(change: dict[str, Any]) -> None:
    issue = replace(PAIR.issues[0], category=Category.CRITICAL, status=Status.INTRODUCED, where=("aws_sqs_queue.orders",))
    text = markdown(replace(PAIR, coverage=(ROW,), issues=(replace(issue, **change),)))
    assert "| ❌ unmet | not judged as a whole | - |" in text


@pytest.mark.parametrize(
    ("listed", "category", "said"),
    [
        (("1",), Category.BLOCKER, "⚠️ see #2"),
        ((), Category.BLOCKER, "not judged as a whole"),
        (("1",), Category.WARNING, "not judged as a whole"),
    ],
)
def test_an_issue_of_what_is_added_for_a_line_is_seen_where_its_words_name_something_else(
    listed: tuple[str, ...], category: Category, said: str
) -> None:
    """A line asks for a queue and its alarms: the key that comes with them has a defect, and no word of the line names it."""
    fixed = replace(PAIR.issues[0], id="1", status=Status.FIXED, problem=with_doubt("MODEL has no queue.", "a defect of its own: #2"))
    new = replace(
        fixed, id="2", status=Status.INTRODUCED, category=category, problem="The key shuts out the queue.", where=("aws_kms_key.orders",)
    )
    text = markdown(replace(PAIR, coverage=(replace(ROW, issues=listed),), issues=(fixed, new)))
    assert f"| ❌ unmet | {said} | {'#1' if listed else '-'} |" in text
