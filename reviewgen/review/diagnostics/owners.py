"""Which block and which argument of a tree a diagnostic is about."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph


def owner_of(graph: Graph, diagnostic: Diagnostic) -> Declaration | None:
    """Return the innermost declaration in which a diagnostic stands, else the one that it names."""
    where = diagnostic.range
    if where is not None:
        inside = [
            d for d in _all(graph)
            if d.block.file == where.filename and d.block.start <= where.start.byte < max(d.block.end + (not d.block.complete), d.block.start + 1)
            and (d.attribute is None or d.attribute.start <= where.start.byte <= d.attribute.end)
        ]  # fmt: skip
        if inside:
            return min(inside, key=lambda d: (d.block.end - d.block.start, d.address))
    return graph.get(diagnostic.address.split("[")[0]) if diagnostic.address else None


def _all(graph: Graph) -> Iterable[Declaration]:
    for module in graph.tree.modules.values():
        yield from module.declarations.values()
        yield from module.duplicates


def argument_of(owner: Declaration | None, diagnostic: Diagnostic) -> str:
    """Return the path of the argument or nested block at the diagnostic's place; empty for the block's header."""
    where = diagnostic.range
    if owner is None or where is None or owner.attribute is not None:
        return ""
    block, path = owner.block, ""
    while True:
        inner = next((b for b in block.blocks if b.start <= where.start.byte < b.end), None)
        if inner is None:
            break
        step = inner.labels[0] if inner.type == "dynamic" and inner.labels else "" if inner.type == "content" else inner.type
        path, block = f"{path}.{step}".strip(".") if step else path, inner
    # Arguments that are set again may be thousands; they stand in the order of the file.
    again = block.duplicates[: bisect_right(block.duplicates, where.start.byte, key=lambda a: a.start)][-1:]
    name = next((a.name for a in (*block.attributes.values(), *again) if a.start <= where.start.byte <= a.end), "")
    return f"{path}.{name}".strip(".")
