"""What IDEAL has in the place of code that cannot be parsed; nothing is compared and counted there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from reviewgen.model.tree import Declaration
from reviewgen.terraform import arguments

from ..inputs import Inputs
from .passages import Hunk
from .spans import WHOLE

# A line stands for another one when so much of the two is the same.
_ALIKE = 0.6
# Of longer values nothing is looked for, and of longer lines the beginning counts.
_LONGEST = 400


def counterparts(inputs: Inputs, places: Iterable[tuple[str, str]]) -> list[Hunk]:
    """Return IDEAL's code at the places where MODEL cannot be parsed; of a long value the line that stands for the broken one.

    Nothing is shown that MODEL has as well.

    Args:
        inputs: The pair.
        places: MODEL's addresses with paths of arguments or nested blocks, and the broken lines: ``main.tf:12``.
    """
    hunks = []
    for place, at in places:
        address, path = inputs.model.owner(place)
        ours, theirs = inputs.model.get(address), inputs.ideal.get(inputs.later(address))
        if ours is None or theirs is None or not theirs.block.complete:
            continue
        for first, last in _spans(theirs, path):
            narrowed = (first, last) if last - first < WHOLE else _line_for(inputs, theirs, first, last, at)
            if narrowed and not _is_in(inputs, ours, theirs, *narrowed):
                hunks.append((theirs.block.file, *narrowed))
    return hunks


def _spans(theirs: Declaration, path: str) -> Iterator[tuple[int, int]]:
    """Yield the lines of an argument or a nested block, the first of its name; those of a short block as a whole for no path."""
    if not path:
        own = (theirs.block.line, theirs.block.end_line)
        yield from [own] if own[1] - own[0] < WHOLE else []
        return
    found = [(a.line, a.end_line) for name, _, a in arguments(theirs.block) if name == path]
    yield from (found or [(b.line, b.end_line) for b in theirs.block.nested(*path.split("."))])[:1]


def _line_for(inputs: Inputs, declaration: Declaration, first: int, last: int, at: str) -> tuple[int, int] | None:
    """Return the line of IDEAL that is most like a line of MODEL; None where none is."""
    file, _, line = at.rpartition(":")
    source = inputs.model.files.get(file)
    if source is None or not line.isdigit() or last - first > _LONGEST:
        return None
    broken = source.lines(int(line), int(line)).strip()[:_LONGEST]
    lines = [text.strip()[:_LONGEST] for text in inputs.ideal.files[declaration.block.file].lines(first, last).split("\n")]
    alike, best = max((SequenceMatcher(None, broken, text, autojunk=False).ratio(), -n) for n, text in enumerate(lines))
    return (first - best, first - best) if broken and alike >= _ALIKE else None


def _is_in(inputs: Inputs, ours: Declaration, theirs: Declaration, first: int, last: int) -> bool:
    """Whether MODEL's block has all lines of a passage of IDEAL, white space aside."""
    block = inputs.model.files[ours.block.file].slice(ours.block.start, ours.block.end)
    known = {"".join(line.split()) for line in block.split("\n")}
    return all("".join(line.split()) in known for line in inputs.ideal.files[theirs.block.file].lines(first, last).split("\n"))
