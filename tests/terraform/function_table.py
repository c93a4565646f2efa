"""The signatures of Terraform's functions as the validator's table holds them, taken from Terraform itself.

``make terraform-functions`` writes the table again: ``terraform metadata functions -json`` of the Terraform on the path. The names in the
``core`` namespace repeat the others and are left out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[2] / "reviewgen" / "terraform" / "validate" / "tables" / "functions.json"


def rows(metadata: dict[str, Any]) -> dict[str, list[Any]]:
    """Return the table's rows: what a function returns, its parameters, and the one that takes all further arguments."""
    found = {}
    for name, data in sorted(metadata["function_signatures"].items()):
        if "::" not in name:
            rest = data.get("variadic_parameter")
            found[name] = [data["return_type"], [_parameter(p) for p in data.get("parameters", ())], _parameter(rest) if rest else None]
    return found


def _parameter(data: dict[str, Any]) -> list[Any]:
    return [data["name"], data["type"], *([True] if data.get("is_nullable") else [])]


def main() -> int:
    """Write the table."""
    version = json.loads(_terraform("version", "-json"))["terraform_version"]
    source = f"terraform metadata functions -json, Terraform {version}"
    found = rows(json.loads(_terraform("metadata", "functions", "-json")))
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in found.items())
    TABLE.write_text(f'{{"source": {json.dumps(source)}, "functions": {{\n{lines}\n}}}}\n', "utf-8")
    return 0


def _terraform(*arguments: str) -> str:
    return subprocess.run(["terraform", *arguments], capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
