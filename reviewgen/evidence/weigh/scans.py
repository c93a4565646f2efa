"""What other tools found as findings, under their own rules' ids. Only where a tool looked at both trees it tells what was repaired."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.evidence import Evidence, Scan, ScanResult
from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Severity
from reviewgen.review.diagnostics import plain
from reviewgen.terraform import Graph

from . import places
from .sides import Sides

_LONGEST_TITLE = 90

Found = tuple[tuple[Finding, ...], tuple[Finding, ...]]


def findings(evidence: Evidence, sides: Sides) -> tuple[Found, tuple[str, ...]]:
    """Return the findings of other tools in both trees, and notes about what was left out."""
    by_tool: dict[str, dict[str, list[Scan]]] = {}
    for scan in evidence.scans:
        by_tool.setdefault(scan.tool.name, {}).setdefault(scan.side, []).append(scan)
    model: list[Finding] = []
    ideal: list[Finding] = []
    notes: list[str] = []
    for tool, scans in sorted(by_tool.items()):
        if len(scans) < 2:
            notes.append(f"{plain(tool)} looked at {next(iter(scans)).upper()} only; what it found cannot be compared and is left out.")
            continue
        outside = 0
        for (side, graph), found in zip(sides.graphs(), (model, ideal), strict=True):
            results = [(scan, result) for scan in scans[side] for result in scan.results]
            here = list(_of(graph, results))
            outside += len(results) - len(here)
            found += {(f.rule, f.address): f for f in reversed(here)}.values()
        if outside:
            verbs = ("lies", "is") if outside == 1 else ("lie", "are")
            some = "One finding" if outside == 1 else f"{outside} findings"
            notes.append(f"{some} of {plain(tool)} {verbs[0]} at no declaration of the trees and {verbs[1]} left out.")
    return (tuple(sorted(model, key=_order)), tuple(sorted(ideal, key=_order))), tuple(notes)


def _order(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.address


def _of(graph: Graph, results: list[tuple[Scan, ScanResult]]) -> Iterator[Finding]:
    for scan, result in results:
        path = places.file(graph, result.file) if result.file else None
        owner = places.at(graph, path, result.line) if path is not None and result.line else None
        if owner is not None:
            yield _finding(scan, result, owner.address)


def _finding(scan: Scan, result: ScanResult, address: str) -> Finding:
    """Return a finding in the tool's words; how it weighs is the tool's own figure, and only the gravest is more than a warning."""
    title = plain(result.title).rstrip(".")
    severity = Severity(result.severity)
    return Finding(
        result.rule,
        title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 4].rsplit(' ', 1)[0]} ...",
        Category.CRITICAL if severity is Severity.CRITICAL else Category.WARNING,
        Severity.HIGH if severity is Severity.CRITICAL else severity,
        address,
        f"{plain(str(scan.tool))} reports `{result.rule}` at `{address}`: {plain(result.message).rstrip('.')}.",
        f"{plain(scan.tool.name)} reports no `{result.rule}` at `{address}`",
        source=result.help,
        signals=("scan",),
    )
