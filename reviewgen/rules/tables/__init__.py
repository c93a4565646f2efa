"""Tables of facts that age: TOML files beside this module, each with the date on which its facts held and the page that says so.

    date = 2025-11-20
    source = "https://docs.aws.amazon.com/..."
    note = "what the rows mean"       # optional

    [[row]]
    engine = "mysql"

A row may name a ``source`` of its own. Tables are read when a rule first asks for them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from reviewgen import resources
from reviewgen.errors import DataError

# The keys that the rows of each table have; a name with ``?`` behind it may be absent.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "aurora_classes": ("engine", "not_offered"),
    "beanstalk_options": ("namespace", "options"),
    "canary_runtimes": ("runtime", "deprecated"),
    "dimension_values": ("dimension", "type", "wrong", "right", "why"),
    "dms_versions": ("last",),
    "eks_versions": ("last",),
    "elb_accounts": ("region", "account"),
    "fargate_sizes": ("cpu", "only?", "least?", "most?", "step?"),
    "lambda_runtimes": ("runtime", "deprecated", "blocked?"),
    "lambda_variables": ("names",),
    "managed_policies": ("name", "actions"),
    "managed_policy_names": ("path", "names"),
    "metric_dimensions": ("namespace", "metrics?", "needs?", "needs_one?", "never?", "region?", "other?"),
    "metrics": ("namespace", "metrics", "prefix?", "instead?"),
    "name_limits": ("type", "argument", "most", "edges?", "lower?", "refusal?", "late?"),
    "rds_insights": ("engine", "classes"),
    "rds_static_parameters": ("families", "parameters"),
    "rds_users": ("engine", "reserved"),
    "rds_versions": ("engine", "line", "last", "kept?", "whole?"),
    "redis_parameters": ("parameters", "instead"),
    "role_users": ("type", "argument", "service", "refusal?"),
    "s3_backend": ("names",),
    "s3_condition_keys": ("key", "actions"),
    "secret_arguments": ("type", "argument", "database?"),
    "unknown_actions": ("action", "instead"),
    "waf_managed_groups": ("names",),
}
_HEADER = frozenset(["date", "source", "note", "row"])


@cache
def rows(name: str) -> tuple[Mapping[str, Any], ...]:
    """Return the rows of a table, each with its ``source``.

    Args:
        name: Name of the file without suffix, one of ``COLUMNS``.

    Raises:
        DataError: The table is no TOML, lacks date or source, or a row has other keys.
    """
    return read(resources.shipped(f"rules/tables/{name}.toml"), COLUMNS[name])


def read(file: Path, columns: tuple[str, ...]) -> tuple[Mapping[str, Any], ...]:
    """Return the rows of a table's file that has such columns; see ``rows``."""
    path = file.name
    try:
        table = resources.table(file)
    except ValueError as error:
        line = re.search(r"line (\d+)", str(error))
        raise DataError(f"not TOML: {error}", path=path, line=int(line[1]) if line else 0) from error
    if unknown := sorted(set(table) - _HEADER):
        raise DataError(f"unknown keys: {unknown}", path=path, line=1, hint="a table has date, source, note and rows")
    if not isinstance(table.get("date"), datetime.date) or not isinstance(table.get("source"), str):
        raise DataError("a table needs a date and a source", path=path, line=1, hint="say when and where its facts were read")
    needed = {c for c in columns if not c.endswith("?")}
    allowed = {c.removesuffix("?") for c in columns} | {"source"}
    for number, row in enumerate(table.get("row", [])):
        missing, odd = sorted(needed - set(row)), sorted(set(row) - allowed)
        if missing or odd:
            said = f"missing keys: {missing}" if missing else f"unknown keys: {odd}"
            raise DataError(said, path=path, line=resources.row_line(file, "row", number), hint="correct this row")
    return tuple({"source": table["source"], **row} for row in table.get("row", []))
