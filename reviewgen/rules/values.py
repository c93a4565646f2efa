"""Where arguments get their values from, and which values they may have."""

from __future__ import annotations

import re
from typing import Any

from reviewgen.hcl import UNKNOWN, children, traversals
from reviewgen.hcl.evaluate import known
from reviewgen.model.hcl import Attr, Call, Conditional, Expression, Traversal, Tuple
from reviewgen.model.review import Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph, naming
from reviewgen.terraform.graph import once
from reviewgen.terraform.instances import given_names, given_worths

# What they return is known when something is applied, and not before.
OF_THE_RUN = frozenset(["timestamp", "uuid", "bcrypt"])
# Functions whose results hold nothing but what they are given, and all of it.
GATHERING = frozenset(["concat", "compact", "distinct", "flatten", "tolist", "toset"])
# What Terraform itself knows before anything else: the workspace, and where the files are.
_OF_TERRAFORM = ("terraform", "path")


def variable_behind(graph: Graph, declaration: Declaration, *path: str) -> tuple[str, ...]:
    """Return the place of the default that gives an argument its value, ``("var.x.default",)``; empty when no default does."""
    for block in declaration.block.nested(*path[:-1]):
        expr = block.value(path[-1])
        if expr is not None:
            return default_behind(graph, expr, declaration.module)
    return ()


def ignored(resource: Declaration) -> frozenset[str]:
    """Return the arguments and blocks whose changes a resource leaves alone; ``all`` among them means every one."""
    values = [value for block in resource.block.nested("lifecycle") if (value := block.value("ignore_changes")) is not None]
    items = (item for value in values for item in (value.items if isinstance(value, Tuple) else (value,)))
    return frozenset(item.root for item in items if isinstance(item, Traversal))


def default_behind(graph: Graph, expr: Expression, module: str) -> tuple[str, ...]:
    """Return the place of the default that gives an expression its value; empty when no default does."""
    variable = _variable_behind(graph, expr, module)
    return (f"{variable.address}.default",) if variable is not None and "default" in variable.block.attributes else ()


def asks_for(graph: Graph, expr: Expression, module: str) -> bool:
    """Whether an expression is worth what whoever applies the stack gives: a variable of the root without a default."""
    variable = _variable_behind(graph, expr, module)
    return variable is not None and "default" not in variable.block.attributes


def _variable_behind(graph: Graph, expr: Expression, module: str, depth: int = 4) -> Declaration | None:
    """Return the variable that alone gives an expression its value; of a module only where no call gives it another one."""
    if isinstance(expr, Conditional):
        taken = chosen(graph, expr, module)
        return _variable_behind(graph, taken[0], module, depth - 1) if len(taken) == 1 and depth else None
    target = graph.resolve(expr, module) if isinstance(expr, Traversal) else None
    if target is None or depth == 0:
        return None
    if target.kind == "local" and target.attribute is not None:
        return _variable_behind(graph, target.attribute.expr, target.module, depth - 1)
    if target.kind != "variable":
        return None
    for call in graph.callers(target.module):
        given = call.block.value(target.name)
        if given is not None:
            return _variable_behind(graph, given, call.module, depth - 1)
    return target


def possible(graph: Graph, expr: Expression | None, module: str, depth: int = 6) -> list[Any]:
    """Return the constants that an expression may be worth: its value where that is certain, else those of a conditional's branches."""
    value = graph.constant(expr, module)
    if known(value) or expr is None or depth == 0:
        return [value] if known(value) and value is not UNKNOWN else []
    if isinstance(expr, Conditional):
        return [*possible(graph, expr.yes, module, depth - 1), *possible(graph, expr.no, module, depth - 1)]
    target = graph.resolve(expr, module) if isinstance(expr, Traversal) and len(expr.steps) == 1 else None
    if target is not None and target.kind == "local" and target.attribute is not None:
        return possible(graph, target.attribute.expr, target.module, depth - 1)
    return []


