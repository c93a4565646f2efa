"""When two arguments have the same value: canonical expressions, references seen through renames, set-like lists without order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from reviewgen import hcl, resources
from reviewgen.model.hcl import Attr, Call, Expression, Literal, Object, Step, Traversal, Tuple
from reviewgen.records import dataclass
from reviewgen.terraform import local_address


@dataclass(frozen=True)
class Sets:
    """The table ``sets.toml``: names of arguments and JSON keys whose lists have no order, and keys of repeated nested blocks."""

    arguments: frozenset[str]
    json: frozenset[str]
    keys: Mapping[str, str]


@cache
def sets() -> Sets:
    """Return the table; DataError when it is not valid."""
    return resources.built(
        resources.shipped("diff/sets.toml"),
        "sets",
        lambda data: Sets(frozenset(data["arguments"]), frozenset(data["json"]), dict(data["keys"])),
    )


def comparable(name: str, expr: Expression, renames: Mapping[str, str]) -> Expression:
    """Return the form of an argument's value in which equality is equality of meaning.

    Args:
        name: The argument's name; it tells whether a list is a set.
        expr: The value.
        renames: Local addresses of the tree to those of the other tree.
    """
    form = hcl.canonical(expr)
    if renames and any(local_address(traversal) in renames for traversal in hcl.traversals(form)):
        form = hcl.rewrite(form, lambda traversal: rename(traversal, renames))
    return _unordered(form, name in sets().arguments, json=False)


def _unordered(expr: Expression, as_set: bool, *, json: bool) -> Expression:
    """Sort the items of set-like lists; deep inside objects and ``jsonencode`` too."""
    if isinstance(expr, Tuple):
        items = [_unordered(i, False, json=json) for i in expr.items]
        if as_set:
            items.sort(key=hcl.text_of)
        if json and as_set and len(items) == 1:
            return items[0]  # "x" and ["x"] mean the same in a policy
        return Tuple(expr.start, expr.end, tuple(items))
    if isinstance(expr, Object):
        names = sets().json if json else sets().arguments
        pairs = tuple((k, _unordered(v, isinstance(k, Literal) and k.value in names, json=json)) for k, v in expr.items)
        return Object(expr.start, expr.end, pairs)
    if isinstance(expr, Call):
        arguments = tuple(_unordered(a, False, json=json or expr.name == "jsonencode") for a in expr.args)
        return Call(expr.start, expr.end, expr.name, arguments, expr.expand)
    return expr


def rename(traversal: Traversal, renames: Mapping[str, str]) -> Traversal:
    """Return a traversal with the address that it names replaced."""
    local = local_address(traversal)
    new = renames.get(local) if local is not None else None
    if new is None or local is None:
        return traversal
    root, *names = new.split(".")
    used = local.count(".") + (1 if traversal.root == "resource" else 0)
    steps: tuple[Step, ...] = (*map(Attr, names), *traversal.steps[used:])
    return replace(traversal, root=root, steps=steps)
