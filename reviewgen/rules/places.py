"""Small questions that many rules ask of a tree."""

from __future__ import annotations

import re

from reviewgen.hcl import UNKNOWN, text_of
from reviewgen.model.hcl import Attr, Block, Expression, Object, Traversal
from reviewgen.model.prose import code, listed
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph, instances
from reviewgen.terraform.graph import Reference

# An alias that is the code of a region, as `us_west_2` and `us-west-2`.
_ALIAS = re.compile(
    r"aws\.((?:us|eu|ap|ca|sa|me|af|il|mx)[-_](?:gov[-_])?(?:north|south|east|west|central|northeast|northwest|southeast|southwest)[-_]\d)"
)

# What a reference may name instead of what it leads to.
_PASSING = ("local", "module", "var")


def given_values(graph: Graph) -> str:
    """Return what decides about a ``count`` of 0, as the documents call it: the values that a tree delivers, or the defaults."""
    return "delivered values" if instances.delivers_values(graph) else "default values of the variables"


def provider(declaration: Declaration) -> str:
    """Return the provider configuration of a resource: ``aws`` or ``aws.dr``."""
    value = declaration.block.value("provider")
    return _dotted(value) if isinstance(value, Traversal) else declaration.type.split("_")[0]


def _dotted(traversal: Traversal) -> str:
    """Return a traversal as the name of a configuration: ``aws.dr``."""
    return ".".join([traversal.root, *(s.name for s in traversal.steps if isinstance(s, Attr))])


def configuration(graph: Graph, declaration: Declaration) -> Declaration | None:
    """Return the configuration of a resource's provider; None where nothing declares it, or calls of its module hand on different ones."""
    found = _configurations(graph, provider(declaration), declaration.module)
    return graph.get(found.pop()) if len(found) == 1 else None


def _configurations(graph: Graph, name: str, module: str, depth: int = 6) -> set[str]:
    """Return the addresses of the configurations that a provider of a module may be: its own, or what the calls of the module hand on."""
    home, calls = graph.tree.modules.get(module), graph.callers(module)
    own = f"{home.prefix}provider.{name}" if home is not None else ""
    if own in graph.tree.declarations or not calls or not depth:
        return {own if own in graph.tree.declarations else f"provider.{name}"}
    found: set[str] = set()
    for call in calls:
        given = call.block.value("providers")
        handed = [v for k, v in given.items if text_of(k).strip('"') == name] if isinstance(given, Object) else []
        led = [_dotted(v) for v in handed if isinstance(v, Traversal)]
        found |= _configurations(graph, led[0] if led else name, call.module, depth - 1)
    return found


def configured_region(graph: Graph, declaration: Declaration) -> str | None:
    """Return the region of a resource where its own argument or its provider block says it as a constant; None otherwise."""
    own = graph.argument(declaration, "region")
    if isinstance(own, str):
        return own
    block = configuration(graph, declaration)
    value = graph.argument(block, "region") if block is not None else UNKNOWN
    return value if isinstance(value, str) else None


def region_place(graph: Graph, declaration: Declaration) -> tuple[str, ...]:
    """Return the place at which the configuration of a resource's provider says its region; empty where nothing of the tree does."""
    block = configuration(graph, declaration)
    return (f"{block.address}.region",) if block is not None else ()


def region(graph: Graph, declaration: Declaration) -> str | None:
    """Return the region of a resource that its configuration says, or the name of its provider; None where neither does.

    Of an alias that the root module uses and no file configures only the name is known: one that is a region's code says it.
    """
    found, name = configured_region(graph, declaration), provider(declaration)
    if found is not None or graph.get(f"provider.{name}") is not None or declaration.module != graph.tree.root:
        return found
    spelled = _ALIAS.fullmatch(name)
    return spelled[1].replace("_", "-") if spelled else None


def written(graph: Graph, declaration: Declaration, *path: str) -> list[Block]:
    """Return the nested blocks on a path of types, without those of ``dynamic`` blocks that run over nothing with the delivered values."""
    found = [declaration.block]
    for kind in path:
        found = [inner for block in found for inner in blocks(graph, block, kind, declaration.module)]
    return found


def blocks(graph: Graph, block: Block, kind: str, module: str) -> list[Block]:
    """Return the same of one type in one block."""
    plain = [b for b in block.blocks if b.type == kind]
    loops = [b for b in block.blocks if b.type == "dynamic" and b.labels[:1] == (kind,)]
    running = [b for b in loops if graph.constant(b.value("for_each"), module) not in NOTHING]
    return [*plain, *(content for loop in running for content in loop.blocks if content.type == "content")]


# What a loop does not run over.
NOTHING: tuple[object, ...] = ([], {})


def is_true(graph: Graph, declaration: Declaration, *path: str) -> bool:
    """Whether an argument is the constant true."""
    return graph.argument(declaration, *path) in (True, "true")


def mentions(graph: Graph, expr: Expression | None, declaration: Declaration, target: Declaration) -> bool:
    """Whether an expression of a declaration leads to another declaration."""
    return any(found.address == target.address for found in graph.targets(expr, declaration.module))


def uses(graph: Graph, address: str) -> list[Reference]:
    """Return the references to a declaration that make use of it: what only waits for it with ``depends_on`` takes nothing of it."""
    return [reference for reference in graph.incoming.get(address, ()) if reference.path != "depends_on"]


def users(graph: Graph, wanted: Declaration) -> set[str]:
    """Return the addresses of the resources and data sources that make use of a declaration, also through outputs and inputs of modules.

    An input that a module of the tree does not declare is used by nobody knows what: the call stands for it.
    """
    found: set[str] = set()
    for reference in graph.references:
        through = reference.target == wanted.address or type_of(reference.target) in _PASSING
        source = graph.get(reference.source)
        if not through or source is None or reference.path == "depends_on":
            continue
        passed = source.kind == "module" and graph.get(f"{source.address}.var.{reference.path}") is not None
        if passed or source.kind in ("output", "local", "variable"):
            continue
        if wanted in graph.targets(reference.traversal, reference.module):
            found.add(source.address)
    return found


def type_of(address: str) -> str:
    """``module.a.aws_vpc.main`` to ``aws_vpc``; empty for what has no type."""
    return address.split(".")[-2] if "." in address else ""


__all__ = ["code", "configuration", "configured_region", "is_true", "listed", "mentions", "provider", "region", "type_of", "written"]
