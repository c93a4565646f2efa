"""How the code of an answer is called: a second file of a name that the answer has already, which calls the files so far as a module.

``main.tf`` with the resources and, behind it, ``main.tf`` "of the root module" with one call for each region: as one file they would be a module
that calls itself. What was given before is the directory that is called.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from reviewgen.model.source import SourceFile

from .assembly import Assembly, addresses
from .fences import Depth

_BESIDE = ("provider ", "module ", "output ")
_MODULE = re.compile(r'\s*module\s+"[\w-]+"\s*\{')
_ARGUMENT = re.compile(r"\s*([\w-]+)\s*=")
_SOURCE = re.compile(r'\s*source\s*=\s*"\./([\w.-]+)/?"')
_REFERENCE = re.compile(r"(?<![\w.-])(?:var|local|data|aws_\w+)\.")
# What a call says to Terraform, not to the module.
_OF_THE_CALL = frozenset(["source", "version", "providers", "count", "for_each", "depends_on"])


def make_room(assembly: Assembly, text: str, path: str) -> None:
    """Put the files so far into the directory that code calls which is named as one of them.

    Args:
        assembly: The files so far.
        text: The code.
        path: The file that it is named as.
    """
    directory = _called(text, path, assembly.files)
    if not directory:
        return
    home = posixpath.dirname(path)
    moved = {name: posixpath.join(home, directory, posixpath.relpath(name, home or ".")) for name in _inside(assembly.files, home)}
    files = ((moved.get(name, name), file) for name, file in assembly.files.items())
    assembly.files = {name: replace(file, path=name) for name, file in files}
    assembly.unnamed = [moved.get(name, name) for name in assembly.unnamed]
    assembly.note(f"`{assembly.name}` calls its own code as `./{directory}`: the files before that call are read as this directory.")


def _inside(files: Mapping[str, SourceFile], home: str) -> Iterator[str]:
    yield from (name for name in files if not home or name.startswith(f"{home}/"))


def _called(text: str, path: str, files: Mapping[str, SourceFile]) -> str:
    """Return the directory that code calls and that the files beside it certainly are; empty for none.

    So it is when the answer has no such directory, everything that is passed is a variable of these files, and nothing is taken from them.
    """
    own = addresses(text)
    calling = any(address.startswith("module ") for address in own) and all(address.startswith(_BESIDE) for address in own)
    if path not in files or not calling or _REFERENCE.search(text):
        return ""
    home = posixpath.dirname(path)
    here = (file.text for name, file in files.items() if posixpath.dirname(name) == home and name.endswith(".tf"))
    declared = set[str]().union(*map(addresses, here))
    calls = list(_calls(text))
    directories = {directory for directory, _ in calls}
    passed = {name for _, names in calls for name in names}
    if len(directories) != 1 or not passed or not all(f"variable {name}" in declared for name in passed):
        return ""
    directory = directories.pop()
    return "" if any(directory in name.split("/")[:-1] for name in files) else directory


def _calls(text: str) -> Iterator[tuple[str, set[str]]]:
    """Yield (directory, arguments that are passed) of the module calls in a text; without a directory where it is not one below."""
    counter = Depth()
    directory, passed, inside = "", set[str](), False
    for line in text.split("\n"):
        if counter.open == 0 and _MODULE.match(line):
            directory, passed, inside = "", set(), True
        elif inside and counter.open == 1:
            if found := _SOURCE.match(line):
                directory = found[1]
            if (name := _ARGUMENT.match(line)) and name[1] not in _OF_THE_CALL:
                passed.add(name[1])
        if counter.add(line) == 0 and inside:
            yield directory, passed
            inside = False
