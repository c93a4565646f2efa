"""The semantic difference of two trees."""

from __future__ import annotations

from collections.abc import Sequence

from reviewgen.records import dataclass

from .addresses import declaration, in_module

# What a module has without creating anything.
_INTERFACE = ("var", "output", "local", "provider", "terraform")


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """One argument that differs inside a block.

    Attributes:
        path: Attribute path inside the block with nested block types as steps: ``kms_key_id``, ``rule.filter.prefix``.
            Nested blocks that stand several times carry the position in the side that has them: ``ingress[1].cidr_blocks``.
        before: Source text in MODEL; None when MODEL has no such argument or block.
        after: Source text in IDEAL; None when IDEAL has none.
        block: True when ``path`` names a whole nested block.
        model_line: Line in MODEL's file, 0 when absent.
        ideal_line: Line in IDEAL's file, 0 when absent.
        model_end_line: Last line in MODEL's file, 0 when absent.
        ideal_end_line: Last line in IDEAL's file, 0 when absent.
    """

    path: str
    before: str | None
    after: str | None
    block: bool = False
    model_line: int = 0
    ideal_line: int = 0
    model_end_line: int = 0
    ideal_end_line: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """A declaration that both trees have and that differs; ``model_address`` differs from ``address`` (IDEAL's) only after a rename."""

    address: str
    model_address: str
    attributes: tuple[AttributeChange, ...]


@dataclass(frozen=True, slots=True)
class Renamed:
    """A declaration that has another address in IDEAL, with what shows that it is the same."""

    before: str
    after: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A declaration that stands in another file in IDEAL."""

    address: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs between MODEL and IDEAL; every tuple is sorted by address.

    ``unchanged`` counts declarations without any difference; ``notes`` say where the two readers of HCL disagree. ``apart`` is set where an
    IDEAL of parts does not build on what MODEL has besides them.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[Changed, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    moved: tuple[Moved, ...] = ()
    unchanged: int = 0
    notes: tuple[str, ...] = ()
    apart: bool = False

    def drops(self, address: str) -> bool:
        """Whether IDEAL does not declare what an address, or the address of an argument, belongs to.

        What stands in a module goes by itself: IDEAL may hold the module and no longer call it.
        """
        own = declaration(address)[0]
        if in_module(own) != own:
            return own in self.removed
        return any(address == gone or address.startswith(f"{gone}.") for gone in self.removed)

    def leaves_out(self, where: Sequence[str]) -> bool:
        """Whether IDEAL does not declare all of a defect's places; one that stands first under an address of IDEAL's has its place there."""
        own = (*self.added, *(r.after for r in self.renamed))
        new = any(place == address or place.startswith(f"{address}.") for place in where[:1] for address in own)
        return not new and any(map(self.drops, where))

    @property
    def hides(self) -> bool:
        """Whether IDEAL calls modules that MODEL does not call, and shows nothing of what they create: MODEL's blocks may stand there."""
        calls = [a for a in self.added if a.startswith("module.") and a.count(".") == 1]
        inside = (a.split(".")[2] for a in self.added if any(a.startswith(f"{call}.") for call in calls))
        return bool(calls) and all(kind in _INTERFACE for kind in inside)

    @property
    def empty(self) -> bool:
        """Whether nothing but places of blocks differs."""
        return not (self.added or self.removed or self.changed or self.renamed)
