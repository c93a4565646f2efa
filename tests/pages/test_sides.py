"""Code of both trees beside each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewgen.model import Listing
from reviewgen.pages.sides import Row, Sides, sides

LINES = st.lists(st.sampled_from(["a", "b", "  c", "d ", ""]), min_size=1, max_size=30)


def both(model: list[str], ideal: list[str]) -> Sides:
    texts = (("model", 10, model), ("ideal", 20, ideal))
    return sides("x.y", [Listing(side, "main.tf", first, first + len(lines) - 1, "\n".join(lines)) for side, first, lines in texts])


def test_changed_lines_stand_beside_each_other() -> None:
    shown = both(["a", "b", "c"], ["a", "B", "new", "c"])
    assert shown.rows == (
        Row("same", (10, "a"), (20, "a")),
        Row("changed", (11, "b"), (21, "B")),
        Row("added", None, (22, "new")),
        Row("same", (12, "c"), (23, "c")),
    )
    assert not shown.same


def test_space_at_the_ends_is_no_difference() -> None:
    assert both(["a {", "  b", "}"], ["a {", "b ", "}"]).same


def test_equal_lines_far_from_a_difference_are_one_row() -> None:
    lines = [str(number) for number in range(20)]
    shown = both([*lines, "x"], [*lines, "y"])
    assert [(row.kind, row.hidden) for row in shown.rows][:2] == [("folded", 17), ("same", 0)]
    assert shown.rows[1].model == (27, "17")


def test_only_one_tree_declares_it() -> None:
    shown = sides("x.y", [Listing("ideal", "main.tf", 3, 4, "a\nb")])
    assert shown.model is None and [row.kind for row in shown.rows] == ["added", "added"]


@given(LINES, LINES)
def test_no_line_is_lost_and_all_keep_their_order(model: list[str], ideal: list[str]) -> None:
    shown = both(model, ideal)
    for name, lines, first in (("model", model, 10), ("ideal", ideal, 20)):
        told = [getattr(row, name) for row in shown.rows if getattr(row, name) is not None]
        assert told == sorted(told) and all(lines[number - first] == text for number, text in told)
        assert len(told) + sum(row.hidden for row in shown.rows) == len(lines)
    assert shown.same is ([line.strip() for line in model] == [line.strip() for line in ideal])
