"""Code without a file name that certainly belongs to the module whose files stand before it, and to no other.

``# modules/network/main.tf`` in one block, and the route tables of that network in the next one, or the variables that the module uses: read
as files of the root they would be undeclared in the one and unused in the other.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from .assembly import Assembly, addresses

_RESOURCE = re.compile(r"(?<![\w.\"-])(?P<data>data\.)?(?P<type>[a-z][a-z0-9]*_\w+)\.(?P<name>[A-Za-z_][\w-]*)")
_VARIABLE = re.compile(r"(?<![\w.-])var\.([A-Za-z_][\w-]*)")
# The tops of trees; what has no name is read there in any case.
_TOPS = ("", "lib")
# Modules declare some variables that they do not use.
_FEW = 0.4


def home(assembly: Assembly, text: str) -> str:
    """Return the directory of the file that was given last if code belongs there as well; empty for none.

    So it is when the code refers to what is declared there and to nothing that is declared elsewhere, and when most variables that it declares
    are used there, and none is declared there or missed elsewhere.

    Args:
        assembly: The files so far.
        text: The code.
    """
    directory = posixpath.dirname(assembly.last)
    if directory in _TOPS:
        return ""
    own = addresses(text)
    wanted = _resources(text) - own
    variables = {address.removeprefix("variable ") for address in own if address.startswith("variable ")}
    if not wanted and not variables:
        return ""
    inside, outside = (list(_code(assembly, directory, there=there)) for there in (True, False))
    known, others = (set[str]().union(*map(assembly.declares, paths)) for paths in (inside, outside))
    if own & known or wanted & (others - known):
        return ""
    used, missed = (_used_in(assembly, paths) for paths in (inside, outside))
    missed = {name for name in missed if f"variable {name}" not in others}
    if len(variables - used) > len(variables) * _FEW or variables & missed:
        return ""
    return directory if variables or wanted & known else ""


def _code(assembly: Assembly, directory: str, *, there: bool) -> Iterator[str]:
    yield from (path for path in assembly.files if path.endswith(".tf") and (path.rpartition("/")[0] == directory) is there)


def _used_in(assembly: Assembly, paths: Iterable[str]) -> set[str]:
    return set().union(*(assembly.of_file(path, _used) for path in paths))


def _resources(text: str) -> set[str]:
    return {f"{'data' if found['data'] else 'resource'} {found['type']} {found['name']}" for found in _RESOURCE.finditer(text)}


def _used(text: str) -> set[str]:
    return set(_VARIABLE.findall(text))
