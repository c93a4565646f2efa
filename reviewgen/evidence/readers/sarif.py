"""SARIF 2.1.0 of other tools: tflint, trivy, checkov, KICS and whatever else writes it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from reviewgen.errors import InputError
from reviewgen.evidence import redact
from reviewgen.evidence.diagnostics import MOST_CHARACTERS
from reviewgen.model.evidence import Scan, ScanResult, Tool

VERSION = "2.1.0"
MOST_RESULTS = 5_000
# `security-severity` as code hosting sites read it: the scale of CVSS.
_SCALE = ((9.0, "CRITICAL"), (7.0, "HIGH"), (4.0, "MEDIUM"), (0.0, "LOW"))
_LEVELS = {"error": "HIGH", "warning": "MEDIUM", "note": "LOW", "none": "LOW"}

Json = Mapping[str, Any]


def scans(data: Json, side: str, path: str, source: str) -> tuple[Scan, ...]:
    """Return what each run of a SARIF log found in one tree.

    Args:
        data: The log.
        side: The tree.
        path: The file, for messages.
        source: What the record is called in the review.

    Raises:
        InputError: It is of another version, or no SARIF.
    """
    if data.get("version") != VERSION:
        said = data.get("version")
        raise InputError(
            f"SARIF of another version: {said if isinstance(said, str) else 'none is given'}", path=path, hint=f"write {VERSION}"
        )
    runs = data.get("runs")
    if not isinstance(runs, list):
        raise InputError("the SARIF log has no runs", path=path, hint="check the file")
    return tuple(_scan(run, side, source) for run in runs if isinstance(run, Mapping))


def _scan(run: Json, side: str, source: str) -> Scan:
    driver = _object(_object(run, "tool"), "driver")
    rules = {str(rule.get("id")): rule for rule in _list(driver, "rules")}
    order = list(_list(driver, "rules"))
    found: list[ScanResult] = []
    for result in _list(run, "results"):
        if len(found) < MOST_RESULTS and _counts(result):
            found.append(_result(result, _rule(result, rules, order)))
    name, version = _text(driver.get("name")) or "SARIF", driver.get("semanticVersion") or driver.get("version")
    return Scan(side, Tool(name, _text(version)), source, tuple(sorted(dict.fromkeys(found), key=_key)))


def _key(result: ScanResult) -> tuple[str, str, int, str]:
    return result.rule, result.file, result.line, result.message


def _counts(result: Json) -> bool:
    """Whether a result is a finding of this state: not passed, not suppressed, not gone since an earlier run."""
    suppressed = any(entry.get("status", "accepted") == "accepted" for entry in _list(result, "suppressions"))
    return result.get("kind", "fail") == "fail" and result.get("baselineState") != "absent" and not suppressed


def _rule(result: Json, rules: Mapping[str, Json], order: list[Json]) -> Json:
    index = result.get("ruleIndex", _object(result, "rule").get("index"))
    if isinstance(index, int) and 0 <= index < len(order):
        return order[index]
    return rules.get(_id(result), {})


def _id(result: Json) -> str:
    return _text(result.get("ruleId")) or _text(_object(result, "rule").get("id"))


def _result(result: Json, rule: Json) -> ScanResult:
    place = next(iter(_list(result, "locations")), {})
    physical = _object(place, "physicalLocation")
    line = _object(physical, "region").get("startLine")
    title = _said(_object(rule, "shortDescription")) or _text(rule.get("name")) or _id(result)
    return ScanResult(
        _id(result) or _text(rule.get("id")) or "unnamed",
        redact.text(title),
        redact.text(_said(_object(result, "message")) or title),
        _severity(result, rule),
        _path(_text(_object(physical, "artifactLocation").get("uri"))),
        line if isinstance(line, int) and line > 0 else 0,
        _link(_text(rule.get("helpUri"))),
    )


def _severity(result: Json, rule: Json) -> str:
    """Return the rule's figure where it has one, else what its level stands for."""
    for properties in (_object(result, "properties"), _object(rule, "properties")):
        try:
            figure = float(properties["security-severity"])
        except (KeyError, TypeError, ValueError):
            continue
        return next((name for least, name in _SCALE if figure >= least), "LOW")
    level = result.get("level") or _object(rule, "defaultConfiguration").get("level")
    return _LEVELS.get(str(level), "MEDIUM")


def _path(uri: str) -> str:
    """Return a path without scheme and leading dots; an absolute one keeps its folders, of which only the end will count."""
    path = unquote(urlsplit(uri).path if "://" in uri or uri.startswith("file:") else uri).replace("\\", "/")
    return posixpath.normpath(path).lstrip("/") if path else ""


def _link(uri: str) -> str:
    return uri if uri.startswith("https://") and len(uri) < 300 and uri.isprintable() and " " not in uri else ""


def _said(message: Json) -> str:
    return _text(message.get("text")) or _text(message.get("markdown"))


def _text(value: object) -> str:
    return " ".join(value[:MOST_CHARACTERS].split()) if isinstance(value, str) else ""


def _object(data: Json, name: str) -> Json:
    value = data.get(name)
    return value if isinstance(value, Mapping) else {}


def _list(data: Json, name: str) -> Iterator[Json]:
    value = data.get(name)
    yield from (row for row in value if isinstance(row, Mapping)) if isinstance(value, list) else ()
