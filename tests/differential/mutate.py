"""One kind of mistake in several resources of a tree, deterministically."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from reviewgen.model.hcl import Attribute, Block, Literal
from reviewgen.model.tree import Tree

# Names that belong to Terraform itself, whatever the resource type.
_META = frozenset({"count", "for_each", "provider", "depends_on"})

Edit = tuple[int, int, bytes]
"""First byte, the byte behind the last, what comes in between."""


def mutated(tree: Tree, kind: str, seed: int, most: int = 6) -> Mapping[str, bytes]:
    """Return the files of a tree with one kind of mistake in at most so many resources.

    Args:
        tree: The tree.
        kind: One of ``KINDS``.
        seed: Chooses the resources and arguments.
        most: Most mistakes.
    """
    chance = random.Random(f"{kind} {seed}")
    blocks = [d.block for d in tree.declarations.values() if d.kind in ("resource", "data") and d.block.complete and d.module == tree.root]
    chance.shuffle(blocks)
    edits: dict[str, list[Edit]] = {}
    for block in blocks:
        edit = KINDS[kind](block, tree.files[block.file].data, chance)
        if edit and sum(map(len, edits.values())) < most:
            edits.setdefault(block.file, []).append(edit)
    return {path: _edited(file.data, edits.get(path, [])) for path, file in tree.files.items()}


def _edited(data: bytes, edits: list[Edit]) -> bytes:
    for start, end, text in sorted(edits, reverse=True):
        data = data[:start] + text + data[end:]
    return data


def _argument(block: Block, chance: random.Random) -> Attribute | None:
    """Return one of the block's arguments, or of a nested block's."""
    bodies = [block, *(b for b in block.blocks if b.type not in ("lifecycle", "dynamic", "provisioner", "connection"))]
    found = [a for body in bodies for name, a in sorted(body.attributes.items()) if name not in _META and a.file in (None, block.file)]
    return chance.choice(found) if found else None


def _drop(block: Block, _data: bytes, chance: random.Random) -> Edit | None:
    found = _argument(block, chance)
    return (found.start, found.expr.end, b"") if found else None


def _misspell(block: Block, _data: bytes, chance: random.Random) -> Edit | None:
    found = _argument(block, chance)
    if found is None:
        return None
    name = found.name.encode()
    at = chance.randrange(1, len(name)) if len(name) > 1 else 0
    return found.start, found.start + len(name), name[:at] + name[at : at + 1] + name[at:]


def _retype(block: Block, _data: bytes, chance: random.Random) -> Edit | None:
    found = _argument(block, chance)
    if found is None:
        return None
    single = isinstance(found.expr, Literal)
    return found.expr.start, found.expr.end, chance.choice((b'["x"]', b"{ x = 1 }") if single else (b'"x"', b"true"))


def _retext(block: Block, _data: bytes, chance: random.Random) -> Edit | None:
    """Put another text or number in the place of a literal one."""
    found = _argument(block, chance)
    if found is None or not isinstance(found.expr, Literal) or isinstance(found.expr.value, bool | None):
        return None
    text = chance.choice((b'"x y"', b'"sg-x"', b'""', b'"-x"', b'"' + b"a" * 300 + b'"'))
    number = chance.choice((b"-1", b"0", b"7", b"99999"))
    return found.expr.start, found.expr.end, text if isinstance(found.expr.value, str) else number


def _rename(block: Block, data: bytes, _chance: random.Random) -> Edit | None:
    at = data.find(b'"%s"' % block.labels[1].encode(), block.start, block.header_end)
    return (at + 1, at + 1, b"renamed_") if at >= 0 else None


def _duplicate(block: Block, data: bytes, _chance: random.Random) -> Edit | None:
    return block.end, block.end, b"\n\n" + data[block.start : block.end]


KINDS: Mapping[str, Callable[[Block, bytes, random.Random], Edit | None]] = {
    "drop": _drop,
    "misspell": _misspell,
    "retype": _retype,
    "retext": _retext,
    "rename": _rename,
    "duplicate": _duplicate,
}
