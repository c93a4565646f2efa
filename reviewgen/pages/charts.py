"""What the overview of a run draws: counts over its samples, each also as a table for those who cannot see a drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from reviewgen.records import dataclass
from reviewgen.render import hygiene
from reviewgen.runs import SampleRow

_MOST = 12  # bars that can be read
_CATEGORIES = ("blocker", "critical", "warning")
_STATUSES = ("fixed", "left", "unmet", "introduced")
_SCORES = {"before": "before the corrections", "after": "after the corrections", "learning": "learning value"}


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart: its name and a number for each label."""

    name: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart of bars.

    Attributes:
        id: Its name in the page.
        title: What it shows.
        labels: What each bar is about.
        series: Its numbers; several are stacked, or side by side.
        stacked: Whether the series add up.
        across: Whether the bars lie, for long labels.
    """

    id: str
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    stacked: bool = False
    across: bool = False

    def data(self) -> dict[str, object]:
        """Return what the script draws."""
        series = [{"name": one.name, "numbers": list(one.numbers)} for one in self.series]
        return {"id": self.id, "labels": list(self.labels), "series": series, "stacked": self.stacked, "across": self.across}

    @property
    def rows(self) -> list[tuple[str, list[int]]]:
        """The same numbers as rows of a table."""
        return [(label, [one.numbers[at] for one in self.series]) for at, label in enumerate(self.labels)]


def charts(rows: Iterable[SampleRow]) -> tuple[Chart, ...]:
    """Return the charts of a run; those without anything to show left out."""
    found = tuple(rows)
    drawn = (_scores(found), _categories(found), _classes(found), _services(found), _patterns(found))
    return tuple(chart for chart in drawn if chart.labels)


def _scores(rows: Sequence[SampleRow]) -> Chart:
    """Return how many samples have which score, in whole points; what was not judged is not drawn."""
    labels = tuple(map(str, range(11)))
    series = []
    for measure, name in _SCORES.items():
        judged = Counter(int(row.scores[measure] or 0) for row in rows if row.scores[measure] is not None)
        if judged:
            series.append(Series(name, tuple(judged[points] for points in range(11))))
    return Chart("scores", "Samples by score, in whole points", labels if series else (), tuple(series))


def _categories(rows: Sequence[SampleRow]) -> Chart:
    counts = Counter((issue.category, issue.status) for row in rows for issue in row.issues)
    series = tuple(Series(status, tuple(counts[category, status] for category in _CATEGORIES)) for status in _STATUSES)
    return Chart("categories", "Issues by category, and what became of them", _CATEGORIES if counts else (), series, stacked=True)


def _classes(rows: Sequence[SampleRow]) -> Chart:
    return _most("classes", "Samples by class", rows, lambda row: {row.class_})


def _services(rows: Sequence[SampleRow]) -> Chart:
    return _most("services", "Services of MODEL, by samples", rows, lambda row: set(row.services))


def _patterns(rows: Sequence[SampleRow]) -> Chart:
    """Return the rules whose defects MODEL has in most samples: what only IDEAL has is no failure of the model."""
    titles = _titles(rows)
    return _most(
        "patterns",
        "Recurring failures of MODEL, by samples",
        rows,
        lambda row: {issue.rule for issue in row.issues if issue.status != "introduced"},
        lambda rule: f"{rule}: {hygiene.visible(titles[rule])}",
    )


def _titles(rows: Sequence[SampleRow]) -> dict[str, str]:
    """Return for each rule the title that most of its issues have; titles may name what is in a sample."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        for issue in row.issues:
            found.setdefault(issue.rule, Counter())[issue.title] += 1
    return {rule: min(titles, key=lambda title: (-titles[title], title)) for rule, titles in found.items()}


def _most(id: str, title: str, rows: Sequence[SampleRow], of: Callable[[SampleRow], set[str]], named: Callable[[str], str] = str) -> Chart:
    """Return a chart of what most samples have, the most frequent first."""
    counts = Counter(value for row in rows for value in sorted(of(row)))
    shown = sorted(counts, key=lambda value: (-counts[value], value))[:_MOST]
    title += f" (the {_MOST} most frequent of {len(counts)})" if len(counts) > _MOST else ""
    return Chart(
        id, title, tuple(map(named, shown)), (Series("samples", tuple(counts[value] for value in shown)),) if shown else (), across=True
    )
