"""The cases of ``tests/cases/validate``: trees with what the real Terraform says of them.

A case is a folder with a tree and

* ``expected.json``: Terraform's diagnostics, written by ``make terraform-cases`` and never by hand;
* ``further.json``, where we say more: what Terraform would say next, once the errors that stop it are gone. Written by hand.

``tests/cases/snippets`` has trees with the snippets that Terraform's JSON shows, by place and summary.

Each diagnostic is a list: severity, summary, detail, address, header of the block around it, place as ``file:line,column-line,column``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reviewgen import terraform
from reviewgen.cli.validate import as_terraform
from reviewgen.model.diagnostic import Validation
from reviewgen.model.source import Document, SourceFile
from reviewgen.terraform import Graph
from reviewgen.terraform.schema import shipped
from reviewgen.terraform.validate import validate
from tests.bench.measure import Skipped
from tests.bench.terraform import environment, init
from tests.paths import CASES

FOLDER = CASES / "validate"
SNIPPETS = CASES / "snippets"
EXPECTED, FURTHER = "expected.json", "further.json"
Row = list[str | None]

# Terraform says these when providers are not here: they are no property of the tree.
_OF_THE_MACHINE = ("Missing required provider", "Inconsistent dependency lock file", "Failed to load plugin schemas")


def cases(folder: Path = FOLDER) -> list[str]:
    """Return the names of all cases."""
    return sorted(p.name for p in folder.iterdir() if p.is_dir())


def load(name: str, file: str = EXPECTED) -> list[Row]:
    """Return the diagnostics of a case's file, none when there is no such file."""
    path = FOLDER / name / file
    rows: list[Row] = json.loads(path.read_text("utf-8")) if path.is_file() else []
    return rows


def ours(name: str) -> list[Row]:
    """Return what the static validator says of a case, sorted."""
    return ordered(
        [
            d.severity,
            d.summary,
            d.detail,
            d.address,
            d.snippet.context if d.snippet else None,
            f"{d.range.filename}:{d.range.start.line},{d.range.start.column}-{d.range.end.line},{d.range.end.column}" if d.range else None,
        ]
        for d in validated(FOLDER / name).diagnostics
    )


def validated(folder: Path) -> Validation:
    """Return what the static validator says of a folder."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in (EXPECTED, FURTHER))
    files = tuple(SourceFile(p.relative_to(folder).as_posix(), p.read_text("utf-8")) for p in paths)
    tree = terraform.build(Document(folder.name, files=files), "model")
    return validate(tree, Graph(tree), shipped())


def our_snippets(name: str) -> dict[str, Any]:
    """Return the snippets of the diagnostics of a case."""
    return snippets(as_terraform(validated(SNIPPETS / name))["diagnostics"])


def snippets(diagnostics: list[dict[str, Any]]) -> dict[str, Any]:
    """Return snippets by place and summary."""
    found = {f"{_row(d)[5]} {d['summary']}": d["snippet"] for d in diagnostics}
    return dict(sorted(found.items()))


def ordered(rows: Any) -> list[Row]:
    """Return diagnostics by place and words, each once: what Terraform reads twice it also says twice."""
    once = {json.dumps(row): row for row in rows}
    return sorted(once.values(), key=lambda row: [part or "" for part in (row[5], *row)])


def theirs(name: str, variables: Mapping[str, str], folder: Path) -> list[Row]:
    """Return what the real Terraform says of a case, sorted.

    Raises:
        Skipped: It needs a provider that this machine does not have.
    """
    return ordered(map(_row, _asked(FOLDER / name, variables, folder)))


def _asked(case: Path, variables: Mapping[str, str], folder: Path) -> list[dict[str, Any]]:
    tree = folder / case.parent.name / case.name
    shutil.copytree(case, tree, ignore=shutil.ignore_patterns(EXPECTED, FURTHER))
    init(tree, variables)
    done = subprocess.run(["terraform", f"-chdir={tree}", "validate", "-json"], capture_output=True, text=True, env=variables)
    found: list[dict[str, Any]] = json.loads(done.stdout)["diagnostics"]
    for diagnostic in found:
        if diagnostic["summary"] in _OF_THE_MACHINE:
            raise Skipped(f"{diagnostic['summary']}: {' '.join(diagnostic['detail'].split())}")
    return found


def _row(diagnostic: dict[str, Any]) -> Row:
    where = diagnostic.get("range")
    place = None
    if where:
        start, end = where["start"], where["end"]
        place = f"{where['filename']}:{start['line']},{start['column']}-{end['line']},{end['column']}"
    context = (diagnostic.get("snippet") or {}).get("context")
    return [diagnostic["severity"], _sorted(diagnostic["summary"]), diagnostic["detail"], diagnostic.get("address"), context, place]


def _sorted(summary: str) -> str:
    """Terraform names the members of a cycle in an order that changes from run to run."""
    head, mark, members = summary.partition("Cycle: ")
    return f"{mark}{', '.join(sorted(members.split(', ')))}" if mark and not head else summary


def write(path: Path, rows: list[Row]) -> None:
    """Write diagnostics, one a line."""
    text = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(f"[\n{text}\n]\n" if rows else "[]\n", "utf-8")


def main(names: list[str]) -> int:
    """Ask the real Terraform about the named cases, or all, and rewrite what it is expected to say."""
    left = 0
    with tempfile.TemporaryDirectory() as folder:
        try:
            variables = environment(Path(folder, "terraform.rc"))
        except Skipped as reason:
            print(f"nothing refreshed: {reason}", file=sys.stderr)
            return 2
        for name in [n for n in cases(SNIPPETS) if not names or n in names]:
            found = snippets(_asked(SNIPPETS / name, variables, Path(folder)))
            (SNIPPETS / name / EXPECTED).write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
        for name in [n for n in cases() if not names or n in names]:
            try:
                write(FOLDER / name / EXPECTED, theirs(name, variables, Path(folder)))
            except Skipped as reason:
                left += 1
                print(f"{name}: left as it is: {reason}", file=sys.stderr)
    return int(left > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
