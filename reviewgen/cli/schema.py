"""``reviewgen schema``."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reviewgen.errors import InputError
from reviewgen.terraform.schema import BlockSchema, Bundle, Schemas, shipped

from . import console, exits
from .inputs import STREAM, settings, stdin

_VERSION = re.compile(r"\d+(\.\d+)*(-[\w.-]+)?\Z")


def _schemas() -> Schemas:
    return shipped(tuple(Path(p) for p in settings({}).schemas))


def list_bundles(format: str) -> int:
    """List the bundles; see ``app.schema_list``."""
    schemas = _schemas()
    found = [b for source in sorted(schemas.files) for v in schemas.versions(source) if (b := schemas.bundle(source, v)) is not None]
    if format == "json":
        console.data(json.dumps([_listed(bundle) for bundle in found], indent=2) + "\n")
        return exits.DONE
    for b in found:
        counts = f"{len(b.resource_types):>5} resource types {len(b.data_types):>4} data sources"
        console.data(f"{b.source:<22} {b.version:<10} {counts}  {b.licence or 'no licence named'}: {b.origin or 'no origin named'}\n")
    return exits.DONE


def _listed(bundle: Bundle) -> dict[str, Any]:
    return {
        "provider": bundle.source,
        "version": bundle.version,
        "resources": len(bundle.resource_types),
        "data_sources": len(bundle.data_types),
        "ephemeral_resources": len(bundle.ephemeral_types),
        "incomplete_kinds": list(bundle.partial),
        "licence": bundle.licence,
        "origin": bundle.origin,
    }


def show(type_: str, version: str | None, format: str) -> int:
    """Show what a type takes; see ``app.schema_show``.

    Raises:
        InputError: No bundle knows the type.
    """
    schemas = _schemas()
    for source in sorted(schemas.files):
        for known in reversed(schemas.versions(source)):
            bundle = schemas.bundle(source, known) if version in (None, known) else None
            block = _block(bundle, type_) if bundle else None
            if bundle is not None and block is not None:
                console.data(_text(bundle, type_, block, format))
                return exits.DONE
    raise InputError(f"no schema for {type_!r}", hint="`reviewgen schema list` shows the providers and versions that are known")


def _block(bundle: Bundle, type_: str) -> BlockSchema | None:
    if type_.startswith("data."):
        name = type_.removeprefix("data.")
        return bundle.data(name) if name in bundle.data_types else None
    return bundle.resource(type_) if type_ in bundle.resource_types else None


def _text(bundle: Bundle, type_: str, block: BlockSchema, format: str) -> str:
    if format == "json":
        data: dict[str, Any] = {"provider": bundle.source, "version": bundle.version, "type": type_, "block": _described(block)}
        return json.dumps(data, indent=2) + "\n"
    return f"{type_} ({bundle.source} {bundle.version})\n" + "".join(f"{line}\n" for line in _lines(block, "  "))


def _described(block: BlockSchema) -> dict[str, Any]:
    attributes = {
        name: {
            "type": a.type.constraint,
            "required": a.required,
            "optional": a.optional,
            "computed": a.computed,
            "deprecated": a.deprecated,
        }
        for name, a in sorted(block.attributes.items())
    }
    blocks = {
        name: {"nesting": n.nesting, "min_items": n.min_items, "max_items": n.max_items, "block": _described(n.block)}
        for name, n in sorted(block.blocks.items())
    }
    return {"attributes": attributes, "blocks": blocks}


def _lines(block: BlockSchema, indent: str) -> list[str]:
    lines = []
    for name in sorted(block.attributes):
        attribute = block.attributes[name]
        use = "required" if attribute.required else "optional" if attribute.optional else "read-only"
        deprecated = ", deprecated" if attribute.deprecated is not None else ""
        lines.append(f"{indent}{name:<34} {attribute.type.constraint}, {use}{deprecated}")
    for name in sorted(block.blocks):
        nested = block.blocks[name]
        most = f", at most {nested.max_items}" if nested.max_items else ""
        least = f", at least {nested.min_items}" if nested.min_items else ""
        lines.append(f"{indent}{name} {{}}  {nested.nesting}{least}{most}")
        lines += _lines(nested.block, indent + "  ")
    return lines


def build(source: str, output: str, versions: Sequence[str]) -> int:
    """Build bundles from Terraform's own schemas; see ``app.schema_build``.

    Raises:
        InputError: A version is missing or not of the form NAME=VERSION, or the folder cannot be written.
        DataError: The input is no output of ``terraform providers schema -json``.
    """
    from reviewgen.sample.text import read_text
    from reviewgen.terraform.schema.build import from_terraform, write

    text = stdin()[0] if source == STREAM else read_text(Path(source))[0]
    if not versions:
        raise InputError("which version is it?", hint="give --provider-version hashicorp/aws=5.100.0, once for each provider")
    for pair in versions:
        name, mark, version = pair.partition("=")
        if not mark or not name or not _VERSION.match(version):
            raise InputError(f"not NAME=VERSION: {pair!r}", hint="give for example hashicorp/aws=5.100.0")
        schema = from_terraform(text, name, version, path=source)
        try:
            path = write(schema, Path(output))
        except OSError as error:
            raise InputError(f"cannot write the bundle: {error.strerror}", path=output, hint="give another folder with --output") from error
        console.say(f"{name} {version}: {path} ({path.stat().st_size} bytes)")
    return exits.DONE
