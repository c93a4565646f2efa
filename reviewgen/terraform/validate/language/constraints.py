"""Version constraints: their syntax, and which of them this Terraform meets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen import hcl
from reviewgen.hcl import UNKNOWN
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attribute, Expression, Invalid
from reviewgen.terraform.schema.versions import interval

from . import static
from .frame import Frame

VERSION = "1.11.4"
"""The Terraform in whose words all messages are."""
SUMMARY = "Invalid version constraint"
SYNTAX = "This string does not use correct version constraint syntax."
# What hashicorp/go-version reads: an operator and a version, with prerelease and metadata.
_PART = re.compile(
    r"\s*(?:=|!=|>=|<=|>|<|~>)?\s*v?\d+(?:\.\d+)*(?:-\d+[0-9A-Za-z\-~]*(?:\.[0-9A-Za-z\-~]+)*|-?[A-Za-z\-~]+[0-9A-Za-z\-~]*(?:\.[0-9A-Za-z\-~]+)*)?"
    r"(?:\+[0-9A-Za-z\-~]+(?:\.[0-9A-Za-z\-~]+)*)?\??\s*"
)


def valid(text: str) -> bool:
    """Whether a text is a version constraint."""
    return all(_PART.fullmatch(part) for part in text.split(","))


def wrong_constraint(frame: Frame, attribute: Attribute) -> Iterator[Diagnostic]:
    """Yield what is wrong with an argument that is a version constraint; null is none."""
    if isinstance(attribute.expr, Invalid):
        return
    refused = list(static.refusals(frame, attribute, attribute.expr))
    yield from refused
    value = UNKNOWN if refused else hcl.evaluate(attribute.expr)
    if value is UNKNOWN or value is None:
        return
    if isinstance(value, list | dict):
        yield _wrong(frame, attribute, attribute.expr, f"A string value is required for {attribute.name}.")
    elif not valid(str(value)):
        yield _wrong(frame, attribute, attribute.expr, SYNTAX)


def unmet(frame: Frame, attribute: Attribute) -> Iterator[Diagnostic]:
    """Yield the error for a ``required_version`` that no Terraform meets.

    One that only some versions meet is no error: which Terraform runs follows the constraint, as the provider's version does.
    """
    value = static.constant(frame, attribute.name)
    if not isinstance(value, str) or not valid(value) or not interval([value]).empty:
        return
    detail = (
        f"This configuration does not support Terraform version {VERSION}. To proceed, either choose another supported Terraform version or "
        "update this version constraint. Version constraints are normally set for good reason, so updating the constraint may lead to other "
        "errors or unexpected behavior."
    )
    yield frame.at_argument(attribute, "Unsupported Terraform Core version", detail)


def _wrong(frame: Frame, attribute: Attribute, expr: Expression, detail: str) -> Diagnostic:
    return frame.at(attribute, expr, SUMMARY, detail)
