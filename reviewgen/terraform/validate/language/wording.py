"""HCL's words for what a body must not hold or lacks: the same for Terraform's own blocks and for those of providers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from ..diagnostics import did_you_mean

Words = tuple[str, str]
"""Summary and detail."""


def unsupported_argument(name: str, arguments: Iterable[str], blocks: Collection[str], given: Collection[str]) -> Words:
    """Return the words for an unknown argument.

    Args:
        name: The argument.
        arguments: What is known there.
        blocks: Block types that are known there.
        given: Arguments that are set already, which are no suggestion.
    """
    hint = did_you_mean(name, (known for known in arguments if known not in given))
    if not hint and name in blocks:
        hint = f' Did you mean to define a block of type "{name}"?'
    return "Unsupported argument", f'An argument named "{name}" is not expected here.{hint}'


def extraneous_property(name: str, known: Iterable[str], given: Collection[str]) -> Words:
    """Return the words for a property of a JSON file that is neither an argument nor a block type; given ones are no suggestion."""
    hint = did_you_mean(name, (other for other in known if other not in given))
    return "Extraneous JSON object property", f'No argument or block type is named "{name}".{hint}'


def unsupported_block(name: str, arguments: Collection[str], blocks: Iterable[str]) -> Words:
    """Return the words for an unknown nested block."""
    hint = did_you_mean(name, blocks)
    if not hint and name in arguments:
        hint = f' Did you mean to define argument "{name}"? If so, use the equals sign to assign it a value.'
    return "Unsupported block type", f'Blocks of type "{name}" are not expected here.{hint}'


def missing_argument(name: str) -> Words:
    """Return the words for a required argument that is not set."""
    return "Missing required argument", f'The argument "{name}" is required, but no definition was found.'


def extraneous_label(kind: str, wanted: Sequence[str] = ()) -> Words:
    """Return the words for a label too many.

    Args:
        kind: The block type.
        wanted: Names of the labels that it takes.
    """
    if not wanted:
        return f"Extraneous label for {kind}", f"No labels are expected for {kind} blocks."
    return f"Extraneous label for {kind}", f"Only {len(wanted)} labels ({', '.join(wanted)}) are expected for {kind} blocks."


def missing_label(kind: str, wanted: Sequence[str], given: int) -> Words:
    """Return the words for a label that is not there.

    Args:
        kind: The block type.
        wanted: Names of the labels that it takes.
        given: How many it has.
    """
    detail = f"All {kind} blocks must have {len(wanted)} labels ({', '.join(wanted)})."
    return f"Missing {wanted[given]} for {kind}", detail
