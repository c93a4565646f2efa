"""The arithmetic of ``failures@1``."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewgen.model.review import Category, Issue, Requirement, Severity, Status
from reviewgen.score import load, score

RUBRIC = load("failures@1")
ASKED = Requirement("R1", "1", "must", 1)


def issue(number: int, category: Category, status: Status, asked: bool) -> Issue:
    return Issue(
        str(number), f"x:{number}", "x", f"title {number}", category, Severity.HIGH, status, "", requirement=ASKED if asked else None
    )


ISSUES = st.lists(st.tuples(st.sampled_from(Category), st.sampled_from(Status), st.booleans()), max_size=9).map(
    lambda rows: [issue(n, *row) for n, row in enumerate(rows, 1)]
)


def test_the_model_documents_sum() -> None:
    issues = [
        issue(1, Category.BLOCKER, Status.FIXED, True),
        issue(2, Category.BLOCKER, Status.FIXED, False),
        issue(3, Category.WARNING, Status.LEFT, False),
    ]
    pointed, result = score(issues, RUBRIC, "pair")
    assert [i.points for i in pointed] == [-2, -1, 0]
    assert (result.base, result.before, result.after) == (8, 5, 8)
    assert [a.issues for a in result.adjustments] == [("1",), ("2",)]


@given(ISSUES)
def test_the_sum_adds_up_and_names_its_issues(issues: list[Issue]) -> None:
    _, result = score(issues, RUBRIC, "pair")
    known = {i.id for i in issues}
    for total, rows in ((result.before, result.adjustments), (result.after, result.after_adjustments)):
        assert total == max(0, min(10, result.base + sum(a.points for a in rows)))
        assert all(set(a.issues) <= known and a.issues for a in rows)


@given(ISSUES, st.sampled_from(Category), st.booleans())
def test_one_more_issue_never_raises_the_score_before_fixes(issues: list[Issue], category: Category, asked: bool) -> None:
    _, without = score(issues, RUBRIC, "pair")
    _, with_ = score([*issues, issue(99, category, Status.FIXED, asked)], RUBRIC, "pair")
    assert with_.before is not None and without.before is not None and with_.before <= without.before


def test_a_class_can_replace_the_base() -> None:
    _, result = score([], RUBRIC, "no_model_code")
    assert (result.base, result.before, result.after) == (3, 3, None)
