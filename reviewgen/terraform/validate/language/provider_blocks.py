"""``provider`` blocks as far as no provider is needed: names, aliases, what Terraform keeps for later."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.diagnostic import Diagnostic

from ..places import NAME
from . import names, resources, static
from .constraints import wrong_constraint
from .duplicates import alias_of
from .frame import Frame

_RESERVED = ("count", "depends_on", "for_each", "source")
_VERSION = (
    "Version constraints inside provider configuration blocks are deprecated",
    "Terraform 0.13 and earlier allowed provider version constraints inside the provider configuration block, but that is now deprecated "
    "and will be removed in a future version of Terraform. To silence this warning, move the provider version constraint into the "
    "required_providers block.",
)


def provider(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with a ``provider`` block; with a name that no provider can have Terraform looks no further."""
    problem = names.provider_problem(frame.block.labels[0])
    if problem:
        yield frame.at_header("Invalid provider local name", problem)
        return
    yield from static.text(frame, "alias")
    if "alias" in frame.block.attributes and not NAME.fullmatch(alias_of(frame.block)):
        yield frame.nowhere(*names.ALIAS)
    version = frame.block.attributes.get("version")
    if version is not None:
        yield frame.at(version, version.expr, *_VERSION, "warning")
        yield from wrong_constraint(frame, version)
    for attribute in frame.block.attributes.values():
        if attribute.name in _RESERVED:
            detail = f'The provider argument name "{attribute.name}" is reserved for use by Terraform in a future version.'
            yield frame.at_name(attribute, "Reserved argument name in provider block", detail)
    yield from resources.reserved(frame, "provider", ("lifecycle", "locals"))
    yield from resources.escaping(frame, "provider", "provider-specific")
