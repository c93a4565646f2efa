"""What ``terraform validate`` says of a tree, without Terraform: the checks in the order of Terraform's phases.

Terraform stops at the first phase that finds an error; we go on, for what it hides is as real. ``diagnostics`` are sorted by file and
line, as Terraform prints them.
"""

from __future__ import annotations

from reviewgen.model.review import Diagnostic, Validation
from reviewgen.model.tree import Tree
from reviewgen.terraform.graph import Graph
from reviewgen.terraform.schema import Schemas

from . import meta, references, schema, values
from .configuration import Configuration
from .sites import Sites

__all__ = ["validate"]


def validate(tree: Tree, graph: Graph, schemas: Schemas) -> Validation:
    """Return what Terraform would say of a tree as delivered.

    Args:
        tree: The tree.
        graph: Its references.
        schemas: The provider schemas at hand; types of other providers are counted as unchecked.
    """
    configuration = Configuration(tree, graph, schemas)
    sites = Sites(configuration)
    found = [
        *tree.diagnostics,
        *schema.check(tree, graph, schemas),
        *values.check(tree, graph, schemas),
        *references.check(configuration, sites),
        *meta.check(configuration),
    ]
    diagnostics = tuple(sorted(dict.fromkeys(found), key=_place))
    return Validation(diagnostics, tree.incomplete, schema.unchecked(tree, configuration.schemas), "static")


def _place(diagnostic: Diagnostic) -> tuple[str, int, str, str]:
    """Terraform prints what has no place first."""
    where = diagnostic.range
    return (where.filename if where else "", where.start.byte if where else -1, diagnostic.summary, diagnostic.detail)
