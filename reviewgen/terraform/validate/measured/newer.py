"""What facts that were measured with one version of a provider still tell of a newer one.

Formats, lengths and ranges stay as they are from version to version, and so do arguments that exclude each other. Lists of allowed words grow, and a
choice of which one must be made gets further arguments; what may have changed in that way settles nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from reviewgen.records import dataclass
from reviewgen.terraform.schema import Bundle
from reviewgen.terraform.schema.types import BlockSchema
from reviewgen.terraform.schema.versions import parse

from ..schemas.body import as_block, block_like
from . import combinations
from .facts import Row
from .predicates import Lists

_LISTS = frozenset({"enum", "fw_enum", "fw_one_of"})
_DEMANDS = frozenset({"one", "at_least_one", "fw_xor", "fw_exactly_one", "fw_at_least_one"})

UNCHANGED = frozenset({"resource.aws_cloudwatch_log_group.retention_in_days"})
"""Arguments whose list is known to be the same in AWS 6: internal/service/logs/group.go of terraform-provider-aws 6.7 and later, read 2026-11."""


@dataclass(frozen=True, slots=True)
class Newer:
    """A type in the versions newer than the measured one that a tree may use.

    Attributes:
        key: The type, ``resource.aws_vpc``.
        measured: Its schema in the measured version, None when there is no bundle of that version.
        later: Its schemas in newer versions.
        only: Whether only newer versions may be in use.
        rewritten: Whether only newer versions may be in use and they implement the type anew, with other words for everything.
    """

    key: str
    measured: BlockSchema | None
    later: tuple[BlockSchema, ...]
    only: bool
    rewritten: bool

    def holds(self, row: Row, path: str, value: str, lists: Lists) -> bool:
        """Whether a check of the value of the argument at a schema path still tells that it is wrong."""
        if not self.later or f"{self.key}.{path}" in UNCHANGED:
            return True
        if row[0] == "any":
            return not self.only or all(self.holds(tuple(part), path, value, lists) for alternative in row[1:] for part in alternative)
        return row[0] not in _LISTS or not self._may_be_new(value, lists[row[2]])

    def _may_be_new(self, value: str, allowed: Sequence[str]) -> bool:
        """Whether a newer version may allow a word.

        Where the measured version may be in use too, only words that look like another version of an allowed one (``nodejs24.x`` beside
        ``nodejs22.x``) are in doubt. Otherwise every word is, but for an allowed one in other letter case: of the 1,742 lists of AWS 5.100.0 none has
        two words that differ in nothing else.
        """
        if self.only:
            return value.lower() not in {word.lower() for word in allowed}
        versioned = bool(re.search(r"\d", value)) and not value.isdigit()
        return versioned and re.sub(r"\d+", "0", value) in {re.sub(r"\d+", "0", word) for word in allowed}

    def binds(self, row: Row, path: str, given: Collection[str]) -> bool:
        """Whether a check of several arguments of a body still holds.

        An argument that is gone takes its checks with it; but where the measured version may be in use too, what it excludes stays wrong, for the
        newer version refuses the argument itself. An argument that is new may be a further choice.

        Args:
            row: The check.
            path: Schema path of the body, with a dot behind it.
            given: Arguments and blocks that the body sets.
        """
        demand = row[0] in _DEMANDS
        if not self.later or not (demand or self.only):
            return True
        bodies = [body for schema in self.later if (body := _at(schema, path)) is not None]
        if not all(_has(body, name) for body in bodies for name in combinations.names(row)):
            return False
        before = _at(self.measured, path) if self.measured and demand else None
        return before is None or not any(_has(body, name) and not _has(before, name) for body in bodies for name in given)


def of(key: str, version: str, measured: Bundle | None, candidates: Sequence[Bundle]) -> Newer:
    """Compare the candidate versions of a type (``resource.aws_vpc``) with the version that its facts were measured with."""
    later = [bundle for bundle in candidates if parse(bundle.version) > parse(version)]
    only = bool(later) and len(later) == len(candidates)
    anew = measured is not None and any((key in bundle.framework) != (key in measured.framework) for bundle in later)
    schemas = tuple(schema for bundle in later if (schema := _schema(bundle, key)) is not None)
    return Newer(key, _schema(measured, key) if measured else None, schemas, only, only and anew)


def _schema(bundle: Bundle, key: str) -> BlockSchema | None:
    kind, _, name = key.partition(".")
    return bundle.data(name) if kind == "data" else bundle.resource(name)


def _at(schema: BlockSchema, path: str) -> BlockSchema | None:
    """Return the body at a schema path, None when there is none."""
    for step in path.split(".")[:-1]:
        if step in schema.blocks:
            schema = schema.blocks[step].block
        elif step in schema.attributes and block_like(schema.attributes[step].type):
            schema = as_block(schema.attributes[step].type)
        else:
            return None
    return schema


def _has(body: BlockSchema, name: str) -> bool:
    return name in body.attributes or name in body.blocks
