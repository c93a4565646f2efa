"""RG637: values that the provider refuses as soon as it knows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from reviewgen.hcl import UNKNOWN, traversals
from reviewgen.hcl.evaluate import text as as_text
from reviewgen.model.hcl import Attribute, Block, Expression, Literal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import Scope, copies, nested
from reviewgen.terraform.validate.measured.facts import Facts, Row, shipped
from reviewgen.terraform.validate.measured.newer import UNCHANGED
from reviewgen.terraform.validate.measured.predicates import Place, messages

from ... import tables
from ...base import Hit, Rule
from ...places import code
from ...values import default_behind, may_be_given

_PROVIDER = "hashicorp/aws"
_DOCS = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
# Checks of numbers and lengths stay as they are from version to version of the provider (see ``measured.newer``); lists of words grow.
_LASTING = frozenset(["range", "min", "max", "above", "between", "divisible", "port", "port0", "length", "minlength", "maxlength"])
# Those of the newer framework name a body inside another one with or without its position, which the schema decides.
_OF_THE_FRAMEWORK = frozenset(["fw_length", "fw_range"])
_DEEPEST = 6
_LONGEST = 90  # characters of a title


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What the provider says of one value: the argument, its path, the value, the copy of the resource and the message."""

    attribute: Attribute
    path: str
    value: str
    copy: str
    message: str


def refused_values(graph: Graph) -> Iterator[Hit]:
    """A number or length that the provider does not take, in a value that Terraform only knows when it plans."""
    facts = shipped()[_PROVIDER]
    for resource in graph.of_kind("resource"):
        if not facts.rows("resource", resource.type):
            continue
        found: dict[str, list[_Refusal]] = {}
        for copy in copies(graph, resource):
            for refusal in _refusals(facts, resource, copy, resource.block, "") if copy.certain else ():
                found.setdefault(refusal.path, []).append(refusal)
        for path, refusals in found.items():
            yield _hit(graph, resource, path, refusals)


def _hit(graph: Graph, resource: Declaration, path: str, refusals: list[_Refusal]) -> Hit:
    first = refusals[0]
    worth = {r.value: r.copy for r in refusals}
    expr = first.attribute.expr
    words = graph.files[first.attribute.file or resource.block.file].data[expr.start : expr.end].decode(errors="replace")
    words = code(" ".join(words.split()))
    shown = [code(value) + (f" for {code(copy)}" if copy else "") for value, copy in worth.items()]
    origins = default_behind(graph, expr, resource.module)
    each = resource.block.value("for_each")
    if not origins and each is not None:
        origins = (f"{resource.address}.for_each", *default_behind(graph, each, resource.module))
    title = f"`{resource.type}` gets a value for `{path}` that is not allowed"
    return Hit(
        resource.address,
        f"`{path}` of {code(resource.address)} is {words}, which is worth {' and '.join(shown[:2])}: the provider "
        "refuses that as soon as Terraform knows the value.",
        f"the provider refuses no `{path}` of {code(resource.address)}",
        attribute=path,
        related=origins,
        title=title if len(title) <= _LONGEST else "",
        message=first.message,
        source=_DOCS + resource.type.removeprefix("aws_"),
    )


def _refusals(facts: Facts, resource: Declaration, scope: Scope, block: Block, path: str, place: str = "") -> Iterator[_Refusal]:
    """Yield what the provider says of the values in a body and in the bodies inside it; its messages count these: ``rule.0.days``."""
    for attribute in block.attributes.values():
        if isinstance(attribute.expr, Literal):
            continue  # terraform validate looks at it
        where = f"{path}{attribute.name}"
        rows = _lasting(resource.type, where)
        value = _late(resource, scope, attribute.expr) if rows else None
        for row in rows if value is not None else ():
            for said, detail in messages(row, value or "", Place(f"{place}{attribute.name}", where), facts.lists):
                yield _Refusal(attribute, where, value or "", _named(scope.names), said if not detail else f"{said}: {detail}")
    for kind in dict.fromkeys(b.labels[0] if b.type == "dynamic" and b.labels else b.type for b in block.blocks):
        for position, (inner, copy) in enumerate(nested(scope, block, kind)):
            if copy.certain:
                yield from _refusals(facts, resource, copy, inner, f"{path}{kind}.", f"{place}{kind}.{position}.")


@lru_cache(maxsize=4096)  # few arguments make up most of all code
def _lasting(type_: str, where: str) -> tuple[Row, ...]:
    """Return the checks of an argument that tell of every version of the provider; none where another rule speaks of the argument."""
    if any((r["type"], r["argument"]) == (type_, where) for r in tables.rows("name_limits")):
        return ()
    unchanged = f"resource.{type_}.{where}" in UNCHANGED
    return tuple(
        row
        for row in shipped()[_PROVIDER].of("resource", type_, where)
        if row[0] in _LASTING or (row[0] == "enum" and unchanged) or (row[0] in _OF_THE_FRAMEWORK and "." not in where)
    )


def _late(resource: Declaration, scope: Scope, expr: Expression) -> str | None:
    """Return what an expression is certainly worth when Terraform plans and not before, as text."""
    if _is_seen_before(scope.graph, expr, resource.module):
        return None
    value = scope.value(expr)
    known = as_text(value) if value is not None and not isinstance(value, list | dict) else UNKNOWN
    return known if isinstance(known, str) and not may_be_given(scope.graph, expr, resource.module) else None


def _named(names: Mapping[str, Mapping[str, object]]) -> str:
    key = names.get("each", {}).get("key")
    return key if isinstance(key, str) else ""


def _is_seen_before(graph: Graph, expr: Expression, module: str, depth: int = _DEEPEST) -> bool:
    """Whether ``terraform validate`` knows a value already: it is made of literals and of local values that are."""
    for traversal in traversals(expr):
        target = graph.resolve(traversal, module) if depth else None
        if target is None or target.attribute is None or not _is_seen_before(graph, target.attribute.expr, target.module, depth - 1):
            return False
    return True


RULES = (
    Rule(
        "RG637",
        "value-refused",
        "Value that the provider refuses when Terraform plans",
        Category.BLOCKER,
        Severity.CRITICAL,
        refused_values,
        _DOCS.removesuffix("resources/"),
        stage=Stage.PLAN,
        impact=(("Deployment", "The plan fails, and nothing is created."),),
        lesson="`terraform validate` does not know what variables and elements of `for_each` are worth; the plan checks what they give.",
        advice="Give a value within the bounds, and say them in a `validation` of the variable.",
    ),
)
