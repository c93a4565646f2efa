"""The arithmetic of ``learning-value@1``: the worked examples of its guide, and its laws."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewgen.config import Config
from reviewgen.model.review import Category, Issue, Status
from reviewgen.score import Facts, Flaw, learned, load, score
from tests.score.issues import ISSUES, fixed, issue

RUBRICS = load(Config())
RUBRIC = RUBRICS.learning
MANY, TWO, ONE = ("EC2", "IAM", "S3", "VPC"), ("S3", "SNS"), ("S3",)
SECURE = {"security": ("aws_kms_key.a",)}
ALL = {row: (f"aws_x.{row}",) for row in ("security", "availability", "patterns")}


@pytest.mark.parametrize(
    ("issues", "services", "practices", "final"),
    [
        (fixed(A=2, C=4), MANY, SECURE, 10),
        (fixed(B=2, C=2), TWO, {}, 8),
        (fixed(C=3), TWO, {}, 5),
        (fixed(C=6), ONE, {}, 5),
        ([], MANY, ALL, 0),
        (fixed(A=1), TWO, {}, 9),
        (fixed(A=1, B=3), TWO, {}, 9),
        (fixed(A=2), ONE, {}, 9),
        (fixed(C=1), TWO, {}, 4),
        (fixed(C=2), TWO, {}, 4),
        (fixed(C=4), TWO, {}, 7),
        (fixed(C=5), TWO, {}, 7),
        (fixed(C=6), TWO, {}, 6),
        (fixed(C=9), TWO, {}, 6),
        (fixed(B=1, C=6), TWO, {}, 8),
    ],
)
def test_worked_examples(issues: Sequence[Issue], services: tuple[str, ...], practices: Mapping[str, tuple[str, ...]], final: int) -> None:
    result = learned(issues, RUBRIC, Facts(services=services, practices=practices))
    assert (result.final, result.accepted, result.threshold) == (final, final >= 8, 8)


def test_complexity_counts_in_order_up_to_two() -> None:
    result = learned(fixed(B=1), RUBRIC, Facts(services=MANY, practices=ALL))
    assert [a.rule for a in result.adjustments] == ["B", "complexity.services", "complexity.security"]
    result = learned(fixed(B=1), RUBRIC, Facts(services=ONE, practices=ALL))
    assert [(a.rule, a.points) for a in result.adjustments[1:]] == [
        ("complexity.security", 1), ("complexity.availability", 1), ("complexity.single-service", -1),
    ]  # fmt: skip


def test_one_known_service_of_a_part_of_the_code_is_no_single_service() -> None:
    assert learned(fixed(B=1), RUBRIC, Facts(services=ONE, whole=False)).final == 8
    assert learned(fixed(B=1), RUBRIC, Facts(services=())).final == 8


@pytest.mark.parametrize(("kind", "final"), [("platform", 3), ("region", 5), ("account", 3), ("services", 4)])
def test_a_hard_blocker_replaces_everything(kind: str, final: int) -> None:
    result = learned(fixed(A=2), RUBRIC, Facts(services=MANY, practices=ALL, flaws=(Flaw(kind, "so it is", ("2",)),)))
    (row,) = result.adjustments
    assert (result.base, result.final, result.accepted, row.issues, row.rule) == (final, final, False, ("2",), f"hard-blocker.{kind}")


@given(st.lists(st.sampled_from(["platform", "region", "account", "services"]), min_size=1, max_size=4), st.randoms())
def test_of_hard_blockers_the_lowest_counts_whatever_their_order(kinds: list[str], chance: random.Random) -> None:
    flaws = [Flaw(kind, kind, ("1",)) for kind in kinds]
    first = learned(fixed(A=1), RUBRIC, Facts(flaws=tuple(flaws)))
    chance.shuffle(flaws)
    assert first == learned(fixed(A=1), RUBRIC, Facts(flaws=tuple(flaws)))
    assert first.final == min(RUBRIC.hard[kind] for kind in kinds)


def test_identical_trees_have_no_learning_value() -> None:
    left = [issue(1, Category.BLOCKER, Status.LEFT)]
    result = learned(left, RUBRIC, Facts(identical=True, services=MANY, practices=ALL, flaws=(Flaw("region", "wrong", ("1",)),)))
    assert (result.final, result.accepted) == (0, False)
    assert [a.reason for a in result.adjustments] == ["no corrective change, no learning value"]


def test_what_nobody_could_correct_is_not_judged() -> None:
    result = learned(fixed(A=2), RUBRIC, Facts(corrected=False))
    assert (result.final, result.accepted, result.adjustments) == (None, False, ())


@given(ISSUES, st.sampled_from([MANY, TWO, ONE, ()]), st.sets(st.sampled_from(sorted(ALL))), st.randoms())
def test_the_sum_adds_up_and_order_never_matters(
    issues: list[Issue], services: tuple[str, ...], rows: set[str], chance: random.Random
) -> None:
    facts = Facts(services=services, practices={row: ALL[row] for row in rows})
    _, result = score(issues, RUBRICS, facts)
    value = result.learning_value
    assert value is not None and value.final == max(0, min(10, value.base + sum(a.points for a in value.adjustments)))
    assert all(a.rule for a in value.adjustments)
    chance.shuffle(issues)
    again = learned(issues, RUBRIC, facts)
    assert (again.final, [a.points for a in again.adjustments]) == (value.final, [a.points for a in value.adjustments])
