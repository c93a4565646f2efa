"""Code without a file name that certainly belongs to the module whose files stand before it, and to no other.

``# modules/network/main.tf`` in one block, and the route tables of that network in the next one, or the variables that the module uses: read
as files of the root they would be undeclared in the one and unused in the other.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from reviewgen.model.source import SourceFile

from .assembly import addresses

_RESOURCE = re.compile(r"(?<![\w.\"-])(?P<data>data\.)?(?P<type>[a-z][a-z0-9]*_\w+)\.(?P<name>[A-Za-z_][\w-]*)")
_VARIABLE = re.compile(r"(?<![\w.-])var\.([A-Za-z_][\w-]*)")
# The tops of trees; what has no name is read there in any case.
_TOPS = ("", "lib")
# Modules declare some variables that they do not use.
_FEW = 0.4


def home(text: str, files: Mapping[str, SourceFile], last: str) -> str:
    """Return the directory of a file if code belongs there as well; empty for none.

    So it is when the code refers to what is declared there and to nothing that is declared elsewhere, and when most variables that it declares
    are used there, and none is declared there or missed elsewhere.

    Args:
        text: The code.
        files: The files so far.
        last: The file that was given last before the code.
    """
    directory = posixpath.dirname(last)
    if directory in _TOPS:
        return ""
    inside = "\n".join(_code(files, directory, there=True))
    outside = "\n".join(_code(files, directory, there=False))
    own, known, others = addresses(text), addresses(inside), addresses(outside)
    if own & known:
        return ""
    wanted = _resources(text) - own
    variables = {address.removeprefix("variable ") for address in own if address.startswith("variable ")}
    missed = {name for name in _used(outside) if f"variable {name}" not in others}
    if wanted & (others - known) or len(variables - _used(inside)) > len(variables) * _FEW or variables & missed:
        return ""
    return directory if variables or wanted & known else ""


def _code(files: Mapping[str, SourceFile], directory: str, *, there: bool) -> Iterator[str]:
    yield from (file.text for path, file in files.items() if path.endswith(".tf") and (posixpath.dirname(path) == directory) is there)


def _resources(text: str) -> set[str]:
    return {f"{'data' if found['data'] else 'resource'} {found['type']} {found['name']}" for found in _RESOURCE.finditer(text)}


def _used(text: str) -> set[str]:
    return set(_VARIABLE.findall(text))
