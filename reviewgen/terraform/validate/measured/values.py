"""What the provider itself checks of values and combinations at validate time, from the tables of measured facts.

Only constants are checked: literals, and what can be computed from literals and local values. Variables and resources are unknown to
``terraform validate`` and so to us.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.hcl.evaluate import text as as_text
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attribute, Block
from reviewgen.model.tree import Declaration, Tree
from reviewgen.records import dataclass
from reviewgen.terraform.schema.requirements import Providers
from reviewgen.terraform.schema.types import BlockSchema, NestedBlock

from ..configuration import Configuration
from ..diagnostics import make
from ..schemas.body import Context, brace, constant, effective, group, wholly_known
from ..schemas.schema import BLOCKS, declared, schema_of
from ..scope import Scope
from ..types.convert import mismatch
from . import combinations, facts, newer, predicates
from .combinations import Complaint, Presence
from .facts import Facts, Rows
from .newer import Newer
from .predicates import Place


def check(configuration: Configuration) -> Iterator[Diagnostic]:
    """Yield what providers would reject or warn of; types without facts are left alone."""
    providers = configuration.providers
    tables = facts.shipped()
    for module in configuration.modules:
        scope = Scope.of(configuration, module)
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
    key = f"{declaration.kind}.{declaration.type}"
    framework = any(key in bundle.framework for bundle in bundles)
    ctx = Context(lambda path: tree.files[path].data, scope.value, blocks=BLOCKS[declaration.kind], framework=framework)
    later = newer.of(key, table.version, providers.bundle(table.source, table.version), bundles)
    if later.rewritten:
        return
    walk = _Walk(declaration, table, rows, ctx, tree, later)
    yield from walk.body(declaration.block, schema, _Here())


@dataclass(frozen=True, slots=True)
class _Here:
    """Where a body is: its schema path, and what its arguments' names begin with in the two styles of messages.

    ``pointed`` is the body that is pointed at instead of what is inside a set: the older SDK cannot tell one element of a set from another.
    ``around`` is the body around this one: what the newer framework says of a body as a whole, Terraform places there.
    """

    path: str = ""
    dotted: str = ""
    bracketed: str = ""
    pointed: Block | None = None
    around: Block | None = None

    def step(self, nested: NestedBlock, position: int, pointed: Block | None, around: Block) -> _Here:
        """Return the place of one nested block."""
        single = nested.nesting in ("single", "group")
        dotted = f"{self.dotted}{nested.name}." if single else f"{self.dotted}{nested.name}.{position}."
        bracketed = f"{self.bracketed}{nested.name}." if single else f"{self.bracketed}{nested.name}[{position}]."
        return _Here(f"{self.path}{nested.name}.", dotted, bracketed, pointed, around)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One resource with the rows of its type; ``newer`` tells which of them still hold in the versions that may be in use."""

    declaration: Declaration
    table: Facts
    rows: Rows
    ctx: Context
    tree: Tree
    newer: Newer

    def body(self, block: Block, schema: BlockSchema, here: _Here) -> Iterator[Diagnostic]:
        """Yield what is wrong in a body and the bodies inside it.

        The older SDK stops at an argument when a combination is wrong, and when anything in it is unknown.
        """
        schema = effective(block, schema)
        ctx = self.ctx if not here.path else replace(self.ctx, blocks=frozenset())
        groups, _ = group(block, schema, ctx)
        values = {a.name: self.ctx.value(a.expr) for a in block.attributes.values() if a.name in schema.attributes}
        values = {name: value for name, value in values.items() if not mismatch(value, schema.attributes[name].type)}
        looked = {name for name, value in values.items() if ctx.framework or constant(value)}
        looked |= {
            name
            for name, found in groups.items()
            if found.certain and (ctx.framework or wholly_known(found, schema.blocks[name].block, ctx))
        }
        state = {name: _presence(value) for name, value in values.items()}
        for name, found in groups.items():
            state[name] = Presence.SET if found.certain and found.bodies else Presence.UNSET if found.certain else Presence.UNKNOWN
        stopped = set()
        for complaint, diagnostic in self._combinations(block, state, looked, here):
            stopped.add(complaint.name)
            yield diagnostic
        for name in sorted(looked - ({""} if ctx.framework else stopped)):
            if name in values:
                yield from self._value(block, block.attributes[name], values[name], here)
                continue
            nested = schema.blocks[name]
            pointed = here.pointed or (block if nested.nesting == "set" and not ctx.framework else None)
            for position, inner in enumerate(groups[name].bodies):
                yield from self.body(inner, nested.block, here.step(nested, position, pointed, block))

    def _value(self, block: Block, attribute: Attribute, value: Any, here: _Here) -> Iterator[Diagnostic]:
        path = f"{here.path}{attribute.name}"
        for row in self.table.of(self.declaration.kind, self.declaration.type, path):
            if row[0] in predicates.KINDS:
                for part, place in _parts(value, here, attribute.name):
                    if not self.newer.holds(row, path, part, self.table.lists):
                        continue
                    for said in predicates.messages(row, part, place, self.table.lists):
                        yield self._diagnostic("error", *said, here.pointed or block, None if here.pointed else attribute)

    def _combinations(
        self, block: Block, state: Mapping[str, Presence], looked: set[str], here: _Here
    ) -> Iterator[tuple[Complaint, Diagnostic]]:
        stopped: set[str] = set()
        given = {
            *block.attributes,
            *(inner.labels[0] if inner.type == "dynamic" and inner.labels else inner.type for inner in block.blocks),
        }
        for row in sorted(self.rows.get(here.path, ()), key=lambda row: bool(row[0] == "conflict")):
            if row[0] == "conflict" and (row[1] in stopped or row[1] not in looked):
                continue
            if not self.newer.binds(row, here.path, given):
                continue
            found = combinations.complaints(
                row,
                lambda name: state.get(name, Presence.UNSET),
                lambda name: here.dotted + name,
                lambda name: here.bracketed + name,
            )
            for complaint in found:
                stopped.add(complaint.name)
                attribute = None if here.pointed else block.attributes.get(complaint.name)
                said = complaint.severity, complaint.summary, complaint.detail
                whole = here.around if self.ctx.framework and not complaint.name else None
                yield complaint, self._diagnostic(*said, here.pointed or whole or block, attribute)

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
