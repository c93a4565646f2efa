"""The shipped schema bundles, built again as ``bundles.toml`` says; the same sources give the same bytes."""

from __future__ import annotations

import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from reviewgen.terraform.schema import Bundle, load
from reviewgen.terraform.schema.build import ProviderSchema, write
from reviewgen.terraform.schema.catalogue import FOLDER
from reviewgen.terraform.schema.merge import merge
from tests.bench.measure import Skipped

from .sources import asked, packaged, worded

RECIPES = Path(__file__).with_name("bundles.toml")


def recipes() -> list[dict[str, Any]]:
    """Return what each shipped bundle is made of, in the order of building."""
    found: list[dict[str, Any]] = tomllib.loads(RECIPES.read_text("utf-8"))["bundle"]
    return found


def build(names: frozenset[str] = frozenset(), folder: Path = FOLDER) -> int:
    """Build bundles and say of each whether its bytes are what they were; return how many could not be built.

    Args:
        names: Local names of providers (``random``); none for all.
        folder: Where the bundles go.
    """
    failed = 0
    for recipe in recipes():
        label = f"{recipe['source']} {recipe['version']}"
        if names and recipe["source"].split("/")[-1] not in names:
            continue
        path = folder / f"{recipe['source'].split('/')[-1]}-{recipe['version']}.schema.gz"
        before = path.read_bytes() if path.exists() else b""
        try:
            written = write(made(recipe), folder)
        except Skipped as reason:
            failed += 1
            print(f"{label}: left as it is: {reason}", file=sys.stderr)
            continue
        same = "as before" if written.read_bytes() == before else "changed"
        print(f"{label}: {same}, {written.stat().st_size} bytes")
    return failed


def made(recipe: dict[str, Any]) -> ProviderSchema:
    """Return the schema of a recipe; raises ``Skipped`` when a source is not here."""
    source, version = recipe["source"], recipe["version"]
    if recipe.get("terraform"):
        return asked(source, version)
    schema = packaged(source, recipe["package"], recipe["sha256"])
    if schema.version != version:
        raise Skipped(f"{recipe['package']} is provider version {schema.version}")
    if "exact" in recipe:
        exact = load(source, recipe["exact"])
        if exact is None:
            raise Skipped(f"its neighbour, the bundle of {source} {recipe['exact']}, is not there")
        schema = _completed(schema, packaged(source, recipe["same"], recipe["same_sha256"]), exact)
    return worded(schema, recipe.get("deprecated", {}))


def _completed(sought: ProviderSchema, same: ProviderSchema, exact: Bundle) -> ProviderSchema:
    """Return the schema with what its exactly known neighbour tells.

    A type of the older SDK that now looks like one of the framework, and did not look so before, has moved to the framework.
    """
    merged = merge(sought, same, unpacked(exact))
    types = {f"{kind}.{name}" for kind, blocks in (("resource", merged.resources), ("data", merged.data)) for name in blocks}
    before = {*(f"resource.{name}" for name in exact.resource_types), *(f"data.{name}" for name in exact.data_types)}
    looks = set(sought.framework)
    framework = (looks - before) | (exact.framework & types) | ((looks & before) - set(same.framework))
    return replace(merged, framework=tuple(sorted(framework)))


def unpacked(bundle: Bundle) -> ProviderSchema:
    """Return a whole bundle as what it was built from."""
    return ProviderSchema(
        bundle.source,
        bundle.version,
        bundle.origin,
        bundle.licence,
        bundle.provider_config(),
        {name: block for name in bundle.resource_types if (block := bundle.resource(name)) is not None},
        {name: block for name in bundle.data_types if (block := bundle.data(name)) is not None},
        {name: block for name in bundle.ephemeral_types if (block := bundle.ephemeral(name)) is not None},
        bundle.functions,
        bundle.partial,
        tuple(sorted(bundle.framework)),
    )
