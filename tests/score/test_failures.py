"""The arithmetic of ``failures@1``."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from reviewgen.config import Config
from reviewgen.model.review import Category, Status
from reviewgen.score import Facts, Flaw, deducted, load, pointed
from tests.score.issues import ISSUES, issue

RUBRIC = load(Config()).failures
PLAIN = Facts()
FLAWS = st.lists(st.sampled_from(["platform", "region", "account", "services"]).map(lambda kind: Flaw(kind, kind, ("1",))), max_size=3)


def test_the_model_documents_sum() -> None:
    issues = [
        issue(1, Category.BLOCKER, Status.FIXED, True),
        issue(2, Category.BLOCKER, Status.FIXED),
        issue(3, Category.WARNING, Status.LEFT),
    ]
    result = deducted(issues, RUBRIC, PLAIN)
    assert [i.points for i in pointed(issues, RUBRIC)] == [-2, -1, 0]
    assert (result.base, result.before, result.after) == (8, 5, 8)
    assert [(a.issues, a.rule) for a in result.adjustments] == [(("1",), "missing-capability"), (("2",), "blocker")]


@given(ISSUES, FLAWS)
def test_the_sum_adds_up_and_names_issues_and_rules(issues: list, flaws: list[Flaw]) -> None:
    result = deducted(issues, RUBRIC, Facts(flaws=tuple(flaws)))
    for total, rows in ((result.before, result.adjustments), (result.after, result.after_adjustments)):
        assert total == max(0, min(10, result.base + sum(a.points for a in rows)))
        assert all(a.issues and a.rule for a in rows)


@given(ISSUES, FLAWS, st.sampled_from(Category), st.sampled_from(Status), st.booleans())
def test_one_more_issue_never_raises_a_score(issues: list, flaws: list[Flaw], category: Category, status: Status, asked: bool) -> None:
    facts = Facts(flaws=tuple(flaws))
    without = deducted(issues, RUBRIC, facts)
    more = deducted([*issues, issue(99, category, status, asked)], RUBRIC, facts)
    assert more.before is not None and without.before is not None and more.before <= without.before
    assert more.after is not None and without.after is not None and more.after <= without.after


@given(ISSUES, FLAWS, st.sampled_from(["platform", "region", "account", "services"]))
def test_one_more_hard_blocker_never_raises_a_score(issues: list, flaws: list[Flaw], kind: str) -> None:
    without = deducted(issues, RUBRIC, Facts(flaws=tuple(flaws)))
    more = deducted(issues, RUBRIC, Facts(flaws=(*flaws, Flaw(kind, kind, ("2",)))))
    assert more.before is not None and without.before is not None and more.before <= without.before


@given(ISSUES, FLAWS, st.randoms())
def test_order_never_matters(issues: list, flaws: list[Flaw], chance: random.Random) -> None:
    mixed, mixed_flaws = list(issues), list(flaws)
    chance.shuffle(mixed)
    chance.shuffle(mixed_flaws)
    first, second = deducted(issues, RUBRIC, Facts(flaws=tuple(flaws))), deducted(mixed, RUBRIC, Facts(flaws=tuple(mixed_flaws)))
    assert (first.base, first.before, first.after) == (second.base, second.before, second.after)
    assert sorted(a.issues for a in first.adjustments) == sorted(a.issues for a in second.adjustments)


def test_a_hard_blocker_replaces_the_base_and_the_issues_still_count() -> None:
    result = deducted([issue(1, Category.CRITICAL, Status.FIXED)], RUBRIC, Facts(flaws=(Flaw("region", "wrong region", ("1",)),)))
    assert (result.base, result.before, result.after) == (5, 4, 5)
    assert (result.adjustments[0].points, result.adjustments[0].issues) == (0, ("1",))
    assert "wrong region" in result.adjustments[0].reason


def test_without_a_correction_nothing_is_judged_after_it() -> None:
    result = deducted([issue(1, Category.BLOCKER, Status.LEFT)], RUBRIC, Facts(corrected=False))
    assert (result.before, result.after, result.after_adjustments) == (7, None, ())
