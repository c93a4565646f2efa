"""``reviewgen diff``."""

from __future__ import annotations

import difflib
import json
import sys
import textwrap
from collections.abc import Iterable, Iterator

from reviewgen import pipeline, render
from reviewgen.model.diff import AttributeChange, Diff

from . import console, exits
from .inputs import one_stream, settings, tree

_STYLE = {"+": "green", "-": "red", "~": "yellow", ">": "blue"}
# A value that is longer, or has lines, is shown below its name.
_WIDEST = 80


def diff(model: str, ideal: str, format: str) -> int:
    """Show the difference of two trees; see ``app.diff``."""
    settings()
    one_stream(model, ideal)
    found = pipeline.diff_documents(tree(model), tree(ideal))
    if format == "json":
        console.data(json.dumps(render.difference(found), indent=2, ensure_ascii=False) + "\n")
    else:
        console.data("".join(f"{line}\n" for line in lines(found, console.colours(sys.stdout))))
    for note in found.notes:
        console.warn(note)
    return exits.DONE


def lines(found: Diff, colour: bool) -> Iterator[str]:
    """Yield the difference as a person reads it: declarations by kind of change, each with what differs in it, and the counts."""
    for renamed in found.renamed:
        yield _line(">", f"{renamed.before} is now {renamed.after}", colour)
        for evidence in renamed.evidence:
            yield _line(" ", f"    {evidence.replace('`', '')}", colour)
    for address in found.removed:
        yield _line("-", address, colour)
    for address in found.added:
        yield _line("+", address, colour)
    for changed in found.changed:
        yield _line("~", changed.address, colour)
        for change in changed.attributes:
            yield from _change(change, colour)
    for moved in found.moved:
        yield _line(" ", f"{moved.address} moved from {moved.before} to {moved.after}", colour)
    if not found.empty or found.moved:
        yield ""
    yield _summary(found)


def _change(change: AttributeChange, colour: bool) -> Iterator[str]:
    """Yield one argument or nested block: on one line, or with a difference by lines below its name."""
    mark = "+" if change.before is None else "-" if change.after is None else "~"
    before, after = _aligned(change.before or ""), _aligned(change.after or "")
    joint = " " if change.block else " = "
    if "\n" in before + after or max(len(before), len(after)) > _WIDEST:
        yield _line(mark, f"{change.path}{joint.rstrip()}", colour, 4)
        for sign, text in _by_lines(before, after) if mark == "~" else ((mark, line) for line in (before or after).split("\n")):
            yield _line(sign, text, colour, 8)
    elif mark == "~":
        old, new = console.plain(before), console.plain(after)
        shown = f"{console.paint(old, 'red', on=colour)} -> {console.paint(new, 'green', on=colour)}"
        yield f"    {console.paint('~', 'yellow', on=colour)} {console.plain(change.path)}{joint}{shown}"
    else:
        yield _line(mark, f"{change.path}{joint}{before or after}", colour, 4)


def _aligned(text: str) -> str:
    """Return a value without the indentation that its place in the file gave to all its lines but the first."""
    first, _, rest = text.partition("\n")
    return f"{first}\n{textwrap.dedent(rest)}" if rest else first


def _by_lines(before: str, after: str) -> Iterable[tuple[str, str]]:
    """Return (sign, text) of a difference by lines, with a line of context."""
    # The first three lines are unified_diff's header.
    for line in list(difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=1))[3:]:
        yield (" ", "...") if line.startswith("@@") else (line[0], line[1:])


def _line(mark: str, text: str, colour: bool, indent: int = 0) -> str:
    return console.paint(f"{' ' * indent}{mark} {console.plain(text)}".rstrip(), _STYLE.get(mark, "dim"), on=colour)


def _summary(found: Diff) -> str:
    counts = {
        "renamed": found.renamed,
        "removed": found.removed,
        "added": found.added,
        "changed": found.changed,
        "moved": found.moved,
    }
    parts = [f"{len(entries)} {word}" for word, entries in counts.items() if entries]
    return f"{', '.join(parts) or 'no difference'}; {found.unchanged} unchanged"
