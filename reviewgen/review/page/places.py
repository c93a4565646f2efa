"""On which lines the addresses of issues stand, in both trees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Attribute, Block, Literal, Object
from reviewgen.model.review import Issue, Minor, Place
from reviewgen.model.tree import LAID_UNDER
from reviewgen.terraform import Graph, arguments

from ..inputs import Inputs


def places(
    inputs: Inputs, found: tuple[Iterable[Finding], Iterable[Finding]], issues: Iterable[Issue], minor: Iterable[Minor]
) -> Mapping[str, tuple[Place, ...]]:
    """Return the places of each address that issues and minor findings name, MODEL's first.

    Args:
        inputs: The pair.
        found: What rules and Terraform find in MODEL and in IDEAL, which may tell the very line.
        issues: Of the review.
        minor: Its minor findings.
    """
    wanted = dict.fromkeys([*(a for i in issues for a in i.where), *(a for m in minor for a in m.where)])
    sides = tuple(zip(("model", "ideal"), (inputs.model, inputs.ideal), map(_told, found), strict=True))
    at = {address: list(_of_both(sides, address)) for address in wanted}
    # What IDEAL's snippets do not show stands in MODEL only.
    return {address: tuple(p for p in known if not p.file.endswith(LAID_UNDER)) for address, known in at.items()}


def _told(said: Iterable[Finding]) -> dict[str, int]:
    """Return the lines of places of which all that is found there means one and the same block."""
    lines: dict[str, set[int]] = defaultdict(set)
    for finding in said:
        place = f"{finding.address}.{finding.attribute}".strip(".")
        lines[place].add(finding.line)
        for other in finding.related:  # what Terraform names beside an argument stands in the same block
            beside = tf.is_rule(finding.rule) and bool(finding.attribute) and _home(other) == _home(place)
            lines[other].add(finding.line if beside else 0)
    return {place: min(known) for place, known in lines.items() if len(known) == 1}


def _home(place: str) -> str:
    return place.rpartition(".")[0]


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
    line = _line_within(block, path, told) if told and not exact else block.line
    yield _place(side, graph, declaration.block.file, line)


def _line_within(block: Block, path: str, told: int) -> int:
    """Return the line of a path that leads through that of several blocks in which a line lies; that line where it lies in none."""
    *steps, last = path.split(".")
    for step in steps:
        inner = list(block.nested(step))
        around = [b for b in inner if b.line <= told <= b.end_line] if len(inner) > 1 else inner
        if len(around) != 1:
            return told
        block = around[0]
    if last in block.attributes:
        return block.attributes[last].line
    inner = list(block.nested(last))
    return inner[0].line if len(inner) == 1 else block.line if steps and not inner else told


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
