"""Which bundles answer for the providers that a tree names: ``required_providers``, the lock file, implied providers."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from reviewgen import hcl
from reviewgen.model.diagnostic import Held
from reviewgen.model.hcl import Block, Expression, Literal, Object, Traversal
from reviewgen.model.tree import Declaration, Module, Tree
from reviewgen.records import dataclass

from .bundle import Bundle
from .catalogue import Schemas, implied
from .versions import Interval, Version, admits, interval, parse

LOCK_FILE = ".terraform.lock.hcl"
# Words with which references to values begin; followed by one name they may be a provider's, followed by more they are not.
_VALUES = frozenset({"local", "var", "each", "module", "data"})


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a tree asks of one provider: all version constraints, and the version of the lock file."""

    constraints: tuple[str, ...] = ()
    locked: str | None = None


@dataclass(frozen=True, slots=True)
class Constraint:
    """A version constraint of a provider: its text, the module and block where it stands, and the argument there."""

    source: str
    text: str
    module: str
    block: Block
    attribute: str


@dataclass(frozen=True, slots=True)
class Lock:
    """What a lock file has chosen of one provider: its address with the registry and without it, the version, and its line."""

    address: str
    source: str
    version: str
    line: int


class Providers:
    """The providers of a tree, by module and local name."""

    def __init__(self, tree: Tree, schemas: Schemas, whole: Tree | None = None) -> None:
        """Collect what the reached modules require; what they leave open, the tree says of which they are a part."""
        self._schemas = schemas
        self._sources = {m.directory: dict(_sources(m)) for m in tree.modules.values()}
        self._required = {**(_requirements(whole) if whole is not None else {}), **_requirements(tree)}
        self._candidates: dict[str, tuple[Bundle, ...]] = {}
        self._bundles: dict[tuple[str, str], tuple[Bundle, ...]] = {}

    def source(self, module: str, name: str) -> str:
        """Return the source address behind a local name; undeclared names are HashiCorp's, or Terraform's own."""
        return self._sources.get(module, {}).get(name, implied(name))

    def declares(self, module: str, name: str) -> bool:
        """Whether a module names a provider in ``required_providers``."""
        return name in self._sources.get(module, {})

    def bundles(self, module: str, name: str) -> tuple[Bundle, ...]:
        """Return the candidate bundles of a local name; empty when no bundle is there."""
        found = self._bundles.get((module, name))
        if found is None:
            found = self._bundles[module, name] = self._of_source(self.source(module, name))
        return found

    def _of_source(self, source: str) -> tuple[Bundle, ...]:
        found = self._candidates.get(source)
        if found is None:
            required = self._required.get(source, Requirement())
            found = self._candidates[source] = self._schemas.candidates(source, required.constraints, required.locked)
        return found

    def older(self) -> tuple[Held, ...]:
        """Return the providers of which the tree allows only versions older than every bundle."""
        return tuple(
            Held(_name(source), ", ".join(constraints), known[0][0])
            for source, constraints, known, allowed in self._allowed()
            if allowed.high <= (known[0][0], 0, 0)
        )

    def outdated(self) -> tuple[str, ...]:
        """Return the providers of which the tree allows only versions older than the newest bundle, and none of which there is a bundle."""
        return tuple(
            _name(source)
            for source, _, known, allowed in self._allowed()
            if allowed.high <= max(known) and not any(allowed.allows(version) for version in known)
        )

    def _allowed(self) -> Iterator[tuple[str, tuple[str, ...], list[Version], Interval]]:
        """Yield the providers with bundles that the tree constrains: the constraints, the versions of the bundles, what is allowed."""
        for source, required in self._required.items():
            constraints = (required.locked,) if required.locked else required.constraints
            known = [parse(version) for version in self._schemas.versions(source)]
            allowed = interval(constraints)
            if known and not allowed.empty:
                yield source, constraints, known, allowed

    def bundle(self, source: str, version: str) -> Bundle | None:
        """Return the bundle of one version of a provider, be it a candidate or not."""
        return self._schemas.bundle(source, version)

    def source_of(self, declaration: Declaration) -> str:
        """Return the source address of the provider of a resource, data source or provider block."""
        return self.source(declaration.module, local_name(declaration.block, declaration.type))

    def of(self, declaration: Declaration) -> tuple[Bundle, ...]:
        """Return the candidate bundles of a resource, data source or provider block."""
        return self.bundles(declaration.module, local_name(declaration.block, declaration.type))


