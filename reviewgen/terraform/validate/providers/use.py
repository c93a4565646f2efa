"""Whether each resource finds the provider configuration that it names: in its module, handed over by the caller, or inherited."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Block

from ..configuration import Configuration
from ..language.provider_references import Reference, read
from .scopes import Scope, by_path

_RESOURCES = frozenset({"resource", "data", "ephemeral"})
_REMOVED = (
    "To work with {0} its original provider configuration at {1} is required, but it has been removed. This occurs when a provider "
    "configuration is removed while objects created by that provider still exist in the state. Re-add the provider configuration to destroy "
    "{0}, after which you can remove the provider configuration again."
)


def check(configuration: Configuration) -> Iterator[Diagnostic]:
    """Yield an error for each resource whose provider configuration is nowhere; Terraform names no place."""
    known = by_path(configuration)
    for scope in known.values():
        parent = known.get(scope.call.path[:-1]) if scope.call.parent is not None else None
        if parent is not None:
            yield from _handed_over(scope, parent, _unread(configuration, parent))
        unread = _unread(configuration, scope)
        for block in _resources(scope.call.module.blocks):
            yield from _resource(scope, block, unread)


def _unread(configuration: Configuration, scope: Scope) -> str:
    """Return the text of a module's files that do not parse: a configuration may stand in it that nobody sees as a block."""
    broken = (path for path in sorted(configuration.broken) if posixpath.dirname(path) == scope.call.module.directory)
    return "\n".join(configuration.tree.files[path].text for path in broken)


def _may_be_unread(alias: str, unread: str) -> bool:
    """Whether a text that does not parse may hold a configuration: for an alias its name, or that of what callers hand over, stands in it."""
    if not alias or "configuration_aliases" in unread:
        return bool(unread)
    return re.search(rf'\balias"?\s*[=:]\s*"?{re.escape(alias)}\b', unread) is not None


def _handed_over(scope: Scope, parent: Scope, unread: str) -> Iterator[Diagnostic]:
    """Yield an error for what the caller passes and does not have."""
    have = parent.present
    if not parent.call.path:  # only the root has a configuration for what it merely requires
        have = have | {(requirement.source, "") for requirement in parent.required.values()}
    for pair in scope.passed.values():
        key = parent.key(pair.outer)
        if key not in have and not _may_be_unread(pair.outer.alias, unread):
            yield Diagnostic("error", f"missing provider {_address(parent, *key)}")


def _resources(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        if block.type in _RESOURCES and len(block.labels) == 2:
            yield block
        elif block.type == "check":
            yield from _resources(block.blocks)


def _resource(scope: Scope, block: Block, unread: str) -> Iterator[Diagnostic]:
    """Without an alias a configuration is inherited, and the root always has one."""
    expr = block.value("provider")
    reference = read(expr) if expr is not None else Reference(block.labels[0].partition("_")[0])
    if reference is None or not reference.alias:
        return
    key = scope.key(reference)
    if key not in scope.present and not _may_be_unread(reference.alias, unread):
        local = ".".join(block.labels if block.type == "resource" else (block.type, *block.labels))
        address = ".".join(filter(None, [scope.call.address, local]))
        yield Diagnostic("error", "Provider configuration not present", _REMOVED.format(address, _address(scope, *key)))


def _address(scope: Scope, source: str, alias: str) -> str:
    module = f"{scope.call.address}." if scope.call.path else ""
    return f'{module}provider["{source}"]' + (f".{alias}" if alias else "")
