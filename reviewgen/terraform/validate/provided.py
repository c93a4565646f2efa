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


Place = tuple[Call, str]
"""A ``provider`` block: the module that has it, and its address there."""


def used(configuration: Configuration) -> frozenset[tuple[str, str]]:
    """Return the provider blocks that some resource uses, as (directory, local address): ``("", "provider.aws.west")``."""
    found = (provider_of(call, block) for call in configuration.calls for block in _resources(call.module.blocks))
    return frozenset((place[0].module.directory, place[1]) for place in found if place is not None)


def _resources(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        if block.type in _USERS and len(block.labels) == 2:
            yield block
        elif block.type == "check":
            yield from _resources(block.blocks)


def provider_of(call: Call, block: Block) -> Place | None:
    """Return the ``provider`` block that a resource uses, through the callers; None when there is none."""
    name = configured(block.value("provider")) or local_name(block, block.labels[0])
    home: Call | None = call
    while home is not None:
        if f"{home.module.prefix}provider.{name}" in home.module.declarations:
            return home, f"provider.{name}"
        handed = _handed(home.block, name)
        if not handed and "." in name:
            return None
        home, name = home.parent, handed or name
    return None


def address_of(block: Block) -> str:
    """Return the local address of a ``provider`` block."""
    alias = configured(block.value("alias"))
    return ".".join(["provider", block.labels[0], *([alias] if alias else [])])


def configured(expr: Expression | None) -> str:
    """Return the configuration that an expression names, ``aws.west``; empty when it names none."""
    if isinstance(expr, Traversal):
        return ".".join([expr.root, *(step.name for step in expr.steps[:1] if isinstance(step, Attr))])
    return expr.value if isinstance(expr, Literal) and isinstance(expr.value, str) else ""


def _handed(block: Block | None, name: str) -> str:
    providers = block.value("providers") if block is not None else None
    for key, value in providers.items if isinstance(providers, Object) else ():
        if configured(key) == name:
            return configured(value)
    return ""
