"""Which call of a module creates a block: a module that is called several times has the addresses of its first call, which may create less."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reviewgen.hcl import UNKNOWN, evaluate
from reviewgen.hcl.evaluate import follow
from reviewgen.model.hcl import Attr, Expression, Traversal
from reviewgen.model.review import Review
from reviewgen.model.tree import Declaration, Module
from reviewgen.terraform import Graph

from .mapped import mapped

# By these a curator's decisions name issues: they stay, whatever an issue says.
_KEPT = frozenset(["fingerprint"])
_NUMBERS = ("count", "for_each")
_DEEPEST = 6


def called(review: Review, trees: tuple[Graph, Graph]) -> Review:
    """Return a review that names each block by a call of its module that creates it, where the first one certainly creates none."""
    found = _names(trees)
    if not found:
        return review
    pattern = re.compile(r"(?<![\w.-])(?:" + "|".join(sorted(map(re.escape, found), key=len, reverse=True)) + r")(?![\w-])")

    def change(text: str) -> str:
        return pattern.sub(lambda match: found[match[0]], text)

    told: Review = mapped(review, change, _KEPT)
    diff = told.diff
    ordered = replace(
        diff,
        added=tuple(sorted(diff.added)),
        removed=tuple(sorted(diff.removed)),
        changed=tuple(sorted(diff.changed, key=lambda changed: changed.address)),
    )
    return replace(told, diff=ordered, places={change(address): places for address, places in told.places.items()})


def _names(trees: tuple[Graph, Graph]) -> dict[str, str]:
    """Return the addresses that stand for other ones; one that the trees would call differently stays as it is."""
    sides = [dict(pair for module in graph.tree.modules.values() for pair in _of_module(graph, module)) for graph in trees]
    return {
        address: name
        for own, graph, theirs, other in ((sides[0], trees[0], sides[1], trees[1]), (sides[1], trees[1], sides[0], trees[0]))
        for address, name in own.items()
        if other.get(name) is None and graph.get(name) is None and (other.get(address) is None or theirs.get(address) == name)
    }


def _of_module(graph: Graph, module: Module) -> list[tuple[str, str]]:
    """Return (address, address by a later call) of what the first call of a module does not create."""
    calls = {_prefix(graph, call): call for call in graph.callers(module.directory)}
    first = calls.pop(module.prefix, None)
    if first is None or not calls:
        return []
    pairs = []
    for declaration in module.declarations.values():
        if declaration.kind in ("resource", "data") and _creates_none(graph, first, declaration):
            prefix = next((p for p, call in calls.items() if not _creates_none(graph, call, declaration)), None)
            pairs += [(declaration.address, f"{prefix}{declaration.local}")] if prefix is not None else []
    return pairs


def _prefix(graph: Graph, call: Declaration) -> str:
    home = graph.tree.modules.get(call.module)
    return f"{home.prefix if home is not None else ''}{call.local}."


def _creates_none(graph: Graph, call: Declaration, declaration: Declaration) -> bool:
    """Whether a call certainly creates no copy of what its module declares."""

    def inside(expr: Expression) -> Any:
        return evaluate(expr, lambda traversal: _given(graph, call, traversal, declaration.module))

    return _is_none(call, lambda expr: graph.constant(expr, call.module)) or _is_none(declaration, inside)


def _is_none(declaration: Declaration, worth: Callable[[Expression], Any]) -> bool:
    for name in _NUMBERS:
        expr = declaration.block.value(name)
        value = worth(expr) if expr is not None else UNKNOWN
        if (isinstance(value, int) and not isinstance(value, bool) and value == 0) or (isinstance(value, list | dict) and not value):
            return True
    return False


def _given(graph: Graph, call: Declaration, traversal: Traversal, module: str, depth: int = _DEEPEST) -> Any:
    """Return what a name in a module is worth in one of its calls; a module that lacks its variables is given them all the same."""
    target = graph.resolve(traversal, module)
    first = traversal.steps[0] if traversal.steps else None
    if traversal.root == "var" and isinstance(first, Attr):
        given = call.block.value(first.name)
        default = target.block.value("default") if target is not None else None
        value = graph.constant(given, call.module) if given is not None else graph.constant(default, module)
        return follow(value, traversal.steps[1:], lambda inner: _given(graph, call, inner, module, depth - 1))
    if target is None or depth == 0:
        return UNKNOWN

    def scope(inner: Traversal) -> Any:
        return _given(graph, call, inner, module, depth - 1)

    if target.kind == "local" and target.attribute is not None:
        return follow(evaluate(target.attribute.expr, scope), traversal.steps[1:], scope)
    return UNKNOWN
