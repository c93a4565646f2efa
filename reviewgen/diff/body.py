"""What differs between two blocks: arguments by name, nested blocks paired by content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import NamedTuple

from reviewgen import hcl
from reviewgen.model.diff import AttributeChange
from reviewgen.model.hcl import Attribute, Block, Expression
from reviewgen.model.source import SourceFile
from reviewgen.records import dataclass

from .values import comparable, sets


@dataclass(frozen=True)
class Side:
    """One tree as the comparison sees it: its files, and the other tree's names for what has been renamed (empty for IDEAL)."""

    files: Mapping[str, SourceFile]
    renames: Mapping[str, str] = field(default_factory=dict)

    def text(self, block: Block, attribute: Attribute) -> str:
        """Return the source text of an argument's value."""
        file = self.files[attribute.file or block.file]
        source = file.slice(attribute.start, attribute.end)
        return source[source.index("=") + 1 :].strip() if "=" in source else source

    def body(self, block: Block) -> str:
        """Return the source text of a whole block."""
        return self.files[block.file].slice(block.start, block.end)


class Difference(NamedTuple):
    """What differs, with the expressions on both sides: None where there is no argument."""

    change: AttributeChange
    before: Expression | None = None
    after: Expression | None = None


def kind(block: Block) -> str:
    """Return what a nested block is called in paths: its type, a ``dynamic`` block by the type that it generates."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def leaves(block: Block, side: Side, path: str = "") -> Iterator[str]:
    """Yield one line for each argument of a block and of the blocks inside it, with its comparable value; the measure of likeness."""
    for name, attribute in block.attributes.items():
        yield f"{path}{name}={hcl.text_of(comparable(name, attribute.expr, side.renames))}"
    for inner in block.blocks:
        mark = "dynamic " if inner.type == "dynamic" else ""
        yield f"{path}{mark}{kind(inner)}"
        yield from leaves(inner, side, f"{path}{kind(inner)}.")


def same(model: Block, ideal: Block, left: Side, right: Side) -> bool:
    """Whether two blocks mean the same: the same arguments and, in any order, the same nested blocks."""
    return _signature(model, left) == _signature(ideal, right)


def _signature(block: Block, side: Side) -> str:
    lines = sorted(f"{n}={hcl.text_of(comparable(n, a.expr, side.renames))}" for n, a in block.attributes.items())
    lines += sorted(_signature(inner, side) for inner in block.blocks)
    return f"{block.type} {' '.join(block.labels)}{{{';'.join(lines)}}}"


def alike(model: Block, ideal: Block, left: Side, right: Side) -> tuple[int, int]:
    """Return how many arguments and nested blocks of two blocks are alike, and of how many in all; what differs is what ``changes`` yields."""
    names = {**model.attributes, **ideal.attributes}
    equal = sum(_are_equal(name, model.attributes.get(name), ideal.attributes.get(name), left, right) for name in names)
    every = len(names)
    for ours, theirs in _groups(model, ideal).values():
        for before, after in _paired(ours, theirs, left, right):
            if before and after and before.type == after.type:
                inside = alike(before, after, left, right)
                equal, every = equal + 1 + inside[0], every + 1 + inside[1]
            else:
                every += sum(1 + len(list(leaves(block, left))) for block in (before, after) if block)
    return equal, every


def _are_equal(name: str, before: Attribute | None, after: Attribute | None, left: Side, right: Side) -> bool:
    """Whether both blocks set an argument, to values that mean the same."""
    return bool(before and after and comparable(name, before.expr, left.renames) == comparable(name, after.expr, right.renames))


def changes(model: Block, ideal: Block, left: Side, right: Side, path: str = "") -> Iterator[Difference]:
    """Yield what differs between two blocks that are the same thing, in the order of IDEAL, then what only MODEL has."""
    nested = list(_nested(model, ideal, left, right, path))
    halves = {d.change.path: d for d in nested if d.change.block}
    joined: set[str] = set()
    for name in (*ideal.attributes, *(n for n in model.attributes if n not in ideal.attributes)):
        before, after = model.attributes.get(name), ideal.attributes.get(name)
        if _are_equal(name, before, after, left, right):
            continue
        found = argument(path + name, (model, before, left), (ideal, after, right))
        half = halves.get(path + name)
        if half is not None and (whole := _turned(found, half)) is not None:
            found = whole
            joined.add(path + name)
        yield found
    yield from (d for d in nested if d.change.path not in joined)


def _turned(one: Difference, block: Difference) -> Difference | None:
    """Return an argument that became a block of its name, or the other way round, as one change; None where both trees have both."""
    gone, new = (one.change, block.change) if one.change.after is None else (block.change, one.change)
    if gone.after is not None or new.before is not None:
        return None
    return Difference(
        replace(new, before=gone.before, block=True, model_line=gone.model_line, model_end_line=gone.model_end_line), one.before, one.after
    )


_Half = tuple[Block, Attribute | None, Side]


def argument(path: str, model: _Half, ideal: _Half) -> Difference:
    """Return how the arguments of two blocks differ, of which one may be missing."""
    before, after = model[1], ideal[1]
    change = AttributeChange(
        path,
        model[2].text(model[0], before) if before else None,
        ideal[2].text(ideal[0], after) if after else None,
        model_line=before.line if before else 0,
        ideal_line=after.line if after else 0,
        model_end_line=before.end_line if before else 0,
        ideal_end_line=after.end_line if after else 0,
    )
    return Difference(change, before.expr if before else None, after.expr if after else None)


def _nested(model: Block, ideal: Block, left: Side, right: Side, path: str) -> Iterator[Difference]:
    for name, (ours, theirs) in _groups(model, ideal).items():
        single = len(ours) <= 1 and len(theirs) <= 1
        for before, after in _paired(ours, theirs, left, right):
            position = theirs.index(after) if after else ours.index(before) if before else 0
            step = path + name if single else f"{path}{name}[{position}]"
            if before and after and before.type == after.type:
                yield from changes(before, after, left, right, f"{step}.")
            else:
                yield Difference(_block(step, (before, left), (after, right)))


def _groups(model: Block, ideal: Block) -> Mapping[str, tuple[list[Block], list[Block]]]:
    """Return the nested blocks of two blocks by what they are called, IDEAL's order before MODEL's."""
    groups: dict[str, tuple[list[Block], list[Block]]] = defaultdict(lambda: ([], []))
    for block in ideal.blocks:
        groups[kind(block)][1].append(block)
    for block in model.blocks:
        groups[kind(block)][0].append(block)
    return groups


def _block(path: str, model: tuple[Block | None, Side], ideal: tuple[Block | None, Side]) -> AttributeChange:
    before, after = model[0], ideal[0]
    return AttributeChange(
        path,
        model[1].body(before) if before else None,
        ideal[1].body(after) if after else None,
        True,
        model_line=before.line if before else 0,
        ideal_line=after.line if after else 0,
        model_end_line=before.end_line if before else 0,
        ideal_end_line=after.end_line if after else 0,
    )


_Pair = tuple[Block | None, Block | None]


def _paired(ours: list[Block], theirs: list[Block], left: Side, right: Side) -> list[_Pair]:
    """Pair blocks of one type: equal ones first, then those with the same key, then the likest; IDEAL's order, then what is left over."""
    if len(ours) <= 1 and len(theirs) <= 1:
        return [(ours[0] if ours else None, theirs[0] if theirs else None)]
    found: dict[int, Block] = {}
    free = list(ours)
    equal: dict[str, list[Block]] = defaultdict(list)
    for block in ours:
        equal[_signature(block, left)].append(block)
    for position, block in enumerate(theirs):
        twins = equal[_signature(block, right)]
        if twins:
            found[position] = twins.pop(0)
            free.remove(found[position])
    for score, position, block in _ranked(free, theirs, found, left, right):
        if position not in found and block in free and score > 0:
            found[position] = block
            free.remove(block)
    pairs: list[_Pair] = [(found.get(position), block) for position, block in enumerate(theirs)]
    return pairs + [(block, None) for block in free]


def _ranked(free: list[Block], theirs: list[Block], found: Mapping[int, Block], left: Side, right: Side) -> list[tuple[float, int, Block]]:
    mine = [(set(leaves(b, left)), b) for b in free]
    scored = []
    for position, block in enumerate(theirs):
        if position in found:
            continue
        lines = set(leaves(block, right))
        name = sets().keys.get(kind(block))
        key = next((line for line in lines if name and line.startswith(f"{name}=")), None)
        for order, (other, candidate) in enumerate(mine):
            likeness = len(lines & other) / max(1, len(lines | other))
            keyed = 1.0 if key is not None and key in other else 0.0
            scored.append((-(keyed + likeness), abs(order - position), position, order, candidate))
    scored.sort(key=lambda row: row[:4])
    return [(-score, position, candidate) for score, _, position, _, candidate in scored]
