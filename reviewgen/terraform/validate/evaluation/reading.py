"""Functions that read files: what nobody delivers is not there when Terraform validates, whatever a resource may create later."""

from __future__ import annotations

import posixpath
import re

from reviewgen import hcl
from reviewgen.model.hcl import Traversal
from reviewgen.model.source import SourceFile
from reviewgen.terraform.schema.types import BOOL, STRING
from reviewgen.terraform.validate import places

from .files import Files
from .refusal import Refused
from .value import ANYTHING, Value

_CONTENT = frozenset({"file", "filebase64", "templatefile"})
_HASHES = frozenset({"filebase64sha256", "filebase64sha512", "filemd5", "filesha1", "filesha256", "filesha512"})
READERS = _CONTENT | _HASHES | {"fileexists"}
_ABSENT = (
    "this function works only with files that are distributed as part of the configuration source code, so if this file will be created by a "
    "resource in this configuration you must instead obtain this result from an attribute of that resource"
)
_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")
_MARK = "REVIEWGEN_END_OF_TEMPLATE"


def call(name: str, arguments: list[Value], files: Files) -> Value:
    """Return the result of a function that reads a file.

    Raises:
        Refused: The file is not delivered, or its template cannot be rendered.
    """
    path = arguments[0].data
    unknown = Value(BOOL) if name == "fileexists" else ANYTHING if name == "templatefile" else Value(STRING)
    if not isinstance(path, str):
        return unknown
    file = files.get(path)
    if name == "fileexists":
        return Value(BOOL, file is not None) if file is not None or not _outside(path) else unknown
    if file is None and not files.has_folder(path):
        if name in _HASHES:
            raise Refused(f"open {posixpath.normpath(path)}: no such file or directory")
        raise Refused(f'no file exists at "{path}"; {_ABSENT}', 0)
    if name == "templatefile" and file is not None:
        _template(file, path, arguments[1])
    return Value(STRING, file.text) if name == "file" and file is not None and file.text else unknown


def _outside(path: str) -> bool:
    """Whether a path may lead out of what is delivered."""
    return path.startswith(("/", "~", ".."))


def _template(file: SourceFile, path: str, variables: Value) -> None:
    if variables.null or variables.type.kind not in ("map", "object", "dynamic"):
        raise Refused("invalid vars value: must be a map", 1)
    if not isinstance(variables.data, dict):
        return
    for name in variables.data:
        if not _IDENTIFIER.fullmatch(name):
            detail = "must start with a letter, followed by zero or more letters, digits, and underscores"
            raise Refused(f'invalid template variable name "{name}": {detail}', 1)
    for traversal in _references(file):
        if traversal.root not in variables.data:
            where = places.written(file, path, *places.root_of(traversal))
            raise Refused(f'vars map does not contain key "{traversal.root}", referenced at {where}', 1)


def _references(file: SourceFile) -> list[Traversal]:
    """Return the references of a template, in order; none when it cannot be read as one."""
    head = f"<<{_MARK}\n"
    found = hcl.read(SourceFile(file.path, f"x = {head}{file.text}\n{_MARK}\n"))
    attribute = found.attributes.get("x")
    if found.diagnostics or attribute is None:
        return []
    shift = len(f"x = {head}")
    return [Traversal(t.start - shift, t.end - shift, t.root, t.steps) for t in hcl.traversals(attribute.expr)]
