"""Arguments of which one tree has a weaker value than the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reviewgen import hcl
from reviewgen.hcl import UNKNOWN
from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Attribute, Block, Conditional, Traversal
from reviewgen.model.review import Impact
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.rules.places import code, type_of
from reviewgen.terraform import Graph, local_address
from reviewgen.terraform.graph import Reference
from reviewgen.terraform.instances import repeated

from .switched import off
from .table import Row, Theme

_LONGEST = 60
# Rows that ask for two of a kind.
_A_PAIR = 2
_PAGES = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
# Types that the provider describes under another name.
_RENAMED = {"aws_alb": "lb", "aws_alb_listener": "lb_listener"}


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
        if model[1].type not in row.types or not (_is_meant(row, *model) and _is_meant(row, *ideal)):
            continue
        ours, theirs = worth(row, *model), worth(row, *ideal)
        if ours.rank is None or theirs.rank is None or ours.rank == theirs.rank:
            continue
        introduced = theirs.rank < ours.rank
        weaker, stronger = (ideal, model) if introduced else (model, ideal)
        if _says_otherwise(row, *weaker) or _under_another_name(row, weaker, stronger) or _of_another_row(row, stronger):
            continue
        if (
            _is_excused(row, *weaker)
            or _is_served(row, *weaker)
            or _is_spread(row, weaker, stronger)
            or _is_limited(row, *weaker)
            or _stands_alone(row, *stronger)
        ):
            continue
        weak, strong, other = (theirs, ours, "MODEL") if introduced else (ours, theirs, "IDEAL")
        yield introduced, _finding(theme, row, (weaker[1], stronger[1]), (weak, strong), other)


def _is_meant(row: Row, graph: Graph, declaration: Declaration) -> bool:
    """Whether the arguments on which a row depends have one of the values for which it holds."""
    values = [(graph.argument(declaration, name) if name in declaration.block.attributes else "", wanted) for name, wanted in row.only]
    return all(value in wanted for value, wanted in values)


def _says_otherwise(row: Row, graph: Graph, declaration: Declaration) -> bool:
    """Whether a resource of another type that refers to this one says the same."""
    return bool(row.unless) and any(type_of(r.source) in row.unless for r in graph.incoming.get(declaration.address, ()))


# These say something of a resource, or let somebody at it, and do not use it.
_BYSTANDERS = frozenset(["aws_lambda_permission", "aws_cloudwatch_metric_alarm", "aws_cloudwatch_dashboard", "aws_cloudwatch_log_group"])


def _is_served(row: Row, graph: Graph, declaration: Declaration) -> bool:
    """Whether all that use a resource are of types that make an argument needless: who waits for the answer of a function sees that it failed."""
    users = {type_of(r.source) for r in graph.incoming.get(declaration.address, ()) if _uses(graph, r)} if row.served else set()
    return bool(users) and users <= set(row.served)


def _uses(graph: Graph, reference: Reference) -> bool:
    user = graph.get(reference.source)
    return user is not None and user.kind == "resource" and user.type not in _BYSTANDERS and reference.path != "depends_on"


def _is_excused(row: Row, graph: Graph, declaration: Declaration) -> bool:
    return any(graph.argument(declaration, *path.split(".")) in wanted for path, wanted in row.excused)


def _of_another_row(row: Row, strong: tuple[Graph, Declaration]) -> bool:
    return any(_is_set(strong[1].block, path) for path in row.covered)


def _is_spread(row: Row, weak: tuple[Graph, Declaration], strong: tuple[Graph, Declaration]) -> bool:
    """Whether the weaker tree may have in several blocks, or copies of one, what the other one has in one."""
    if row.argument == "count":
        return len(weak[0].of_type(*row.types)) > len(strong[0].of_type(*row.types))
    return row.floor == _A_PAIR and repeated(*weak) and not repeated(*strong)


def _stands_alone(row: Row, graph: Graph, declaration: Declaration) -> bool:
    """Whether the stronger value leads to another resource that is not created: a redirect to HTTPS that nobody answers."""
    others = [d for d in graph.of_type(*row.types) if d.address != declaration.address and off(graph, d) is not True]
    return any(all(graph.argument(d, name) not in wanted for d in others) for name, wanted in row.beside)


def _is_limited(row: Row, graph: Graph, declaration: Declaration) -> bool:
    """Whether a resource names the address ranges that reach what it opens, and they are not all there are."""
    *outer, name = row.limited.split(".")
    given = [a for block in declaration.block.nested(*outer) if (a := block.attributes.get(name))]
    ranges = [graph.constant(a.expr, declaration.module) for a in given]
    return bool(ranges) and all(value is UNKNOWN or (isinstance(value, list) and value and "0.0.0.0/0" not in value) for value in ranges)


def _is_set(block: Block, path: str) -> bool:
    """Whether a block has an argument, or a nested block, at a path."""
    *outer, name = path.split(".")
    return any(name in b.attributes or any(b.nested(name)) for b in block.nested(*outer))


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


def _finding(theme: Theme, row: Row, pair: tuple[Declaration, Declaration], worths: tuple[Worth, Worth], other: str) -> Finding:
    (declaration, better), (weak, strong) = pair, worths
    # Both set it: one of them to the key that AWS manages.
    said, wanted = strong.words.replace(code(row.argument), "it", 1), strong.wanted
    if row.ignored and not weak.lacks:
        said, wanted = f"{said} to another one", f"{wanted} to another one than that key"
    went = (n for n in row.together if n in better.block.attributes and n not in declaration.block.attributes)
    name = code(declaration.address)
    return Finding(
        theme.id,
        row.title or f"{theme.title}: {{name}}",
        theme.category,
        theme.severity,
        declaration.address,
        f"{name} {weak.words}, where {other} {said}.",
        f"{name} {wanted}",
        row.argument,
        "",
        theme.fix_class,
        tuple(f"{declaration.address}.{argument}" for argument in went),
        tier=theme.tier,
        topics=theme.topics,
        absent=(f"{code(row.argument)} on {name}",) if weak.lacks else (),
        impact=tuple(Impact(aspect, text) for aspect, text in row.impact or theme.impact),
        lesson=row.lesson or theme.lesson,
        source=row.source or _PAGES + _RENAMED.get(declaration.type, declaration.type.removeprefix("aws_")),
        asked=theme.asked,
        group=row.title,
        names=(row.argument if row.argument.endswith((".enabled", ".status")) else row.argument.split(".")[-1],),
        unless=row.declined,
    )


def worth(row: Row, graph: Graph, declaration: Declaration) -> Worth:
    """Return what a resource's argument is worth."""
    *path, name = row.argument.split(".")
    parents = list(declaration.block.nested(*path))
    blocks = [b for parent in parents for b in parent.nested(name)]
    given = [a for parent in parents if (a := parent.attributes.get(name))]
    attribute = given[0] if given else None
    argument = code(row.argument)
    if row.argument == "count" and "for_each" in declaration.block.attributes:
        return Worth(None, "", "")  # its copies are counted by something else
    if attribute is None and not blocks and any(_is_set(declaration.block, path) for path in row.inherits):
        return Worth(None, "", "")
    if _generated(graph, declaration, row.argument) or (len(parents) > 1 and not _agree(given, len(parents), graph, declaration)):
        return Worth(None, "", "")
    if row.better == "set":
        return _presence(row, attribute, blocks, graph, declaration)
    if attribute is None:
        rank = _rank(row, row.default) if row.default is not None and (parents or not row.within) else None
        return Worth(rank, f"does not set {argument}", f"leaves {argument} at its default", True)
    value = graph.constant(attribute.expr, declaration.module)
    rank = None if value is UNKNOWN or value is None or (row.argument == "count" and value == 0) else _rank(row, value)
    chosen = " with the variables as delivered" if _is_chosen(attribute) else ""
    return Worth(rank, f"sets {argument} to {code(_text(value))}{chosen}", _wanted(row, argument, value))


