"""What is meant by arguments and blocks that a type does not have: the table ``meant.toml``, else what Terraform itself proposes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from reviewgen import resources
from reviewgen.records import dataclass

_KEYS = frozenset(["type", "names", "within", "advice", "has", "other", "source"])
_DOCUMENTATION = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
_PROPOSED = re.compile(r'Did you mean (?P<other>to define (?P<kind>argument|a block) (?:of type )?)?"(?P<name>[^"]+)"')


@dataclass(frozen=True, slots=True)
class Meant:
    """One row of the table.

    Attributes:
        type: The resource type.
        names: What was written, and the type does not have.
        within: Path of the nested block in which it was written, empty for the resource's own body; None for anywhere.
        advice: What to write, as a sentence.
        has: Paths of the type's schema that the advice names.
        other: Resource types that the advice names.
        source: The documentation that says so.
    """

    type: str
    names: tuple[str, ...]
    within: str | None
    advice: str
    has: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    source: str = ""


def meant(type_: str, attribute: str, name: str) -> Meant | None:
    """Return what the table knows of an argument or block that a type does not have; None where it knows nothing.

    Args:
        type_: The resource type.
        attribute: Path at which it was written, ``vpc_config.security_groups``.
        name: The argument or block.
    """
    within = attribute.rpartition(".")[0] if attribute.split(".")[-1] == name else attribute
    return next((row for row in rows() if row.type == type_ and name in row.names and row.within in (None, within)), None)


def proposed(detail: str) -> str:
    """Return the advice to follow a message that ends with a proposal; empty where it ends without one."""
    found = _PROPOSED.search(detail)
    if found is None:
        return ""
    if found["other"] is None:
        return f"Write `{found['name']}`, which Terraform proposes."
    return f"Write `{found['name']}` as {'an argument' if found['kind'] == 'argument' else 'a block'}, as Terraform proposes."


@cache
def rows() -> tuple[Meant, ...]:
    """Return the table's rows in its order.

    Raises:
        DataError: The table has an entry that is not one.
    """
    return resources.built(resources.shipped("review/diagnostics/meant.toml"), "names", lambda table: resources.each(table, "meant", _row))


def _row(row: Mapping[str, Any]) -> Meant:
    if unknown := sorted(set(row) - _KEYS):
        raise ValueError(f"unknown keys {unknown}")
    if not row["names"]:
        raise ValueError("a row without names is met by nothing")
    return Meant(
        row["type"],
        tuple(row["names"]),
        row.get("within"),
        row["advice"],
        tuple(row.get("has", ())),
        tuple(row.get("other", ())),
        row.get("source", _DOCUMENTATION + row["type"].partition("_")[2]),
    )
