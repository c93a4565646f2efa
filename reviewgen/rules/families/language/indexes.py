"""RG631 and RG639: elements that a list does not have, asked for one by one or by a slice, and instances that are not created."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from reviewgen.hcl import children
from reviewgen.model.addresses import argument
from reviewgen.model.hcl import Attr, Binary, Block, Call, Conditional, Expression, For, Index, Literal, Traversal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import once
from reviewgen.terraform.instances import delivers_values
from reviewgen.terraform.naming import carries

from ...base import Hit, Rule
from ...places import code, listed

# What takes something by its index.
_KINDS = ("resource", "data", "local", "output")
# What is wrong in their arguments need not be asked for, or is caught.
_LENIENT = frozenset(["can", "coalesce", "coalescelist", "try"])
_SLICE_REFUSED = (
    'Invalid function argument: Invalid value for "end_index" parameter: end index must not be greater than the length of the list.'
)


@dataclass(frozen=True, slots=True)
class _Taken:
    """An element that a resource takes of a list that lacks it.

    Attributes:
        source: The variable or local value with the list.
        holder: The list: its address, and the path inside.
        size: How many elements it has.
        index: The first that is taken and not there.
        user: The resource.
        path: Its argument.
        open: Whether other values of the variables may change any of this.
    """

    source: Declaration
    holder: str
    size: int
    index: int
    user: Declaration
    path: str
    open: bool


def missing_elements(graph: Graph) -> Iterator[Hit]:
    """An element beyond the end of a list whose length is known with the variables at their defaults."""
    if delivers_values(graph):
        return  # which of the files goes with a plan, and what it gives, is not known
    found: dict[tuple[str, int], dict[str, _Taken]] = {}
    for kind in ("resource", "data"):
        for declaration in graph.of_kind(kind):
            if declaration.block.complete and _called_once(graph, declaration.module):
                for taken in _beyond(graph, declaration):
                    found.setdefault((taken.holder, taken.index), {}).setdefault(declaration.address, taken)
    for (holder, index), users in found.items():
        first, *others = users.values()
        size = "is empty" if not first.size else f"has {first.size} element{'s' * (first.size > 1)}"
        takes = "takes" if not others else "take"
        yield Hit(
            first.source.address,
            f"{code(holder)}{', with the variables at their defaults,' if first.open else ''} {size}, and {listed(list(users))} {takes} its "
            f"element {code(f'[{index}]')}.",
            f"{code(first.source.address)} has the elements that {listed(list(users))} {takes}",
            attribute="default" if first.source.kind == "variable" else "",
            key=f"{holder}[{index}]",
            related=tuple(f"{t.user.address}.{t.path}" for t in users.values()),
        )


def long_slices(graph: Graph) -> Iterator[Hit]:
    """A slice that ends beyond its list, whose length is known with the variables at their defaults.

    Terraform works out every local value when it plans, whether or not anything reads it. A slice of what follows no variable
    it refuses when it validates, and says so itself.
    """
    if delivers_values(graph):
        return
    for kind in ("local", "resource", "data"):
        for declaration in graph.of_kind(kind):
            single = not {"count", "for_each"} & set(declaration.block.attributes) or kind == "local"
            if single and declaration.block.complete and _called_once(graph, declaration.module):
                yield from _slices(graph, declaration)


def _slices(graph: Graph, declaration: Declaration) -> Iterator[Hit]:
    for path, part in _taking(graph).get(declaration.address, ()):
        if not isinstance(part, Call) or len(part.args) != 3 or not isinstance(part.args[0], Traversal):
            continue
        target = graph.resolve(part.args[0], declaration.module)
        value, end = (graph.constant(part.args[n], declaration.module) for n in (0, 2))
        if target is None or target.kind not in ("variable", "local") or len(part.args[0].steps) != 1:
            continue
        if not isinstance(value, list) or not isinstance(end, int) or end <= len(value) or not _varies(graph, part, declaration):
            continue
        source, place = _source(graph, target), argument(declaration.address, path)
        size = "is empty" if not value else f"has {len(value)} element{'s' * (len(value) > 1)}"
        yield Hit(
            source.address,
            f"{code(source.address)}, with the variables at their defaults, {size}, and {code(declaration.address)} takes a slice of it that "
            f"ends at {end}.",
            f"{code(source.address)} has the elements that the slice of {code(declaration.address)} takes",
            attribute="default" if source.kind == "variable" else "",
            key=f"slice:{place}",
            related=(place,),
            title="Slice beyond the end of a list",
            message=_SLICE_REFUSED,
        )


def missing_instances(graph: Graph) -> Iterator[Hit]:
    """An instance of a resource that its ``count``, known with the variables at their defaults, does not create, and that something takes.

    Terraform knows when it plans how many there are.
    """
    if delivers_values(graph):
        return
    found: dict[tuple[str, int], dict[str, str]] = {}
    for kind in _KINDS:
        for declaration in graph.of_kind(kind):
            if declaration.block.complete and _is_there(graph, declaration) and _called_once(graph, declaration.module):
                for path, target, index in _uncreated(graph, declaration):
                    found.setdefault((target.address, index), {}).setdefault(declaration.address, path)
    for (taken, index), users in found.items():
        (first, path), *others = users.items()
        instance, takes = code(f"{taken}[{index}]"), "takes" if not others else "take"
        yield Hit(
            first,
            f"With the variables at their defaults {instance} is not created, and {listed(list(users))} {takes} it.",
            f"{instance} is created with the variables at their defaults, or {listed(list(users))} {takes} it only where it is",
            attribute=path,
            key=f"{taken}[{index}]",
            related=(f"{taken}.count", *(f"{user}.{at}".rstrip(".") for user, at in others)),
        )


def _is_there(graph: Graph, declaration: Declaration) -> bool:
    """Whether something is worked out for certain: each block is unless its ``count`` may be 0, or it stands in a loop."""
    if declaration.attribute is not None:
        return True
    count = declaration.block.value("count")
    copies = graph.constant(count, declaration.module) if count is not None else 1
    return isinstance(copies, int) and copies > 0 and "for_each" not in declaration.block.attributes


def _uncreated(graph: Graph, declaration: Declaration) -> Iterator[tuple[str, Declaration, int]]:
    """Yield (argument, resource, index) of what a declaration takes of resources that create none of that index."""
    for path, part in _taking(graph).get(declaration.address, ()):
        step = next((s for s in part.steps if not isinstance(s, Attr)), None) if isinstance(part, Traversal) else None
        if not isinstance(part, Traversal) or not isinstance(step, Index) or not isinstance(step.key, Literal):
            continue
        index, target = step.key.value, graph.resolve(part, declaration.module)
        count = target.block.value("count") if target is not None and target.kind in ("resource", "data") else None
        if target is None or count is None or not isinstance(index, int) or not _varies(graph, count, target):
            continue
        copies = graph.constant(count, target.module)
        if isinstance(copies, int) and index >= copies:
            yield path, target, index


def _beyond_the_end(graph: Graph) -> Iterator[Hit]:
    yield from missing_elements(graph)
    yield from long_slices(graph)


def _called_once(graph: Graph, module: str) -> bool:
    """Whether a module is called in one place, once, and so are all above it: then what its call gives is what its variables are."""
    while module != graph.tree.root:
        calls = graph.callers(module)
        if len(calls) != 1 or {"count", "for_each"} & set(calls[0].block.attributes):
            return False
        module = calls[0].module
    return True


def _beyond(graph: Graph, declaration: Declaration) -> Iterator[_Taken]:
    count = declaration.block.value("count")
    copies = graph.constant(count, declaration.module) if count is not None else 1
    if not isinstance(copies, int) or copies < 1 or "for_each" in declaration.block.attributes:
        return
    for path, part in _taking(graph).get(declaration.address, ()):
        taken = _taken(graph, declaration, path, part, copies) if isinstance(part, Traversal) else None
        if taken is not None:
            yield taken


def _taken(graph: Graph, declaration: Declaration, path: str, traversal: Traversal, copies: int) -> _Taken | None:
    """Return the element that a traversal takes of a list when it is not there."""
    at = next((n for n, step in enumerate(traversal.steps) if not isinstance(step, Attr)), 0)
    step = traversal.steps[at] if at else None
    target = graph.resolve(traversal, declaration.module) if isinstance(step, Index) else None
    if target is None or target.kind not in ("variable", "local") or not isinstance(step, Index):
        return None
    prefix = Traversal(traversal.start, traversal.end, traversal.root, traversal.steps[:at])
    value = graph.constant(prefix, declaration.module)
    key = step.key
    if not isinstance(value, list):
        return None
    if isinstance(key, Traversal) and key.root == "count":
        index = len(value)
        beyond = copies > index
    elif isinstance(key, Literal) and isinstance(key.value, int) and _varies(graph, prefix, declaration):
        index = key.value  # of a list without variables Terraform says so itself when it validates
        beyond = index >= len(value)
    else:
        return None
    if not beyond:
        return None
    names = [s.name for s in traversal.steps[1:at] if isinstance(s, Attr)]
    source = target if names else _source(graph, target)
    count = declaration.block.value("count")
    open_ = _varies(graph, prefix, declaration) or (count is not None and _varies(graph, count, declaration))
    return _Taken(source, ".".join([source.address, *names]), len(value), index, declaration, path, open_)


def _varies(graph: Graph, expr: Expression, declaration: Declaration) -> bool:
    """Whether a value of a declaration follows variables."""
    return carries(graph, expr, declaration.module, lambda word: word == "var") is not False


def _source(graph: Graph, named: Declaration) -> Declaration:
    """Return where a value comes from that is only handed on, by calls of modules and local values."""
    seen: set[str] = set()
    while named.address not in seen:
        seen.add(named.address)
        if named.attribute is not None:
            given, module = named.attribute.expr, named.module
        else:
            calls = graph.callers(named.module)
            value = calls[0].block.value(named.name) if calls else None
            if value is None:
                break
            given, module = value, calls[0].module
        target = graph.resolve(given, module) if isinstance(given, Traversal) and len(given.steps) == 1 else None
        if target is None or target.kind not in ("variable", "local"):
            break
        named = target
    return named


@once
def _taking(graph: Graph) -> Mapping[str, list[tuple[str, Expression]]]:
    """Return by address where a declaration certainly takes something by its index, or a slice: the argument, and the traversal or the call."""
    found: dict[str, list[tuple[str, Expression]]] = defaultdict(list)
    for declaration in (d for kind in _KINDS for d in graph.of_kind(kind)):
        whole = declaration.attribute
        for path, expr in [("", whole.expr)] if whole is not None else _arguments(declaration.block):
            found[declaration.address] += [(path, part) for part in _reached(graph, expr, declaration.module) if _takes(part)]
    return found


def _takes(part: Expression) -> bool:
    if isinstance(part, Traversal):
        return any(isinstance(step, Index) for step in part.steps)
    return isinstance(part, Call) and part.name == "slice"


def _arguments(block: Block, path: str = "") -> Iterator[tuple[str, Expression]]:
    """Yield (path, expression) of the arguments of a block and of those inside it that are certainly there."""
    for name, attribute in block.attributes.items():
        if path or name not in ("count", "for_each"):
            yield f"{path}{name}", attribute.expr
    for inner in block.blocks:
        if inner.type not in ("dynamic", "lifecycle", "provisioner"):
            yield from _arguments(inner, f"{path}{inner.type}.")


def _reached(graph: Graph, expr: Expression, module: str) -> Iterator[Expression]:
    """Yield the parts of an expression that are certainly worked out."""
    yield expr
    if isinstance(expr, For) or (isinstance(expr, Call) and expr.name in _LENIENT):
        return
    parts = children(expr)
    if isinstance(expr, Conditional):
        decided = graph.constant(expr.condition, module)
        parts = (expr.condition, *([expr.yes] if decided is True else [expr.no] if decided is False else []))
    elif isinstance(expr, Binary) and expr.op in ("&&", "||"):
        parts = (expr.left,)  # newer versions of Terraform ask for the other side only where it decides (1.12)
    for part in parts:
        if not isinstance(part, Literal):  # most are, and have no parts
            yield from _reached(graph, part, module)


RULES = (
    Rule(
        "RG631",
        "list-element-missing",
        "Element beyond the end of a list",
        Category.BLOCKER,
        Severity.CRITICAL,
        _beyond_the_end,
        "https://developer.hashicorp.com/terraform/language/expressions/types",
        stage=Stage.PLAN,
        message="Invalid index: The given key does not identify an element in this collection value",
        impact=(("Deployment", "The plan fails until somebody gives the list more elements."),),
        lesson="A default is a value to deploy with: what is indexed needs an element for each index, or a fallback that is used.",
        advice="Give the list as many elements as are taken of it, or take them from what is there.",
    ),
    Rule(
        "RG639",
        "instance-not-created",
        "Instance that the default values do not create",
        Category.BLOCKER,
        Severity.CRITICAL,
        missing_instances,
        "https://developer.hashicorp.com/terraform/language/meta-arguments/count",
        stage=Stage.PLAN,
        message="Invalid index: The given key does not identify an element in this collection value",
        impact=(
            ("Deployment", "The plan fails until somebody gives the variables values with which the instance is created, or not taken."),
        ),
        lesson="Where one condition decides that something is created and another that it is used, both have to agree for every value.",
        advice="Let one condition decide about both, or take the instance with `one(...[*]...)` and say what stands in for it.",
    ),
)
