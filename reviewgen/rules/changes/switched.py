"""Blocks that one tree creates and the other declares with a ``count`` of zero or an empty ``for_each``, with variables as delivered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from reviewgen import hcl
from reviewgen.hcl import UNKNOWN
from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Literal, Traversal
from reviewgen.model.review import Category, Impact, Severity
from reviewgen.model.tree import Declaration
from reviewgen.rules.places import code
from reviewgen.terraform import Graph, local_address
from reviewgen.terraform.instances import delivers_values

RULE = "RG051"
# What is made elsewhere and has to be given, and words by which PROMPT has a placeholder stand for it.
_GIVEN = ("_id", "_ids", "_arn", "_arns")
_PLACEHOLDER = r"\b(?:ids?|arns?)\b[^.\n]{0,40}(?<!no )(?<!without )\bplaceholders?\b"


def compare(pairs: Iterable[tuple[Declaration, Declaration]], model: Graph, ideal: Graph) -> Iterator[tuple[bool, Finding]]:
    """Yield (whether IDEAL switches it off, finding) for resources that only one of the trees creates by default."""
    for before, after in pairs:
        if delivers_values(model) or delivers_values(ideal):
            return  # what the tree delivers values for is not left to the defaults
        ours, theirs = off(model, before), off(ideal, after)
        if {ours, theirs} == {True, False}:
            yield bool(theirs), _finding(ideal, after, "MODEL") if theirs else _finding(model, before, "IDEAL")


def off(graph: Graph, declaration: Declaration) -> bool | None:
    """Whether a resource is not created with variables as delivered; None where that is not certain."""
    for name in ("count", "for_each"):
        if name in declaration.block.attributes:
            value: Any = graph.constant(declaration.block.value(name), declaration.module)
            return None if value is UNKNOWN or value is None or isinstance(value, bool) else value in (0, [], {})
    return False


def _finding(graph: Graph, declaration: Declaration, other: str) -> Finding:
    argument = "count" if "count" in declaration.block.attributes else "for_each"
    expr = declaration.block.attributes[argument].expr
    switches = [a for t in hcl.traversals(expr) if isinstance(t, Traversal) and (a := local_address(t)) and a.startswith("var.")]
    name = code(declaration.address)
    by = f" (decided by {', '.join(code(s) for s in dict.fromkeys(switches))})" if switches else ""
    fixed = isinstance(expr, Literal)  # nothing that could be set otherwise
    return Finding(
        RULE,
        "Switched off" if fixed else "Switched off by default",
        Category.CRITICAL,
        Severity.HIGH,
        declaration.address,
        f"{name} is not created: its {code(argument)} is {code(str(expr.value))}; {other} does not switch it off."
        if isinstance(expr, Literal)
        else f"With the variables as delivered {name} is not created{by}; {other} does not switch it off.",
        f"{name} is not switched off{'' if fixed else ' with the variables as delivered'}",
        argument,
        "",
        "B",
        related=tuple(dict.fromkeys(declaration.address.removesuffix(declaration.local) + s for s in switches)),
        impact=(Impact("Function", "Who applies the stack as delivered does not get it."),),
        lesson="A block with a `count` of zero is text: it looks like a resource, and is none."
        if fixed
        else "A default decides what a stack is for everybody who does not read the variables.",
        unless=_PLACEHOLDER if switches and all(s.endswith(_GIVEN) for s in switches) else "",
    )