def behind_locals(graph: Graph, expr: Expression | None, module: str, depth: int = 6) -> tuple[Expression | None, str]:
    """Return the expression that a local value stands for, and its module; an expression that names none is itself."""
    target = graph.resolve(expr, module) if isinstance(expr, Traversal) and len(expr.steps) == 1 and depth else None
    if target is None or target.kind != "local" or target.attribute is None:
        return expr, module
    return behind_locals(graph, target.attribute.expr, target.module, depth - 1)


# Functions that make another text of what they are given.
_ALTERING = re.compile(r"replace|regex|regexall|substr|md5|bcrypt|urlencode|base64.*|.*sha\d+|uuidv5|join|format|trim.*")


def alters(expr: Expression) -> bool:
    """Whether an expression makes another text of what it refers to: a password with characters replaced is not the generator's."""
    return (isinstance(expr, Call) and bool(_ALTERING.fullmatch(expr.name))) or any(alters(part) for part in children(expr))


def chosen(graph: Graph, expr: Expression | None, module: str) -> tuple[Expression, ...]:
    """Return what an expression, or the local value that it names, may stand for: the branch that a conditional takes, or both in doubt."""
    expr, module = behind_locals(graph, expr, module)
    if not isinstance(expr, Conditional):
        return (expr,) if expr is not None else ()
    taken = graph.constant(expr.condition, module)
    branches = (expr.yes,) if taken is True else (expr.no,) if taken is False else (expr.yes, expr.no)
    return tuple(found for branch in branches for found in chosen(graph, branch, module))


def taken_targets(graph: Graph, expr: Expression | None, module: str) -> tuple[Declaration, ...]:
    """Return the resources and data sources that an expression leads to, of a conditional by the branch that it takes, or both in doubt."""
    expr, module = behind_locals(graph, expr, module)
    parts = expr.items if isinstance(expr, Tuple) else (expr,)
    taken = (found for part in parts for found in chosen(graph, part, module))
    return tuple({d.address: d for found in taken for d in graph.targets(found, module)}.values())


# Functions of which the result is one of the arguments, whichever counts first.
_CHOOSING = ("coalesce", "try")


def is_optional(graph: Graph, expr: Expression | None, module: str, wanted: Declaration, depth: int = 8) -> bool:
    """Whether an expression may be worth something else than what a declaration gives it: a condition that somebody may decide leads there."""
    if expr is None or depth == 0:
        return False
    if isinstance(expr, Traversal):
        target = graph.resolve(expr, module)
        behind = graph.behind(target, expr) if target is not None and target.kind in ("local", "variable", "module") else ()
        return any(is_optional(graph, value, home, wanted, depth - 1) for value, home in behind)
    if isinstance(expr, Conditional):
        branches = _branches(graph, expr, module)
        leading = [b for b in branches if _leads(graph, b, module, wanted)]
        return 0 < len(leading) < len(branches) or any(is_optional(graph, b, module, wanted, depth - 1) for b in leading)
    if isinstance(expr, Call) and expr.name in _CHOOSING and len(expr.args) > 1:
        return any(_leads(graph, arg, module, wanted) for arg in expr.args[1:])
    return any(is_optional(graph, part, module, wanted, depth - 1) for part in children(expr))


def _branches(graph: Graph, expr: Conditional, module: str) -> tuple[Expression, ...]:
    """Return the branches that whoever applies the stack may choose: both where the condition is about a variable, or is not known."""
    taken = graph.constant(expr.condition, module)
    if not isinstance(taken, bool) or _variables(graph, expr.condition, module):
        return expr.yes, expr.no
    return (expr.yes,) if taken else (expr.no,)


def _leads(graph: Graph, expr: Expression, module: str, wanted: Declaration, depth: int = 8) -> bool:
    """Whether an expression refers to a declaration, directly or through local values, inputs and outputs."""
    for traversal in traversals(expr) if depth else ():
        target = graph.resolve(traversal, module)
        if target is not None and target.address == wanted.address:
            return True
        behind = graph.behind(target, traversal) if target is not None else ()
        if any(_leads(graph, value, home, wanted, depth - 1) for value, home in behind):
            return True
    return False


