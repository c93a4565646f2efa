"""Which of two resources Terraform creates first: what waits for what, also across modules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reviewgen.model.hcl import Attr
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import Reference
from reviewgen.terraform.tree import local_source

_ORDER = "depends_on"


def waits_for(graph: Graph, resource: Declaration, others: Iterable[Declaration]) -> bool:
    """Whether Terraform creates one of some others before a resource.

    It follows references and ``depends_on``: out of a module through its inputs and the ``depends_on`` of its calls, into one through its
    outputs, or as a whole where ``depends_on`` names it.
    """
    wanted = {d.address for d in others}
    seen: set[str] = set()
    queue = [resource.address]
    while queue:
        for earlier in _before(graph, queue.pop()):
            if earlier in wanted:
                return True
            if earlier not in seen:
                seen.add(earlier)
                queue.append(earlier)
    return False


def _before(graph: Graph, address: str) -> Iterator[str]:
    """Yield what a declaration waits for itself."""
    declaration = graph.get(address)
    if declaration is None:
        return
    references = [(r, r.path == _ORDER) for r in graph.outgoing.get(address, ())]
    if declaration.kind == "variable":
        given = (r for call in graph.callers(declaration.module) for r in graph.outgoing.get(call.address, ()))
        references += [(r, False) for r in given if r.path.partition(".")[0] == declaration.name]
    references += [(r, True) for call in _around(graph, declaration) for r in graph.outgoing.get(call.address, ()) if r.path == _ORDER]
    for reference, whole in references:
        yield from _named(graph, reference, whole)


def _around(graph: Graph, declaration: Declaration) -> list[Declaration]:
    """Return the calls of the module in which a declaration stands, and of the modules around that."""
    found: dict[str, Declaration] = {}
    queue = [*graph.callers(declaration.module)]
    while queue:
        call = queue.pop()
        if call.address not in found:
            found[call.address] = call
            queue += graph.callers(call.module)
    return list(found.values())


def outermost(graph: Graph, declaration: Declaration) -> list[Declaration]:
    """Return the calls of the root module by which it has what stands in a module below it."""
    return [call for call in _around(graph, declaration) if call.module == graph.tree.root]


def _named(graph: Graph, reference: Reference, whole: bool) -> Iterator[str]:
    """Yield what a reference names; of a module the output, or all that it declares."""
    target = graph.get(reference.target)
    directory = local_source(target.block, target.module) if target is not None and target.kind == "module" else None
    module = graph.tree.modules.get(directory) if directory is not None else None
    if module is None:
        yield reference.target
        return
    step = reference.traversal.steps[1] if len(reference.traversal.steps) > 1 else None
    if not whole and isinstance(step, Attr):
        yield f"{module.prefix}output.{step.name}"
    else:
        yield from module.declarations
