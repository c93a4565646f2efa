"""Where an issue stands: the addresses that it names, the most important first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reviewgen.model import tf
from reviewgen.model.addresses import argument
from reviewgen.model.finding import Finding
from reviewgen.model.tree import Declaration
from reviewgen.rules.places import type_of

from ..correction import Correction, place
from ..defects.parts import present
from ..draft import Draft
from ..inputs import Inputs


def places_of(inputs: Inputs, draft: Draft) -> tuple[str, ...]:
    """Return the places of an issue: what it stands at first, then what repairs it, then what takes part."""
    apart = _apart(inputs, draft)
    places = [argument(address, attribute) for address, attribute in draft.places if address and (address, attribute) not in apart]
    related = [*(r for d in draft.told for r in d.finding.related), *(address for address, _ in sorted(apart))]
    targets = [t for d in draft.defects for t in d.finding.targets]
    related += [t for d in draft.along for t in d.finding.targets]
    return declared(inputs, (*_firsts(draft), *targets, *places, *_corrected(draft.correction), *related))


def _firsts(draft: Draft) -> Iterator[str]:
    """Yield the first places of each kind of message and of each file that cannot be parsed, where an issue is about several of them."""
    firsts: dict[tuple[str, str], Finding] = {}
    for defect in draft.told:
        finding = defect.finding
        firsts.setdefault((finding.rule, finding.group if finding.rule == tf.SYNTAX else ""), finding)
    for finding in firsts.values() if len(firsts) > 1 else ():
        yield from finding.targets[:1]
        yield from finding.related[:1] if finding.rule == tf.SYNTAX else ()
        yield argument(finding.address, finding.attribute)


def _apart(inputs: Inputs, draft: Draft) -> frozenset[tuple[str, str]]:
    """Return the places of arguments that neither tree sets and a resource of their own does, which takes part: the policy of a topic."""
    owned = [
        inputs.ideal.owner(r) if inputs.ideal.get(inputs.ideal.owner(r)[0]) else inputs.model.owner(r)
        for d in draft.told
        for r in d.finding.related
    ]
    return frozenset(
        (address, attribute)
        for address, attribute in draft.places
        if attribute
        and any(path == attribute and type_of(a).startswith(f"{type_of(address)}_") for a, path in owned)
        and not any(present(graph, f"{address}.{attribute}") for graph in (inputs.model, inputs.ideal))
    )


def _corrected(correction: Correction) -> list[str]:
    changed = [place(a, c.path.split("[")[0]) for a, c in correction.changes]
    return [*changed, *correction.added]


def declared(inputs: Inputs, addresses: Iterable[str]) -> tuple[str, ...]:
    """Keep the addresses that a tree declares, each once, the most important first."""
    return tuple(a for a in dict.fromkeys(addresses) if _owner(inputs, a) is not None)


def _owner(inputs: Inputs, address: str) -> Declaration | None:
    graph = max((inputs.ideal, inputs.model), key=lambda side: len(side.owner(address)[0]))
    owner, path = graph.owner(address)
    found = graph.get(owner)
    # Behind a module's name stands an argument of the call, or something of the module that nobody declares.
    return found if found is not None and (found.kind != "module" or "." not in path) else None
