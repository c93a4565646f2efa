"""RG636: what two calls of one module make twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from reviewgen.hcl import canonical, children, text_of, traversals
from reviewgen.model.hcl import Call, Expression, Literal, Object, Traversal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import certain

from ...base import Hit, Rule
from ...places import code, listed
from ...values import OF_THE_RUN

# Their names are unique in an account, whatever the region.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_GLOBAL = ("aws_iam_group", "aws_iam_instance_profile", "aws_iam_policy", "aws_iam_role", "aws_iam_user")
# Arguments of a provider by which another account may answer.
_OF_AN_ACCOUNT = frozenset(
    [
        "access_key",
        "allowed_account_ids",
        "forbidden_account_ids",
        "profile",
        "secret_key",
        "shared_config_files",
        "shared_credentials_files",
        "token",
    ]
)
# Functions that give another value each time.
_CHANCE = OF_THE_RUN | {"plantimestamp"}


def twice_named(graph: Graph) -> Iterator[Hit]:
    """Two calls of a module that give its identities the same names, in one account."""
    found: dict[tuple[str, str], list[Declaration]] = {}
    for made in graph.of_type(*_GLOBAL):
        inputs = _of_names(graph, made)
        calls = [] if inputs is None else [c for c in graph.callers(made.module) if not {"count", "for_each"} & c.block.attributes.keys()]
        pair = next((p for p in combinations(calls, 2) if inputs is not None and _are_alike(graph, *p, inputs)), None)
        if pair is not None:
            found.setdefault((pair[0].address, pair[1].address), []).append(made)
    for (one, other), twice in found.items():
        names = listed([made.local for made in twice])
        yield Hit(
            other,
            f"{code(one)} and {code(other)} call one module and give {names} in it the same name each. Names of IAM are unique in an account, "
            "whatever the region: what is created second is refused.",
            f"{code(other)} does not give {names} the names that they have in {code(one)}",
            related=(one, *(f"{made.address}.name" for made in twice)),
        )


def _of_names(graph: Graph, made: Declaration) -> frozenset[str] | None:
    """Return the variables of its module by which alone the names of an identity's copies differ between calls; None where nobody can say."""
    name, copies = made.block.value("name"), made.block.value("for_each") or made.block.value("count")
    if name is None or "provider" in made.block.attributes or not certain(graph, made):
        return None
    found = [_inputs(graph, expr, made.module) for expr in (name, copies) if expr is not None]
    return None if None in found else frozenset[str]().union(*(inputs for inputs in found if inputs is not None))


def _inputs(graph: Graph, expr: Expression, module: str, seen: frozenset[str] = frozenset()) -> frozenset[str] | None:
    """Return the variables of a module by which alone the value of an expression differs between its calls; None where more may make a difference."""
    if _is_by_chance(expr):
        return None
    found: set[str] = set()
    for traversal in traversals(expr):
        if traversal.root in ("each", "count") or _is_workspace(traversal):
            continue
        target = graph.resolve(traversal, module)
        if target is None or target.address in seen or target.kind not in ("local", "variable"):
            return None
        if target.kind == "variable":
            found.add(target.name)
            continue
        behind = _inputs(graph, target.attribute.expr, module, seen | {target.address}) if target.attribute else None
        if behind is None:
            return None
        found |= behind
    return frozenset(found)


def _is_workspace(traversal: Traversal) -> bool:
    return text_of(traversal) == "terraform.workspace"


def _is_by_chance(expr: Expression) -> bool:
    return (isinstance(expr, Call) and expr.name in _CHANCE) or any(map(_is_by_chance, children(expr)))


def _are_alike(graph: Graph, one: Declaration, other: Declaration, inputs: frozenset[str]) -> bool:
    """Whether two calls stand in one module, give some variables the same, and reach one account."""
    same = all(_given(one, name) == _given(other, name) for name in inputs)
    return same and one.module == other.module == graph.tree.root and _is_of_the_account(graph, one) and _is_of_the_account(graph, other)


def _given(call: Declaration, name: str) -> str:
    value = call.block.value(name)
    return "" if value is None else text_of(canonical(value))


def _is_of_the_account(graph: Graph, call: Declaration) -> bool:
    """Whether the provider that a call of the root module hands on names no account or role of its own."""
    given = call.block.value("providers")
    name = "aws"
    if given is not None:
        handed = (
            [value for key, value in given.items if isinstance(key, Literal) and key.value == "aws"] if isinstance(given, Object) else []
        )
        if len(handed) != 1 or not isinstance(handed[0], Traversal):
            return False
        name = text_of(handed[0])
    block = graph.get(f"provider.{name}")
    if block is None:
        return name == "aws"
    return not (block.block.attributes.keys() & _OF_AN_ACCOUNT) and not any(block.block.nested("assume_role"))


RULES = (
    Rule(
        "RG636",
        "identity-name-twice",
        "Two calls of one module make identities of one name",
        Category.BLOCKER,
        Severity.CRITICAL,
        twice_named,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
        stage=Stage.APPLY,
        message="EntityAlreadyExists",
        impact=(("Deployment", "The apply fails at the second of two of one name, and what waits for it is not made."),),
        lesson="IAM has no regions: a module that is called once for each region makes its identities once for all, or has the region in their names.",
        advice="Put the region into the names, use `name_prefix`, or call the module of the identities once.",
    ),
)
