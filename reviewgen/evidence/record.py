"""``evidence.json``: the record of runs, version 1.0. ``evidence.schema.json`` is its schema, docs/evidence.md explains it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from reviewgen import __version__
from reviewgen.errors import InputError
from reviewgen.model.evidence import MOST_DIAGNOSTICS, Evidence, Outcome, Step, StepRecord, Tool, TreeRun

from . import diagnostics

NAME = "evidence.json"
FORMAT = "reviewgen-evidence"
FORMAT_VERSION = "1.0"
SIDES = ("model", "ideal")
_SCHEMA = Path(__file__).with_name("evidence.schema.json")

T = TypeVar("T")


def schema() -> dict[str, Any]:
    """Return the published JSON Schema of evidence.json (draft 2020-12)."""
    loaded: dict[str, Any] = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    return loaded


def dumps(runs: Iterable[TreeRun]) -> str:
    """Return evidence.json as text: every key always there, no time and no path of the machine."""
    data = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "generator": {"name": "reviewgen", "version": __version__},
        "runs": [_run_json(run) for run in sorted(runs, key=lambda r: SIDES.index(r.side))],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _run_json(run: TreeRun) -> dict[str, object]:
    return {
        "side": run.side,
        "tree": run.tree,
        "tool": _tool_json(run.tool),
        "providers": [_tool_json(p) for p in run.providers],
        "emulator": _tool_json(run.emulator),
        "allowed": list(run.allowed),
        "steps": [_step_json(record) for record in run.steps],
    }


def _tool_json(tool: Tool | None) -> dict[str, str] | None:
    return {"name": tool.name, "version": tool.version} if tool is not None else None


def _step_json(record: StepRecord) -> dict[str, object]:
    return {
        "step": record.step.value,
        "outcome": record.outcome.value,
        "reason": record.reason,
        "created": record.created,
        "changed": record.changed,
        "destroyed": record.destroyed,
        "diagnostics": [d.as_json() for d in record.diagnostics],
    }


def read(data: Mapping[str, Any], path: str, source: str = NAME) -> Evidence:
    """Return what an evidence.json says.

    Args:
        data: Its content.
        path: The file, for messages.
        source: What the record is called in the review.

    Raises:
        InputError: It is of another version, or no such record.
    """
    found = _Reader(path)
    version = found.text(data, "format_version", "")
    if version.split(".")[0] != FORMAT_VERSION.split(".")[0]:
        hint = f"this reviewgen reads {FORMAT_VERSION}; run reviewgen verify again"
        raise InputError(f"evidence of another version: {version or 'none is given'}", path=path, hint=hint)
    return Evidence(tuple(_run(found, row, f"runs[{n}]", source) for n, row in found.rows(data, "runs", "")))


def _run(found: _Reader, row: Mapping[str, Any], at: str, source: str) -> TreeRun:
    side = found.text(row, "side", at)
    if side not in SIDES:
        raise found.wrong(f"{at}.side", "model or ideal")
    return TreeRun(
        side,
        tuple(_step(found, step, f"{at}.steps[{n}]") for n, step in found.rows(row, "steps", at)),
        _tool(found, row.get("tool"), f"{at}.tool"),
        tuple(tool for n, p in found.rows(row, "providers", at) if (tool := _tool(found, p, f"{at}.providers[{n}]"))),
        _tool(found, row.get("emulator"), f"{at}.emulator"),
        source,
        found.text(row, "tree", at),
        tuple(str(entry) for entry in row.get("allowed", ()) if isinstance(entry, str)),
    )


def _tool(found: _Reader, row: object, at: str) -> Tool | None:
    if row is None:
        return None
    if not isinstance(row, Mapping):
        raise found.wrong(at, "an object with name and version")
    return Tool(found.text(row, "name", at), found.text(row, "version", at))


def _step(found: _Reader, row: Mapping[str, Any], at: str) -> StepRecord:
    return StepRecord(
        found.word(Step, row, "step", at),
        found.word(Outcome, row, "outcome", at),
        found.text(row, "reason", at),
        found.count(row, "created", at),
        found.count(row, "changed", at),
        found.count(row, "destroyed", at),
        tuple(diagnostics.from_json(d) for _, d in found.rows(row, "diagnostics", at))[:MOST_DIAGNOSTICS],
    )


class _Reader:
    """Takes values out of JSON objects; what has another type is an error that names its place."""

    def __init__(self, path: str) -> None:
        self.path = path

    def wrong(self, at: str, wanted: str) -> InputError:
        return InputError(f"{at.lstrip('.')} must be {wanted}", path=self.path, hint="docs/evidence.md explains the format")

    def text(self, data: Mapping[str, Any], name: str, at: str) -> str:
        value = data.get(name, "")
        if not isinstance(value, str):
            raise self.wrong(f"{at}.{name}", "a text")
        return value

    def count(self, data: Mapping[str, Any], name: str, at: str) -> int | None:
        value = data.get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise self.wrong(f"{at}.{name}", "a number of resources or null")
        return value

    def word(self, kind: type[T], data: Mapping[str, Any], name: str, at: str) -> T:
        try:
            return kind(data.get(name))  # type: ignore[call-arg]
        except ValueError:
            words = ", ".join(str(member) for member in kind)  # type: ignore[attr-defined]
            raise self.wrong(f"{at}.{name}", f"one of {words}") from None

    def rows(self, data: Mapping[str, Any], name: str, at: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        rows = data.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            raise self.wrong(f"{at}.{name}", "a list of objects")
        yield from enumerate(rows)
