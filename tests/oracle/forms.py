"""Configurations to ask a provider about: one resource with some arguments set to probes, the rest absent or unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reviewgen.terraform.schema.types import AttributeSchema, BlockSchema, NestedBlock, Type
from reviewgen.terraform.validate.schemas.body import as_block, block_like

from .provider import UNKNOWN

Choose = Callable[[str, Type], Any]
"""Gives the value of the argument at a schema path (``rule.status``), or tells whether a block (``rule.``) is wanted; None for no."""

_FILLERS: dict[str, Any] = {"string": "a", "number": 1, "bool": True}


def form(schema: BlockSchema, choose: Choose, path: str = "", known: bool = False, fill: Choose | None = None) -> dict[str, Any]:
    """Return a configuration as the protocol wants it: every name of the schema, None for what is not set.

    What is required and not chosen is unknown, so that nothing is said of it; but not in nested blocks, for the older SDK says nothing at all
    of blocks with an unknown value inside.

    Args:
        schema: The body.
        choose: Gives the values.
        path: Schema path of the body, with a dot behind it.
        known: Whether the body is a nested one.
        fill: Gives the values of what is required in nested blocks and not chosen, None for one that only has the type.
    """
    config = {name: _value(attribute, choose, path + name, known, fill) for name, attribute in schema.attributes.items()}
    for name, nested in schema.blocks.items():
        config[name] = _blocks(nested, choose, f"{path}{name}.", fill)
    return config


def _blocks(nested: NestedBlock, choose: Choose, path: str, fill: Choose | None) -> Any:
    wanted = choose(path, Type("block")) is not None
    count = max(nested.min_items, 1) if wanted or nested.min_items else 0
    bodies = [form(nested.block, choose, path, known=True, fill=fill) for _ in range(count)]
    if nested.nesting in ("single", "group"):
        return bodies[0] if bodies else None
    if nested.nesting == "map":
        return {"k": bodies[0]} if bodies else {}
    return bodies


def _value(attribute: AttributeSchema, choose: Choose, path: str, known: bool, fill: Choose | None) -> Any:
    if attribute.read_only:
        return None
    if nested_type(attribute.type) and choose(f"{path}.", Type("block")) is not None:
        return [form(as_block(attribute.type), choose, f"{path}.", known=True, fill=fill)]
    value = choose(path, attribute.type)
    if value is None and attribute.required:
        filled = fill(path, attribute.type) if fill is not None and known else None
        return filled if filled is not None else filler(attribute.type) if known else UNKNOWN
    return value


def nested_type(kind: Type) -> bool:
    """Whether an argument holds bodies: a list or set of objects."""
    return block_like(kind)


def filler(kind: Type) -> Any:
    """Return a known value of a type."""
    if kind.kind in ("list", "set", "tuple"):
        return [filler(kind.element)] if kind.element is not None else []
    if kind.kind == "map":
        return {}
    if kind.kind == "object":
        return {name: filler(inner) for name, inner in kind.attributes.items()}
    return _FILLERS.get(kind.kind, "a")
