"""The blocks of Terraform's own language: unknown and missing arguments, blocks and labels, and what each block asks of its arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attribute
from reviewgen.terraform.tree import is_override

from ..configuration import Configuration
from ..places import key
from . import grammar, module_blocks, provider_blocks, resources, settings, statements, variables, wording
from .frame import Frame

Path = tuple[str, ...]
# What each block asks beyond its grammar, by the way that leads to it.
_RULES: Mapping[Path, Callable[[Frame], Iterator[Diagnostic]]] = {
    ("terraform",): settings.terraform,
    ("terraform", "required_providers"): settings.required_providers,
    ("required_providers",): settings.misplaced_required_providers,
    ("locals",): settings.no_blocks,
    ("provider",): provider_blocks.provider,
    ("variable",): variables.variable,
    ("variable", "validation"): variables.validation,
    ("output",): variables.output,
    ("output", "precondition"): variables.condition("precondition"),
    ("module",): module_blocks.module,
    ("resource",): resources.resource,
    ("resource", "lifecycle"): resources.lifecycle,
    ("resource", "lifecycle", "precondition"): variables.condition("precondition"),
    ("resource", "lifecycle", "postcondition"): variables.condition("postcondition"),
    ("resource", "provisioner"): resources.provisioner,
    ("data",): resources.resource,
    ("data", "lifecycle"): resources.unmanaged_lifecycle,
    ("data", "lifecycle", "precondition"): variables.condition("precondition"),
    ("data", "lifecycle", "postcondition"): variables.condition("postcondition"),
    ("ephemeral",): resources.resource,
    ("ephemeral", "lifecycle"): resources.unmanaged_lifecycle,
    ("ephemeral", "lifecycle", "precondition"): variables.condition("precondition"),
    ("ephemeral", "lifecycle", "postcondition"): variables.condition("postcondition"),
    ("moved",): statements.moved,
    ("import",): statements.import_,
    ("removed",): statements.removed,
    ("removed", "lifecycle"): statements.removed_lifecycle,
    ("removed", "provisioner"): resources.provisioner,
    ("check",): statements.check,
    ("check", "assert"): variables.condition("assert"),
    ("check", "data"): statements.check_data,
}

# Of these Terraform reads the first one only.
_ONCE = frozenset({"lifecycle", "connection"})


def check(configuration: Configuration) -> Iterator[Diagnostic]:
    """Yield what is wrong with the blocks of each reached module.

    Of JSON files only the names are judged: there references stand in quotes, and other messages have other places.
    """
    for module in configuration.modules:
        for attribute in module.arguments:
            if attribute.file in configuration.broken and not _at_the_margin(configuration, attribute):
                continue  # of a block whose beginning could not be read
            words = wording.unsupported_argument(attribute.name, (), grammar.TOP.blocks, ())
            span = (attribute.start, attribute.start + len(attribute.name.encode()))
            yield configuration.error(*words, configuration.tree.files[attribute.file], span)
        for block in module.blocks:
            frame = Frame(configuration, block, block)
            if block.file.endswith(".json"):
                yield from _json(frame, (block.type,))
            else:
                yield from _inner(frame, grammar.TOP, ())
                yield from _set_twice(frame) if block.complete else ()


def _at_the_margin(configuration: Configuration, attribute: Attribute) -> bool:
    """Whether an argument is a block of Terraform's that is written as one: ``terraform = {`` where a line begins."""
    data = configuration.tree.files[attribute.file].data
    return attribute.name in grammar.TOP.blocks and data[max(0, attribute.start - 1) : attribute.start] in (b"", b"\n")


def _json(frame: Frame, path: Path) -> Iterator[Diagnostic]:
    """Yield what is wrong with the names of the properties of a JSON body, and those that are missing."""
    body, block = grammar.BODIES.get(path), frame.block
    if body is None:
        return
    for attribute in block.attributes.values():
        if not body.open and attribute.name not in body.arguments:
            words = wording.extraneous_property(attribute.name, (*body.arguments, *body.blocks), block.attributes)
            yield frame.at_span(attribute, key(attribute, frame.data), *words)
    for name in body.required:
        if name not in block.attributes and not is_override(block.file):
            yield frame.at_brace(*wording.missing_argument(name))
    for inner in block.blocks:
        yield from _json(frame.inside(inner), (*path, inner.type))


def _set_twice(frame: Frame) -> Iterator[Diagnostic]:
    """Yield an error for each argument that a body sets again, wherever in the top-level block."""
    for block in frame.block.walk():
        for attribute in block.duplicates:
            first = block.attributes[attribute.name]
            place = frame.configuration.written(frame.file(first), first.start, first.start + len(first.name.encode()))
            detail = f'The argument "{attribute.name}" was already set at {place}. Each argument may be set only once.'
            yield frame.inside(block).at_name(attribute, "Attribute redefined", detail)


def _inner(frame: Frame, around: grammar.Body, path: Path) -> Iterator[Diagnostic]:
    """Check a block inside a body."""
    block = frame.block
    wanted = around.blocks.get(block.type)
    if wanted is None:
        if not around.open:
            yield frame.at_type(*wording.unsupported_block(block.type, around.arguments, around.blocks))
    elif len(block.labels) > len(wanted):
        yield frame.at_label(len(wanted), *wording.extraneous_label(block.type, wanted))
    elif len(block.labels) < len(wanted):
        yield frame.at_brace(*wording.missing_label(block.type, wanted, len(block.labels)))
    elif block.complete:
        way = (*path, block.type)
        yield from _body(frame, way)
        rule = _RULES.get(way)
        if rule is not None:
            yield from rule(frame)


def _body(frame: Frame, path: Path) -> Iterator[Diagnostic]:
    body = grammar.BODIES.get(path)
    if body is None:
        return
    block = frame.block
    if not body.open:
        for attribute in block.attributes.values():
            if attribute.name not in body.arguments:
                words = wording.unsupported_argument(attribute.name, body.arguments, body.blocks, block.attributes)
                yield frame.at_name(attribute, *words)
    for name in body.required:
        if name not in block.attributes and not is_override(block.file):
            yield frame.at_brace(*wording.missing_argument(name))
    seen: set[str] = set()
    for inner in block.blocks:
        if inner.type not in _ONCE or inner.type not in seen:
            yield from _inner(frame.inside(inner), body, path)
        if not inner.labels:
            seen.add(inner.type)
