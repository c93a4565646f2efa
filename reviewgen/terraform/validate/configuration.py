"""A tree as Terraform loads it: the modules that the root reaches, the calls that reach them, and how a message gets its place."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attribute, Block, Expression
from reviewgen.model.source import SourceFile
from reviewgen.model.tree import Module, Tree
from reviewgen.records import dataclass
from reviewgen.terraform.graph import Graph
from reviewgen.terraform.schema import Schemas
from reviewgen.terraform.schema.requirements import Providers
from reviewgen.terraform.tree import local_source

from . import places
from .diagnostics import make

if TYPE_CHECKING:
    from .providers.scopes import Scope as ProviderScope
    from .scope import Scope

_DEEPEST = 8  # a module that calls itself would never end; Terraform refuses it at init
_MOST_CALLS = 400


@dataclass(frozen=True, eq=False)
class Call:
    """One way from the root to a module.

    Attributes:
        path: Names of the calls from the root; empty for the root.
        module: The module that is called.
        block: The ``module`` block; None for the root.
        parent: The call of the module that holds the block; None for the root.
    """

    path: tuple[str, ...]
    module: Module
    block: Block | None = None
    parent: Call | None = None

    @property
    def address(self) -> str:
        """The address of the module: empty for the root, ``module.a.module.b``."""
        return ".".join(f"module.{name}" for name in self.path)

    @property
    def text(self) -> str:
        """What messages call the module."""
        return self.address or "the root module"


class Configuration:
    """What all checks need to know of a tree."""

    def __init__(self, tree: Tree, graph: Graph, schemas: Schemas, whole: Tree | None = None) -> None:
        """Read-only; what is asked once is kept."""
        self.tree = tree
        self.whole = whole
        self.graph = graph
        self.schemas = schemas
        self.provider_scopes: dict[tuple[str, ...], ProviderScope] = {}  # kept by ``provider_scopes.by_path``
        self.scopes: dict[tuple[str, ...], Scope] = {}  # kept by ``Scope.of_call``
        self.used_providers: frozenset[tuple[str, str]] | None = None  # kept by ``provided.used``

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """The modules that the root reaches, the root first."""
        return tuple(m for m in self.tree.modules.values() if m.reached)

    @cached_property
    def providers(self) -> Providers:
        """Which schemas answer for which provider names."""
        return Providers(self.tree, self.schemas, self.whole)

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """All ways from the root to modules, the root first, callers before what they call."""
        root = self.tree.modules.get(self.tree.root)
        found = [Call((), root)] if root is not None else []
        for call in found:
            if len(call.path) < _DEEPEST and len(found) < _MOST_CALLS:
                found.extend(self._called(call))
        return tuple(found)

    def _called(self, parent: Call) -> Iterator[Call]:
        for block in module_blocks(parent.module):
            target = local_source(block, parent.module.directory)
            module = self.called(target) if target is not None else None
            if module is not None:
                yield Call((*parent.path, block.labels[0]), module, block, parent)

    def called(self, directory: str) -> Module | None:
        """Return the module of a directory: an empty one for a directory without configuration, None when nothing of it is delivered."""
        found = self.tree.modules.get(directory)
        if found is None and any(path.startswith(f"{directory}/") for path in self.tree.files):
            return Module(directory, "", True, (), {}, {})
        return found

    @cached_property
    def broken(self) -> frozenset[str]:
        """Files that do not parse: what they declare is not known for certain."""
        found = {d.range.filename for d in self.tree.diagnostics if d.range is not None and d.severity == "error"}
        return frozenset(found | {b.file for m in self.tree.modules.values() for b in m.blocks if not b.complete})

    @cached_property
    def unreadable(self) -> frozenset[str]:
        """Directories of modules in which a file does not parse."""
        return frozenset(map(posixpath.dirname, self.broken))

    def text(self, module: Module) -> str:
        """Return what messages call a module, by the first call that reaches it."""
        return module.prefix.rstrip(".") or "the root module"

    def file(self, block: Block, attribute: Attribute | None = None) -> SourceFile:
        """Return the file in which a block, or an argument of it, stands."""
        return self.tree.files[(attribute.file if attribute else "") or block.file]

    def shown(self, path: str) -> str:
        """Return a file's name as Terraform sees it from the root directory."""
        return posixpath.relpath(path, self.tree.root) if self.tree.root else path

    def written(self, file: SourceFile, start: int, end: int) -> str:
        """Return a place as messages write it."""
        return places.written(file, self.shown(file.path), start, end)

    def header(self, block: Block) -> str:
        """Return where a block is declared, as messages write it."""
        return self.written(self.file(block), block.start, block.header_end)

    def error(
        self, summary: str, detail: str, file: SourceFile, span: places.Span, top: Block | None = None, severity: str = "error"
    ) -> Diagnostic:
        """Return a diagnostic.

        Args:
            summary: Terraform's summary.
            detail: Terraform's detail.
            file: The file it is about.
            span: The stretch it is about.
            top: The top-level block around it; what begins with the block has none around it.
            severity: ``error`` or ``warning``.
        """
        inside = top is not None and (top.file != file.path or top.start < span[0])
        return make(severity, summary, detail, file, span[0], span[1], top if inside else None)

    def at(self, summary: str, detail: str, expr: Expression, file: SourceFile, top: Block | None, severity: str = "error") -> Diagnostic:
        """Return a diagnostic about an expression."""
        return self.error(summary, detail, file, places.of_expression(expr, file.data), top, severity)


def module_blocks(module: Module) -> Iterator[Block]:
    """Yield the ``module`` blocks that have a name."""
    for block in module.blocks:
        if block.type == "module" and len(block.labels) == 1:
            yield block
