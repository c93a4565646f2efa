"""Two trees to their difference: pair by address, then by rename; compare what is paired."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from reviewgen.hcl import meaning
from reviewgen.model.diff import Changed, Diff, Moved
from reviewgen.model.tree import LAID_UNDER, Declaration
from reviewgen.terraform import Graph

from .body import Difference, Side, argument, changes
from .pair import renames
from .values import comparable


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
    also = _declared_again(model)
    notes: list[str] = []
    unchanged = 0
    for before, declaration in ours.items():
        after = names.get(before, before)
        other = theirs.get(after)
        if other is None:
            continue
        found = tuple(_compare(declaration, other, left, right))
        if found:
            changed.append(Changed(after, before, tuple(difference.change for difference in found)))
            notes.extend(_disagreements(declaration, other, found))
        elif before == after and declaration.type == other.type:  # a backend goes by the same address, whatever its type
            unchanged += 1
        known = {_file(declaration), *also.get(before, ())}
        if _file(other) not in known and not _is_unnamed(model, declaration) and not _is_unnamed(ideal, other):
            moved.append(Moved(after, declaration.block.file, other.block.file))
    return Diff(
        added=tuple(sorted(set(added) - set(names.values()))),
        removed=tuple(sorted(set(removed) - set(names))),
        changed=tuple(sorted(changed, key=lambda c: c.address)),
        renamed=renamed,
        moved=tuple(sorted(moved, key=lambda m: m.address)),
        unchanged=unchanged,
        notes=tuple(notes),
    )


def _declared_again(graph: Graph) -> dict[str, set[str]]:
    """Return the files of further declarations of an address, by address: what stays in one of its files did not move there."""
    found: dict[str, set[str]] = {}
    for module in graph.tree.modules.values():
        for declaration in module.duplicates:
            found.setdefault(declaration.address, set()).add(_file(declaration))
    return found


def _file(declaration: Declaration) -> str:
    """Return the file of a declaration as seen from its module, which is a folder: another folder around that one moves nothing."""
    return posixpath.basename(declaration.block.file.removesuffix(LAID_UNDER))


def _is_unnamed(graph: Graph, declaration: Declaration) -> bool:
    """Whether the name of a declaration's file is one of ours: code that an answer gives no name is in no other file elsewhere."""
    file = graph.files.get(declaration.block.file)
    return file is not None and file.unnamed


def _compare(before: Declaration, after: Declaration, left: Side, right: Side) -> Iterator[Difference]:
    if before.attribute is not None and after.attribute is not None:
        name = before.attribute.name
        if comparable(name, before.attribute.expr, left.renames) != comparable(name, after.attribute.expr, right.renames):
            yield argument("value", (before.block, before.attribute, left), (after.block, after.attribute, right))
        return
    text = left.body(before.block)
    if text == right.body(after.block) and not any(name in text for name in left.renames):
        return  # most blocks are the same to the byte: no need to look inside
    yield from changes(before.block, after.block, left, right)


def _disagreements(before: Declaration, after: Declaration, found: Iterable[Difference]) -> Iterator[str]:
    """Ask the second reader about every argument that differs, and say where it reads something else."""
    for change, left, right in found:
        for declaration, expr, text in ((before, left, change.before), (after, right, change.after)):
            if expr is None or text is None or meaning.certain(expr):
                continue
            if meaning.agrees(expr, text) is False:
                place = f"`{change.path}` of `{declaration.address}`"
                yield f"The two readers of HCL understand {place} differently; it was compared as the first one reads it."
