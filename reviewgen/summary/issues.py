"""Issues of a run by category and status, by rule, by service and by what is to be learned from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field

from reviewgen.config import CATEGORIES
from reviewgen.model.review import Status
from reviewgen.records import dataclass
from reviewgen.runs import IssueRow, SampleRow
from reviewgen.score import services

_EXAMPLES = 3
_PARTS = ("data", "ephemeral")


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something occurs.

    Attributes:
        name: What occurs.
        issues: Number of issues.
        samples: Number of samples that have one of them.
        categories: Number of issues by category.
        title: The title that most of the issues have; of several the first by letter.
    """

    name: str
    issues: int
    samples: int
    categories: dict[str, int]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A failure that MODEL has in several samples.

    Attributes:
        text: What is to be learned from it; where no issue says so, its title.
        rules: Ids of the rules that found it, sorted.
        samples: Number of samples whose MODEL has it.
        corrected: In how many of them IDEAL corrects each of its issues.
        examples: The first of the samples, by id.
    """

    text: str
    rules: tuple[str, ...]
    samples: int
    corrected: int
    examples: tuple[str, ...]


@dataclass(slots=True)
class _Count:
    issues: int = 0
    samples: int = 0
    categories: Counter[str] = field(default_factory=Counter)
    titles: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Seen:
    samples: int = 0
    corrected: int = 0
    examples: list[str] = field(default_factory=list)
    rules: set[str] = field(default_factory=set)
    titles: Counter[str] = field(default_factory=Counter)


class Issues:
    """Counts the issues of all samples."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self.statuses: Counter[tuple[str, str]] = Counter()
        self.samples: Counter[str] = Counter()
        self._rules: dict[str, _Count] = defaultdict(_Count)
        self._services: dict[str, _Count] = defaultdict(_Count)
        self._used: Counter[str] = Counter()
        self._patterns: dict[tuple[str, str], _Seen] = defaultdict(_Seen)

    def add(self, row: SampleRow) -> None:
        """Count a sample."""
        self._used.update(row.used)
        self.statuses.update((issue.category, issue.status) for issue in row.issues)
        self.samples.update({issue.category for issue in row.issues})
        _count(self._rules, row.issues, lambda issue: (issue.rule,))
        _count(self._services, row.issues, _services)
        ours: dict[tuple[str, str], list[IssueRow]] = defaultdict(list)
        for issue in row.issues:
            if issue.status != Status.INTRODUCED:
                ours[(issue.lesson, "") if issue.lesson else ("", issue.rule)].append(issue)
        for key, issues in ours.items():
            _see(self._patterns[key], row.id, issues)

    def rules(self) -> list[Tally]:
        """Return the rules, those with most issues first."""
        return sorted(_tallies(self._rules), key=lambda t: (-t.issues, -t.samples, t.name))

    def services(self) -> list[tuple[str, int, Tally]]:
        """Return (service, in how many samples either tree uses it, issues that name one of its resources), the most used first."""
        found = {tally.name: tally for tally in _tallies(self._services)}
        none = Tally("", 0, 0, dict.fromkeys(CATEGORIES, 0))
        rows = ((name, self._used[name], found.get(name, none)) for name in {*self._used, *found})
        return sorted(rows, key=lambda row: (-row[1], -row[2].issues, row[0].lower(), row[0]))

    def patterns(self, least: int) -> list[Pattern]:
        """Return what MODEL does wrong in some number of samples at least, the most frequent first."""
        found = (
            Pattern(lesson or _first(seen.titles), tuple(sorted(seen.rules)), seen.samples, seen.corrected, tuple(seen.examples))
            for (lesson, _), seen in self._patterns.items()
            if seen.samples >= least
        )
        return sorted(found, key=lambda p: (-p.samples, -p.corrected, p.text, p.rules))


def _see(seen: _Seen, sample: str, issues: list[IssueRow]) -> None:
    seen.samples += 1
    seen.corrected += all(issue.status == Status.FIXED for issue in issues)
    seen.rules.update(issue.rule for issue in issues)
    seen.titles.update(issue.title for issue in issues)
    if len(seen.examples) < _EXAMPLES:
        seen.examples.append(sample)


def _count(counts: dict[str, _Count], issues: Iterable[IssueRow], names: Callable[[IssueRow], Iterable[str]]) -> None:
    """Count the issues of one sample under their names."""
    here: set[str] = set()
    for issue in issues:
        for name in names(issue):
            count = counts[name]
            count.issues += 1
            count.categories[issue.category] += 1
            count.titles[issue.title] += 1
            here.add(name)
    for name in here:
        counts[name].samples += 1


def _tallies(counts: dict[str, _Count]) -> Iterator[Tally]:
    for name, count in counts.items():
        yield Tally(name, count.issues, count.samples, {c: count.categories[c] for c in CATEGORIES}, _first(count.titles))


def _first(titles: Counter[str]) -> str:
    return min(titles, key=lambda title: (-titles[title], title))


def _services(issue: IssueRow) -> tuple[str, ...]:
    return services(filter(None, map(_type, issue.where)))


def _type(address: str) -> str:
    """Return the resource type that an address names; empty when it names something else."""
    parts = address.split(".")
    while len(parts) > 2 and parts[0] == "module":
        parts = parts[2:]
    if parts[0] in _PARTS:
        parts = parts[1:]
    return parts[0] if parts and "_" in parts[0] else ""
