"""What ``terraform validate`` says of a tree, without Terraform: the checks in the order of Terraform's phases.

Terraform stops at the first phase that finds an error; we go on, for what it hides is as real. ``diagnostics`` are sorted by file and
line, as Terraform prints them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from reviewgen.model.diagnostic import Diagnostic, Validation
from reviewgen.model.tree import Tree
from reviewgen.terraform.graph import Graph
from reviewgen.terraform.schema import Schemas

from .configuration import Configuration
from .evaluated import attributes, cycles, dependencies, expressions, module_calls, references
from .evaluated.sites import Sites
from .language import blocks, duplicates, overrides
from .measured import values
from .providers import configurations, use
from .schemas import json_bodies, provisioners, schema

__all__ = ["validate"]

# Terraform's own order of phases: what it says of the files, of modules, of values.
_CHECKS: tuple[Callable[[Configuration], Iterable[Diagnostic]], ...] = (
    blocks.check,
    duplicates.check,
    overrides.check,
    module_calls.check,
    configurations.check,
    use.check,
    provisioners.check,
    dependencies.check,
    schema.check,
    values.check,
)
# What the scanner says: Terraform prints it before what the parser says of the same place (tried with 1.11).
_SCANNED = ("Invalid character",)
# Those that look at every expression that Terraform evaluates.
_OF_EXPRESSIONS: tuple[Callable[[Configuration, Sites], Iterable[Diagnostic]], ...] = (
    references.check,
    attributes.check,
    expressions.check,
    cycles.check,
)


def validate(tree: Tree, graph: Graph, schemas: Schemas, whole: Tree | None = None) -> Validation:
    """Return what Terraform would say of a tree as delivered.

    Args:
        tree: The tree.
        graph: Its references.
        schemas: The provider schemas at hand; types of other providers are counted as unchecked.
        whole: What the tree is a part of, if it is one: versions of providers that the part leaves open stand there.
    """
    if tree.modules and tree.root not in tree.modules:  # the root is not delivered: each module stands for itself
        return _together([_of_root(replace(tree, root=directory), graph, schemas, whole) for directory in tree.modules])
    return _of_root(tree, graph, schemas, whole)


def _together(found: Sequence[Validation]) -> Validation:
    """Return what is said of several modules, each of which is a root."""
    diagnostics = tuple(sorted(dict.fromkeys(d for one in found for d in one.diagnostics), key=_place))
    unchecked = tuple(sorted({type_ for one in found for type_ in one.unchecked}))
    older = tuple({held.provider: held for one in reversed(found) for held in one.older}.values())
    outdated = tuple(sorted({name for one in found for name in one.outdated}))
    return replace(found[0], diagnostics=diagnostics, unchecked=unchecked, older=older, outdated=outdated)


def _of_root(tree: Tree, graph: Graph, schemas: Schemas, whole: Tree | None) -> Validation:
    native = json_bodies.lowered(tree, schemas)
    configuration = Configuration(native, graph if native is tree else Graph(native), schemas, whole)
    sites = Sites(configuration)
    # First, for what expressions are worth is kept, and the others ask for it.
    of_expressions = [said for check in _OF_EXPRESSIONS for said in check(configuration, sites)]
    found = [*tree.diagnostics, *(said for check in _CHECKS for said in check(configuration)), *of_expressions]
    diagnostics = tuple(sorted(dict.fromkeys(found), key=_place))
    providers = configuration.providers
    return Validation(
        diagnostics,
        tree.incomplete,
        schema.unchecked(configuration),
        "static",
        older=providers.older(),
        outdated=providers.outdated(),
    )


def _place(diagnostic: Diagnostic) -> tuple[str, int, bool, str, str]:
    """Terraform prints what has no place first, and what the scanner says of a place before what the parser says of it."""
    where = diagnostic.range
    parsed = diagnostic.summary not in _SCANNED
    return (where.filename if where else "", where.start.byte if where else -1, parsed, diagnostic.summary, diagnostic.detail)
