"""Two trees to their difference: pair by address, then by rename; compare what is paired."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reviewgen.hcl import meaning, parse_expression
from reviewgen.model.diff import AttributeChange, Changed, Diff, Moved
from reviewgen.model.tree import LAID_UNDER, Declaration
from reviewgen.terraform import Graph

from .body import Side, changes
from .pair import renames
from .values import comparable

# The text of a constant, a dotted name, a string with such names in it or a list of these, which need not even be parsed.
_ITEM = r'(?:"(?:[^"\\$%\n]|\$\{ *[\w.-]+ *\})*"|[\w.-]+)'
_PLAIN = re.compile(rf"{_ITEM}|\[\s*(?:{_ITEM}\s*,\s*)*(?:{_ITEM}\s*)?\]")


def compare(model: Graph, ideal: Graph) -> Diff:
    """Return the semantic difference of two trees.

    Blind to file, order, formatting and comments; module aware, for addresses carry their module. A renamed declaration is one rename
    and, where its body differs as well, one change under IDEAL's address.
    """
    ours, theirs = model.tree.declarations, ideal.tree.declarations
    removed = [a for a in ours if a not in theirs]
    added = [a for a in theirs if a not in ours]
    renamed = renames(model, ideal, removed, added)
    names = {r.before: r.after for r in renamed}
    locals_ = {ours[b].local: theirs[a].local for b, a in names.items()}
    left, right = Side(model.files, locals_), Side(ideal.files)
    changed: list[Changed] = []
    moved: list[Moved] = []
    unchanged = 0
    for before, declaration in ours.items():
        after = names.get(before, before)
        other = theirs.get(after)
        if other is None:
            continue
        found = tuple(_compare(declaration, other, left, right))
        if found:
            changed.append(Changed(after, before, found))
        elif before == after:
            unchanged += 1
        if declaration.block.file != other.block.file.removesuffix(LAID_UNDER):
            moved.append(Moved(after, declaration.block.file, other.block.file))
    return Diff(
        added=tuple(sorted(set(added) - set(names.values()))),
        removed=tuple(sorted(set(removed) - set(names))),
        changed=tuple(sorted(changed, key=lambda c: c.address)),
        renamed=renamed,
        moved=tuple(sorted(moved, key=lambda m: m.address)),
        unchanged=unchanged,
        notes=tuple(_disagreements(changed, ours, theirs)),
    )


def _compare(before: Declaration, after: Declaration, left: Side, right: Side) -> Iterator[AttributeChange]:
    if before.attribute is not None and after.attribute is not None:
        name = before.attribute.name
        if comparable(name, before.attribute.expr, left.renames) != comparable(name, after.attribute.expr, right.renames):
            yield AttributeChange(
                "value",
                left.text(before.block, before.attribute),
                right.text(after.block, after.attribute),
                model_line=before.attribute.line,
                ideal_line=after.attribute.line,
                model_end_line=before.attribute.end_line,
                ideal_end_line=after.attribute.end_line,
            )
        return
    text = left.body(before.block)
    if text == right.body(after.block) and not any(name in text for name in left.renames):
        return  # most blocks are the same to the byte: no need to look inside
    yield from changes(before.block, after.block, left, right)


def _disagreements(changed: list[Changed], ours: Mapping[str, Declaration], theirs: Mapping[str, Declaration]) -> Iterator[str]:
    """Ask the second reader about every argument that differs, and say where it reads something else."""
    for change in changed:
        for attribute in change.attributes:
            for declaration, text in ((ours[change.model_address], attribute.before), (theirs[change.address], attribute.after)):
                if text is None or attribute.block or _PLAIN.fullmatch(text):
                    continue
                expr = parse_expression(text)
                if not meaning.certain(expr) and meaning.agrees(expr, text) is False:
                    place = f"`{attribute.path}` of `{declaration.address}`"
                    yield f"The two readers of HCL understand {place} differently; it was compared as the first one reads it."
