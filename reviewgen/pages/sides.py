"""Two listings side by side: which lines stand beside each other, and how they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from reviewgen.model import Listing
from reviewgen.records import dataclass

_AROUND = 3  # equal lines that are shown before and after a difference
_FOLD = 4  # equal lines that are worth a line that says how many they are


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison.

    Attributes:
        kind: ``same``, ``changed``, ``removed``, ``added`` or ``folded``.
        model: MODEL's line and its number; None where it has none.
        ideal: The same of IDEAL.
        hidden: How many equal lines a ``folded`` row stands for.
    """

    kind: str
    model: tuple[int, str] | None = None
    ideal: tuple[int, str] | None = None
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Sides:
    """One declaration in both trees.

    Attributes:
        address: Its address, IDEAL's after a rename.
        model: MODEL's listing; None where MODEL does not declare it.
        ideal: IDEAL's listing; None where IDEAL does not declare it.
        rows: Their lines.
    """

    address: str
    model: Listing | None
    ideal: Listing | None
    rows: tuple[Row, ...]

    @property
    def same(self) -> bool:
        """Whether both trees have the same lines."""
        return self.model is not None and self.ideal is not None and all(row.kind in ("same", "folded") for row in self.rows)


def sides(address: str, listings: Iterable[Listing]) -> Sides:
    """Return the listings of a declaration beside each other."""
    found = {listing.side: listing for listing in listings}
    model, ideal = found.get("model"), found.get("ideal")
    rows = tuple(_folded(list(_rows(_lines(model), _lines(ideal)))))
    return Sides(address, model, ideal, rows)


def _lines(listing: Listing | None) -> list[tuple[int, str]]:
    """Return the numbered lines of a listing."""
    return list(enumerate(listing.code.split("\n"), listing.start_line)) if listing else []


def _rows(model: list[tuple[int, str]], ideal: list[tuple[int, str]]) -> Iterator[Row]:
    """Yield the lines of both sides; lines that only differ in space at their ends are the same."""
    matcher = SequenceMatcher(None, [text.strip() for _, text in model], [text.strip() for _, text in ideal], autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        ours, theirs = model[i:i_end], ideal[j:j_end]
        beside = min(len(ours), len(theirs))
        for before, after in zip(ours, theirs, strict=False):
            yield Row("same" if tag == "equal" else "changed", before, after)
        yield from (Row("removed", line, None) for line in ours[beside:])
        yield from (Row("added", None, line) for line in theirs[beside:])


def _folded(rows: list[Row]) -> Iterator[Row]:
    """Yield the rows, with long runs of equal lines away from any difference as one row each. Where nothing differs, all are shown."""
    different = [index for index, row in enumerate(rows) if row.kind != "same"]
    if not different:
        yield from rows
        return
    near = {at for index in different for at in range(index - _AROUND, index + _AROUND + 1)}
    hidden: list[Row] = []
    for index, row in enumerate(rows):
        if index not in near:
            hidden.append(row)
            continue
        yield from _fold(hidden)
        hidden = []
        yield row
    yield from _fold(hidden)


def _fold(rows: list[Row]) -> Iterator[Row]:
    if len(rows) < _FOLD:
        yield from rows
    else:
        yield Row("folded", hidden=len(rows))
