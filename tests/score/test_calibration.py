"""The statistics of ``reviewgen calibrate``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewgen.score.calibration import Rated, calibrate, spearman

NUMBERS = st.lists(st.integers(0, 10), min_size=2, max_size=12)


def rated(*rows: tuple[float | None, float | None]) -> list[Rated]:
    return [Rated(str(n), label, {"x": score}, {"MODEL": str(n % 2)}) for n, (label, score) in enumerate(rows)]


def test_rank_correlation() -> None:
    assert spearman([1, 2, 3, 4], [10, 20, 30, 31]) == pytest.approx(1)
    assert spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    # Ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4.
    assert spearman([5, 7, 7, 9], [1, 8, 4, 9]) == pytest.approx(0.9486833)
    assert spearman([9, 9, 9], [1, 2, 3]) is None
    assert spearman([9], [1]) is None


@given(NUMBERS)
def test_a_ranking_agrees_with_itself_and_opposes_its_reverse(values: list[int]) -> None:
    if len(set(values)) > 1:
        assert spearman(values, [2 * v + 1 for v in values]) == pytest.approx(1)
        assert spearman(values, [-v for v in values]) == pytest.approx(-1)


def test_what_is_not_judged_or_has_no_label_enters_no_mean() -> None:
    found = calibrate(rated((9, 9), (9, 7), (6, 8), (7, None), (None, 0), (None, None)), 8)
    (x,) = found.standings
    assert (found.samples, found.unlabelled, found.baseline, found.baseline_count) == (6, 2, 9, 2)
    assert (x.samples, x.not_judged) == (3, 1)
    assert x.error == pytest.approx((0 + 2 + 2) / 3) and x.baseline_error == pytest.approx((0 + 0 + 3) / 3)
    assert x.agreement == pytest.approx(1 / 3) and x.baseline_agreement == pytest.approx(2 / 3)


def test_noise_is_the_mean_difference_of_all_pairs_of_duplicates() -> None:
    (noise,) = calibrate(rated((9, 1), (5, 1), (7, 1), (None, 1), (8, 1)), 8).noise
    assert (noise.pairs, noise.difference) == (3, pytest.approx((2 + 1 + 1) / 3))


def test_nothing_to_compare() -> None:
    found = calibrate(rated((None, 3)), 8)
    assert (found.baseline, found.standings[0].error, found.standings[0].agreement, found.noise[0].difference) == (None, None, None, None)


def test_of_labels_that_are_equally_frequent_the_lower_is_the_baseline() -> None:
    assert calibrate(rated((9, 9), (8, 8)), 8).baseline == 8
