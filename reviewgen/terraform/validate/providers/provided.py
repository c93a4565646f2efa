"""Which ``provider`` blocks have a user: Terraform looks at no others.

A resource names its configuration with ``provider``, or means the one without an alias. A module that declares none takes what its caller
hands over in ``providers``, and of those without an alias what the caller itself has.
"""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.hcl import Block
from reviewgen.terraform.schema.requirements import local_name

from ..configuration import Call, Configuration
from ..language.duplicates import alias_of
from ..language.provider_references import Reference, read
from .scopes import by_path

_USERS = frozenset({"resource", "data", "ephemeral"})
Place = tuple[Call, str]
"""A ``provider`` block: the module that has it, and its address there."""


def used(configuration: Configuration) -> frozenset[tuple[str, str]]:
    """Return the provider blocks that some resource uses, as (directory, local address): ``("", "provider.aws.west")``."""
    if configuration.used_providers is None:
        found = (provider_of(configuration, call, block) for call in configuration.calls for block in _resources(call.module.blocks))
        places = ((place[0].module.directory, place[1]) for place in found if place is not None)
        configuration.used_providers = frozenset(places)
    return configuration.used_providers


def _resources(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        if block.type in _USERS and len(block.labels) == 2:
            yield block
        elif block.type == "check":
            yield from _resources(block.blocks)


def provider_of(configuration: Configuration, call: Call, block: Block) -> Place | None:
    """Return the ``provider`` block that a resource uses, through the callers; None when there is none."""
    scopes = by_path(configuration)
    given = block.value("provider")
    reference = read(given) if given is not None else Reference(local_name(block, block.labels[0]))
    home: Call | None = call
    while home is not None and reference is not None:
        scope = scopes[home.path]
        found = scope.configured.get(reference.text) or scope.empty.get(reference.text)
        if found is not None:
            address = address_of(found)
            return (home, address) if address == f"provider.{reference.text}" else None
        passed = scope.passed.get(reference.text)
        if passed is None and reference.alias:
            return None
        home, reference = home.parent, passed.outer if passed is not None else reference
    return None


def address_of(block: Block) -> str:
    """Return the local address of a ``provider`` block; one whose alias is no constant has an address that nobody can name."""
    alias = alias_of(block) or ("?" if "alias" in block.attributes else "")
    return ".".join(["provider", block.labels[0], *([alias] if alias else [])])
