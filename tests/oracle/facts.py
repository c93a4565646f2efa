"""The table of facts: what the AWS provider says of the probes of every argument, as rows."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reviewgen.terraform.schema import Bundle
from reviewgen.terraform.schema.types import BlockSchema
from reviewgen.terraform.validate.measured import combinations, facts
from reviewgen.terraform.validate.measured.facts import Facts, Row
from reviewgen.terraform.validate.measured.predicates import Place
from reviewgen.terraform.validate.schemas.body import as_block

from .provider import Provider
from .read import Probe, rows_of
from .survey import Observed, anywhere, survey

# What the core says of short lists before the provider sees the values.
_ELSEWHERE = frozenset({"Not enough list items", "Not enough set items"})


def table(provider: Provider, bundle: Bundle, before: Facts, only: frozenset[str] = frozenset()) -> bytes:
    """Return the bytes of a new table.

    Args:
        provider: The running provider.
        bundle: Its schema.
        before: The table so far: rows about combinations are taken from it, and its rows about values say where to probe.
        only: Types to ask about; the rows of others stay as they are.
    """
    lists: list[tuple[str, ...]] = list(before.lists)
    types: dict[str, dict[str, list[Any]]] = {}
    left_out: Counter[str] = Counter()
    for key, kind, name, schema in every(bundle):
        known = before.rows(kind, name)
        if only and name not in only:
            types[key] = {path: list(rows) for path, rows in known.items()}
            continue
        rows: dict[str, list[Any]] = {}
        for path, found in known.items():
            if combined := [row for row in found if row[0] in combinations.KINDS]:
                rows[path] = combined
        values: dict[str, list[Row]] = {}
        for path, seen in survey(provider, kind, name, schema, known, before.lists).items():
            values[path], counts = rows_of(_probes(seen), place(schema, path, seen), lists)
            left_out.update(counts)
        for path, found_rows in values.items():
            if found_rows:
                rows.setdefault(anywhere(schema, path), []).extend(found_rows)
        types[key] = rows
        print(f"{key}: {sum(map(len, rows.values()))} rows", file=sys.stderr, flush=True)
    print(f"{left_out['rows']} rows of values; {left_out['left out']} that did not explain all probes were left out", file=sys.stderr)
    used, numbered = _renumbered(types, lists)
    provenance = f"asked of the running provider {bundle.source} {bundle.version} ({bundle.licence}) by tests/oracle"
    return facts.render(bundle.source, bundle.version, used, numbered, provenance)


def every(bundle: Bundle) -> Iterator[tuple[str, str, str, BlockSchema]]:
    """Yield key (``resource.aws_vpc``), kind, name and schema of each type, sorted."""
    for name in bundle.data_types:
        if (schema := bundle.data(name)) is not None:
            yield f"data.{name}", "data", name, schema
    for name in bundle.resource_types:
        if (schema := bundle.resource(name)) is not None:
            yield f"resource.{name}", "resource", name, schema


def _probes(seen: Observed) -> list[Probe]:
    return [
        Probe.of(
            str(value[0] if isinstance(value, list) else value),
            ((s.summary, s.detail) for s in said if s.severity == "error" and s.summary not in _ELSEWHERE),
        )
        for value, said in seen
    ]


def place(schema: BlockSchema, path: str, seen: Observed) -> Place:
    """Return the names that messages use for the argument at a schema path when each block around it is the first."""
    *steps, last = path.split(".")
    dotted = bracketed = ""
    for step in steps:
        nested = schema.blocks.get(step)
        schema = nested.block if nested else as_block(schema.attributes[step].type)
        single = nested is not None and nested.nesting in ("single", "group")
        dotted += f"{step}." if single else f"{step}.0."
        bracketed += f"{step}." if single else f"{step}[0]."
    listed = any(isinstance(value, list) for value, _ in seen)
    return Place(dotted + last + (".0" if listed else ""), bracketed + last + ("[0]" if listed else ""))


def _renumbered(types: Mapping[str, Mapping[str, list[Row]]], lists: list[tuple[str, ...]]) -> tuple[list[list[str]], dict[str, Any]]:
    """Return the lists that rows use, in the order in which they are used first, and the rows with their numbers."""
    order: dict[int, int] = {}

    def number(row: Any) -> Any:
        if row[0] == "any":
            return ["any", *([number(part) for part in alternative] for alternative in row[1:])]
        if row[0] in ("enum", "fw_enum", "fw_one_of"):
            return [row[0], row[1], order.setdefault(row[2], len(order)), *row[3:]]
        return list(row)

    rows = {key: {path: [number(row) for row in found] for path, found in paths.items()} for key, paths in sorted(types.items()) if paths}
    return [list(lists[old]) for old in order], rows


def write(binary: Path, bundle: Bundle, only: frozenset[str] = frozenset()) -> Path:
    """Ask a provider and write the shipped table of its version; return its path."""
    path = facts.FOLDER / f"{bundle.provider}-{bundle.version}.facts.gz"
    with Provider(binary) as provider:
        path.write_bytes(table(provider, bundle, facts.read(path), only))
    return path
