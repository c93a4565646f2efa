"""Resources, data sources and provider blocks against the provider's schema.

Where the version of a provider is open, several schemas are candidates: what is reported is what every one of them objects to, in the words of
the one that objects most mildly. Terraform stops at a resource's first class of errors; we go on, for the next one is as real.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Block
from reviewgen.model.tree import Declaration, Module, Tree
from reviewgen.terraform.schema import Bundle
from reviewgen.terraform.schema.requirements import Providers
from reviewgen.terraform.schema.types import BlockSchema

from ..configuration import Configuration
from ..diagnostics import did_you_mean, make
from ..providers.provided import used
from ..scope import Scope
from . import body
from .body import Context, Finding

_COMMON = frozenset({"count", "for_each", "provider", "depends_on"})
ARGUMENTS = {
    "resource": _COMMON,
    "data": _COMMON,
    "ephemeral": _COMMON,
    "provider": frozenset({"alias", "version", "count", "depends_on", "for_each", "source"}),
}
BLOCKS = {
    "resource": frozenset({"lifecycle", "connection", "provisioner", "locals", "_"}),
    "data": frozenset({"lifecycle", "locals", "_"}),
    "ephemeral": frozenset({"lifecycle", "locals", "_"}),
    "provider": frozenset({"lifecycle", "locals", "_"}),
}
_WORDS = {"resource": "resource type", "data": "data source", "ephemeral": "ephemeral resource type"}
_SUMMARIES = {"resource": "Invalid resource type", "data": "Invalid data source", "ephemeral": "Invalid ephemeral resource type"}


def check(configuration: Configuration) -> Iterator[Diagnostic]:
    """Yield what does not fit the schemas, module by module in file order; types without a bundle are left alone."""
    in_use = used(configuration)
    for module in configuration.modules:
        scope = Scope.of(configuration, module)
        for declaration in declared(module):
            if declaration.kind == "provider" and (declaration.module, declaration.local) not in in_use:
                continue  # Terraform leaves out what nobody uses
            yield from _declaration(declaration, configuration.providers, scope, configuration.tree)


def unchecked(configuration: Configuration) -> tuple[str, ...]:
    """Return the resource and data source types of reached modules that no bundle answers for, sorted."""
    found = {
        d.type
        for module in configuration.modules
        for d in declared(module)
        if d.kind in ("resource", "data") and not configuration.providers.of(d)
    }
    return tuple(sorted(found))


def declared(module: Module) -> Iterator[Declaration]:
    """Yield resources, data sources, ephemeral resources and provider blocks of a module, duplicates included."""
    for declaration in (*module.declarations.values(), *module.duplicates):
        if declaration.kind in ("resource", "data", "provider"):
            yield declaration
    for block in module.blocks:
        if block.type == "ephemeral" and len(block.labels) == 2:
            local = ".".join(["ephemeral", *block.labels])
            yield Declaration(module.prefix + local, "ephemeral", block.labels[0], block.labels[1], local, module.directory, block)


def _declaration(declaration: Declaration, providers: Providers, scope: Scope, tree: Tree) -> Iterator[Diagnostic]:
    block = declaration.block
    if not block.complete:
        return
    bundles = providers.of(declaration)

    def one(bundle: Bundle) -> list[Finding]:
        return list(_findings(declaration, bundle, scope, lambda path: tree.files[path].data))

    for finding in agreed(bundles, one):
        address = declaration.address if finding.provider else None
        if finding.provider and providers.source_of(declaration).startswith("builtin/"):
            yield from _own_read_only(declaration, finding)
            continue
        said = make(finding.severity, finding.summary, finding.detail, tree.files[finding.file], finding.start, finding.end, block, address)
        yield replace(said, refused=finding.refused) if finding.refused else said


def _own_read_only(declaration: Declaration, finding: Finding) -> Iterator[Diagnostic]:
    """Terraform's own resource refuses what is read-only in words of its own and names no place; its data source takes it."""
    if declaration.kind == "resource":
        yield Diagnostic("error", f'"{finding.path[-1]}" attribute is read-only')