def number(value: Any) -> float | None:
    """Return a number, also one that is written as a string; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def known_at(graph: Graph, resource: Declaration, argument: str) -> Stage:
    """Return the stage at which the provider gets to see a text argument: it checks no value of which a part is unknown.

    While Terraform validates, no variable has a value, whatever its default; what is drawn at random has one when it is created.
    """
    expr = resource.block.value(argument)
    if expr is None or _written_out(graph, expr, resource.module):
        return Stage.VALIDATE
    return Stage.APPLY if naming.carries(graph, expr, resource.module, lambda word: word.startswith("random_")) else Stage.PLAN


def _written_out(graph: Graph, expr: Expression, module: str, depth: int = 6) -> bool:
    """Whether the code alone, and where Terraform runs, say what a value is: local values have one while Terraform validates."""
    for traversal in traversals(expr):
        target = graph.resolve(traversal, module) if traversal.root not in _OF_TERRAFORM and depth else None
        local = target.attribute if target is not None and target.kind == "local" else None
        inside = target is not None and local is not None and _written_out(graph, local.expr, target.module, depth - 1)
        if traversal.root not in _OF_TERRAFORM and not inside:
            return False
    return True


def given_for_plan(graph: Graph, expr: Expression | None, module: str, depth: int = 12) -> bool:
    """Whether a value is made of variables and the workspace only, directly, through local values and calls of modules: Terraform plans with it.

    A variable of the root module has a value by then, whoever gives it.
    """
    if expr is None or depth == 0 or (isinstance(expr, Call) and expr.name in OF_THE_RUN):
        return False
    if not isinstance(expr, Traversal):
        return all(given_for_plan(graph, part, module, depth - 1) for part in children(expr))
    if expr.root in _OF_TERRAFORM:
        return True
    target = graph.resolve(expr, module)
    keyed = any(not isinstance(step, Attr) for step in expr.steps)  # the key may be of something that is created
    if target is None or keyed or target.kind not in ("variable", "local"):
        return False
    if target.kind == "variable" and target.module == graph.tree.root:
        return True
    behind = list(graph.behind(target, expr))
    return (
        all(given_for_plan(graph, value, home, depth - 1) for value, home in behind)
        if behind
        else target.block.value("default") is not None
    )


def may_be_given(graph: Graph, expr: Expression, module: str) -> dict[str, Any]:
    """Return the variables of the root module behind an expression to which a file of values gives another value than the delivered one.

    Whoever runs Terraform may choose such a file. Each comes with its delivered value, or ``UNKNOWN``.
    """
    chosen = _chosen(graph)
    return {name: chosen[name] for name in sorted(_variables(graph, expr, module) & chosen.keys())}


@once
def _chosen(graph: Graph) -> dict[str, Any]:
    given = given_names(graph)
    variables = [v for v in graph.of_kind("variable") if v.module == graph.tree.root and v.name in given]
    delivered = {v.name: graph.constant(graph.given.get(v.name) or v.block.value("default"), v.module) for v in variables}
    return {name: value for name, value in delivered.items() if {repr(w) for w in given_worths(graph, name)} != {repr(value)}}


def _variables(graph: Graph, expr: Expression, module: str, depth: int = 6) -> set[str]:
    """Return the variables of the root module that an expression is made of."""
    found: set[str] = set()
    for traversal in traversals(expr) if depth else ():
        target = graph.resolve(traversal, module)
        if target is not None and target.kind == "variable" and target.module == graph.tree.root:
            found.add(target.name)
        elif target is not None and target.kind in ("variable", "local", "module"):
            for value, home in graph.behind(target, traversal):
                found |= _variables(graph, value, home, depth - 1)
    return found
