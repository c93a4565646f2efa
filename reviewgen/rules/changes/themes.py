"""Arguments of which one tree has a weaker value than the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Attribute, Block, Conditional, Traversal
from reviewgen.model.review import Impact
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.rules.places import code
from reviewgen.terraform import Graph

from .table import Row, Theme

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Worth:
    """What an argument is worth: its rank (None when that is not certain), how a sentence says what is written, whether nothing is."""

    rank: float | None
    words: str
    wanted: str
    lacks: bool = False


def compare(theme: Theme, model: tuple[Graph, Declaration], ideal: tuple[Graph, Declaration]) -> Iterator[tuple[bool, Finding]]:
    """Yield (whether IDEAL is the weaker one, finding) for the arguments of a theme that a pair of resources has differently.

    Args:
        theme: The theme.
        model: MODEL's tree and resource.
        ideal: IDEAL's tree and the same resource there.
    """
    for row in theme.rows:
        if model[1].type not in row.types:
            continue
        ours, theirs = worth(row, *model), worth(row, *ideal)
        if ours.rank is None or theirs.rank is None or ours.rank == theirs.rank:
            continue
        introduced = theirs.rank < ours.rank
        if _under_another_name(row, *((ideal, model) if introduced else (model, ideal))):
            continue
        weak, strong, other = (theirs, ours, "MODEL") if introduced else (ours, theirs, "IDEAL")
        declaration = ideal[1] if introduced else model[1]
        yield introduced, _finding(theme, row, declaration, weak, strong, other)


def _under_another_name(row: Row, weak: tuple[Graph, Declaration], strong: tuple[Graph, Declaration]) -> bool:
    """Whether the weaker tree gives the same value to an argument that the other one does not set: one of the names is a mistake."""
    attribute = strong[1].block.attributes.get(row.argument)
    if attribute is None or row.argument in weak[1].block.attributes or not isinstance(attribute.expr, Traversal):
        return False
    renamed = [a for name, a in weak[1].block.attributes.items() if name not in strong[1].block.attributes]
    return any(_source(weak, a) == _source(strong, attribute) for a in renamed)


def _source(side: tuple[Graph, Declaration], attribute: Attribute) -> str:
    graph, declaration = side
    return graph.files[attribute.file or declaration.block.file].slice(attribute.expr.start, attribute.expr.end)


def _finding(theme: Theme, row: Row, declaration: Declaration, weak: Worth, strong: Worth, other: str) -> Finding:
    name = code(declaration.address)
    return Finding(
        theme.id,
        row.title or f"{theme.title}: {{name}}",
        theme.category,
        theme.severity,
        declaration.address,
        f"{name} {weak.words}, where {other} {strong.words.replace(code(row.argument), 'it', 1)}.",
        f"{name} {strong.wanted}",
        row.argument,
        "",
        theme.fix_class,
        tier=theme.tier,
        topics=theme.topics,
        absent=(f"{code(row.argument)} on {name}",) if weak.lacks else (),
        impact=tuple(Impact(aspect, text) for aspect, text in row.impact or theme.impact),
        lesson=row.lesson or theme.lesson,
        source=row.source or theme.source,
        asked=theme.asked,
        group=row.title,
        names=(row.argument if row.argument.endswith((".enabled", ".status")) else row.argument.split(".")[-1],),
    )


def worth(row: Row, graph: Graph, declaration: Declaration) -> Worth:
    """Return what a resource's argument is worth."""
    *path, name = row.argument.split(".")
    parents = list(declaration.block.nested(*path))
    blocks = [b for parent in parents for b in parent.nested(name)]
    attribute = next((a for parent in parents if (a := parent.attributes.get(name))), None)
    argument = code(row.argument)
    if row.unless and any(_type(r.source) in row.unless for r in graph.incoming.get(declaration.address, ())):
        return Worth(None, "", "")
    if row.better == "set":
        return _presence(argument, attribute, blocks, graph, declaration)
    if attribute is None:
        if any(name in declaration.block.attributes for name in row.inherits):
            return Worth(None, "", "")
        rank = _rank(row, row.default) if row.default is not None and not _dynamic(declaration.block, path) else None
        return Worth(rank, f"does not set {argument}", f"leaves {argument} at its default", True)
    value = graph.constant(attribute.expr, declaration.module)
    rank = None if value is UNKNOWN or value is None else _rank(row, value)
    return Worth(rank, f"sets {argument} to {code(_text(value))}", _wanted(row, argument, value))


def _type(address: str) -> str:
    return address.split(".")[-2] if "." in address else ""


def _presence(argument: str, attribute: Attribute | None, blocks: list[Block], graph: Graph, declaration: Declaration) -> Worth:
    if blocks:
        return Worth(1, f"has {argument}", f"has {argument}")
    if attribute is None:
        return Worth(0, f"has no {argument}", f"has no {argument}", True)
    value = graph.constant(attribute.expr, declaration.module)
    if value is UNKNOWN:
        certain = isinstance(attribute.expr, Traversal) and attribute.expr.root not in ("var", "local", "each", "module")
        return Worth(
            1 if certain or not isinstance(attribute.expr, Conditional | Traversal) else None, f"sets {argument}", f"sets {argument}"
        )
    if value in (None, "", [], {}):
        return Worth(0, f"has no {argument}", f"has no {argument}")
    return Worth(1, f"sets {argument}", f"sets {argument}")


def _dynamic(block: Block, path: list[str]) -> bool:
    """Whether blocks on the way may be generated, so that absence is not certain."""
    return any(b.type == "dynamic" and b.labels[:1] == tuple(path[:1]) for b in block.blocks) if path else False


def _rank(row: Row, value: Any) -> float | None:
    if row.better in ("true", "false"):
        flag = {"true": True, "false": False}.get(str(value).lower())
        return None if flag is None else float(flag == (row.better == "true"))
    if row.better == "more":
        return _bounded(value, row.floor) if isinstance(value, int | float) and not isinstance(value, bool) else None
    return _bounded(row.order.index(value), row.floor) if value in row.order else None


def _bounded(rank: float, floor: float | None) -> float:
    return rank if floor is None else min(rank, floor)


def _wanted(row: Row, argument: str, value: Any) -> str:
    return f"sets {argument} to {code(_text(value))}" + (" or more" if row.better == "more" else "")


def _text(value: Any) -> str:
    text = "true" if value is True else "false" if value is False else str(value)
    return text.replace("`", "'")[:_LONGEST]
