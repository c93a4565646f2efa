"""Files to evidence: what kind of record a file is, which tree and which command it is about. Large ones are read as streams."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from reviewgen.errors import InputError
from reviewgen.evidence import record, redact
from reviewgen.evidence.reasons import excused
from reviewgen.model.evidence import Evidence, Step, TreeRun
from reviewgen.sample.text import readable

from . import documents, sarif
from .log import Log
from .stream import Stream
from .text import TextLog

MOST_BYTES = 200_000_000
"""Most of a stream or a log: it is read line by line and never kept."""
MOST_DOCUMENT = 50_000_000
"""Most of a document that must be read as a whole."""
_MOST_LINE = 4_000_000
_HEAD = 65_536


def read(path: Path, source: str, side: str = "") -> Evidence:
    """Return what a file records.

    Args:
        path: The file.
        source: What the review calls it; its words tell tree and command where the content does not.
        side: The tree that it is about, where the user says so.

    Raises:
        InputError: It cannot be read, is no record, is cut, too large or of another version, or nothing tells which tree it is about.
    """
    with readable(str(path), "record"):
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"the record is larger than {MOST_BYTES // 1_000_000} MB", path=str(path), hint="record one command a file")
        with path.open("rb") as file:
            head = file.read(_HEAD)
        encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
        start = head.decode(encoding, "replace").lstrip()
        with path.open(encoding=encoding, errors="replace", newline=None) as text:
            if start.startswith("{") and '"@level"' not in start.split("\n", 1)[0]:
                return _document(_json(text, path), path, source, side)
            named = _step(source)
            log: Stream | TextLog = Stream(str(path), named) if start.startswith("{") else TextLog(str(path), named)
            for line in _lines(text, path):
                log.feed(line)
    return _run(log.log(whole=True), path, source, side)


def _lines(text: TextIO, path: Path) -> Iterator[str]:
    number = 0
    while line := text.readline(_MOST_LINE + 1):
        number += 1
        if len(line) > _MOST_LINE:
            raise InputError("a line is longer than 4 MB", path=str(path), line=number, hint="this is no record of Terraform")
        yield line


def _json(text: TextIO, path: Path) -> Mapping[str, Any]:
    content = text.read(MOST_DOCUMENT + 1)
    if len(content) > MOST_DOCUMENT:
        hint = "save the plan with fewer resources, or give the stream of plan -json"
        raise InputError(f"the document is larger than {MOST_DOCUMENT // 1_000_000} MB", path=str(path), hint=hint)
    try:
        data = json.loads(content)
    except RecursionError:
        raise InputError("the JSON is nested too deeply", path=str(path), hint="this is no record of Terraform") from None
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        raise InputError("the JSON is cut or broken", path=str(path), line=line, hint="record the output again") from None
    if not isinstance(data, Mapping):
        raise InputError("the JSON is no object", path=str(path), hint="this is no record of Terraform")
    return data


def _document(data: Mapping[str, Any], path: Path, source: str, side: str) -> Evidence:
    if data.get("format") == record.FORMAT:
        return record.read(data, str(path), source)
    if "runs" in data and ("sarif" in str(data.get("$schema", "")).lower() or "version" in data):
        return Evidence(scans=sarif.scans(data, side or _side(path, source), str(path), source))
    if "valid" in data and "diagnostics" in data:
        return _run(documents.validation(data, str(path)), path, source, side)
    if "resource_changes" in data or "planned_values" in data:
        return _run(documents.plan(data, str(path)), path, source, side)
    hint = "Terraform's validate, plan, apply, destroy and show of a plan with -json are known, SARIF 2.1.0, and logs"
    raise InputError("no record that is known", path=str(path), hint=hint)


def _run(log: Log, path: Path, source: str, side: str) -> Evidence:
    return Evidence((TreeRun(side or _side(path, source), redact.steps(map(excused, log.steps)), log.tool, log.providers, source=source),))


def _words(source: str) -> list[str]:
    return re.findall(r"[a-z]+", source.lower())


def _step(source: str) -> Step | None:
    """Return the command that a name tells: the last word that is one."""
    commands = {step.value: step for step in Step}
    return next((commands[word] for word in reversed(_words(source)) if word in commands), None)


def _side(path: Path, source: str) -> str:
    words = _words(source)
    found = [side for side in record.SIDES if side in words]
    if len(found) != 1:
        hint = f"call it model-{path.name} or ideal-{path.name}, put it into a folder of that name, or give it as model=PATH"
        raise InputError("nothing tells which tree the record is about", path=str(path), hint=hint)
    return found[0]
