"""The things that a document names: addresses, types, variables, arguments, settings, and what the answers have of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import arguments

from .texts import squeezed

_ADDRESS = re.compile(r"(?:data\.)?(?:aws|random|tls|archive|null|time|local)_[a-z0-9_]+\.[A-Za-z_][\w-]*")
_SCOPED = re.compile(r"(var|local|output|module)\.([A-Za-z_][\w-]*)")
_TYPE = re.compile(r"(?:aws|random|tls|archive|null|time)_[a-z0-9_]+")
_ARGUMENT = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_SETTING = re.compile(r"([a-z][a-z0-9_]*) ?= ?(true|false|\d+|\"[^\"$]+\")")
_KINDS = {"variable": "var", "output": "output", "module": "module", "local": "local"}


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a document names: ``kind`` is ``address``, ``type``, ``argument`` or ``setting``; ``value`` is that of a setting."""

    kind: str
    name: str
    value: str = ""

    def __str__(self) -> str:
        return f"`{self.name} = {self.value}`" if self.value else f"`{self.name}`"

    @property
    def key(self) -> str:
        """The part of the name that has to stand in an answer for the thing to be there."""
        return self.name.rpartition(".")[2]


def thing(code: str, behind: str) -> Thing | None:
    """Return the thing that a piece of code in a sentence names.

    Args:
        code: The piece, without backticks.
        behind: The words behind it, which may say that it is a variable or an output.
    """
    word = re.match(r"\W*(variable|output|module|local)s?\b", behind)
    if scoped := _SCOPED.fullmatch(code):
        return Thing("address", f"{scoped[1]}.{scoped[2]}")
    if _ADDRESS.fullmatch(code):
        return Thing("address", code)
    if _TYPE.fullmatch(code) and not word:
        return Thing("type", code)
    if word and re.fullmatch(r"[a-z][a-z0-9_]*", code):
        return Thing("address", f"{_KINDS[word[1]]}.{code}")
    code = code.removesuffix(" {}")
    if _ARGUMENT.fullmatch(code):
        return Thing("argument", code)
    if setting := _SETTING.fullmatch(code):
        return Thing("setting", setting[1], setting[2])
    return None


def holders(found: Thing, graph: Graph) -> frozenset[str]:
    """Return the addresses of a tree that are, or have, a thing."""
    if found.kind == "address":
        return frozenset(d.address for d in graph.tree.declarations.values() if d.local == found.name)
    if found.kind == "type":
        return frozenset(d.address for d in graph.tree.declarations.values() if d.type == found.name and d.kind in ("resource", "data"))
    return frozenset(_setting(found, graph))


def _setting(found: Thing, graph: Graph) -> Iterator[str]:
    for declaration in graph.tree.declarations.values():
        for path, block, attribute in arguments(declaration.block):
            if found.name not in path.split(".") or (found.value and not path.endswith(found.name)):
                continue
            file = graph.tree.files.get(block.file)
            text = file.slice(attribute.expr.start, attribute.expr.end) if file else ""
            if not found.value or squeezed(text) == squeezed(found.value):
                yield declaration.address


def place(address: str, graph: Graph) -> str:
    """Return ```aws_vpc.main` (`main.tf:3`)``."""
    declaration = graph.tree.declarations.get(address)
    file = graph.tree.files.get(declaration.block.file) if declaration else None
    if declaration is None or file is None:
        return f"`{address}`"
    return f"`{address}` (`{file.path}:{declaration.block.line}`)"
