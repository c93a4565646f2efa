"""What a block needs before Terraform comes to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Attr
from reviewgen.model.review import Status
from reviewgen.rules.places import provider
from reviewgen.terraform import Graph, Reference

from ..defects.parts import addresses
from ..defects.undelivered import is_out_of_sight
from ..draft import Draft
from ..inputs import Inputs

SIDES = ("model", "ideal")
# Arguments of a call that decide whether there is anything of the module.
_OF_A_CALL = ("count", "for_each")
_CALL = re.compile(r"(?<![^.])module\.[^.]+")


def graph_of(inputs: Inputs, side: str) -> Graph:
    """Return the graph of a tree, ``model`` or ``ideal``."""
    return inputs.model if side == "model" else inputs.ideal


def met_in(inputs: Inputs, draft: Draft) -> tuple[str, ...]:
    """Return the trees in which Terraform could come to a defect: not IDEAL where it is only left because IDEAL drops all that it is about.

    What IDEAL gives to modules that it does not deliver Terraform takes or refuses there as their code would have it.
    """
    dropped = draft.status is Status.LEFT and bool(draft.places) and all(_is_absent(inputs, address) for address, _ in draft.places)
    return ("model",) if dropped else draft.status.sides


def _is_absent(inputs: Inputs, address: str) -> bool:
    """Whether IDEAL drops a block, or does not deliver the module that it calls or that has the block."""
    return inputs.diff.drops(address) or is_out_of_sight(inputs, address)


def of_tree(graph: Graph, finding: Finding) -> Finding:
    """Return a finding with the address of its block in a tree: a defect of both names MODEL's block, where it is called otherwise, beside IDEAL's."""
    own = None if graph.get(finding.address) is not None else next((a for a in addresses(finding) if graph.get(a) is not None), None)
    return replace(finding, address=own) if own else finding


def needed(graph: Graph, address: str, unread: Collection[str]) -> set[str]:
    """Return all that a block refers to, directly or through others, but for what stands at some places; and the configurations of providers."""
    found: set[str] = set()
    queue = [address]
    while queue:
        source = queue.pop()
        led = (r for r in _references(graph, source) if r.declared and not _is_within(f"{r.source}.{r.path}", unread))
        targets = ({_output(graph, r) for r in led} | _configuration(graph, source)) - found
        found |= targets
        queue.extend(sorted(targets))
    return found - {address}


def awaited(graph: Graph, address: str) -> set[str]:
    """Return all that is there before a resource is planned or created: what it needs, and what the calls around it wait for."""
    calls = [address[: match.end()] for match in _CALL.finditer(address)]
    waited = (r for call in calls for r in graph.outgoing.get(call, ()) if r.path.split(".")[0] == "depends_on")
    targets = {r.target for r in waited if r.declared}
    return needed(graph, address, ()).union(targets, *(needed(graph, target, ()) for target in targets)) - {address}


def _references(graph: Graph, address: str) -> Iterator[Reference]:
    """Yield what a declaration refers to; an input of a module gets what its call gives it, and nothing of a module is there before its call is."""
    yield from graph.outgoing.get(address, ())
    call, _, name = address.rpartition(".var.")
    yield from (r for r in graph.outgoing.get(call, ()) if call and r.path.split(".")[0] in (name, *_OF_A_CALL))


def _output(graph: Graph, reference: Reference) -> str:
    """Return what a reference leads to: the output of a module that it reads, and what else it names."""
    step = next((s.name for s in reference.traversal.steps[1:] if isinstance(s, Attr)), "")
    output = f"{reference.target}.output.{step}"
    return output if graph.get(output) is not None else reference.target


def _configuration(graph: Graph, address: str) -> set[str]:
    """Return the configuration of the provider that checks a block of the root module."""
    declared = graph.get(address)
    of_root = declared is not None and declared.kind in ("resource", "data") and declared.module == graph.tree.root
    return {f"provider.{provider(declared)}"} if declared is not None and of_root else set()


def _is_within(place: str, places: Collection[str]) -> bool:
    steps = place.split(".")
    return any(".".join(steps[:n]) in places for n in range(1, len(steps) + 1))
