"""What Terraform does not come to: an error of an earlier step, of the order of the blocks, or of a block that another one refers to, ends it before."""

from __future__ import annotations

from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Stage
from reviewgen.terraform import Graph

from ..draft import Draft
from ..inputs import Inputs

# What Terraform says when it puts the blocks in order, before it checks any of them (tried with Terraform 1.11).
_OF_THE_GRAPH = (tf.PROVIDER_ALIAS, tf.CYCLE)
# What it says there of the call of a module, and of other blocks only once it checks them.
_OF_CALLS = (tf.MISSING_ARGUMENT, tf.UNSUPPORTED_ARGUMENT)
# Warnings of the provider, or of what its schema says of an attribute.
_WARNINGS = (tf.DEPRECATED, tf.DEPRECATED_ATTRIBUTE, tf.LIFECYCLE_FILTER)
_UNKNOWN = (tf.UNKNOWN_TYPE, tf.UNKNOWN_DATA_SOURCE)
_UNSUPPORTED = (tf.UNSUPPORTED_ARGUMENT, tf.UNSUPPORTED_BLOCK)
_SIDES = ("model", "ideal")


def marked(inputs: Inputs, found: list[Draft]) -> list[Draft]:
    """Mark what Terraform does not come to: with an error of `init`, or of the order of the blocks, in each tree it ends before it asks providers.

    A block that refers to one with an error, directly or through others, Terraform passes over (tried with Terraform 1.11). What it refers to
    Terraform finds in the arguments that its type has.
    """
    ended = {side for draft in found if _says(draft, Stage.INIT) for side in draft.status.sides}
    unordered = {side for draft in found if _says(draft, Stage.VALIDATE) and _is_of_the_graph(inputs, draft) for side in draft.status.sides}
    of_blocks = [draft for draft in found if not _is_of_the_graph(inputs, draft)]
    wrong = {side: {f.address for d in of_blocks if side in d.status.sides for f in _checked(d) if _is_error(f)} for side in _SIDES}
    unread = _unread(found)

    def ending(draft: Draft) -> Stage | None:
        if not _is_of_validate(draft):
            return None
        if ended.issuperset(draft.status.sides):
            return Stage.INIT
        if _is_of_the_graph(inputs, draft):
            return None
        hidden = all(
            side in ended | unordered or _is_passed_over(_graph(inputs, side), draft, wrong[side], unread) for side in draft.status.sides
        )
        return Stage.VALIDATE if hidden else None

    return [replace(draft, hidden=ending(draft)) for draft in found]


def _graph(inputs: Inputs, side: str) -> Graph:
    return inputs.model if side == "model" else inputs.ideal


def _checked(draft: Draft) -> list[Finding]:
    """Return what Terraform says of a draft's blocks once it checks them."""
    every = (*(d.finding for d in draft.told), *draft.others)
    return [f for f in every if tf.is_rule(f.rule) and f.stage is Stage.VALIDATE and not f.observed]


def _is_error(finding: Finding) -> bool:
    return finding.category is Category.BLOCKER


def _unread(found: list[Draft]) -> set[str]:
    """Return the places in which Terraform finds no references: blocks of a type that does not exist, arguments and blocks that a type does not have."""
    every = [f for draft in found for f in _checked(draft)]
    return {f.address for f in every if f.rule in _UNKNOWN} | {f"{f.address}.{f.attribute}" for f in every if f.rule in _UNSUPPORTED}


def _is_passed_over(graph: Graph, draft: Draft, wrong: set[str], unread: set[str]) -> bool:
    """Whether each block of a draft refers to one with an error, directly or through others."""
    blocks = {f.address for f in _checked(draft)}
    return bool(blocks) and all(graph.get(b) is not None and not wrong.isdisjoint(_referred(graph, b, unread)) for b in blocks)


def _referred(graph: Graph, address: str, unread: set[str]) -> set[str]:
    """Return all that a block refers to, directly or through others, but for what stands at some places."""
    found: set[str] = set()
    queue = [address]
    while queue:
        led = (r for r in graph.outgoing.get(queue.pop(), ()) if r.declared and not _is_within(f"{r.source}.{r.path}", unread))
        targets = {r.target for r in led} - found
        found |= targets
        queue.extend(sorted(targets))
    return found - {address}


def _is_within(place: str, places: set[str]) -> bool:
    steps = place.split(".")
    return any(".".join(steps[:n]) in places for n in range(1, len(steps) + 1))


def _is_of_validate(draft: Draft) -> bool:
    """Whether the message of a draft, its own or one that a rule explains, is one of those that Terraform gives once it checks the blocks."""
    said = draft.said
    checked = said is not None and tf.is_rule(said.rule) and said.stage is Stage.VALIDATE and not said.observed
    return checked and said is not None and (said.category is Category.BLOCKER or said.rule in _WARNINGS)


def _is_of_the_graph(inputs: Inputs, draft: Draft) -> bool:
    """Whether Terraform says it when it puts the blocks in order: then it needs to know what each module takes."""
    if draft.lead is None or draft.lead.rule not in _OF_CALLS:
        return draft.lead is not None and draft.lead.rule in _OF_THE_GRAPH
    called = inputs.model.get(draft.lead.address) or inputs.ideal.get(draft.lead.address)
    return called is not None and called.kind == "module"


def _says(draft: Draft, stage: Stage) -> bool:
    lead = draft.lead
    return lead is not None and tf.is_rule(lead.rule) and lead.category is Category.BLOCKER and lead.stage is stage and not lead.observed
