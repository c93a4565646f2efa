"""Expressions to parts: the shape of a policy document with what is constant filled in and the rest as holes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from reviewgen import hcl
from reviewgen.hcl import UNKNOWN
from reviewgen.hcl.evaluate import follow, known, text
from reviewgen.model.hcl import Attr, Call, Conditional, Expression, For, Index, Object, Step, Template, Traversal, Tuple
from reviewgen.records import dataclass

from .statements import Text

if TYPE_CHECKING:
    from ..graph import Graph

# An expression that leads on and on is no policy.
_DEEPEST = 24
# Marks around the number of a hole while a text is read as JSON; private characters, which no policy contains.
_OPEN, _CLOSE = "\ue000", "\ue001"


@dataclass(frozen=True, slots=True)
class Maybe:
    """A part that a condition or a collection decides about."""

    part: Part


Part = Text | Maybe | list["Part"] | dict[str, "Part"]


@dataclass(frozen=True, slots=True)
class Bound:
    """What a loop variable stands for in one round: its value, and the declarations that it leads to."""

    value: Any
    refs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reader:
    """Reads expressions of one module; ``bound`` holds loop variables by their root: ``each``, ``statement``, a ``for``'s names."""

    graph: Graph
    module: str
    bound: Mapping[str, Bound] = field(default_factory=dict)
    depth: int = 0

    def value(self, expr: Expression) -> Any:
        """Return what an expression is worth, or ``UNKNOWN``."""
        return hcl.evaluate(expr, self._scope)

    def _scope(self, traversal: Traversal) -> Any:
        loop = self.bound.get(traversal.root)
        return follow(loop.value, traversal.steps, self._scope) if loop else self.graph.constant(traversal, self.module)

    def refs(self, expr: Expression) -> tuple[str, ...]:
        """Return the addresses of the resources and data sources that an expression leads to."""
        found = [d.address for d in self.graph.targets(expr, self.module)]
        loops = [self.bound[t.root] for t in hcl.traversals(expr) if t.root in self.bound]
        return tuple(dict.fromkeys([*found, *(ref for loop in loops for ref in loop.refs)]))

    # ---- parts

    def part(self, expr: Expression) -> Part:
        """Return the shape of an expression."""
        match expr:
            case Object(items=items):
                return {name: self.part(value) for key, value in items if isinstance(name := text(self.value(key)), str)}
            case Tuple(items=elements):
                return list(map(self.part, elements))
            case Conditional():
                return self._choice(expr)
            case For(key=None):
                return list(self._rounds(expr))
            case Call(name="concat" | "flatten" | "compact" | "distinct" | "tolist" | "toset", args=args, expand=False):
                return _flat([self.part(a) for a in args])
            case Call(name="merge", args=args, expand=False):
                return self._merged([self.part(a) for a in args], expr)
            case Traversal() if (behind := self.behind(expr)) is not None:
                return behind[1].part(behind[0])
            case _:
                return self._plain(expr)

    def _plain(self, expr: Expression) -> Part:
        value = self.value(expr)
        if isinstance(value, list | dict) and known(value):
            return _constant(value, self.refs(expr))
        return self.text(expr)

    def text(self, expr: Expression) -> Text:
        """Return an expression as a text, what is unknown of it as holes."""
        refs = self.refs(expr)
        value = text(self.value(expr))
        if isinstance(value, str):
            return Text(value, refs)
        if isinstance(expr, Template):
            return Text("".join(self.text(p).text for p in expr.parts), refs)
        if isinstance(expr, Traversal) and (behind := self.behind(expr)) is not None:
            return replace(behind[1].text(behind[0]), refs=refs)
        return Text("${" + hcl.text_of(expr).replace("}", "").replace("{", "") + "}", refs)

    def behind(self, traversal: Traversal) -> tuple[Expression, Reader] | None:
        """Return the expression that a local, an input or a module's output stands for, with the reader of its module.

        None when there is not exactly one.
        """
        declaration = self.graph.resolve(traversal, self.module) if traversal.root not in self.bound else None
        if declaration is None or declaration.kind not in ("local", "variable", "module") or self.depth > _DEEPEST:
            return None
        found = list(self.graph.behind(declaration, traversal))
        default = declaration.block.value("default") if declaration.kind == "variable" else None
        if not found and default is not None:
            found = [(default, declaration.module)]
        if len(found) != 1:
            return None
        expr, module = found[0]
        steps = traversal.steps[2:] if declaration.kind == "module" else traversal.steps[1:]
        return Reader(self.graph, module, {}, self.depth + 1)._inside(expr, steps)

    def _inside(self, expr: Expression, steps: tuple[Step, ...]) -> tuple[Expression, Reader] | None:
        if not steps:
            return expr, self
        if isinstance(expr, Traversal):
            return self.behind(replace(expr, steps=(*expr.steps, *steps)))
        step, *rest = steps
        key = step.name if isinstance(step, Attr) else self.value(step.key) if isinstance(step, Index) else UNKNOWN
        if isinstance(expr, Object):
            inner = next((v for k, v in expr.items if self.value(k) == key), None)
            return self._inside(inner, tuple(rest)) if inner is not None else None
        if isinstance(expr, Tuple) and isinstance(key, int) and 0 <= key < len(expr.items):
            return self._inside(expr.items[key], tuple(rest))
        return None

    def _choice(self, expr: Conditional) -> Part:
        condition = self.value(expr.condition)
        if condition in (True, "true", False, "false"):
            return self.part(expr.yes if condition in (True, "true") else expr.no)
        yes, no = self.part(expr.yes), self.part(expr.no)
        if isinstance(yes, list) and isinstance(no, list):
            return [Maybe(p) for p in (*yes, *no)]
        return Text("${" + hcl.text_of(expr).replace("}", "").replace("{", "") + "}", self.refs(expr))

    def _merged(self, parts: list[Part], expr: Expression) -> Part:
        merged: dict[str, Part] = {}
        for part in parts:
            if not isinstance(part, dict):
                return self._plain(expr)
            merged |= part
        return merged

    # ---- loops

    def _rounds(self, loop: For) -> Iterator[Part]:
        pairs = self.items(loop.collection)
        for key, item in [(UNKNOWN, Bound(UNKNOWN, self.refs(loop.collection)))] if pairs is None else pairs:
            inner = replace(self, bound={**self.bound, loop.key_name: Bound(key), loop.value_name: item})
            keep = inner.value(loop.condition) if loop.condition is not None else True
            if keep is not False:
                part = inner.part(loop.value)
                yield part if pairs is not None and keep is True else Maybe(part)

    def items(self, collection: Expression) -> list[tuple[Any, Bound]] | None:
        """Return the (key, value) pairs of a collection; None when its length is unknown."""
        while isinstance(collection, Call) and collection.name in ("toset", "tolist", "tomap") and len(collection.args) == 1:
            collection = collection.args[0]
        if isinstance(collection, Traversal) and (behind := self.behind(collection)) is not None:
            return behind[1].items(behind[0])
        if isinstance(collection, Tuple):
            return [(n, Bound(self.value(e), self.refs(e))) for n, e in enumerate(collection.items)]
        if isinstance(collection, Object):
            return [(self.value(k), Bound(self.value(v), self.refs(v))) for k, v in collection.items]
        value = self.value(collection)
        refs = self.refs(collection)
        if isinstance(value, list):
            return [(n, Bound(v, refs)) for n, v in enumerate(value)]
        return [(k, Bound(v, refs)) for k, v in value.items()] if isinstance(value, dict) else None

    def looped(self, name: str, collection: Expression, *, as_set: bool = False) -> Iterator[tuple[Reader, bool]]:
        """Yield a reader for each round of ``for_each`` with ``NAME.key`` and ``NAME.value``, and whether that round certainly happens.

        A collection of unknown length has one round that is not certain.
        """
        pairs = self.items(collection)
        if pairs is None:
            each = Bound({"key": UNKNOWN, "value": UNKNOWN}, self.refs(collection))
            yield replace(self, bound={**self.bound, name: each}), False
            return
        for key, item in pairs:
            each = Bound({"key": item.value if as_set else key, "value": item.value}, item.refs)
            yield replace(self, bound={**self.bound, name: each}), True

    # ---- JSON

    def json(self, expr: Expression) -> Part | None:
        """Return what a text that is JSON says; None when it is none."""
        holes: list[Text] = []
        parts = expr.parts if isinstance(expr, Template) else (expr,)
        pieces = []
        for part in parts:
            value = text(self.value(part))
            if isinstance(value, str):
                pieces.append(value)
            else:
                pieces.append(f"{_OPEN}{len(holes)}{_CLOSE}")
                holes.append(self.text(part))
        return from_json("".join(pieces), holes)


