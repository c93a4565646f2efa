"""On which lines the addresses of issues stand, in both trees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Attribute, Block, Literal, Object
from reviewgen.model.review import Issue, Minor, Place
from reviewgen.model.tree import LAID_UNDER
from reviewgen.terraform import Graph, arguments


def places(
    trees: tuple[Graph, Graph], found: tuple[Iterable[Finding], Iterable[Finding]], issues: Iterable[Issue], minor: Iterable[Minor]
) -> Mapping[str, tuple[Place, ...]]:
    """Return the places of each address that issues and minor findings name, MODEL's first.

    Args:
        trees: MODEL's graph and IDEAL's.
        found: What was found in each, which may tell the very line.
        issues: Of the review.
        minor: Its minor findings.
    """
    wanted = dict.fromkeys([*(a for i in issues for a in i.where), *(a for m in minor for a in m.where)])
    sides = tuple(zip(("model", "ideal"), trees, map(_told, found), strict=True))
    at = {address: list(_of_both(sides, address)) for address in wanted}
    # What IDEAL's snippets do not show stands in MODEL only.
    return {address: tuple(p for p in known if not p.file.endswith(LAID_UNDER)) for address, known in at.items()}


def _told(findings: Iterable[Finding]) -> dict[str, int]:
    """Return the lines of places of which all that is found there means one and the same block."""
    lines: dict[str, set[int]] = defaultdict(set)
    for finding in findings:
        lines[f"{finding.address}.{finding.attribute}".strip(".")].add(finding.line)
        for place in finding.related:
            lines[place].add(0)
    return {place: min(known) for place, known in lines.items() if len(known) == 1}


def _of_both(sides: tuple[tuple[str, Graph, Mapping[str, int]], ...], address: str) -> Iterator[Place]:
    """Yield where the declaration of an address stands; a tree with a shorter one, such as a provider without the alias, has it not."""
    owners = {side: graph.owner(address) for side, graph, _ in sides}
    longest = max(len(owner) for owner, _ in owners.values())
    if longest < len(address) and any(_is_alias(graph, address) for _, graph, _ in sides):
        return
    for side, graph, told in sides:
        if len(owners[side][0]) == longest:
            yield from _places(side, graph, *owners[side], told.get(address, 0))


def _is_alias(graph: Graph, address: str) -> bool:
    """Whether something refers to a provider's configuration of this name, and nothing declares it: the provider without the alias is another one."""
    return address.startswith("provider.") and address in graph.incoming and graph.get(address) is None


def _places(side: str, graph: Graph, owner: str, path: str, told: int) -> Iterator[Place]:
    """Yield where a tree has a path of a declaration: the argument's line, or the block's when the tree does not set the argument."""
    declaration = graph.get(owner)
    if declaration is None or (declaration.kind == "module" and "." in path):
        return  # behind a module's name stands an argument of the call, or something of the module that this tree does not declare
    if declaration.attribute is not None:
        file = declaration.attribute.file or declaration.block.file
        yield _place(side, graph, file, _line(graph, file, declaration.attribute, path))
        return
    if not path:
        again = (d for module in graph.tree.modules.values() for d in module.duplicates if d.address == owner)
        yield from (_place(side, graph, d.block.file, d.block.line) for d in (declaration, *again))
        return
    block, exact = _standing(declaration.block, path)
    for name, holder, attribute in arguments(declaration.block) if exact else ():
        if path == name or path.startswith(f"{name}."):
            file = attribute.file or holder.file
            yield _place(side, graph, file, _line(graph, file, attribute, path[len(name) + 1 :]))
            return
    if exact and not declaration.block.complete and not any(declaration.block.nested(*path.split("."))):
        return  # whether a block that cannot be read whole sets the argument, and where, nobody can tell
    yield _place(side, graph, declaration.block.file, block.line if exact else told or block.line)


def _standing(block: Block, path: str) -> tuple[Block, bool]:
    """Return the innermost block to which a path leads for certain, and whether it is that of the path.

    Of several blocks of one type a path names none: the line of the first one would be that of another one in most cases.
    """
    for step in path.split("."):
        inner = list(block.nested(step))
        if len(inner) > 1:
            return block, False
        if not inner:
            break
        block = inner[0]
    return block, True


def _line(graph: Graph, file: str, attribute: Attribute, key: str) -> int:
    """Return the line of a key in the object that an argument is given, or the argument's own where no such key is written."""
    source = graph.files.get(file)
    items = attribute.expr.items if isinstance(attribute.expr, Object) else ()
    written = next((name for name, _ in items if isinstance(name, Literal) and name.value == key), None) if key else None
    return attribute.line if written is None or source is None else source.position(written.start).line


def _place(side: str, graph: Graph, file: str, line: int) -> Place:
    source = graph.files.get(file)
    return Place(side, file, line, source.origin_line(line) if source is not None and source.origin else 0)
