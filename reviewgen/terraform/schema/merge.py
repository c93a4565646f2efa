"""What a package cannot tell of a version, taken from a neighbouring version that Terraform itself described.

Two packages, one of the version sought and one of a version whose exact schema is known, lose the same things. Where both say the same of
an attribute or a block, the exact schema speaks; where they differ, the package of the version sought does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .build import ProviderSchema
from .types import AttributeSchema, BlockSchema, NestedBlock


def merge(sought: ProviderSchema, same: ProviderSchema, exact: ProviderSchema) -> ProviderSchema:
    """Complete a package's schema.

    Args:
        sought: From the package of the version sought.
        same: From the package of the neighbouring version.
        exact: From Terraform, of the neighbouring version.
    """
    return replace(
        sought,
        origin=f"{sought.origin}; where unchanged since {exact.version}: {exact.origin}",
        config=_block(sought.config, same.config, exact.config),
        resources=_blocks(sought.resources, same.resources, exact.resources),
        data=_blocks(sought.data, same.data, exact.data),
        ephemeral=sought.ephemeral or exact.ephemeral,
    )


def _blocks(sought: Mapping[str, BlockSchema], same: Mapping[str, BlockSchema], exact: Mapping[str, BlockSchema]) -> dict[str, BlockSchema]:
    return {name: _block(block, same[name], exact[name]) if name in same and name in exact else block for name, block in sought.items()}


def _block(sought: BlockSchema, same: BlockSchema, exact: BlockSchema) -> BlockSchema:
    attributes: dict[str, AttributeSchema] = {}
    blocks: dict[str, NestedBlock] = {}
    for name, attribute in sought.attributes.items():
        if attribute == same.attributes.get(name):
            _take(name, exact, attributes, blocks)
        else:
            attributes[name] = attribute
    for name, nested in sought.blocks.items():
        before, known = same.blocks.get(name), exact.blocks.get(name)
        if before is not None and known is not None:
            blocks[name] = _nested(nested, before, known)
        elif before == nested:
            _take(name, exact, attributes, blocks)
        else:
            blocks[name] = nested
    return BlockSchema(attributes, blocks, exact.deprecated)


def _take(name: str, exact: BlockSchema, attributes: dict[str, AttributeSchema], blocks: dict[str, NestedBlock]) -> None:
    """Take over what the exact schema has under a name, be it an attribute or a block."""
    if name in exact.attributes:
        attributes[name] = exact.attributes[name]
    elif name in exact.blocks:
        blocks[name] = exact.blocks[name]


def _nested(sought: NestedBlock, same: NestedBlock, exact: NestedBlock) -> NestedBlock:
    limits = (sought.nesting, sought.min_items, sought.max_items) == (same.nesting, same.min_items, same.max_items)
    chosen = exact if limits else sought
    return replace(chosen, block=_block(sought.block, same.block, exact.block))
