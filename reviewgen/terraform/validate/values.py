"""What the provider itself checks of values and combinations at validate time, from the tables of measured facts.

Only constants are checked: literals, and what can be computed from literals and local values. Variables and resources are unknown to
``terraform validate`` and so to us.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.hcl.evaluate import text as as_text
from reviewgen.model.hcl import Attribute, Block
from reviewgen.model.review import Diagnostic
from reviewgen.model.tree import Declaration, Tree
from reviewgen.terraform.schema.requirements import Providers
from reviewgen.terraform.schema.types import BlockSchema, NestedBlock

from . import combinations, facts, predicates
from .body import Context, brace, effective, group
from .combinations import Presence
from .configuration import Configuration
from .diagnostics import make
from .facts import Facts, Rows
from .predicates import Place
from .schema import BLOCKS, Scope, declared, schema_of


def check(configuration: Configuration) -> Iterator[Diagnostic]:
    """Yield what providers would reject or warn of; types without facts are left alone."""
    providers = configuration.providers
    tables = facts.shipped()
    for module in configuration.modules:
        scope = Scope(configuration.graph, module)
        for declaration in declared(module):
            table = tables.get(providers.source_of(declaration))
            if table is not None and declaration.kind in ("resource", "data") and declaration.block.complete:
                yield from _declaration(declaration, table, providers, scope, configuration.tree)


def _declaration(declaration: Declaration, table: Facts, providers: Providers, scope: Scope, tree: Tree) -> Iterator[Diagnostic]:
    rows = table.rows(declaration.kind, declaration.type)
    bundles = providers.of(declaration)
    schema = next((s for bundle in bundles if (s := schema_of(declaration, bundle)) is not None), None)
    if not rows or schema is None:
        return
    ctx = Context(lambda path: tree.files[path].data, scope.value, blocks=BLOCKS[declaration.kind])
    walk = _Walk(declaration, table, rows, ctx, tree)
    yield from walk.body(declaration.block, schema, _Here())


@dataclass(frozen=True, slots=True)
class _Here:
    """Where a body is: its schema path, and what its arguments' names begin with in the two styles of messages."""

    path: str = ""
    dotted: str = ""
    bracketed: str = ""

    def step(self, nested: NestedBlock, position: int) -> _Here:
        """Return the place of one nested block."""
        single = nested.nesting in ("single", "group")
        dotted = f"{self.dotted}{nested.name}." if single else f"{self.dotted}{nested.name}.{position}."
        bracketed = f"{self.bracketed}{nested.name}." if single else f"{self.bracketed}{nested.name}[{position}]."
        return _Here(f"{self.path}{nested.name}.", dotted, bracketed)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One resource with the rows of its type."""

    declaration: Declaration
    table: Facts
    rows: Rows
    ctx: Context
    tree: Tree

    def body(self, block: Block, schema: BlockSchema, here: _Here) -> Iterator[Diagnostic]:
        """Yield what is wrong in a body and the bodies inside it."""
        schema = effective(block, schema)
        ctx = self.ctx if not here.path else replace(self.ctx, blocks=frozenset())
        groups, _ = group(block, schema, ctx)
        values = {a.name: self.ctx.value(a.expr) for a in block.attributes.values() if a.name in schema.attributes}
        for name, value in values.items():
            yield from self._value(block, block.attributes[name], value, here)
        state = {name: _presence(value) for name, value in values.items()}
        for name, found in groups.items():
            state[name] = Presence.SET if found.certain and found.bodies else Presence.UNSET if found.certain else Presence.UNKNOWN
        yield from self._combinations(block, state, here)
        for name, found in groups.items():
            nested = schema.blocks[name]
            for position, inner in enumerate(found.bodies if found.certain else ()):
                yield from self.body(inner, nested.block, here.step(nested, position))

    def _value(self, block: Block, attribute: Attribute, value: Any, here: _Here) -> Iterator[Diagnostic]:
        rows = self.rows.get(f"{here.path}{attribute.name}", ())
        for row in rows:
            if row[0] not in predicates.KINDS:
                continue
            for part, place in _parts(value, here, attribute.name):
                said = predicates.message(row, part, place, self.table.lists)
                if said:
                    yield self._diagnostic("error", *said, block, attribute)

    def _combinations(self, block: Block, state: Mapping[str, Presence], here: _Here) -> Iterator[Diagnostic]:
        for row in self.rows.get(here.path, ()):
            found = combinations.complaints(
                row,
                lambda name: state.get(name, Presence.UNSET),
                lambda name: here.dotted + name,
                lambda name: here.bracketed + name,
            )
            for complaint in found:
                attribute = block.attributes.get(complaint.name)
                yield self._diagnostic(complaint.severity, complaint.summary, complaint.detail, block, attribute)

    def _diagnostic(self, severity: str, summary: str, detail: str, block: Block, attribute: Attribute | None) -> Diagnostic:
        if attribute is not None:
            file, start, end = attribute.file or block.file, attribute.expr.start, attribute.expr.end
        else:
            file = block.file
            start = end = brace(block, self.ctx.data(file))
        declaration = self.declaration
        return make(severity, summary, detail, self.tree.files[file], start, end, declaration.block, declaration.address)


def _presence(value: Any) -> Presence:
    return Presence.UNKNOWN if value is UNKNOWN else Presence.UNSET if value is None else Presence.SET


def _parts(value: Any, here: _Here, name: str) -> Iterator[tuple[str, Place]]:
    """Yield the known texts of a value: its own, or those of a list's elements."""
    if isinstance(value, list):
        for position, item in enumerate(value):
            part = as_text(item)
            if part is not UNKNOWN:
                yield part, Place(f"{here.dotted}{name}.{position}", f"{here.bracketed}{name}[{position}]")
    elif value is not None and not isinstance(value, dict):
        part = as_text(value)
        if part is not UNKNOWN:
            yield part, Place(here.dotted + name, here.bracketed + name)
