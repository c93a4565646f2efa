"""The blocks of Terraform's own language: which arguments and nested blocks each takes, and how many labels.

Facts: the body schemas of Terraform 1.11's ``configs`` package, each confirmed by a case in ``tests/cases/validate``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from reviewgen.model.hcl import Block
from reviewgen.model.tree import Module
from reviewgen.records import dataclass


@dataclass(frozen=True, slots=True)
class Body:
    """What may stand in a body.

    Attributes:
        arguments: Names of arguments, in Terraform's order, which decides what it suggests for a misspelt one.
        required: Those of them that must be set.
        blocks: Nested blocks by type, each with the names of its labels.
        open: Whether further arguments and blocks belong to somebody else: a provider, a provisioner, a module's variables.
    """

    arguments: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    blocks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open: bool = False


_CONDITION = Body(("condition", "error_message"), ("condition", "error_message"))
_PROVISIONER = Body(("when", "on_failure"), blocks={"_": (), "connection": (), "lifecycle": ()}, open=True)
_CONDITIONS = {"precondition": (), "postcondition": ()}
_META = ("count", "for_each", "provider", "depends_on")

TOP = Body(
    blocks={
        "terraform": (),
        "required_providers": (),
        "provider": ("name",),
        "variable": ("name",),
        "locals": (),
        "output": ("name",),
        "module": ("name",),
        "resource": ("type", "name"),
        "data": ("type", "name"),
        "ephemeral": ("type", "name"),
        "moved": (),
        "removed": (),
        "import": (),
        "check": ("name",),
    }
)

# Bodies by the way that leads to them from the top.
BODIES: Mapping[tuple[str, ...], Body] = {
    ("terraform",): Body(
        ("experiments", "required_version", "language"),
        blocks={"backend": ("type",), "cloud": (), "required_providers": (), "provider_meta": ("provider",)},
    ),
    ("provider",): Body(
        ("version", "alias", "count", "depends_on", "for_each", "source"), blocks={"_": (), "lifecycle": (), "locals": ()}, open=True
    ),
    ("variable",): Body(("description", "default", "type", "sensitive", "ephemeral", "nullable"), blocks={"validation": ()}),
    ("variable", "validation"): _CONDITION,
    ("output",): Body(("description", "value", "depends_on", "sensitive", "ephemeral"), ("value",), _CONDITIONS),
    ("output", "precondition"): _CONDITION,
    ("module",): Body(
        ("source", "version", "count", "for_each", "depends_on", "providers"),
        ("source",),
        {"_": (), "lifecycle": (), "locals": (), "provider": ("type",)},
        open=True,
    ),
    ("resource",): Body(_META, blocks={"locals": (), "lifecycle": (), "connection": (), "provisioner": ("type",), "_": ()}, open=True),
    ("resource", "lifecycle"): Body(
        ("create_before_destroy", "prevent_destroy", "ignore_changes", "replace_triggered_by"), blocks=_CONDITIONS
    ),
    ("resource", "lifecycle", "precondition"): _CONDITION,
    ("resource", "lifecycle", "postcondition"): _CONDITION,
    ("resource", "provisioner"): _PROVISIONER,
    ("data",): Body(_META, blocks={"lifecycle": (), "locals": (), "_": ()}, open=True),
    ("ephemeral",): Body(_META, blocks={"lifecycle": (), "locals": (), "_": ()}, open=True),
    ("moved",): Body(("from", "to"), ("from", "to")),
    ("removed",): Body(("from",), ("from",), {"lifecycle": (), "connection": (), "provisioner": ("type",)}),
    ("removed", "lifecycle"): Body(("destroy",)),
    ("removed", "provisioner"): _PROVISIONER,
    ("import",): Body(("provider", "for_each", "id", "to"), ("id", "to")),
    ("check",): Body(blocks={"data": ("type", "name"), "assert": ()}),
    ("check", "assert"): _CONDITION,
    ("check", "data"): Body(_META, blocks={"lifecycle": (), "locals": (), "_": ()}, open=True),
    **{(kind, "lifecycle"): Body(
        ("create_before_destroy", "prevent_destroy", "ignore_changes", "replace_triggered_by"), blocks=_CONDITIONS
    ) for kind in ("data", "ephemeral")},
    **{(kind, "lifecycle", condition): _CONDITION for kind in ("data", "ephemeral") for condition in _CONDITIONS},
}  # fmt: skip


def labelled(module: Module, kind: str) -> Iterator[Block]:
    """Yield the top-level blocks of a type that have the labels they need; Terraform drops the others."""
    wanted = len(TOP.blocks[kind])
    for block in module.blocks:
        if block.type == kind and len(block.labels) == wanted:
            yield block


def settings(module: Module, kind: str) -> Iterator[tuple[Block, Block]]:
    """Yield the blocks of a type inside ``terraform`` blocks, each behind the block around it."""
    wanted = len(BODIES["terraform",].blocks[kind])
    for block in module.blocks:
        if block.type == "terraform":
            yield from ((block, inner) for inner in block.blocks if inner.type == kind and len(inner.labels) == wanted)
