"""Blocks of override files that override nothing."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Block
from reviewgen.terraform.tree import is_override

from ..configuration import Configuration
from .duplicates import alias_of

_BASE = "in a primary configuration file."
_NEVER = {
    "check": ("Can't override check blocks", "Override files cannot override check blocks."),
    "moved": (
        "Cannot override 'moved' blocks",
        "Records of moved objects can appear only in normal files, not in override files.",
    ),
    "import": (
        "Cannot override 'import' blocks",
        "Import blocks can appear only in normal files, not in override files.",
    ),
}


def check(configuration: Configuration) -> Iterator[Diagnostic]:
    """Yield an error for each block of an override file that no other file has; those that one has are merged already."""
    for module in configuration.modules:
        for block in module.blocks:
            if is_override(block.file):
                yield from _new_locals(configuration, block)
                words = _words(block)
                if words is not None:
                    yield configuration.error(*words, configuration.file(block), (block.start, block.header_end))


def _new_locals(configuration: Configuration, block: Block) -> Iterator[Diagnostic]:
    for name, attribute in block.attributes.items() if block.type == "locals" else ():
        detail = (
            f'There is no local value named "{name}". An override file can only override a local value that was already defined {_BASE}'
        )
        span = attribute.start, attribute.end
        yield configuration.error("Missing base local value definition to override", detail, configuration.file(block), span, block)


def _words(block: Block) -> tuple[str, str] | None:
    labels = block.labels
    if block.type in _NEVER:
        return _NEVER[block.type]
    if block.type == "provider" and len(labels) == 1 and alias_of(block):
        detail = (
            f'There is no {labels[0]} provider configuration with the alias "{alias_of(block)}". An override file can only override an '
            f"aliased provider configuration that was already defined {_BASE}"
        )
        return "Missing base provider configuration for override", detail
    if block.type in ("variable", "output", "module") and len(labels) == 1:
        return _named(block.type, labels[0])
    if block.type in ("resource", "data") and len(labels) == 2:
        word = {"resource": "resource", "data": "data resource"}[block.type]
        detail = (
            f'There is no {labels[0]} {word} named "{labels[1]}". An override file can only override a {block.type} block defined {_BASE}'
        )
        return f"Missing {word} to override", detail
    return None


def _named(kind: str, name: str) -> tuple[str, str]:
    if kind == "variable":
        text = f"An override file can only override a variable that was already declared {_BASE}"
        return "Missing base variable declaration to override", f'There is no variable named "{name}". {text}'
    if kind == "output":
        text = f"An override file can only override an output that was already defined {_BASE}"
        return "Missing base output definition to override", f'There is no output named "{name}". {text}'
    text = f"An override file can only override a module call that was defined {_BASE}"
    return "Missing module call to override", f'There is no module call named "{name}". {text}'
