"""Addresses as issues name their places, in parts."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SCOPES = ("data", "var", "local", "output", "module", "provider", "terraform")
_POSITION = re.compile(r"\[\d+\]")
_MODULES = re.compile(r"(?:module\.[\w-]+\.)+")


def without_positions(path: str) -> str:
    """Return a path without the positions of blocks that stand several times: ``ingress[1].cidr_blocks`` is ``ingress.cidr_blocks``."""
    return _POSITION.sub("", path)


def in_module(address: str) -> str:
    """Return how an address is written inside its module: ``module.a.aws_kms_key.main`` is ``aws_kms_key.main`` there."""
    return _MODULES.sub("", address, count=1) if address.startswith("module.") else address


def declaration(address: str) -> tuple[str, str]:
    """Split an address into the declaration and the path of the argument inside it (empty for a whole block)."""
    parts = list(_dotted(address))
    at = 0
    while parts[at : at + 1] == ["module"] and len(parts) - at >= 4 and (parts[at + 2] in _SCOPES or "_" in parts[at + 2]):
        at += 2
    at += 3 if parts[at : at + 1] == ["data"] else 2
    return ".".join(parts[:at]), ".".join(parts[at:])


def argument(address: str, path: str) -> str:
    """Return the address of an argument of a block, or of a key of a local value; the block's own where no argument is meant."""
    return f"{address}.{path}" if path else address


def _dotted(address: str) -> Iterator[str]:
    """Yield the parts of an address; dots inside brackets separate nothing."""
    part, depth = "", 0
    for character in address:
        depth += (character == "[") - (character == "]")
        if character == "." and not depth:
            yield part
            part = ""
        else:
            part += character
    yield part
