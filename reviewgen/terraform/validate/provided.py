"""Which ``provider`` blocks have a user: Terraform looks at no others.

A resource names its configuration with ``provider``, or means the one without an alias. A module that declares none takes what its caller
hands over in ``providers``, and of those without an alias what the caller itself has.
"""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.hcl import Attr, Block, Expression, Literal, Object, Traversal
from reviewgen.terraform.schema.requirements import local_name

from .configuration import Call, Configuration

_USERS = frozenset({"resource", "data", "ephemeral"})


def used(configuration: Configuration) -> frozenset[tuple[str, str]]:
    """Return the provider blocks that some resource uses, as (directory, local address): ``("", "provider.aws.west")``."""
    found = {place for call in configuration.calls for name in _asked(call) if (place := _source(call, name)) is not None}
    return frozenset(found)


def _asked(call: Call) -> set[str]:
    """Return the configurations that the resources of a module name: ``aws``, ``aws.west``."""
    return {configured(block.value("provider")) or local_name(block, block.labels[0]) for block in _resources(call.module.blocks)}


def _resources(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        if block.type in _USERS and len(block.labels) == 2:
            yield block
        elif block.type == "check":
            yield from _resources(block.blocks)


def configured(expr: Expression | None) -> str:
    """Return the configuration that an expression names, ``aws.west``; empty when it names none."""
    if isinstance(expr, Traversal):
        return ".".join([expr.root, *(step.name for step in expr.steps[:1] if isinstance(step, Attr))])
    return expr.value if isinstance(expr, Literal) and isinstance(expr.value, str) else ""


def _source(call: Call, name: str) -> tuple[str, str] | None:
    """Return the block that a name leads to, through the callers."""
    home: Call | None = call
    while home is not None:
        if f"{home.module.prefix}provider.{name}" in home.module.declarations:
            return home.module.directory, f"provider.{name}"
        handed = _handed(home.block, name)
        if not handed and "." in name:
            return None
        home, name = home.parent, handed or name
    return None


def _handed(block: Block | None, name: str) -> str:
    providers = block.value("providers") if block is not None else None
    for key, value in providers.items if isinstance(providers, Object) else ():
        if configured(key) == name:
            return configured(value)
    return ""
