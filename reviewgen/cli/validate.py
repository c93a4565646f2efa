"""``reviewgen validate``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from reviewgen import pipeline, render
from reviewgen.model.review import Diagnostic, Validation
from reviewgen.model.source import SourceFile

from . import console, exits
from .inputs import document, settings


def validate(tree: str, format: str) -> int:
    """Say what Terraform would say of a tree; see ``app.validate``."""
    read, found = pipeline.validate_document(document(tree), settings({}))
    if format == "json":
        console.data(json.dumps(render.validation(found), indent=2, ensure_ascii=False) + "\n")
    else:
        colour = console.colours(sys.stdout)
        for diagnostic in found.diagnostics:
            file = read.files.get(diagnostic.range.filename) if diagnostic.range else None
            console.data("\n".join(_text(diagnostic, file, colour)) + "\n\n")
        console.data(_verdict(found, colour) + "\n")
    return exits.DONE if found.valid else exits.GATE


def _text(diagnostic: Diagnostic, file: SourceFile | None, colour: bool) -> Iterator[str]:
    """Yield the lines of a diagnostic as Terraform prints them without a frame."""
    error = diagnostic.severity == "error"
    word = console.paint("Error" if error else "Warning", "red" if error else "yellow", "bold", on=colour)
    yield f"{word}: {console.plain(diagnostic.summary)}"
    yield ""
    if diagnostic.address:
        yield f"  with {diagnostic.address},"
    where, snippet = diagnostic.range, diagnostic.snippet
    if where is not None:
        context = f", in {snippet.context}" if snippet and snippet.context else ""
        yield f"  on {where.filename} line {where.start.line}{context}:"
    if where is not None and snippet is not None:
        yield from _code(diagnostic, file)
    if diagnostic.detail:
        yield ""
        yield console.plain(diagnostic.detail)


def _code(diagnostic: Diagnostic, file: SourceFile | None) -> Iterator[str]:
    """Yield the code with a caret below the place, when it is on one line."""
    where, snippet = diagnostic.range, diagnostic.snippet
    assert where is not None and snippet is not None
    lines = snippet.code.split("\n")
    for number, line in enumerate(lines, snippet.start_line):
        prefix = f"  {number:>4}: "
        yield f"{prefix}{console.plain(line)}"
        if number == where.start.line and (file is None or len(lines) == 1):
            length = where.end.column - where.start.column if where.end.line == where.start.line else len(line) - where.start.column + 1
            pad = "".join("\t" if c == "\t" else " " for c in line[: where.start.column - 1])
            yield " " * len(prefix) + pad + "^" + "~" * max(0, length - 1)


def _verdict(found: Validation, colour: bool) -> str:
    errors = len(found.errors)
    warnings = len(found.diagnostics) - errors
    unchecked = f" {len(found.unchecked)} types have no schema here and were not checked." if found.unchecked else ""
    incomplete = " The tree is known to be a part only." if found.incomplete else ""
    if not errors:
        text = console.paint("Success!", "green", on=colour) + " The configuration is valid"
        return f"{text}{f', with {warnings} warning' + ('s' if warnings > 1 else '') if warnings else ''}.{unchecked}{incomplete}"
    counts = f"{errors} error{'s' if errors > 1 else ''}, {warnings} warning{'' if warnings == 1 else 's'}"
    return f"The configuration is invalid: {counts}.{unchecked}{incomplete}"
