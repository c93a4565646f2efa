"""Rubrics as values, read from their files: those that deduct points for issues, and those that count fixes."""

from __future__ import annotations

from collections.abc import Mapping

from reviewgen.errors import ConfigError
from reviewgen.model.review import Category, Issue, Status
from reviewgen.records import dataclass
from reviewgen.requirements.tree.conditions import Condition, compile_condition

from .source import Source, Table

FLAWS = ("platform", "region", "account", "services")
"""What can be a hard blocker: see ``facts.Flaw``."""

_MOST = 100
_CATEGORIES = tuple(c.value for c in Category)
_STATUSES = tuple(s.value for s in Status)
_HEAD = ("name", "kind", "extends", "base", "minimum", "maximum")


@dataclass(frozen=True, slots=True)
class Deduction:
    """One row: the points of an issue of some categories, with or without a requirement of PROMPT behind it."""

    id: str
    points: float
    reason: str
    categories: frozenset[Category]
    requirement: bool | None = None

    def fits(self, issue: Issue) -> bool:
        """Whether the row is about an issue."""
        return issue.category in self.categories and self.requirement in (None, issue.requirement is not None)


@dataclass(frozen=True, slots=True)
class Deductions:
    """A rubric that deducts points for issues, such as ``failures@1``.

    Attributes:
        name: ``failures@1``.
        base: Points before any deduction.
        minimum: Lower bound of a score.
        maximum: Upper bound of a score.
        rows: The first that fits an issue counts.
        before: Statuses that count before the corrections.
        after: Statuses that count after them.
        hard: Bases of hard blockers, by flaw; they replace the base.
    """

    name: str
    base: float
    minimum: float
    maximum: float
    rows: tuple[Deduction, ...]
    before: frozenset[Status]
    after: frozenset[Status]
    hard: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class FixRow:
    """Points when so many issues of a class are fixed, or more."""

    id: str
    class_: str
    least: int
    points: float


@dataclass(frozen=True, slots=True)
class ComplexityRow:
    """Points for a property of IDEAL: so many services or more, so few or fewer, or one of some conditions."""

    id: str
    points: float
    reason: str = ""
    least_services: int = 0
    most_services: int = 0
    any: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Fixes:
    """A rubric that counts what IDEAL fixes and how demanding it is, such as ``learning-value@1``.

    Attributes:
        name: ``learning-value@1``.
        base: Points before any adjustment.
        minimum: Lower bound of the result.
        maximum: Upper bound of the result.
        threshold: From this result on a sample is accepted.
        no_fix: Result when IDEAL fixes nothing.
        identical: Why, when MODEL and IDEAL are the same.
        nothing: Why, when they differ.
        hard: Results of hard blockers, by flaw; they replace everything.
        rows: Counts of fixes; the first that fits counts.
        complexity: Properties of IDEAL, in the order in which they count.
        most_complexity: The most that they add together.
    """

    name: str
    base: float
    minimum: float
    maximum: float
    threshold: float
    no_fix: float
    identical: str
    nothing: str
    hard: Mapping[str, float]
    rows: tuple[FixRow, ...]
    complexity: tuple[ComplexityRow, ...]
    most_complexity: float


