"""What is certain of a text that is put together from parts: its known pieces and how long it is at least."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.hcl.evaluate import text as as_text
from reviewgen.model.hcl import Attr, Call, Expression, Literal, Template, Traversal, Tuple
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph

_DEPTH = 8
# The shortest names of AWS regions have nine characters, as us-east-1.
_REGION = 9
_ACCOUNT = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text.

    Attributes:
        text: Its characters; None when they are not known.
        least: How many characters it has at least.
    """

    text: str | None
    least: int


def pieces(graph: Graph, expr: Expression | None, module: str, depth: int = _DEPTH) -> tuple[Piece, ...]:
    """Return the parts of a text, variables at their defaults."""
    if expr is None or depth == 0:
        return (Piece(None, 0),)
    value = as_text(graph.constant(expr, module))
    if isinstance(value, str):
        return (Piece(value, len(value)),)
    if isinstance(expr, Template):
        return tuple(p for part in expr.parts for p in pieces(graph, part, module, depth - 1))
    if isinstance(expr, Traversal):
        return _named(graph, expr, module, depth)
    if isinstance(expr, Call):
        return _called(graph, expr, module, depth)
    return (Piece(None, 0),)


def least(parts: tuple[Piece, ...]) -> int:
    """Return how many characters a text has at least."""
    return sum(p.least for p in parts)


def known(parts: tuple[Piece, ...]) -> str:
    """Return the known characters of a text, gaps left out."""
    return "".join(p.text or "" for p in parts)


def _named(graph: Graph, traversal: Traversal, module: str, depth: int) -> tuple[Piece, ...]:
    target = graph.resolve(traversal, module)
    if target is None:
        return (Piece(None, 0),)
    if target.kind == "local" and target.attribute is not None and len(traversal.steps) == 1:
        return pieces(graph, target.attribute.expr, target.module, depth - 1)
    if target.kind == "variable" and len(traversal.steps) == 1:
        given = [call.block.value(target.name) for call in graph.callers(target.module)]
        if len(given) == 1 and given[0] is not None:
            return pieces(graph, given[0], graph.callers(target.module)[0].module, depth - 1)
    return (Piece(None, _generated(graph, target, traversal)),)


def _generated(graph: Graph, target: Declaration, traversal: Traversal) -> int:
    """Return the least length of what a generator or data source gives."""
    last = traversal.steps[-1]
    name = last.name if isinstance(last, Attr) else ""
    if target.type in ("random_string", "random_password") and name == "result":
        length = graph.argument(target, "length")
        return length if isinstance(length, int) else 0
    if target.type == "random_id" and name in ("hex", "id", "b64_url"):
        size = graph.argument(target, "byte_length")
        return (2 * size if name == "hex" else -(-4 * size // 3)) if isinstance(size, int) else 0
    if target.type == "aws_caller_identity" and name == "account_id":
        return _ACCOUNT
    return _REGION if target.type == "aws_region" and name in ("name", "id", "region") else 0


def _called(graph: Graph, call: Call, module: str, depth: int) -> tuple[Piece, ...]:
    if call.name in ("lower", "upper", "tostring", "trimspace") and len(call.args) == 1:
        change = {"lower": str.lower, "upper": str.upper}.get(call.name)
        inner = pieces(graph, call.args[0], module, depth - 1)
        return tuple(Piece(change(p.text), p.least) if change and p.text is not None else p for p in inner)
    if call.name == "join" and len(call.args) == 2 and isinstance(call.args[1], Tuple):
        return tuple(_joined(graph, call.args[0], call.args[1], module, depth))
    if call.name == "format" and call.args and isinstance(call.args[0], Literal) and isinstance(call.args[0].value, str):
        return tuple(_formatted(graph, call.args[0].value, call.args[1:], module, depth))
    return (Piece(None, 0),)


def _joined(graph: Graph, glue: Expression, items: Tuple, module: str, depth: int) -> Iterator[Piece]:
    for position, item in enumerate(items.items):
        if position:
            yield from pieces(graph, glue, module, depth - 1)
        yield from pieces(graph, item, module, depth - 1)


def _formatted(graph: Graph, template: str, values: tuple[Expression, ...], module: str, depth: int) -> Iterator[Piece]:
    between = template.split("%s")
    if len(between) != len(values) + 1 or any("%" in b for b in between):
        yield Piece(None, 0)
        return
    for position, fixed in enumerate(between):
        if position:
            yield from pieces(graph, values[position - 1], module, depth - 1)
        yield Piece(fixed, len(fixed))
