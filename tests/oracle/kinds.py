"""Which types a provider implements with the newer plugin framework, told by the words in which it refuses a read-only attribute."""

from __future__ import annotations

from reviewgen.terraform.schema.types import BlockSchema

from .forms import filler, form
from .provider import Provider

_FRAMEWORK = frozenset({"Invalid Configuration for Read-Only Attribute", "Missing Configuration for Required Attribute"})
_SDK = frozenset({"Value for unconfigurable attribute", "Missing required argument", "Invalid or unknown key"})


def is_framework(provider: Provider, kind: str, name: str, schema: BlockSchema) -> bool | None:
    """Whether a type is one of the framework; None when the provider says nothing that would tell."""
    config = form(schema, lambda _path, _type: None)
    for attribute in schema.attributes.values():
        if attribute.read_only or attribute.name == "id":
            config[attribute.name] = filler(attribute.type)
        elif attribute.required:
            config[attribute.name] = None
    summaries = {said.summary for said in provider.validate(kind, name, config)}
    return True if summaries & _FRAMEWORK else False if summaries & _SDK else None