class Layers:
    """A rubric's file over the one that it extends, and so on: the first that has a key gives its value."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        """Keep the files, the extending one first."""
        self.sources = sources

    def top(self, key: str) -> Table:
        """Return the keys above all tables of the file that gives one of them."""
        return self._giving(key).top

    def table(self, name: str) -> Table:
        """Return a table."""
        return self._having(name).table(name)

    def rows(self, name: str) -> tuple[Table, ...]:
        """Return the tables of a list."""
        return self._having(name).rows(name)

    def only(self, known: tuple[str, ...]) -> None:
        """Raise unless all files have known keys only."""
        for source in self.sources:
            source.top.only(known)

    def _giving(self, key: str) -> Source:
        return next((s for s in self.sources if key in s.values), self.sources[0])

    def _having(self, name: str) -> Source:
        source = self._giving(name)
        if name not in source.values:
            raise source.top.error(f"{name!r} is missing", hint=f"add [{name}], or extend a rubric that has it")
        return source


def kind(layers: Layers) -> str:
    """Return what kind of rubric files describe: ``deductions`` or ``fixes``."""
    return layers.top("kind").text("kind", ("deductions", "fixes"))


def deductions(layers: Layers, hard: Mapping[str, float]) -> Deductions:
    """Return a rubric of deductions; DataError says what is wrong with it and on which line.

    Args:
        layers: Its files.
        hard: Bases of the hard blockers of the rubric that it names.
    """
    layers.only((*_HEAD, "hard_blockers", "deduction", "counts"))
    base, minimum, maximum = _bounds(layers)
    counts = layers.table("counts")
    counts.only(("before", "after"))
    before, after = (frozenset(map(Status, counts.texts(key, _STATUSES))) for key in ("before", "after"))
    rows = tuple(_deduction(row) for row in layers.rows("deduction"))
    _distinct(layers.rows("deduction"), "id")
    return Deductions(layers.top("name").text("name"), base, minimum, maximum, rows, before, after, hard)


def _deduction(row: Table) -> Deduction:
    row.only(("id", "points", "reason", "categories", "requirement"))
    asked = row.values.get("requirement")
    if asked is not None and not isinstance(asked, bool):
        raise row.error("'requirement' must be true or false", "requirement")
    categories = frozenset(map(Category, row.texts("categories", _CATEGORIES)))
    return Deduction(row.text("id"), row.number("points", -_MOST, 0), row.text("reason"), categories, asked)


def fixes(layers: Layers) -> Fixes:
    """Return a rubric of fixes; DataError says what is wrong with it and on which line."""
    layers.only((*_HEAD, "threshold", "most_complexity", "no_fix", "hard_blocker", "fixes", "complexity"))
    base, minimum, maximum = _bounds(layers)
    none = layers.table("no_fix")
    none.only(("base", "identical", "reason"))
    for name in ("fixes", "complexity"):
        _distinct(layers.rows(name), "id")
    return Fixes(
        name=layers.top("name").text("name"),
        base=base,
        minimum=minimum,
        maximum=maximum,
        threshold=layers.top("threshold").number("threshold", minimum, maximum),
        no_fix=none.number("base", minimum, maximum),
        identical=none.text("identical"),
        nothing=none.text("reason"),
        hard=_hard(layers, minimum, maximum),
        rows=tuple(_fix_row(row) for row in layers.rows("fixes")),
        complexity=tuple(_complexity(row) for row in layers.rows("complexity")),
        most_complexity=layers.top("most_complexity").number("most_complexity", 0, _MOST),
    )


def _bounds(layers: Layers) -> tuple[float, float, float]:
    """Return base, minimum and maximum; review.json has no scores outside of 0 to 10."""
    minimum = layers.top("minimum").number("minimum", 0, 10)
    maximum = layers.top("maximum").number("maximum", minimum, 10)
    return layers.top("base").number("base", minimum, maximum), minimum, maximum


def _hard(layers: Layers, minimum: float, maximum: float) -> Mapping[str, float]:
    rows = layers.rows("hard_blocker")
    _distinct(rows, "when")
    for row in rows:
        row.only(("when", "base"))
    return {row.text("when", FLAWS): row.number("base", minimum, maximum) for row in rows}


def _fix_row(row: Table) -> FixRow:
    row.only(("id", "class", "least", "points"))
    return FixRow(row.text("id"), row.text("class", ("A", "B", "C")), row.whole("least", 1, 1000), row.number("points", -_MOST, _MOST))


def _complexity(row: Table) -> ComplexityRow:
    row.only(("id", "points", "reason", "least_services", "most_services", "any"))
    id, points = row.text("id"), row.number("points", -_MOST, _MOST)
    given = [key for key in ("least_services", "most_services", "any") if key in row.values]
    if len(given) != 1:
        raise row.error("a row of complexity has one of 'least_services', 'most_services' and 'any'", hint="give exactly one of them")
    if given[0] == "least_services":
        return ComplexityRow(id, points, least_services=row.whole("least_services", 1, 1000))
    if given[0] == "most_services":
        return ComplexityRow(id, points, most_services=row.whole("most_services", 1, 1000))
    try:
        conditions = tuple(map(compile_condition, row.texts("any")))
    except ValueError as error:
        raise row.error(str(error), "any") from error
    return ComplexityRow(id, points, row.text("reason"), any=conditions)


def _distinct(rows: tuple[Table, ...], key: str) -> None:
    seen: set[str] = set()
    for row in rows:
        value = row.text(key)
        if value in seen:
            raise row.error(f"{key} = {value!r} stands twice", key, "give each row its own")
        seen.add(value)


def wrong_kind(name: str, wanted: str, place: str) -> ConfigError:
    """Return the error that a setting names a rubric of the other kind."""
    return ConfigError(f"{name!r} is no rubric of {wanted}", path=place, hint=f"name one with kind = {wanted!r}")
