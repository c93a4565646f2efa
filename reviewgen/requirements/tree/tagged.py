"""Which tags each resource of a tree carries: its own, and those that its provider gives to all."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property

from reviewgen.hcl import UNKNOWN
from reviewgen.model.hcl import Attr, Call, Expression, Object, Traversal
from reviewgen.model.tree import Declaration
from reviewgen.terraform.schema import shipped

from .conditions import Evidence
from .settled import is_set

_PROVIDER = "provider.aws"
_SOURCE = "hashicorp/aws"
# Auto Scaling groups take their tags as blocks.
_BLOCKS = "tag"
_DEEPEST = 8


class Tagged:
    """The tags of a tree's resources."""

    def __init__(self, evidence: Evidence) -> None:
        """Look at a tree."""
        self.evidence = evidence
        self.graph = evidence.graph

    @cached_property
    def taggable(self) -> tuple[Declaration, ...]:
        """The resources of AWS that come into being and whose type carries tags in all versions of the provider that are known."""
        bundles = [bundle for version in shipped().versions(_SOURCE) if (bundle := shipped().bundle(_SOURCE, version)) is not None]
        found = (d for d in self.graph.of_kind("resource") if d.type.startswith("aws_") and self.evidence.exists(d))
        return tuple(d for d in found if all((s := b.resource(d.type)) is not None and "tags" in s.attributes for b in bundles))

    def lacks(self, declaration: Declaration, keys: Collection[str]) -> list[str] | None:
        """Return the keys that a resource certainly does not carry; None when that is not certain."""
        own = self._own(declaration)
        given = self._given(declaration)
        if own is None or given is None:
            known = (own or set()) | (given or set())
            return None if any(not _among(key, known) for key in keys) else []
        return [key for key in keys if not _among(key, own | given)]

    def _own(self, declaration: Declaration) -> set[str] | None:
        expr = declaration.block.value("tags")
        blocks = {str(self.graph.constant(b.value("key"), declaration.module)) for b in declaration.block.nested(_BLOCKS)}
        return blocks if expr is None else self._keys(expr, declaration.module)

    def _keys(self, expr: Expression | None, module: str, depth: int = 0) -> set[str] | None:
        """Return the keys of a map; None when they depend on what whoever applies the stack chooses."""
        if depth > _DEEPEST or expr is None:
            return None
        if isinstance(expr, Object):
            keys = [self.graph.constant(key, module) for key, _ in expr.items]
            return {str(key) for key in keys} if UNKNOWN not in keys else None
        if isinstance(expr, Call) and expr.name in ("merge", "tomap") and not expr.expand:
            parts = [self._keys(arg, module, depth + 1) for arg in expr.args]
            return set().union(*(p for p in parts if p is not None)) if None not in parts else None
        if isinstance(expr, Traversal) and len(expr.steps) == 1:
            return self._named(expr, module, depth)
        return None

    def _named(self, traversal: Traversal, module: str, depth: int) -> set[str] | None:
        found = self.graph.resolve(traversal, module)
        if found is None or (found.kind == "variable" and is_set(self.graph, found.name)):
            return None
        given = list(self.graph.behind(found, traversal))
        default = found.block.value("default") if found.kind == "variable" else None
        if not given and default is not None:
            given = [(default, found.module)]
        return self._keys(*given[0], depth + 1) if len(given) == 1 else None

    def _given(self, declaration: Declaration) -> set[str] | None:
        """Return the keys that a resource's provider gives to all; None when it is not certain which provider that is."""
        providers = self._defaults
        if not any(keys != set() for keys in providers.values()):
            return set()
        sets = list(providers.values())
        if all(keys == sets[0] for keys in sets):
            return sets[0]
        if declaration.module != self.graph.tree.root:
            return None
        named = declaration.block.value("provider")
        step = named.steps[0] if isinstance(named, Traversal) and named.steps else None
        return providers.get(f"{_PROVIDER}.{step.name}" if isinstance(step, Attr) else _PROVIDER)

    @cached_property
    def _defaults(self) -> dict[str, set[str] | None]:
        return {d.address: self._default(d) for d in self.graph.of_kind("provider") if d.type == "aws"}

    def _default(self, provider: Declaration) -> set[str] | None:
        found: set[str] = set()
        for block in provider.block.nested("default_tags"):
            keys = self._keys(block.value("tags"), provider.module)
            if keys is None:
                return None
            found |= keys
        return found


def _among(key: str, keys: Collection[str]) -> bool:
    return _plain(key) in {_plain(k) for k in keys}


def _plain(key: str) -> str:
    return re.sub(r"[-_\s]", "", key).lower()
