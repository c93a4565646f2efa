"""How scores stand to labels that people gave: pure statistics. They are reported, and nothing is tuned to them."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from reviewgen.records import dataclass


@dataclass(frozen=True, slots=True)
class Rated:
    """One sample: what a person and what the rubrics said.

    Attributes:
        id: The sample.
        label: The person's number; None when there is none.
        scores: The rubrics' numbers by name; None where they did not judge.
        same: What tells duplicates, by the kind of sameness: equal texts have equal keys.
    """

    id: str
    label: float | None
    scores: Mapping[str, float | None]
    same: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one score stands to the labels, over the samples that have both.

    Attributes:
        name: The score.
        samples: How many have both.
        not_judged: How many have a label and no score.
        error: Mean of the absolute differences; None without samples.
        baseline_error: That of always saying the most frequent label, over the same samples.
        correlation: Spearman's rank correlation; None where one side is constant or there are fewer than two samples.
        agreement: Share in which both are on the same side of the threshold; None without samples.
        baseline_agreement: That of the baseline, over the same samples.
    """

    name: str
    samples: int
    not_judged: int
    error: float | None
    baseline_error: float | None
    correlation: float | None
    agreement: float | None
    baseline_agreement: float | None


@dataclass(frozen=True, slots=True)
class Noise:
    """How far labels of duplicates are apart: kind of sameness, pairs of samples, mean absolute difference (None without pairs)."""

    same: str
    pairs: int
    difference: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """The whole comparison; ``baseline`` is the most frequent label (of equals the lower), None when there is no label."""

    samples: int
    unlabelled: int
    threshold: float
    baseline: float | None
    baseline_count: int
    standings: tuple[Standing, ...]
    noise: tuple[Noise, ...]


def calibrate(rated: Sequence[Rated], threshold: float) -> Calibration:
    """Compare scores with labels. What has no label or was not judged is counted and enters no mean."""
    labels = Counter(r.label for r in rated if r.label is not None)
    baseline = min(labels, key=lambda label: (-labels[label], label), default=None)
    names = dict.fromkeys(name for r in rated for name in r.scores)
    kinds = dict.fromkeys(kind for r in rated for kind in r.same)
    return Calibration(
        samples=len(rated),
        unlabelled=sum(r.label is None for r in rated),
        threshold=threshold,
        baseline=baseline,
        baseline_count=labels[baseline] if baseline is not None else 0,
        standings=tuple(_standing(name, rated, threshold, baseline) for name in names),
        noise=tuple(_noise(kind, rated) for kind in kinds),
    )


def spearman(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return the rank correlation with mean ranks for equals; None where one side is constant or there are fewer than two."""
    if len(set(first)) < 2 or len(set(second)) < 2:
        return None
    return statistics.correlation(_ranks(first), _ranks(second))


def _ranks(values: Sequence[float]) -> list[float]:
    places: dict[float, list[int]] = defaultdict(list)
    for place, value in enumerate(sorted(values), 1):
        places[value].append(place)
    return [statistics.fmean(places[value]) for value in values]


def _standing(name: str, rated: Iterable[Rated], threshold: float, baseline: float | None) -> Standing:
    labelled = [(r.label, r.scores.get(name)) for r in rated if r.label is not None]
    both = [(label, score) for label, score in labelled if score is not None]
    labels, scores = [label for label, _ in both], [score for _, score in both]
    always = [] if baseline is None else [baseline] * len(both)
    return Standing(
        name,
        len(both),
        len(labelled) - len(both),
        _error(labels, scores),
        _error(labels, always),
        spearman(labels, scores),
        _agreement(labels, scores, threshold),
        _agreement(labels, always, threshold),
    )


def _error(labels: Sequence[float], scores: Sequence[float]) -> float | None:
    return statistics.fmean(abs(a - b) for a, b in zip(labels, scores, strict=True)) if labels else None


def _agreement(labels: Sequence[float], scores: Sequence[float], threshold: float) -> float | None:
    return statistics.fmean((a >= threshold) == (b >= threshold) for a, b in zip(labels, scores, strict=True)) if labels else None


def _noise(kind: str, rated: Iterable[Rated]) -> Noise:
    groups: dict[str, list[float]] = defaultdict(list)
    for r in rated:
        if r.label is not None and r.same.get(kind):
            groups[r.same[kind]].append(r.label)
    differences = list(_differences(groups.values()))
    return Noise(kind, len(differences), statistics.fmean(differences) if differences else None)


def _differences(groups: Iterable[Sequence[float]]) -> Iterator[float]:
    for labels in groups:
        yield from (abs(a - b) for a, b in combinations(labels, 2))
