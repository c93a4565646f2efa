"""The provider's own words of what is deprecated; Terraform's schemas only tell that it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reviewgen.terraform.schema.types import BlockSchema, Type

from .forms import filler, form
from .provider import Provider

_SUMMARIES = frozenset({"Argument is deprecated", "Attribute Deprecated", "Deprecated Resource"})


def deprecations(provider: Provider, kind: str, name: str, schema: BlockSchema) -> Iterator[tuple[str, str]]:
    """Yield path (``resource.aws_eip.vpc``, for a whole type ``resource.aws_x``) and words of everything deprecated that can be set."""
    if schema.deprecated is not None:
        for said in provider.validate(kind, name, form(schema, lambda _path, _type: None)):
            if said.summary in _SUMMARIES and not said.path:
                yield f"{kind}.{name}", said.detail
    for path in _deprecated(schema, ""):
        for said in provider.validate(kind, name, form(schema, _only(path))):
            if said.summary in _SUMMARIES and ".".join(s for s in said.path if isinstance(s, str)) == path.rstrip("."):
                yield f"{kind}.{name}.{path.rstrip('.')}", said.detail
                break


def _deprecated(schema: BlockSchema, path: str) -> Iterator[str]:
    yield from (path + name for name, a in schema.attributes.items() if a.deprecated is not None and not a.read_only)
    for name, nested in schema.blocks.items():
        if nested.block.deprecated is not None:
            yield f"{path}{name}."
        yield from _deprecated(nested.block, f"{path}{name}.")


def _only(path: str) -> Any:
    def choose(at: str, kind: Type) -> Any:
        if kind.kind == "block":
            return True if path.startswith(at) else None
        return filler(kind) if at == path else None

    return choose
