"""What a module declares twice, in Terraform's words: each further declaration, with the place of the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from reviewgen.hcl import text_of
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attr, Attribute, Block, Literal, Traversal
from reviewgen.model.tree import Module

from ..configuration import Configuration
from . import grammar, static

# Summary, and the detail before and behind the first place.
_Words = Callable[[Block], tuple[str, str, str]]


def _resource(block: Block) -> tuple[str, str, str]:
    kind, name = block.labels
    word = {"resource": "resource", "data": "data resource", "ephemeral": "ephemeral resource"}[block.type]
    summary = f'Duplicate {block.type} "{kind}" configuration'
    return summary, f'A {kind} {word} named "{name}" was already declared', "Resource names must be unique per type in each module."


def _variable(block: Block) -> tuple[str, str, str]:
    text = f'A variable named "{block.labels[0]}" was already declared'
    return "Duplicate variable declaration", text, "Variable names must be unique within a module."


def _output(block: Block) -> tuple[str, str, str]:
    text = f'An output named "{block.labels[0]}" was already defined'
    return "Duplicate output definition", text, "Output names must be unique within a module."


def _module(block: Block) -> tuple[str, str, str]:
    text = f'A module call named "{block.labels[0]}" was already defined'
    return "Duplicate module call", text, "Module calls must have unique names within a module."


def _check(block: Block) -> tuple[str, str, str]:
    name = block.labels[0]
    return (
        f'Duplicate check "{name}" configuration',
        f'A check block named "{name}" was already declared',
        "Check blocks must be unique within each module.",
    )


def _provider(block: Block) -> tuple[str, str, str]:
    name, alias = block.labels[0], alias_of(block)
    if alias:
        text = f'A provider configuration for "{name}" with alias "{alias}" was already given'
        return "Duplicate provider configuration", text, "Each configuration for the same provider must have a distinct alias."
    return (
        "Duplicate provider configuration",
        f'A default (non-aliased) provider configuration for "{name}" was already given',
        'If multiple configurations are required, set the "alias" argument for alternative configurations.',
    )


_NAMED: dict[str, _Words] = {
    "resource": _resource,
    "data": _resource,
    "ephemeral": _resource,
    "variable": _variable,
    "output": _output,
    "module": _module,
    "check": _check,
    "provider": _provider,
}
_SETTINGS = {
    "required_providers": (
        "Duplicate required providers configuration",
        "A module may have only one required providers configuration. The required providers were previously configured at {}.",
    ),
    "backend": (
        "Duplicate backend configuration",
        "A module may have only one backend configuration. The backend was previously configured at {}.",
    ),
    "cloud": (
        "Duplicate HCP Terraform configurations",
        "A module may have only one 'cloud' block configuring HCP Terraform or Terraform Enterprise. "
        "The 'cloud' block was previously configured at {}.",
    ),
}


def check(configuration: Configuration) -> Iterator[Diagnostic]:
    """Yield what is declared twice in each reached module."""
    for module in configuration.modules:
        yield from _blocks(configuration, module)
        yield from _locals(configuration, module)
        yield from _settings(configuration, module)
        yield from _provider_meta(configuration, module)
        yield from _imports(configuration, module)


def alias_of(block: Block) -> str:
    """Return the alias of a provider configuration; without a constant one Terraform goes on as if there were none."""
    alias = block.value("alias")
    if not isinstance(alias, Literal) or alias.value is None:
        return ""
    return str(alias.value).lower() if isinstance(alias.value, bool) else str(alias.value)


def _blocks(configuration: Configuration, module: Module) -> Iterator[Diagnostic]:
    seen: dict[tuple[str, ...], Block] = {}
    for block in module.blocks:
        words = _NAMED.get(block.type)
        if words is None or len(block.labels) != len(grammar.TOP.blocks[block.type]):
            continue
        key = (block.type, *block.labels, alias_of(block) if block.type == "provider" else "")
        first = seen.setdefault(key, block)
        if first is not block:
            summary, text, advice = words(block)
            detail = f"{text} at {configuration.header(first)}. {advice}"
            yield configuration.error(summary, detail, configuration.file(block), (block.start, block.header_end))


def _locals(configuration: Configuration, module: Module) -> Iterator[Diagnostic]:
    seen: dict[str, tuple[Block, Attribute]] = {}
    for block in grammar.labelled(module, "locals"):
        for name, attribute in block.attributes.items():
            first_block, first = seen.setdefault(name, (block, attribute))
            if first is not attribute:
                place = configuration.written(configuration.file(first_block, first), first.start, first.end)
                detail = f'A local value named "{name}" was already defined at {place}. Local value names must be unique within a module.'
                file = configuration.file(block, attribute)
                yield configuration.error("Duplicate local value definition", detail, file, (attribute.start, attribute.end), block)


def _settings(configuration: Configuration, module: Module) -> Iterator[Diagnostic]:
    found = {kind: list(grammar.settings(module, kind)) for kind in _SETTINGS}
    # One that holds blocks is dropped before it counts.
    found["required_providers"] = [pair for pair in found["required_providers"] if not pair[1].blocks]
    for kind, (summary, detail) in _SETTINGS.items():
        for top, block in found[kind][1:]:
            place = configuration.header(found[kind][0][1])
            yield configuration.error(summary, detail.format(place), configuration.file(block), (block.start, block.header_end), top)
    if found["backend"] and found["cloud"]:
        (top, backend), (_, cloud) = found["backend"][0], found["cloud"][0]
        detail = (
            "A module may declare either one 'cloud' block OR one 'backend' block configuring a state backend. "
            f"The 'cloud' block is configured at {configuration.header(cloud)}; a backend is configured at {configuration.header(backend)}. "
            "Remove the backend block to configure HCP Terraform or Terraform Enteprise."
        )
        summary = "Both a backend and cloud configuration are present"
        yield configuration.error(summary, detail, configuration.file(backend), (backend.start, backend.header_end), top)


def _provider_meta(configuration: Configuration, module: Module) -> Iterator[Diagnostic]:
    seen: dict[str, Block] = {}
    for top, block in grammar.settings(module, "provider_meta"):
        first = seen.setdefault(block.labels[0], block)
        if first is not block:
            detail = (
                f'A provider_meta block for provider "{block.labels[0]}" was already declared at {configuration.header(first)}. '
                "Providers may only have one provider_meta block per module."
            )
            span = (block.start, block.header_end)
            yield configuration.error("Duplicate provider_meta block", detail, configuration.file(block), span, top)


def _imports(configuration: Configuration, module: Module) -> Iterator[Diagnostic]:
    """Terraform compares each ``import`` block with all before it."""
    seen: dict[str, list[Block]] = {}
    for block in grammar.labelled(module, "import"):
        to = block.attributes.get("to")
        if to is None or "id" not in block.attributes or not isinstance(to.expr, Traversal) or not static.is_reference(to.expr):
            continue
        earlier = seen.setdefault(text_of(to.expr), [])
        resource = text_of(replace(to.expr, steps=tuple(step for step in to.expr.steps if isinstance(step, Attr))))
        for first in earlier:
            detail = (
                f'An import block for the resource "{resource}" was already declared at {configuration.header(first)}. '
                "A resource can have only one import block."
            )
            span = (to.expr.start, to.expr.end)
            summary = f'Duplicate import configuration for "{resource}"'
            yield configuration.error(summary, detail, configuration.file(block, to), span, block)
        earlier.append(block)
