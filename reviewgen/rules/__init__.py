"""The catalogue of rules: what can be wrong with a Terraform tree for AWS, whatever it was asked to do.

A rule is metadata and one small function from a graph to hits (``base``); families live in ``families/``, one module each, listed in
``CATALOGUE`` in the order of their ids. Facts that change (engine versions, account ids, limits) are tables in ``tables/``, with date and
source.
"""

from __future__ import annotations

from collections.abc import Iterable

from reviewgen.model.finding import Finding
from reviewgen.terraform import Graph

from .base import Rule
from .families import FAMILIES

CATALOGUE: tuple[Rule, ...] = tuple(sorted((rule for family in FAMILIES for rule in family.RULES), key=lambda rule: rule.id))


def run(graph: Graph, rules: Iterable[Rule] = CATALOGUE) -> tuple[Finding, ...]:
    """Return the findings of some rules in a tree, in the order of the catalogue.

    Modules that the root does not reach are left out: Terraform never sees them.
    """
    reached = {d for d, module in graph.tree.modules.items() if module.reached}
    declarations = graph.tree.declarations

    def counts(finding: Finding) -> bool:
        declaration = declarations.get(finding.address)
        return declaration is None or declaration.module in reached

    return tuple(finding for rule in rules for finding in rule.findings(graph) if counts(finding))


__all__ = ["CATALOGUE", "Rule", "run"]
