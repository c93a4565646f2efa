"""Blocks that speak about resources instead of declaring them: ``moved``, ``import``, ``removed``, ``check``."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen import hcl
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attr, Attribute, Block, Expression, Index, Invalid, Traversal

from ..places import step_spans
from . import names, provider_references, resources, static
from .frame import Frame

_KEYWORDS = ("var", "local", "path", "each", "count", "self", "terraform", "output", "template", "lazy", "arg")
_RESERVED = (
    'The keyword "{}" is reserved and cannot be used to target a resource address. If you are targeting a resource type that uses a '
    'reserved keyword, please prefix your address with "resource.".'
)
_MOVED = 'The "from" and "to" addresses must either both refer to resources or both refer to modules.'


def moved(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with a ``moved`` block."""
    kinds: list[str | None] = []
    for name in ("from", "to"):
        attribute = frame.block.attributes.get(name)
        if attribute is not None:
            found = list(_target(frame, attribute))
            yield from found
            kinds.append(None if found else _kind(attribute.expr))
    if len(kinds) == 2 and None not in kinds and kinds[0] != kinds[1]:
        yield frame.at_header('Invalid "moved" addresses', _MOVED)


def _target(frame: Frame, attribute: Attribute) -> Iterator[Diagnostic]:
    """Yield what is wrong with the address of a resource or module."""
    expr = attribute.expr
    yield from static.single_reference(frame, attribute, expr)
    if not isinstance(expr, Traversal) or not static.is_reference(expr):
        return
    if expr.root in _KEYWORDS:
        yield frame.at(attribute, expr, "Invalid address", _RESERVED.format(expr.root))
    elif expr.root != "module" and len(expr.steps) == 0:
        yield frame.at(attribute, expr, "Invalid address", "Resource specification must include a resource type and name.")


def _path(expr: Expression) -> tuple[list[str], list[int]]:
    """Return the names of an address without the modules around it, and the positions of its instance keys, resource keys last."""
    if not isinstance(expr, Traversal):
        return [], []
    words = [expr.root, *(step.name if isinstance(step, Attr) else "" for step in expr.steps)]
    keys = [position for position, step in enumerate(expr.steps) if isinstance(step, Index)]
    while words[:1] == ["module"]:
        words = words[2:]
        if words[:1] == [""]:
            words = words[1:]
    return words, keys


def _kind(expr: Expression) -> str | None:
    if not isinstance(expr, Traversal):
        return None
    return "resource" if _path(expr)[0] else "module"


