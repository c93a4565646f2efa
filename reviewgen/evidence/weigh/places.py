"""Where records point: their file names and lines, in a tree."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace

from reviewgen.model.diagnostic import Diagnostic, Snippet
from reviewgen.model.source import Position, Range
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

_INDEX = re.compile(r"\[(?:\d+|\"[^\"]*\")\]")


def file(graph: Graph, name: str) -> str | None:
    """Return the tree's file that a record means: seen from the directory in which Terraform ran, or the only one with that end."""
    here = posixpath.normpath(posixpath.join(graph.tree.root, name))
    if here in graph.tree.files:
        return here
    plain = posixpath.normpath(name).lstrip("/")
    found = [path for path in graph.tree.files if path == plain or plain.endswith(f"/{path}") or path.endswith(f"/{plain}")]
    return max(found, key=len) if found and len({len(p) for p in found}) == len(found) else None


def placed(graph: Graph, diagnostic: Diagnostic) -> Diagnostic:
    """Return a diagnostic of a run with its place in the tree; without one where the tree has no such file or line."""
    where = diagnostic.range
    path = file(graph, where.filename) if where is not None else None
    source = graph.tree.files.get(path) if path is not None else None
    if where is None or source is None or not 1 <= where.start.line <= len(source.line_starts):
        return replace(diagnostic, range=None, snippet=None, observed=True)
    known = where.start.byte or where.start.line == 1
    start, end = where.start, where.end
    if not known or start.byte > len(source.data):
        text = source.lines(start.line, start.line)
        indent = len(text) - len(text.lstrip())
        first = source.line_starts[start.line - 1] + len(text[:indent].encode())
        start = Position(start.line, indent + 1, first)
        end = Position(start.line, len(text.rstrip()) + 1, first + len(text.strip().encode()))
    said = diagnostic.snippet
    snippet = said and Snippet(said.context, said.code or source.excerpt(start.line, start.line), said.start_line or start.line)
    return replace(diagnostic, range=Range(source.path, start, end), snippet=snippet, observed=True)


def key(diagnostic: Diagnostic) -> tuple[str, str, str, int]:
    """Return what makes two messages one: the headline at the line, which is all that logs for people tell; without a line all of their words."""
    where = diagnostic.range
    said = diagnostic.summary if where else f"{diagnostic.summary} {diagnostic.detail}"
    return diagnostic.severity, " ".join(said.split()), where.filename if where else "", where.start.line if where else 0


def declared(graph: Graph, diagnostic: Diagnostic) -> Declaration | None:
    """Return what an error is about: by its address without indices, else by its place."""
    if diagnostic.address:
        return graph.get(_INDEX.sub("", diagnostic.address))
    where = diagnostic.range
    return at(graph, where.filename, where.start.line) if where is not None else None


def at(graph: Graph, path: str, line: int) -> Declaration | None:
    """Return the smallest declaration around a line."""
    around = [
        d
        for module in graph.tree.modules.values()
        for d in (*module.declarations.values(), *module.duplicates)
        if d.block.file == path
        and d.block.line <= line <= d.block.end_line
        and (d.attribute is None or d.attribute.line <= line <= d.attribute.end_line)
    ]
    return min(around, key=lambda d: (d.block.end - d.block.start, d.attribute is None, d.address), default=None)
