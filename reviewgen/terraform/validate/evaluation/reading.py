"""Functions that read files: what nobody delivers is not there when Terraform validates, whatever a resource may create later."""

from __future__ import annotations

import json
import posixpath

from reviewgen.terraform.schema.types import BOOL, STRING

from . import templates
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


def call(name: str, arguments: list[Value], files: Files) -> Value:
    """Return the result of a function that reads a file.

    Raises:
        Refused: The file is not delivered, or its template cannot be rendered.
    """
    path = arguments[0].data
    unknown = Value(BOOL) if name == "fileexists" else ANYTHING if name == "templatefile" else Value(STRING)
    if not isinstance(path, str) or (name == "templatefile" and not arguments[1].known):
        return unknown
    file = files.get(path)
    if file is None and files.perhaps(path):
        return unknown
    if file is None and files.has_folder(path):
        raise _is_folder(name, path)
    if name == "fileexists":
        return Value(BOOL, file is not None) if file is not None or not _outside(path) else unknown
    if file is None and name in _HASHES:
        raise Refused(f"open {posixpath.normpath(path)}: no such file or directory")
    if file is None:
        raise Refused(f"no file exists at {json.dumps(path, ensure_ascii=False)}; {_ABSENT}", 0)
    if name == "templatefile":
        return templates.render(file, path, arguments[1], files, None)
    return Value(STRING, file.text) if name == "file" and file.text else unknown


def _is_folder(name: str, path: str) -> Refused:
    shown = posixpath.normpath(path)
    if name == "fileexists":
        return Refused(f'"{shown}" is a directory, not a file')
    why = f"read {shown}: is a directory"
    return Refused(why) if name in _HASHES else Refused(f"failed to read file: {why}", 0)


def _outside(path: str) -> bool:
    """Whether a path may lead out of what is delivered."""
    return path.startswith(("/", "~", ".."))
