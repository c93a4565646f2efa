"""Provider schemas: compact bundles, which of them answers for a tree, building them."""

from .bundle import Bundle, read
from .catalogue import Schemas, load, shipped
from .types import AttributeSchema, BlockSchema, NestedBlock, Type

__all__ = ["AttributeSchema", "BlockSchema", "Bundle", "NestedBlock", "Schemas", "Type", "load", "read", "shipped"]
