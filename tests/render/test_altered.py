from __future__ import annotations

from dataclasses import replace

from reviewgen.model import Issue
from reviewgen.model.diff import AttributeChange, Changed, Diff
from reviewgen.model.review import Passage, ValueChange
from reviewgen.render import altered

from .reviews import PAIR

NAME = "aws_db_instance.a"
VERSION = AttributeChange("engine_version", '"1"', '"2"', ideal_line=3)
SIZE = AttributeChange("allocated_storage", "20", "50", ideal_line=3)
BLOCK = AttributeChange("timeouts", None, "", block=True, ideal_line=4)
GONE = AttributeChange("blue_green_update", "", None, block=True, model_line=5, model_end_line=5)
ISSUE = replace(
    PAIR.issues[0],
    where=(NAME,),
    corrected=(NAME,),
    lines_added=1,
    lines_removed=1,
    solution=(Passage("main.tf", 2, 4, ""),),
    values=(ValueChange(f"{NAME}.engine_version", '"1"', '"2"'),),
)


def said(issue: Issue, *parts: AttributeChange) -> str:
    return altered.sentence(issue, Diff(changed=(Changed(NAME, NAME, parts),)))


def test_counted_lines_of_a_block_that_changes_no_more_are_those_of_its_difference() -> None:
    """An argument is told by its value, a block by the passage that shows it; one that is gone by the count alone."""
    assert said(ISSUE, VERSION, BLOCK, GONE) == f"IDEAL changes `{NAME}` (1 line added, 1 line removed)."


def test_counted_lines_of_a_block_that_changes_more_are_said_to_be_those_of_the_issue() -> None:
    for more in (SIZE, replace(BLOCK, ideal_line=9)):
        assert said(ISSUE, VERSION, more) == f"IDEAL changes `{NAME}` (for this issue: 1 line added, 1 line removed)."
    assert said(replace(ISSUE, lines_removed=0), VERSION, GONE) == f"IDEAL changes `{NAME}` (for this issue: 1 line added)."


def test_counted_lines_of_one_of_several_blocks_that_are_gone_are_not_those_of_the_difference() -> None:
    """Of a network ACL both kinds of rules go: the lines of the one that the defect is about are not all that go."""
    inward = AttributeChange("ingress", "", None, block=True, model_line=5, model_end_line=12)
    outward = AttributeChange("egress", "", None, block=True, model_line=14, model_end_line=21)
    one = replace(ISSUE, lines_added=0, lines_removed=8, solution=(), values=())
    assert said(one, inward) == f"IDEAL changes `{NAME}` (8 lines removed)."
    assert said(one, inward, outward) == f"IDEAL changes `{NAME}` (for this issue: 8 lines removed)."
    assert said(replace(one, lines_removed=16), inward, outward) == f"IDEAL changes `{NAME}` (16 lines removed)."


def test_counted_lines_of_long_values_of_which_a_passage_shows_parts_are_not_those_of_the_issue() -> None:
    """Of a long policy the statement is shown that the issue is about; the others changed as well, and are counted."""
    long = replace(ISSUE, lines_added=31, lines_removed=27)
    assert said(long, VERSION, SIZE) == f"IDEAL changes `{NAME}` (in the blocks and arguments concerned: 31 lines added, 27 lines removed)."
    assert said(replace(long, lines_added=3), VERSION, SIZE) == f"IDEAL changes `{NAME}` (for this issue: 3 lines added, 27 lines removed)."


def test_of_many_places_of_which_the_first_are_shown_the_others_are_not_denied() -> None:
    assert said(replace(ISSUE, lines_added=0, lines_removed=0), VERSION, SIZE) == f"IDEAL changes `{NAME}`, among others."
