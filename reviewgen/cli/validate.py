"""``reviewgen validate``."""

from __future__ import annotations

import json
import os
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

from reviewgen import pipeline, render
from reviewgen.model.diagnostic import CalledFunction, Diagnostic, Snippet, Validation
from reviewgen.model.source import SourceFile

from . import console, exits
from .inputs import STREAM, settings, tree

# As Terraform wraps where it knows no terminal: the last of 78 columns stays free.
_WIDTH = 77


def validate(argument: str, format: str) -> int:
    """Say what Terraform would say of a tree; see ``app.validate``."""
    config = settings()
    root, found = pipeline.validate_document(tree(argument), config)
    if format == "json":
        console.data(json.dumps(as_terraform(found), indent=2, ensure_ascii=False) + "\n")
    elif format == "sarif":
        from reviewgen.render import sarif

        base = os.path.basename(os.path.realpath(argument)) if os.path.isabs(argument) else argument
        console.data(sarif.of_diagnostics("stdin" if argument == STREAM else base, root.files.values(), found.diagnostics))
    else:
        colour = console.colours(sys.stdout)
        for diagnostic in found.diagnostics:
            file = root.files.get(diagnostic.range.filename) if diagnostic.range else None
            console.data("\n".join(_text(diagnostic, file, colour)) + "\n\n")
        console.data(_verdict(found, colour) + "\n")
    return exits.DONE if found.valid else exits.GATE


def as_terraform(found: Validation) -> dict[str, Any]:
    """Return a validation as ``terraform validate -json`` prints it: keys without a value are left out, snippets say what to highlight."""
    shown: dict[str, Any] = dict(render.validation(found) or {})
    shown["diagnostics"] = [{key: value for key, value in row.items() if value is not None} for row in shown["diagnostics"]]
    for row, diagnostic in zip(shown["diagnostics"], found.diagnostics, strict=True):
        if diagnostic.range and diagnostic.snippet:
            start, end = _highlight(diagnostic)
            values = [{"traversal": name, "statement": said} for name, said in diagnostic.snippet.values]
            row["snippet"] |= {"highlight_start_offset": start, "highlight_end_offset": end, "values": values}
            if diagnostic.snippet.called is not None:
                row["snippet"]["function_call"] = _function(diagnostic.snippet.called)
    return shown


def _function(called: CalledFunction) -> dict[str, Any]:
    """Return a function that is called, as Terraform prints it: the signature where it shows one."""
    if called.parameters is None:
        return {"called_as": called.name}
    parameters = [{"name": name, "type": json.loads(kind)} for name, kind in called.parameters]
    signature: dict[str, Any] = {"name": called.name.rpartition("::")[2], "params": parameters}
    if called.rest is not None:
        signature["variadic_param"] = {"name": called.rest[0], "type": json.loads(called.rest[1])}
    return {"called_as": called.name, "signature": signature | {"return_type": json.loads(called.returns)}}


def _highlight(diagnostic: Diagnostic) -> tuple[int, int]:
    """Return where in the snippet's code, in bytes, the range begins and ends."""
    place, snippet = diagnostic.range, diagnostic.snippet
    assert place is not None and snippet is not None
    lines = snippet.code.split("\n")
    above = place.start.line - snippet.start_line
    before = [*lines[:above], lines[above][: place.start.column - 1]] if 0 <= above < len(lines) else [""]
    size = len(snippet.code.encode("utf-8", "replace"))
    start = len("\n".join(before).encode("utf-8", "replace"))
    return min(start, size), min(start + max(0, place.end.byte - place.start.byte), size)


def _text(diagnostic: Diagnostic, file: SourceFile | None, colour: bool) -> Iterator[str]:
    """Yield the lines of a diagnostic as Terraform prints them without a frame."""
    word, style = ("Error", "red") if diagnostic.severity == "error" else ("Warning", "yellow")
    yield f"{console.paint(f'{word}:', style, 'bold', on=colour)} {console.paint(console.plain(diagnostic.summary), 'bold', on=colour)}"
    if diagnostic.range is not None:
        yield ""
        yield from _place(diagnostic, file, colour)
    if diagnostic.detail:
        yield ""
        for line in console.plain(diagnostic.detail).split("\n"):
            # Terraform wraps paragraphs and leaves what is indented as it is.
            yield from (
                [line] if line.startswith(" ") or not line else textwrap.wrap(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
            )


def _place(diagnostic: Diagnostic, file: SourceFile | None, colour: bool) -> Iterator[str]:
    """Yield file and line, for a file out of a document also the document's line, and the code with a caret."""
    place, snippet = diagnostic.range, diagnostic.snippet
    assert place is not None
    if diagnostic.address:
        yield f"  with {console.plain(diagnostic.address)},"
    line = place.start.line
    origin = f" ({file.origin} line {file.origin_line(line)})" if file is not None and file.origin else ""
    context = f", in {snippet.context}" if snippet and snippet.context else ""
    yield console.plain(f"  on {place.filename} line {line}{origin}{context}:")
    if snippet is None:
        return
    for number, code in enumerate(snippet.code.split("\n"), snippet.start_line):
        yield f"{number:>4}: {console.plain(code)}"
        if number == line:
            ends_here = place.end.line == line
            length = (place.end.column if ends_here else len(code) + 1) - place.start.column
            pad = "".join("\t" if c == "\t" else " " for c in code[: place.start.column - 1])
            yield "      " + pad + console.paint("^" + "~" * (length - 1), "red", on=colour)
    yield from _below(snippet)


def _below(snippet: Snippet) -> Iterator[str]:
    """Yield what Terraform says below the code: the function that is called, and what references are worth."""
    said = []
    if snippet.called is not None and snippet.called.parameters is not None:
        names = [name for name, _ in snippet.called.parameters]
        rest = [f"{snippet.called.rest[0]}..."] if snippet.called.rest else []
        said.append(f"while calling {snippet.called.name}({', '.join([*names, *rest])})")
    said += [f"{name} {statement}" for name, statement in snippet.values]
    if said:
        yield "    \u251c" + "\u2500" * 16
        yield from (f"    \u2502 {console.plain(line)}" for line in said)


def _verdict(found: Validation, colour: bool) -> str:
    errors = len(found.errors)
    warnings = len(found.diagnostics) - errors
    if errors:
        text = f"The configuration is not valid: {_count(errors, 'error')}" + (f", {_count(warnings, 'warning')}." if warnings else ".")
    else:
        text = console.paint("Success!", "green", "bold", on=colour) + " The configuration is valid"
        text += f", but there {'was' if warnings == 1 else 'were'} {_count(warnings, 'warning')} as shown above." if warnings else "."
    if found.unchecked:
        types = f"{_count(len(found.unchecked), 'type')} of providers without a schema {'was' if len(found.unchecked) == 1 else 'were'}"
        text += f"\n{types} not checked: {console.plain(', '.join(found.unchecked))}."
    if found.incomplete:
        text += "\nThe files are known to be a part only: what is missing may stand elsewhere."
    return text


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
