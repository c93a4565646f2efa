"""Bundles from ``terraform providers schema -json``: for any provider, any version.

The output of Terraform says everything but the words of deprecations; they may be given as a further file of facts
(``{"resource.aws_eip.vpc": "use domain attribute instead"}``), measured with the provider or taken from its documentation.
"""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from reviewgen.errors import DataError
from reviewgen.records import dataclass

from . import codec
from .types import AttributeSchema, BlockSchema, NestedBlock, Type

_FORMATS = ("0.1", "0.2", "1.0")
_KINDS = {"resource_schemas": "resources", "data_source_schemas": "data", "ephemeral_resource_schemas": "ephemeral"}
_PREFIX = {"resources": "resource", "data": "data", "ephemeral": "ephemeral"}
_PRODUCE = "Write it with `terraform providers schema -json` of Terraform 1.x"
_NAME = re.compile(r"[^\W\d][\w-]*\Z")


@dataclass(frozen=True)
class ProviderSchema:
    """Everything that goes into a bundle, not yet encoded; bodies by type. ``partial`` names kinds of which types may be missing."""

    source: str
    version: str
    origin: str
    licence: str = ""
    config: BlockSchema = field(default_factory=BlockSchema)
    resources: Mapping[str, BlockSchema] = field(default_factory=dict)
    data: Mapping[str, BlockSchema] = field(default_factory=dict)
    ephemeral: Mapping[str, BlockSchema] = field(default_factory=dict)
    functions: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    framework: tuple[str, ...] = ()


def from_terraform(text: str, source: str, version: str, *, messages: Mapping[str, str] | None = None, path: str = "") -> ProviderSchema:
    """Read one provider out of the JSON that ``terraform providers schema -json`` prints.

    Args:
        text: The JSON.
        source: Source address of the provider, ``hashicorp/aws``; the host may be left out.
        version: Its version; the JSON does not tell it.
        messages: Words of deprecations by path: ``resource.aws_eip.vpc``, ``data.aws_x`` for a whole type.
        path: File of the JSON, for messages.

    Raises:
        DataError: It is no such JSON, of another format version, without the provider, or what it says of the provider is damaged.
    """
    schemas = _provider_schemas(text, path)
    found = [name for name in schemas if name == source or name.endswith(f"/{source}")]
    if not found:
        there = ", ".join(sorted(schemas)) or "none"
        raise DataError(f"no schema of provider {source}: the file has {there}", path=path, hint="Name one that it has")
    try:
        return _provider(schemas[found[0]], found[0], version, messages or {})
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"the schema of provider {source} is damaged", path=path, hint=_PRODUCE) from error


def _provider(body: Mapping[str, Any], address: str, version: str, words: Mapping[str, str]) -> ProviderSchema:
    source = "/".join(address.split("/")[-2:])
    kinds: dict[str, Any] = {
        ours: {name: _block(item["block"], words, f"{_PREFIX[ours]}.{name}") for name, item in body.get(theirs, {}).items()}
        for theirs, ours in _KINDS.items()
    }
    return ProviderSchema(
        source=source,
        version=version,
        origin=f"terraform providers schema -json, provider {source} {version}",
        config=_block(body.get("provider", {}).get("block", {}), words, "provider"),
        functions=tuple(sorted(body.get("functions", {}))),
        **kinds,
    )


def _provider_schemas(text: str, path: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
        version = data["format_version"]
        schemas = data["provider_schemas"]
    except (ValueError, KeyError, TypeError) as error:
        raise DataError("the file is no output of `terraform providers schema -json`", path=path, hint=_PRODUCE) from error
    if version not in _FORMATS:
        raise DataError(f"format_version {version} of the provider schemas is unknown", path=path, hint=_PRODUCE)
    if not isinstance(schemas, dict):
        raise DataError("provider_schemas is no object", path=path, hint=_PRODUCE)
    return schemas


def _block(data: Mapping[str, Any], words: Mapping[str, str], where: str) -> BlockSchema:
    if not _NAME.match(where.rpartition(".")[2]):
        raise ValueError(f"no name: {where}")
    attributes = {name: _attribute(name, item, words, f"{where}.{name}") for name, item in data.get("attributes", {}).items()}
    blocks = {
        name: NestedBlock(
            name,
            codec.nesting(item["nesting_mode"]),
            _block(item["block"], words, f"{where}.{name}"),
            item.get("min_items", 0),
            item.get("max_items", 0),
        )
        for name, item in data.get("block_types", {}).items()
    }
    return BlockSchema(attributes, blocks, words.get(where, "") if data.get("deprecated") else None)


def _attribute(name: str, data: Mapping[str, Any], words: Mapping[str, str], where: str) -> AttributeSchema:
    if not _NAME.match(name):
        raise ValueError(f"no name: {where}")
    kind = nested_type(data["nested_type"]) if "nested_type" in data else codec.type_from_json(data["type"])
    return AttributeSchema(
        name,
        kind,
        required=data.get("required", False),
        optional=data.get("optional", False),
        computed=data.get("computed", False),
        sensitive=data.get("sensitive", False),
        write_only=data.get("write_only", False),
        deprecated=words.get(where, "") if data.get("deprecated") else None,
    )


def nested_type(data: Mapping[str, Any]) -> Type:
    """Return the type that Terraform gives an attribute with nested attributes: an object whose optional attributes may be left out."""
    fields = {
        n: nested_type(a["nested_type"]) if "nested_type" in a else codec.type_from_json(a["type"]) for n, a in data["attributes"].items()
    }
    inner = Type("object", attributes=fields, optional=frozenset(n for n, a in data["attributes"].items() if not a.get("required")))
    mode = data["nesting_mode"]
    return inner if mode == "single" else Type(mode, inner)


def render(schema: ProviderSchema) -> bytes:
    """Return the bytes of a bundle file; the same schema gives the same bytes."""
    writer = codec.Writer()
    header = {
        "provider": schema.source.split("/")[-1],
        "source": schema.source,
        "version": schema.version,
        "origin": schema.origin,
        "licence": schema.licence,
        "functions": list(schema.functions),
        "partial": list(schema.partial),
        "framework": sorted(schema.framework),
        "config": writer.block(schema.config),
        "resources": {name: writer.block(block) for name, block in sorted(schema.resources.items())},
        "data": {name: writer.block(block) for name, block in sorted(schema.data.items())},
        "ephemeral": {name: writer.block(block) for name, block in sorted(schema.ephemeral.items())},
    }
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9, mtime=0, filename="") as stream:
        stream.write(codec.encode(header, writer).encode())
    return out.getvalue()


def write(schema: ProviderSchema, folder: Path) -> Path:
    """Write the bundle of a provider into a folder as ``<provider>-<version>.schema.gz`` and return its path."""
    path = folder / f"{schema.source.split('/')[-1]}-{schema.version}.schema.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(render(schema))
    return path
