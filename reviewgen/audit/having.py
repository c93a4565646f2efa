"""What the trees have of the things that people name with a noun."""

from __future__ import annotations

import re

from reviewgen.model.hcl import Literal
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import arguments

from .things import place
from .words import Noun

_SHOWN = 3


def of_noun(noun: Noun, graph: Graph) -> frozenset[str]:
    """Return the resources of a tree that are what a noun means."""
    if noun.setting is not None:
        return _switched_on(noun.setting, graph)
    if noun.declared is not None:
        return frozenset(d.address for d in graph.tree.declarations.values() if noun.declared.match(d.local))
    if noun.types is None:
        return frozenset()
    return frozenset(d.address for d in graph.tree.declarations.values() if d.kind == "resource" and noun.types.match(d.type))


def _switched_on(setting: re.Pattern[str], graph: Graph) -> frozenset[str]:
    """Return the resources that switch something on, when all resources of their types do; nothing otherwise."""
    found = {d.address: d for d in graph.tree.declarations.values() if d.kind == "resource" and _is_true(setting, d)}
    types = {declaration.type for declaration in found.values()}
    every = {declaration.address for declaration in graph.of_type(*types)} if types else set()
    return frozenset(found) if every == set(found) else frozenset()


def _is_true(setting: re.Pattern[str], declaration: Declaration) -> bool:
    """Whether a resource sets an argument to a literal ``true``."""
    given = (attribute.expr for path, _, attribute in arguments(declaration.block) if setting.match(path))
    return any(isinstance(expr, Literal) and expr.value is True for expr in given)


def in_files(graph: Graph, noun: Noun) -> bool:
    """Whether any file of a tree, of whatever kind, speaks of a noun."""
    return not graph.tree.files or any(noun.code.search(file.text) or noun.code.search(path) for path, file in graph.tree.files.items())


def places(addresses: frozenset[str], graph: Graph) -> str:
    """Return some addresses with file and line."""
    names = sorted(addresses)
    shown = ", ".join(place(name, graph) for name in names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
