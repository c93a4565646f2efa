"""What files that cannot be parsed say all the same: by their lines, for there is no structure to ask."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

# A header in the middle of a line, glued to what stands before it.
_GLUED = re.compile(
    r"""[^\s#/](?:(?:resource|data)[ ]+"[\w-]+"[ ]+"[\w-]+"|(?:variable|provider|output|module)[ ]+"[\w-]+")[ ]*\{[ ]*$""", re.MULTILINE
)
_MOST_GLUED = 2
_HEADLESS = re.compile(r"(?:\s*#.*\n)*(?:[ \t]*(?:description|type|default|sensitive|nullable)[ \t]*=.*\n)+\}")
_NAME = re.compile(r"\s*(?:dynamic\s+)?\"?([A-Za-z_][\w-]*)\"?\s*(=|\{)")
_OPENS = re.compile(r"\{\s*(?:#.*|//.*)?$")
_CLOSES = re.compile(r"\s*\}")


def open_path(text: str, first: int, line: int) -> str:
    """Return the path of the argument or nested block on a line of a block; empty on the block's own line.

    Args:
        text: The file.
        first: 1-based line on which the block begins.
        line: 1-based line of the error.
    """
    lines = text.split("\n")
    path: list[str] = []
    for index in range(first, min(line, len(lines))):
        named = _NAME.match(lines[index])
        if index + 1 == line:
            return _joined([*path, named[1]] if named else path)
        if _CLOSES.match(lines[index]) and path:
            path.pop()
        if _OPENS.search(lines[index]):
            path.append(f"{named[1]}{named[2]}" if named else "{")
    return ""


def _joined(path: list[str]) -> str:
    """Join the steps down to the first argument: what stands in its value is no step of its own."""
    steps: list[str] = []
    for step in path:
        if step == "{":
            break
        steps.append(step.rstrip("={"))
        if step.endswith("="):
            break
    return ".".join(steps)


def woven(graph: Graph) -> dict[str, int]:
    """Return the files that do not parse because two texts were written into one another, each with how many headers follow other code."""
    counts = {path: len(_GLUED.findall(text)) for path, text in _broken(graph).items()}
    return {path: count for path, count in counts.items() if count > _MOST_GLUED}


def written(graph: Graph, declaration: Declaration | None) -> bool:
    """Whether a file of a tree that does not parse has the header of a block more often than the tree declares it, in whatever module."""
    if declaration is None or not declaration.block.labels:
        return False
    broken = _broken(graph)
    if not broken:
        return False
    block = declaration.block
    labels = "".join(rf'[ \t]+"{re.escape(label)}"' for label in block.labels)
    header = re.compile(rf"{block.type}{labels}[ \t]*\{{")
    declared = (d for d in graph.tree.declarations.values() if d.block.file in broken and d.attribute is None)
    known = sum(d.block.type == block.type and d.block.labels == block.labels for d in declared)
    return sum(len(header.findall(text)) for text in broken.values()) > known


def writes(text: str, labels: Sequence[str]) -> bool:
    """Whether a file has the header of a block, whatever stands before and behind it.

    Args:
        text: The file.
        labels: Type and name of a resource or data source; ``var`` or ``module`` and the name.
    """
    first, name = (re.escape(label) for label in labels)
    kind = {"var": "variable", "module": "module"}.get(first, f'"{first}"')
    return re.search(rf'{kind}[ \t]+"{name}"', text) is not None


def headless(text: str) -> bool:
    """Whether a file begins with the arguments of a variable, to which no header is there."""
    return _HEADLESS.match(text) is not None


def stands_in_broken(graph: Graph, declaration: Declaration | None) -> bool:
    """Whether the file of a tree in which another tree's declaration would stand does not parse: what is there of it is not known."""
    return declaration is not None and declaration.block.file in _broken(graph)


def _broken(graph: Graph) -> dict[str, str]:
    names = {d.range.filename for d in graph.tree.diagnostics if d.range is not None and d.severity == "error"}
    return {name: graph.tree.files[name].text for name in sorted(names & graph.tree.files.keys())}