def agreed(bundles: Sequence[Bundle], one: Callable[[Bundle], list[Finding]]) -> Iterable[Finding]:
    """Return what all candidates object to, each in the mildest words.

    Args:
        bundles: The candidates.
        one: Gives what one candidate objects to.
    """
    if not bundles:
        return []
    found = one(bundles[0])
    refusing = bundles[:1]
    for bundle in bundles[1:]:
        if not found:
            return []
        others = {f.path: f for f in one(bundle)}
        kept: list[Finding] = []
        for finding in found:
            other = _covering(finding, others)
            if other is not None:
                kept.append(_milder(finding, other, [b.version for b in refusing], bundle.version))
            elif finding.severity == "error":
                kept.extend(_inside(finding, others))
        found = kept
        refusing = (*refusing, bundle)
    return found


def _milder(finding: Finding, other: Finding, before: Sequence[str], version: str) -> Finding:
    """Return the milder one of what earlier candidates and a further one say of a place, with the versions that say an error there."""
    if finding.severity == other.severity:
        return finding
    if other.severity == "warning":
        return replace(other, refused=tuple(before))
    return replace(finding, refused=(*finding.refused, version))


def _inside(finding: Finding, others: dict[body.Path, Finding]) -> list[Finding]:
    """Return the errors that another candidate, which knows the body that this one refuses as a whole, finds in it."""
    return [o for o in others.values() if o.severity == "error" and o.path[: len(finding.path)] == finding.path]


def _covering(finding: Finding, others: dict[body.Path, Finding]) -> Finding | None:
    """Return what another candidate says of the same place, or of a body around it."""
    for length in range(len(finding.path), -1, -1):
        other = others.get(finding.path[:length])
        if other is not None and (length == len(finding.path) or other.severity == "error"):
            return other
    return None


def _findings(declaration: Declaration, bundle: Bundle, scope: Scope, data: Callable[[str], bytes]) -> Iterator[Finding]:
    block, kind = declaration.block, declaration.kind
    schema = schema_of(declaration, bundle)
    if schema is None:
        if kind not in bundle.partial:
            yield _invalid_type(block, kind, bundle, data)
        return
    framework = f"{kind}.{declaration.type}" in bundle.framework
    ctx = Context(data, scope.value, ARGUMENTS[kind], BLOCKS[kind], framework)
    if schema.deprecated is not None and kind != "provider":
        yield Finding(
            ("", ""), "warning", "Deprecated Resource", schema.deprecated, block.file, block.start, block.header_end, provider=True
        )
    yield from body.check(block, schema, ctx)


def schema_of(declaration: Declaration, bundle: Bundle) -> BlockSchema | None:
    """Return the schema of a declaration's body, None when the provider has no such type."""
    if declaration.kind == "provider":
        return bundle.provider_config()
    if declaration.kind == "resource":
        return bundle.resource(declaration.type)
    return bundle.data(declaration.type) if declaration.kind == "data" else bundle.ephemeral(declaration.type)


def _invalid_type(block: Block, kind: str, bundle: Bundle, data: Callable[[str], bytes]) -> Finding:
    name = block.labels[0]
    types = {"resource": bundle.resource_types, "data": bundle.data_types, "ephemeral": bundle.ephemeral_types}[kind]
    hint = did_you_mean(name, types)
    if kind == "resource" and name in bundle.data_types:
        hint = _instead(f'data source "{name}"', "data", "resource")
    elif kind == "data" and name in bundle.resource_types:
        hint = _instead(f'managed resource type "{name}"', "resource", "data")
    provider = f"terraform.io/{bundle.source}" if bundle.source.startswith("builtin/") else bundle.source
    detail = f'The provider {provider} does not support {_WORDS[kind]} "{name}".{hint}'
    start, end = body.label(block, data(block.file), 0)
    return Finding((), "error", _SUMMARIES[kind], detail, block.file, start, end)


def _instead(what: str, right: str, wrong: str) -> str:
    return f'\n\nDid you intend to use the {what}? If so, declare this using a "{right}" block instead of a "{wrong}" block.'
