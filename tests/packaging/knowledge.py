"""The lists of docs/knowledge.md: each shipped bundle and table with date, source and licence, read from the files themselves."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable

from reviewgen.terraform.schema import shipped
from reviewgen.terraform.validate.measured import facts
from tests.paths import ROOT

PAGE = ROOT / "docs" / "knowledge.md"
_TABLES = ROOT / "reviewgen" / "rules" / "tables"
_FUNCTIONS = facts.FOLDER / "functions.json"


def page() -> str:
    """Return the page with its lists as they should be."""
    text = PAGE.read_text("utf-8")
    for name, rows in (("bundles", _bundles()), ("checks", _checks()), ("rules", _rules())):
        text = re.sub(rf"(<!-- {name} -->\n).*?(<!-- end -->)", lambda m, rows=rows: m[1] + "\n".join(rows) + "\n" + m[2], text, flags=re.S)
    return text


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]


def _bundles() -> list[str]:
    schemas = shipped()
    found = [b for source in sorted(schemas.files) for version in schemas.versions(source) if (b := schemas.bundle(source, version))]
    rows = ((b.source, b.version, b.licence, b.origin, ", ".join(b.partial) or "-") for b in found)
    return _table(("Provider", "Version", "Licence", "Source", "Incomplete kinds"), rows)


def _checks() -> list[str]:
    table = facts.shipped()["hashicorp/aws"]
    (path,) = facts.FOLDER.glob("*.facts.gz")
    functions = json.loads(_FUNCTIONS.read_text("utf-8"))
    return _table(
        ("Table", "Holds", "Source"),
        [
            (
                f"`{path.name}`",
                f"what {table.source} {table.version} checks of values and combinations, {len(table.types)} types",
                table.provenance,
            ),
            (f"`{_FUNCTIONS.name}`", f"signatures of {len(functions['functions'])} functions", functions["source"]),
        ],
    )


def _rules() -> list[str]:
    rows = []
    for path in sorted(_TABLES.glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"))
        rows.append((f"`{path.name}`", str(data["date"]), " ".join(data["note"].split()).replace("|", "\\|"), f"<{data['source']}>"))
    return _table(("Table", "Date", "Holds", "Source"), rows)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
