"""Which lines of IDEAL's code a change of an argument brings, and how many it adds and removes."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from reviewgen.model.diff import AttributeChange


def _last(change: AttributeChange) -> int:
    return change.ideal_end_line or change.ideal_line + _lines(change.after) - 1


def _lines(text: str | None) -> int:
    return text.count("\n") + 1 if text is not None else 0


# Up to this height a changed value is shown whole; of a longer one only what is new, with what stands between if that is little.
_WHOLE = 12
_NEAR = 3


def new_lines(change: AttributeChange) -> list[tuple[int, int]]:
    """Return the (first, last) lines of IDEAL's file that a change brings; the whole value when it is short or all new."""
    whole = [(change.ideal_line, _last(change))]
    if change.before is None or change.after is None or _lines(change.after) <= _WHOLE:
        return whole
    spans: list[tuple[int, int]] = []
    for first, last in _inserted(change.before, change.after):
        if spans and first - spans[-1][1] <= _NEAR:
            spans[-1] = spans[-1][0], last
        else:
            spans.append((first, last))
    return [(change.ideal_line + first, change.ideal_line + last) for first, last in spans] or whole


def _stripped(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n")]


def _inserted(before: str, after: str) -> Iterator[tuple[int, int]]:
    """Yield the (first, last) lines of a text, counted from 0, that another one does not have; indentation does not count."""
    for tag, _, _, first, end in SequenceMatcher(None, _stripped(before), _stripped(after), autojunk=False).get_opcodes():
        if tag in ("insert", "replace"):
            yield first, end - 1


def counts(change: AttributeChange) -> tuple[int, int]:
    """Return how many lines a change adds and removes."""
    if change.before is None or change.after is None:
        return _lines(change.after), _lines(change.before)
    added = sum(last - first + 1 for first, last in _inserted(change.before, change.after))
    removed = sum(last - first + 1 for first, last in _inserted(change.after, change.before))
    return (added, removed) if added or removed else (1, 1)
