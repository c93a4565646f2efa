"""Which generated passwords an argument gets: directly, by a key of an object, and read back from a secret or parameter of the tree."""

from __future__ import annotations

from reviewgen.model.hcl import Access, Attr, Call, Expression, Index, Object, Step, Traversal
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from .values import alters, behind_locals, chosen, is_optional

_STORES = ("aws_secretsmanager_secret_version", "aws_ssm_parameter")
_GENERATORS = ("random_password", "random_string")
_ENCODES = ("jsonencode", "jsondecode", "sensitive", "nonsensitive", "yamlencode", "yamldecode")
_DEEPEST = 6
# Names that say of a step of a traversal what is declared; what comes behind them are keys of its value.
_NAMED = {"local": 1, "var": 1, "module": 2}


def generators(graph: Graph, user: Declaration, argument: str) -> list[Declaration]:
    """Return the generated passwords behind an argument, also those that are read back from a secret or parameter of the tree."""
    values = [v for v in chosen(graph, user.block.value(argument), user.module) if not alters(v)]
    found = [t for v in values for t in led(graph, v, user.module)]
    keys = [key for v in values for key in _keys(graph, v, user.module)[-1:]]
    behind = [t for value, home in _kept(graph, found) for t in led(graph, *_at_keys(graph, value, home, keys[:1]))]
    return list({d.address: d for d in (*found, *behind) if d.type in _GENERATORS}.values())


def is_one_of(graph: Graph, user: Declaration, argument: str, password: Declaration) -> bool:
    """Whether something may get another password than the generated one, directly or through the secret in which it is kept."""
    expr = user.block.value(argument)
    kept = _kept(graph, [t for v in chosen(graph, expr, user.module) for t in graph.targets(v, user.module)])
    return any(is_optional(graph, value, home, password) for value, home in ((expr, user.module), *kept))


def led(graph: Graph, expr: Expression, module: str, depth: int = _DEEPEST) -> list[Declaration]:
    """Return the resources and data sources that an expression leads to: of an object of the tree only those under the key that it takes."""
    keys = _keys(graph, expr, module) if isinstance(expr, Traversal) and depth else []
    declaration = graph.resolve(expr, module) if isinstance(expr, Traversal) and keys else None
    behind = list(graph.behind(declaration, expr)) if declaration is not None and isinstance(expr, Traversal) else []
    if not behind:
        return list(graph.targets(expr, module))
    return [t for value, home in behind for t in led(graph, *_at_keys(graph, value, home, keys), depth - 1)]


def _at_keys(graph: Graph, expr: Expression, module: str, keys: list[str]) -> tuple[Expression, str]:
    """Return what stands under some keys of an object that the tree writes out, encoded or not; the whole where it writes none out."""
    for key in keys:
        found, home = behind_locals(graph, expr, module)
        while isinstance(found, Call) and found.name in _ENCODES and found.args:
            found, home = behind_locals(graph, found.args[0], home)
        items = found.items if isinstance(found, Object) else ()
        under = [value for name, value in items if graph.constant(name, home) == key]
        if len(under) != 1:
            break
        expr, module = under[0], home
    return expr, module


def _keys(graph: Graph, expr: Expression, module: str) -> list[str]:
    """Return the keys by which an expression takes a part of what it names: ``["password"]`` of ``jsondecode(...)["password"]``."""
    if isinstance(expr, Call) and expr.name in _ENCODES and expr.args:
        return _keys(graph, expr.args[0], module)
    if isinstance(expr, Access):
        return _spelled(graph, expr.steps, module)
    return _spelled(graph, expr.steps[_NAMED[expr.root] :], module) if isinstance(expr, Traversal) and expr.root in _NAMED else []


def _spelled(graph: Graph, steps: tuple[Step, ...], module: str) -> list[str]:
    """Return the names of some steps; none where one of them is not certain."""
    names = [s.name if isinstance(s, Attr) else graph.constant(s.key, module) if isinstance(s, Index) else None for s in steps]
    return [n for n in names if isinstance(n, str)] if all(isinstance(n, str) for n in names) else []


def _kept(graph: Graph, found: list[Declaration]) -> list[tuple[Expression, str]]:
    """Return (expression, module) of what the secrets and parameters hold that are among some declarations, or are read by them."""
    stores = [d for d in found if d.type in _STORES]
    named = [t for d in stores for n in ("secret_id", "name") for t in graph.targets(d.block.value(n), d.module)]
    versions = [v for v in graph.of_type("aws_secretsmanager_secret_version") if _same_secret(graph, v, named)]
    every = (*stores, *(t for t in named if t.type == "aws_ssm_parameter"), *versions)
    return [(value, d.module) for d in every for n in ("secret_string", "value") if (value := d.block.value(n)) is not None]


def _same_secret(graph: Graph, version: Declaration, named: list[Declaration]) -> bool:
    wanted = {d.address for d in named}
    return version.address in wanted or any(t.address in wanted for t in graph.targets(version.block.value("secret_id"), version.module))
