"""How far a repair goes: what IDEAL's own values do not create of it, what hangs on a condition, and what it does not reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reviewgen import hcl
from reviewgen.hcl import UNKNOWN
from reviewgen.model.addresses import declaration, without_positions
from reviewgen.model.hcl import Binary, Conditional, Expression, Unary
from reviewgen.model.prose import hangs, leaves_out, not_all
from reviewgen.model.review import OF_ALL_CODE, Issue, Status
from reviewgen.model.tree import Declaration
from reviewgen.requirements import haves
from reviewgen.rules import changes
from reviewgen.rules.places import code, listed
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import absent_by_default, choice

from ..draft import Draft
from ..inputs import Inputs

# What a document shows of long conditions.
_LONGEST = 80
_LOGICAL = frozenset(["==", "!=", "<", ">", "<=", ">=", "&&", "||"])


def with_reserves(inputs: Inputs, draft: Draft, found: Issue) -> Issue:
    """Say of what IDEAL repairs how far the repair goes, where it is not there for everything and whatever values are chosen."""
    if draft.status is not Status.FIXED:
        return found
    problem = found.problem
    hanging = {} if found.stage in OF_ALL_CODE else {**dict(_switched(inputs, draft)), **dict(_hanging(inputs, draft))}
    if hanging:
        first = declaration(found.where[0])[0] if found.where else ""
        problem = hangs(problem, hanging.get(first) or next(iter(hanging.values())), whole=first in hanging)
    if lacking := _not_reached(inputs, draft):
        problem = not_all(problem, lacking)
    if waiting := _not_created(inputs, draft):
        problem = leaves_out(problem, waiting)
    return replace(found, problem=problem)


def _added(inputs: Inputs, draft: Draft) -> list[Declaration]:
    return [d for a in draft.correction.added if (d := inputs.ideal.get(a)) is not None and d.kind == "resource"]


# ---- what hangs on a condition


def _hanging(inputs: Inputs, draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield the new resources of a correction that a condition decides about, which the values that are there do not settle, each with that in words.

    What is created on the very condition on which that is created which it is for is there wherever it is wanted.
    """
    graph = inputs.ideal
    for added in _added(inputs, draft):
        decided = choice(graph, added)
        if decided is None:
            continue
        address, name, expr = decided
        condition = hcl.text_of(expr)
        led = (graph.get(r.target) for r in graph.outgoing.get(added.address, ()))
        beside = (choice(graph, d) for d in led if d is not None and d.address not in inputs.added)
        if not any(other is not None and hcl.text_of(other[2]) == condition for other in beside):
            yield added.address, _said(graph, address, name)


def _switched(inputs: Inputs, draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield the blocks with a switch that was wrong and whose new value is a condition, with that in words."""
    graph, told = inputs.ideal, set(draft.places)
    for address, change in draft.correction.changes:
        found, (*outer, name) = graph.get(address), without_positions(change.path).split(".")
        if found is None or found.kind != "resource" or (inputs.earlier(address), without_positions(change.path)) not in told:
            continue
        exprs = [expr for block in found.block.nested(*outer) if (expr := block.value(name)) is not None]
        if any(_is_condition(e) and graph.constant(e, found.module) is UNKNOWN for e in exprs):
            yield address, _said(graph, address, name, *outer)


def _is_condition(expr: Expression) -> bool:
    """Whether an expression is true or false, as nobody knows what decides it."""
    if isinstance(expr, Conditional):
        return {getattr(part, "value", None) for part in (expr.yes, expr.no)} == {True, False}
    return (isinstance(expr, Binary) and expr.op in _LOGICAL) or (isinstance(expr, Unary) and expr.op == "!")


def _said(graph: Graph, address: str, name: str, *outer: str) -> str:
    found = graph.get(address)
    assert found is not None, "only what is declared hangs on something"
    attribute = next(a for block in found.block.nested(*outer) if (a := block.attributes.get(name)) is not None)
    text = graph.files[attribute.file or found.block.file].slice(attribute.expr.start, attribute.expr.end)
    short = len(text) <= _LONGEST and "`" not in text and "\n" not in text
    return f"{code('.'.join([*outer, name]))} of {code(address)} is {code(text) if short else 'a choice that its values do not settle'}"


# ---- what a repair does not reach


def _not_reached(inputs: Inputs, draft: Draft) -> str:
    """Say what IDEAL leaves without that which it adds for others: ``it declares none for `aws_vpc.b` ``."""
    rules = {d.finding.rule for d in draft.defects}
    for kind in (g.each for g in changes.table.groups() if g.id in rules and g.each):
        told = haves(kind, inputs.ideal, declared=True)
        if told is not None and told.having and told.lacking:
            return f"it declares none for {listed(told.lacking, 3)}"
    told = haves(draft.need.capability.id, inputs.ideal) if draft.need else None
    if told is not None and told.having and told.lacking:
        return f"{listed(told.lacking, 3)} {'does' if len(told.lacking) == 1 else 'do'} not have {told.what}"
    return ""


# ---- what IDEAL's own values do not create


def _not_created(inputs: Inputs, draft: Draft) -> str:
    """Say which resources of a correction IDEAL's own values do not create: ``create `aws_lb.main` ``."""
    waiting = [d.address for d in _added(inputs, draft) if absent_by_default(inputs.ideal, d)]
    waiting += [a for a in dict.fromkeys(_switched_off(inputs, draft)) if a not in waiting]
    looked_up = [a for a in waiting if (d := inputs.ideal.get(a)) is not None and d.kind == "data"]
    made = [a for a in waiting if a not in looked_up]
    return " or ".join(f"{word} {listed(named)}" for word, named in (("create", made), ("look up", looked_up)) if named)


def _switched_off(inputs: Inputs, draft: Draft) -> Iterator[str]:
    """Yield the blocks with a defect that MODEL creates and IDEAL keeps, but does not create with its own values."""
    for defect in draft.defects:
        before = inputs.model.get(defect.finding.address)
        after = inputs.ideal.get(inputs.later(defect.finding.address))
        if before and after and absent_by_default(inputs.ideal, after) and not absent_by_default(inputs.model, before):
            yield after.address