def _is_chosen(attribute: Attribute) -> bool:
    """Whether a variable decides about a value: what is delivered gives it one, whoever applies it may give it another."""
    return any((local_address(t) or "").startswith("var.") for t in hcl.traversals(attribute.expr) if isinstance(t, Traversal))


def _agree(given: list[Attribute], parents: int, graph: Graph, declaration: Declaration) -> bool:
    """Whether all of several blocks have the same constant for an argument, or none has any."""
    values = [graph.constant(a.expr, declaration.module) for a in given]
    return not given or (len(given) == parents and values[0] is not UNKNOWN and all(v == values[0] for v in values))


def _presence(row: Row, attribute: Attribute | None, blocks: list[Block], graph: Graph, declaration: Declaration) -> Worth:
    argument = code(row.argument)
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
    if isinstance(value, str) and value.startswith(row.ignored):
        return Worth(0, f"sets {argument} to {code(_text(value))}", f"sets {argument} to {code(_text(value))}")
    return Worth(1, f"sets {argument}", f"sets {argument}")


def _generated(graph: Graph, declaration: Declaration, argument: str) -> bool:
    """Whether blocks on the way to an argument may be generated, so that it is not certain that they are there, or that they are not."""
    first = argument.split(".")[0]
    found = [b for b in declaration.block.blocks if b.type == "dynamic" and b.labels[:1] == (first,)]
    return any(graph.constant(b.value("for_each"), declaration.module) in (UNKNOWN, None, [], {}, "") for b in found)


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