def import_(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with an ``import`` block."""
    yield from provider_references.check(frame, "provider")
    to = frame.block.attributes.get("to")
    if to is None or isinstance(to.expr, Invalid):
        return
    words, _ = _path(to.expr)
    if isinstance(to.expr, Traversal) and to.expr.root in _KEYWORDS:
        yield frame.at(to, to.expr, "Invalid address", _RESERVED.format(to.expr.root))
    elif not isinstance(to.expr, Traversal):
        yield from static.single_reference(frame, to, to.expr)
    elif to.expr.root == "module" and not _called(frame, to.expr):
        detail = (
            f"The configuration for the given import target {hcl.text_of(to.expr)} does not exist. All target instances must have an "
            "associated configuration to be imported."
        )
        yield frame.at(to, to.expr, "Configuration for import target does not exist", detail)
    if not isinstance(to.expr, Traversal) or words[:1] == ["data"] or to.expr.root in _KEYWORDS:
        yield frame.at_argument(to, "Invalid import address", "Only managed resources can be imported.")


def _called(frame: Frame, expr: Traversal) -> bool:
    """Whether the first module on the way to an address is called; only the root imports."""
    first = expr.steps[0] if expr.steps else None
    tree = frame.configuration.tree
    return isinstance(first, Attr) and f"module.{first.name}" in tree.modules[tree.root].declarations


def removed(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with a ``removed`` block."""
    attribute = frame.block.attributes.get("from")
    words: list[str] = []
    if attribute is not None:
        yield from _target(frame, attribute)
        words, keys = _path(attribute.expr)
        yield from _removed_keys(frame, attribute, keys)
        if words[:1] == ["data"]:
            detail = (
                "Data sources are never destroyed, so they are not valid targets of removed blocks. To remove the data source from state, "
                "remove the data source block from configuration."
            )
            yield frame.at(attribute, attribute.expr, "Data source address not allowed", detail)
        if isinstance(attribute.expr, Traversal) and keys:
            words = []
    if attribute is None or not isinstance(attribute.expr, Traversal):
        return
    yield from _removed_blocks(frame, managed=len(words) == 2)


def _removed_keys(frame: Frame, attribute: Attribute, keys: list[int]) -> Iterator[Diagnostic]:
    expr = attribute.expr
    if not keys or not isinstance(expr, Traversal):
        return
    spans = step_spans(expr, frame.file(attribute).data)
    if (expr.root == "module" and keys[0] != len(expr.steps) - 1) or (expr.root == "module" and len(expr.steps) == 2):
        detail = 'Module address must be a module (e.g. "module.foo"), not a module instance (e.g. "module.foo[1]").'
        yield frame.at_span(attribute, spans[keys[0]], "Module instance keys not allowed", detail)
    else:
        detail = 'Resource address must be a resource (e.g. "test_instance.foo"), not a resource instance (e.g. "test_instance.foo[1]").'
        yield frame.at_span(attribute, spans[keys[0]], "Resource instance keys not allowed", detail)


def _removed_blocks(frame: Frame, *, managed: bool) -> Iterator[Diagnostic]:
    for inner in frame.nested("connection"):
        if not managed:
            detail = "Provisioner connection configuration is valid only when a removed block targets a managed resource."
            yield inner.at_header("Invalid connection block", detail)
    for inner in frame.nested("provisioner"):
        if not managed:
            detail = "Provisioners are valid only when a removed block targets a managed resource."
            yield inner.at_header("Invalid provisioner block", detail)
        elif not resources.runs_at_destroy(inner):
            detail = (
                'Only destroy-time provisioners are valid in "removed" blocks. To declare a destroy-time provisioner, use:\n'
                "    when = destroy"
            )
            yield inner.at_header("Invalid provisioner block", detail)


def removed_lifecycle(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with the ``lifecycle`` block of a ``removed`` block."""
    yield from static.flag(frame, "destroy")


def check(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with a ``check`` block."""
    yield from names.label(frame, 0, "check block name")
    if not any(block.type == "assert" and _complete(block) for block in frame.block.blocks):
        yield frame.at_header("Zero assert blocks", "Check blocks must have at least one assert block.")
    first: Block | None = None
    for inner in frame.nested("data"):
        if len(inner.block.labels) != 2:
            continue
        if first is not None:
            detail = f"This check block already has a data resource defined at {frame.place(first)}."
            yield inner.at_header("Multiple data resource blocks", detail)
        first = first or inner.block


def _complete(block: Block) -> bool:
    """Whether Terraform keeps an assertion: it drops one that says nothing."""
    condition = block.value("condition")
    return set(block.attributes) == {"condition", "error_message"} and condition is not None and any(hcl.traversals(condition))


def check_data(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with the data source inside a ``check`` block."""
    yield from provider_references.check(frame, "provider")
    yield from static.reference_list(frame, "depends_on")
    for attribute in frame.block.attributes.values():
        if attribute.name in ("count", "for_each"):
            detail = 'The "count" and "for_each" meta-arguments are not supported within nested data blocks.'
            yield frame.at_name(attribute, f'Invalid "{attribute.name}" attribute', detail)
    for inner in frame.nested("lifecycle"):
        detail = (
            'Nested data blocks do not support "lifecycle" blocks as the lifecycle is managed by the containing block.'
        )  # fmt: skip
        yield inner.at_header("Invalid lifecycle block", detail)
