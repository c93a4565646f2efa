"""What the AWS provider knows, for tests of tables that name its types and arguments."""

from __future__ import annotations

from fnmatch import filter as matching
from functools import cache

from reviewgen.terraform.schema import BlockSchema, load


@cache
def schemas(type_: str) -> tuple[BlockSchema, ...]:
    """The schemas of a type (with wildcards) in all shipped versions."""
    found: list[BlockSchema | None] = []
    for bundle in (load("aws", "5.100.0"), load("aws", None)):
        assert bundle is not None
        if type_.startswith("data."):
            found += [bundle.data(name) for name in matching(bundle.data_types, type_.removeprefix("data."))]
        else:
            found += [bundle.resource(name) for name in matching(bundle.resource_types, type_)]
    return tuple(s for s in found if s is not None)


def knows(schema: BlockSchema, path: tuple[str, ...]) -> bool:
    """Whether a body has an argument or nested block at a path; below an argument everything may be."""
    if not path or path[0] in schema.attributes or path[0] == "lifecycle":
        return True
    return path[0] in schema.blocks and knows(schema.blocks[path[0]].block, path[1:])
