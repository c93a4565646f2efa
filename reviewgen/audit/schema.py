"""Arguments that a document says a type does not take, and that the provider's schema has in all versions that are known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reviewgen.documents.page import Kind as Block
from reviewgen.terraform.schema import BlockSchema, shipped

from .about import marked, sentences
from .finding import Case, Finding, Kind
from .words import words

_SOURCE = "hashicorp/aws"
_CODE = re.compile(r"`([a-z][a-z0-9_]+)`")
# What makes it a statement about a combination, a value or another version.
_OTHERWISE = re.compile(
    r"\b(?:when|if|unless|with|combin\w*|together|both|same time|conflict\w*|values?|set to|only|instead|region|engine|version [1-4]\b)\b",
    re.I,
)


def check(case: Case) -> Iterator[Finding]:
    """Yield the first such statement about each argument."""
    met: set[tuple[str, str]] = set()
    for piece in case.reading.pieces:
        if piece.kind in (Block.CODE, Block.ROW, Block.HTML):
            continue
        for sentence in sentences(marked(piece)):
            told = words().unsupported.search(sentence)
            names = list(dict.fromkeys(_CODE.findall(sentence)))
            types = [name for name in names if name.startswith("aws_")]
            if told is None or len(types) != 1 or not 2 <= len(names) <= 3 or _OTHERWISE.search(sentence):
                continue
            name, around, versions = _meant(types[0], [name for name in names if name not in types])
            if versions and (types[0], name) not in met:
                met.add((types[0], name))
                block = f"{around}." if around else ""
                evidence = f"The schema of `{types[0]}` has `{block}{name}` in the provider's versions {' and '.join(versions)}."
                yield Finding(Kind.DEFECT, piece.line, case.issue_at(piece.line), f'"{sentence[:160]}"', (evidence,))


def _meant(type_: str, names: list[str]) -> tuple[str, str, tuple[str, ...]]:
    """Return the argument that is meant, the block that it stands in, if one is named, and the versions that take it there."""
    for name, around in ((names[0], names[-1]), (names[-1], names[0])) if len(names) > 1 else ((names[0], ""),):
        if versions := _known(type_, name, around):
            return name, around, versions
    return "", "", ()


@cache
def _known(type_: str, name: str, around: str) -> tuple[str, ...]:
    """Return the versions of the provider if each takes an argument: at the top of a type, or in a block of that name; else nothing."""
    versions = tuple(shipped(()).versions(_SOURCE))
    bundles = [shipped(()).bundle(_SOURCE, version) for version in versions]
    schemas = [bundle.resource(type_) if bundle else None for bundle in bundles]
    return versions if all(schema is not None and _takes(schema, name, around) for schema in schemas) else ()


def _takes(schema: BlockSchema, name: str, around: str) -> bool:
    """Whether an argument may be set, and is not on its way out."""
    if around:
        return around in schema.blocks and _takes(schema.blocks[around].block, name, "")
    attribute = schema.attributes.get(name)
    if attribute is not None:
        return not attribute.read_only and attribute.deprecated is None
    return name in schema.blocks and schema.blocks[name].block.deprecated is None
