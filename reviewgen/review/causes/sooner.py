"""What ends Terraform before the message of a plan, an apply or a run comes: an error of an earlier step, or a refusal of what the block needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Stage
from reviewgen.terraform import Graph

from ..draft import Draft
from ..inputs import Inputs
from .needed import awaited, graph_of, of_tree

_ORDER = {stage: position for position, stage in enumerate((Stage.INIT, Stage.VALIDATE, Stage.PLAN, Stage.APPLY, Stage.RUNTIME))}
# Steps at which one resource is refused by itself, while Terraform goes on with those that do not need it (tried with Terraform 1.11).
REFUSED_AT = (Stage.PLAN, Stage.APPLY)
# What the provider refuses of its own at apply, before it asks AWS for the resource (tried with Terraform 1.11).
_OF_THE_PROVIDER = "RG640"
_SIDES = ("model", "ideal")


def first_refused(inputs: Inputs, draft: Draft, said: Finding) -> Finding | None:
    """Return the place of a refusal that Terraform comes to, where that whose message counts needs another of the places."""
    alike = [d.finding for d in draft.defects if d.finding.rule == said.rule and d.finding.stage is said.stage and d.finding.message]
    refused = {f.address for f in alike}
    graphs = [graph_of(inputs, side) for side in draft.status.sides]

    def waits(finding: Finding) -> bool:
        return any(not refused.isdisjoint(awaited(graph, finding.address)) for graph in graphs)

    return next((f for f in alike if not waits(f)), None) if waits(said) else None


def marked(inputs: Inputs, found: list[Draft]) -> list[Draft]:
    """Mark the drafts whose message comes only after errors of other drafts are mended, in one of the trees that have it.

    Which of two refusals of one resource by AWS at one step comes first is not known: both are marked. One of the provider comes before them.
    """
    failing = {side: [(d, f) for d in found if side in d.status.sides for f in _failures(d, graph_of(inputs, side))] for side in _SIDES}

    def comes_later(draft: Draft) -> bool:
        said = draft.said
        if said is None or not said.message or said.observed or said.stage not in (*REFUSED_AT, Stage.RUNTIME):
            return False
        return any(_is_behind(graph_of(inputs, side), draft, said, failing[side]) for side in draft.status.sides)

    return [replace(draft, after_others=draft.after_others or comes_later(draft)) for draft in found]


def _failures(draft: Draft, graph: Graph) -> Iterator[Finding]:
    """Yield what ends a step of Terraform, with the addresses of a tree."""
    every = (*(d.finding for d in draft.told), *draft.others)
    yield from (of_tree(graph, f) for f in every if f.category is Category.BLOCKER and f.stage in _ORDER)


def _is_behind(graph: Graph, draft: Draft, said: Finding, failing: list[tuple[Draft, Finding]]) -> bool:
    own = of_tree(graph, said).address
    before = {own} | awaited(graph, own)
    first = said.rule == _OF_THE_PROVIDER
    return any(
        _is_earlier(other, said)
        or (other.stage is said.stage and other.address in before and not (other.address == own and (other_draft is draft or first)))
        for other_draft, other in failing
    )


def _is_earlier(other: Finding, said: Finding) -> bool:
    return other.stage is not None and said.stage is not None and _ORDER[other.stage] < _ORDER[said.stage]