def _name(source: str) -> str:
    return source.rpartition("/")[2]


def local_name(block: Block, kind: str) -> str:
    """Return the local name of the provider of a resource: from ``provider = aws.dr``, otherwise the type's first word.

    A value that is to choose one, as in ``local.chosen["dr"]``, is no reference to a configuration and names no provider.
    """
    if block.type != "provider":
        expr = block.value("provider")
        if isinstance(expr, Traversal) and not (expr.root in _VALUES and len(expr.steps) > 1):
            return expr.root
        if isinstance(expr, Literal) and isinstance(expr.value, str):
            return expr.value.partition(".")[0]
    return kind.partition("_")[0]


def _required_providers(module: Module) -> Iterator[tuple[Block, str, Expression]]:
    for block in module.blocks:
        if block.type == "terraform":
            for inner in block.blocks:
                if inner.type == "required_providers":
                    yield from ((inner, name, attribute.expr) for name, attribute in inner.attributes.items())


def _sources(module: Module) -> Iterator[tuple[str, str]]:
    for _, name, expr in _required_providers(module):
        source = _texts(expr).get("source")
        if source:
            yield name, "/".join(source.lower().split("/")[-2:]) if "/" in source else f"hashicorp/{source.lower()}"


def _requirements(tree: Tree) -> dict[str, Requirement]:
    """Return what a tree asks of each provider; a lock that its own constraints exclude chooses nothing, as after ``terraform init -upgrade``."""
    constraints: dict[str, list[str]] = {}
    for constraint in constraints_of(tree):
        constraints.setdefault(constraint.source, []).append(constraint.text)
    chosen = {lock.source: lock.version for lock in locks(tree) if admits(constraints.get(lock.source, ()), lock.version) is not False}
    return {source: Requirement(tuple(constraints.get(source, ())), chosen.get(source)) for source in constraints.keys() | chosen.keys()}


def constraints_of(tree: Tree) -> Iterator[Constraint]:
    """Yield the version constraints of providers in the modules that the root reaches, as far as they are texts."""
    for module in tree.modules.values():
        if not module.reached:
            continue
        sources = dict(_sources(module))
        for block, name, expr in _required_providers(module):
            version = expr.value if isinstance(expr, Literal) else _texts(expr).get("version")
            if isinstance(version, str):
                yield Constraint(sources.get(name, f"hashicorp/{name}"), version, module.directory, block, name)
        for block in module.blocks:
            version = _text(block.value("version")) if block.type == "provider" and block.labels else None
            if version:
                yield Constraint(sources.get(block.labels[0], f"hashicorp/{block.labels[0]}"), version, module.directory, block, "version")


def locks(tree: Tree) -> Iterator[Lock]:
    """Yield the versions that the lock file beside the root module has chosen; its blocks are no configuration."""
    file = tree.files.get(posixpath.join(tree.root, LOCK_FILE))
    for block in hcl.read(file).blocks if file else ():
        version = _text(block.value("version"))
        if block.type == "provider" and block.labels and version:
            yield Lock(block.labels[0], "/".join(block.labels[0].split("/")[-2:]), version, block.attributes["version"].line)


def _texts(expr: Expression) -> dict[str, str]:
    items = expr.items if isinstance(expr, Object) else ()
    found = {_text(key): _text(value) for key, value in items}
    return {key: value for key, value in found.items() if key and value}


def _text(expr: Expression | None) -> str | None:
    return expr.value if isinstance(expr, Literal) and isinstance(expr.value, str) else None