def from_json(source: str, holes: list[Text]) -> Part | None:
    """Return a JSON text as parts, with the holes back in their places; None when it is no JSON object or list."""
    try:
        value = json.loads(source, strict=False)
    except (ValueError, RecursionError):
        return None
    return _filled(value, holes) if isinstance(value, dict | list) else None


def _filled(value: Any, holes: list[Text]) -> Part:
    if isinstance(value, dict):
        return {_filled_text(k, holes).text: _filled(v, holes) for k, v in value.items()}
    if isinstance(value, list):
        return [_filled(v, holes) for v in value]
    return _filled_text(value, holes)


def _filled_text(value: Any, holes: list[Text]) -> Text:
    source = text(value)
    if not isinstance(source, str):
        return Text("")
    if _OPEN not in source:
        return Text(source)
    out = ""
    refs: list[str] = []
    for piece in source.split(_OPEN):
        number, mark, rest = piece.partition(_CLOSE)
        if mark:
            out += holes[int(number)].text + rest
            refs += holes[int(number)].refs
        else:
            out += piece
    return Text(out, tuple(dict.fromkeys(refs)))


def _constant(value: Any, refs: tuple[str, ...]) -> Part:
    if isinstance(value, dict):
        return {str(k): _constant(v, refs) for k, v in value.items()}
    if isinstance(value, list):
        return [_constant(v, refs) for v in value]
    plain = text(value)
    return Text(plain if isinstance(plain, str) else "", refs)


def _flat(parts: list[Part]) -> list[Part]:
    return [inner for part in parts for inner in (_flat(part) if isinstance(part, list) else [part])]
