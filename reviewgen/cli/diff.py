"""``reviewgen diff``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

from reviewgen import pipeline
from reviewgen.model.diff import AttributeChange, Diff

from . import console, exits
from .inputs import document

_WIDEST = 100


def diff(model: str, ideal: str, format: str) -> int:
    """Show the difference of two trees; see ``app.diff``."""
    found = pipeline.diff_documents(document(model), document(ideal))
    if format == "json":
        console.data(json.dumps(asdict(found), indent=2, ensure_ascii=False) + "\n")
    else:
        console.data("".join(f"{line}\n" for line in _lines(found, console.colours(sys.stdout))))
    return exits.DONE


def _lines(found: Diff, colour: bool) -> Iterator[str]:
    for renamed in found.renamed:
        yield console.paint(f"> {renamed.before} is now {renamed.after}", "blue", on=colour)
        for evidence in renamed.evidence:
            yield console.paint(f"    {evidence.replace('`', '')}", "dim", on=colour)
    for address in found.added:
        yield console.paint(f"+ {address}", "green", on=colour)
    for address in found.removed:
        yield console.paint(f"- {address}", "red", on=colour)
    for changed in found.changed:
        yield console.paint(f"~ {changed.address}", "yellow", on=colour)
        for attribute in changed.attributes:
            yield from _change(attribute, colour)
    for moved in found.moved:
        yield console.paint(f"  {moved.address} moved from {moved.before} to {moved.after}", "dim", on=colour)
    yield _summary(found)


def _change(change: AttributeChange, colour: bool) -> Iterator[str]:
    before, after = _short(change.before), _short(change.after)
    if before is None:
        yield console.paint(f"    + {change.path}{_shown(change, after)}", "green", on=colour)
    elif after is None:
        yield console.paint(f"    - {change.path}{_shown(change, before)}", "red", on=colour)
    else:
        yield f"    ~ {change.path}: {console.paint(before, 'red', on=colour)} -> {console.paint(after, 'green', on=colour)}"


def _shown(change: AttributeChange, text: str | None) -> str:
    return "" if change.block else f" = {text}"


def _short(text: str | None) -> str | None:
    if text is None:
        return None
    line = console.plain(" ".join(text.split()))
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…"


def _summary(found: Diff) -> str:
    counts = [
        (len(found.added), "added"),
        (len(found.removed), "removed"),
        (len(found.changed), "changed"),
        (len(found.renamed), "renamed"),
    ]
    parts = [f"{number} {word}" for number, word in counts if number]
    return f"{', '.join(parts) or 'no difference'}; {found.unchanged} unchanged" + (f", {len(found.moved)} moved" if found.moved else "")
