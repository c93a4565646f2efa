"""Whether a text has a part that a regular expression matches: all ways at once, so the time is bounded by the two lengths."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.records import dataclass

_MOST_STATES = 2000
_MOST_TEXT = 2000
_WORD = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")


Ranges = tuple[tuple[str, str], ...]
"""Characters from the first to the last, both included."""


@dataclass(frozen=True, slots=True)
class Characters:
    """One character out of ranges, or out of all others; ``fold``: whether case does not matter."""

    ranges: Ranges
    negated: bool = False
    fold: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A place between two characters: ``start``, ``end``, ``line start``, ``line end``, ``word`` or ``inside``."""

    kind: str


@dataclass(frozen=True, slots=True)
class Chain:
    """One after the other."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One of them."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Again and again; without ``most`` as often as it goes."""

    item: Node
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Opaque:
    """Something whose meaning is not known."""


Node = Characters | Edge | Chain | Alternatives | Repeat | Opaque


def copies(node: Node) -> int:
    """Return how often counted repetitions inside of each other repeat their innermost part."""
    if isinstance(node, Repeat):
        return max(node.least, node.most or 0, 1) * copies(node.item)
    if isinstance(node, Chain | Alternatives):
        return max(map(copies, node.items), default=1)
    return 1


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of the machine: over a character or an edge, or, without either, to all of ``to`` at once."""

    over: Characters | Edge | None
    to: tuple[int, ...]


class _TooMuch(Exception):
    """The machine would be too large, or the meaning of a part is not known."""


def matches(node: Node, text: str) -> bool | None:
    """Return whether a part of a text matches; None when that is not known."""
    if len(text) > _MOST_TEXT:
        return None
    steps: list[_Step | None] = [None]  # the first is the end
    try:
        begin = _build(node, 0, steps)
    except _TooMuch:
        return None
    states: set[int] = set()
    for at in range(len(text) + 1):
        reached = _closure({*states, begin}, steps, text, at)
        if 0 in reached:
            return True
        states = set()
        for state in reached:
            step = steps[state]
            if step is not None and isinstance(step.over, Characters) and at < len(text) and _fits(step.over, text[at]):
                states.update(step.to)
    return False


def _build(node: Node, after: int, steps: list[_Step | None]) -> int:
    """Add the steps of a node that lead to the state ``after``; return where they begin."""
    if isinstance(node, Chain):
        for item in reversed(node.items):
            after = _build(item, after, steps)
        return after
    if isinstance(node, Alternatives):
        return _add(_Step(None, tuple(_build(item, after, steps) for item in node.items)), steps)
    if isinstance(node, Repeat):
        return _repeated(node, after, steps)
    if isinstance(node, Opaque):
        raise _TooMuch
    return _add(_Step(node, (after,)), steps)


def _repeated(node: Repeat, after: int, steps: list[_Step | None]) -> int:
    if node.most is None:
        loop = _add(None, steps)
        steps[loop] = _Step(None, (_build(node.item, loop, steps), after))
        begin = loop
    else:
        begin = after
        for _ in range(node.most - node.least):
            begin = _add(_Step(None, (_build(node.item, begin, steps), after)), steps)
    for _ in range(node.least):
        begin = _build(node.item, begin, steps)
    return begin


def _add(step: _Step | None, steps: list[_Step | None]) -> int:
    if len(steps) >= _MOST_STATES:
        raise _TooMuch
    steps.append(step)
    return len(steps) - 1


def _closure(states: set[int], steps: list[_Step | None], text: str, at: int) -> set[int]:
    """Return all states that can be reached without a character."""
    waiting = list(states)
    while waiting:
        step = steps[waiting.pop()]
        if step is None or isinstance(step.over, Characters) or (step.over is not None and not _at_edge(step.over.kind, text, at)):
            continue
        for state in step.to:
            if state not in states:
                states.add(state)
                waiting.append(state)
    return states


def _at_edge(kind: str, text: str, at: int) -> bool:
    before, behind = text[at - 1 : at] if at else "", text[at : at + 1]
    if kind in ("word", "inside"):
        return ((before in _WORD and before != "") != (behind in _WORD and behind != "")) == (kind == "word")
    if kind.endswith("start"):
        return not before or (kind == "line start" and before == "\n")
    return not behind or (kind == "line end" and behind == "\n")


def _fits(characters: Characters, character: str) -> bool:
    return any(_in(characters, one) for one in _cases(character, characters.fold)) != characters.negated


def _in(characters: Characters, character: str) -> bool:
    return any(first <= character <= last for first, last in characters.ranges)


def _cases(character: str, fold: bool) -> Iterator[str]:
    yield character
    if fold:
        yield from (other for other in (character.lower(), character.upper(), character.swapcase()) if len(other) == 1)
