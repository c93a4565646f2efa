"""What IDEAL does to the declarations of an issue, with the lines that it adds and removes for it: one sentence."""

from __future__ import annotations

from reviewgen.model import Diff, Issue, Status, tf
from reviewgen.model.addresses import declaration
from reviewgen.model.diff import AttributeChange

from . import words


def sentence(issue: Issue, diff: Diff) -> str:
    """Return what IDEAL does to the declarations of an issue, with the counted lines: one sentence, or nothing."""
    known = {*diff.added, *diff.removed, *(change.address for change in diff.changed)}
    names = list(dict.fromkeys(address if address in known else declaration(address)[0] for address in issue.where))
    # What only takes part is not what the correction, or the new defect, is made of; what is gone made the new defect by going, but that
    # something is not read behind a mistake of syntax is no going.
    gone = set(diff.removed) if issue.status is Status.INTRODUCED and issue.rule != tf.SYNTAX else set()
    names = list(dict.fromkeys([*(name for name in names if name in issue.corrected or name in gone), *issue.corrected]))
    # The lines that are counted are those of the correction: what went besides is told after them.
    other = (
        [name for name in names if name not in issue.corrected] if issue.corrected and (issue.lines_added or issue.lines_removed) else []
    )
    beside = f", and removes {words.ticks(other)} besides" if other else ""
    names = [name for name in names if name not in other]
    altered = {change.address for change in diff.changed} | {change.model_address for change in diff.changed}
    renamed = [entry for entry in diff.renamed if entry.before in names or entry.after in names]
    moved = {name for entry in renamed for name in (entry.before, entry.after)}
    parts = [
        f"{verb} {words.ticks(found)}"
        for verb, those in (("adds", set(diff.added)), ("removes", set(diff.removed)), ("changes", altered - moved))
        if (found := [name for name in names if name in those])
    ]
    parts += [f"renames {words.tick(entry.before)} to {words.tick(entry.after)}" for entry in renamed]
    counted = [
        text
        for text in (
            f"{words.count(issue.lines_added, 'line')} added" if issue.lines_added else "",
            f"{words.count(issue.lines_removed, 'line')} removed" if issue.lines_removed else "",
        )
        if text
    ]
    if not parts:
        return f"IDEAL corrects it with {words.series(counted)}." if counted and issue.status is Status.FIXED else ""
    of_all = _scope(issue) if _changes_more(issue, diff, names) else ""
    # Of many places alike the first are shown, and no lines counted.
    others = ", among others" if issue.corrected and issue.solution and not counted else ""
    return f"IDEAL {words.series(parts)}{others}" + (f" ({of_all}{', '.join(counted)})" if counted else "") + f"{beside}."


def _scope(issue: Issue) -> str:
    """Say what the counted lines are of, where they are not all that differs.

    Where the passages show fewer lines than are counted, they are the parts of longer values that matter: their other lines are counted as
    well, and are not the issue's.
    """
    shown = sum(passage.end_line - passage.start_line + 1 for passage in issue.solution)
    return "for this issue: " if issue.lines_added <= shown else "in the blocks and arguments concerned: "


def _changes_more(issue: Issue, diff: Diff, names: list[str]) -> bool:
    """Whether IDEAL changes more of these declarations than what is counted: the lines of the issue are then not those of their difference."""
    told = {change.address for change in issue.values}
    parts = [
        (change.address, part)
        for change in diff.changed
        if change.address in names or change.model_address in names
        for part in change.attributes
    ]
    # Nothing shows which of the blocks that are gone were counted: where they have more lines than are counted, not all of them were.
    gone = sum(part.model_end_line - part.model_line + 1 for _, part in parts if part.block and part.after is None)
    return gone > issue.lines_removed or any(not _is_told(issue, told, address, part) for address, part in parts)


def _is_told(issue: Issue, told: set[str], address: str, part: AttributeChange) -> bool:
    """Whether a change is one of the issue: its values tell it, or a passage shows its block; of blocks that are gone the count says it."""
    if not part.block:
        return address in told or f"{address}.{part.path}" in told
    return part.after is None or any(passage.start_line <= part.ideal_line <= passage.end_line for passage in issue.solution)
