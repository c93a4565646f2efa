"""Names that blocks give: valid identifiers, and normal names of providers."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.diagnostic import Diagnostic

from ..places import NAME
from .frame import Frame

_RULE = "A name must start with a letter or underscore and may contain only letters, digits, underscores, and dashes."
ALIAS = ("Invalid provider configuration alias", f"An alias must be a valid name. {_RULE}")


def label(frame: Frame, position: int, what: str) -> Iterator[Diagnostic]:
    """Yield an error when a label is no name.

    Args:
        frame: The block.
        position: Which label.
        what: What the label is, in Terraform's words: ``resource name``.
    """
    if not NAME.fullmatch(frame.block.labels[position]):
        yield frame.at_label(position, f"Invalid {what}", _RULE)


def provider_problem(name: str) -> str:
    """Return why a provider cannot have a local name, empty when it can."""
    why = provider_part_problem(name)
    if why:
        return f"{name} is an invalid provider local name: {why}"
    if name != name.lower():
        return f'Provider names must be normalized. Replace "{name}" with "{name.lower()}" to fix this error.'
    return ""


def provider_part_problem(part: str) -> str:
    """Return why a text can be no part of a provider's address, empty when it can."""
    if not part:
        return "must have at least one character"
    if "." in part:
        return "dots are not allowed"
    if part.startswith("-") or part.endswith("-") or not all(c.isalnum() or c == "-" for c in part):
        return "must contain only letters, digits, and dashes, and may not use leading or trailing dashes"
    return "cannot use multiple consecutive dashes" if "--" in part else ""
