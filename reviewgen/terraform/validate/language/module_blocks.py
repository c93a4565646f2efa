"""``module`` blocks as written: source addresses, versions, meta-arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen import hcl
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attribute

from . import names, provider_references, resources, static
from .constraints import wrong_constraint
from .frame import Frame

LOCAL = ("./", "../", ".\\", "..\\")
_SUMMARY = "Invalid module source address"
_PART = r"[0-9A-Za-z](?:[0-9A-Za-z_-]{0,62}[0-9A-Za-z])?"
_SYSTEM = r"[0-9a-z]{1,64}"
# Sources other than local ones are rare: their patterns are compiled when one is met.
_REGISTRY = rf"(?:(?P<host>[^/]+)/)?{_PART}/{_PART}/{_SYSTEM}(?://[^?]*)?"
_HOST = r"[\w-]+(?:\.[\w-]+)+(?::\d+)?"
# What hashicorp/go-getter knows how to fetch: forced getters, schemes, hosts, paths of the machine.
_REMOTE = r"[A-Za-z0-9]+::|[A-Za-z0-9+.-]+://|git@|github\.com/|bitbucket\.org/|/|~|[A-Za-z]:"
_GITHUB = r"github\.com/[^/]*/?\Z"
_NO_METHOD = (
    'Terraform failed to determine your intended installation method for remote module package "{0}".\n\nIf you intended this as a path '
    'relative to the current module, use "./{0}" instead. The "./" prefix indicates that the address is a relative filesystem path.'
)
_ASSUMED = (
    "\n\nTerraform assumed that you intended a module registry source address because you also set the argument \"version\", which applies "
    "only to registry modules."
)  # fmt: skip


def module(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with a ``module`` block, apart from what it calls."""
    yield from names.label(frame, 0, "module instance name")
    yield from static.text(frame, "source")
    version, source = frame.block.attributes.get("version"), frame.block.attributes.get("source")
    if version is not None:
        yield from wrong_constraint(frame, version)
    if source is not None:
        yield from _address(frame, source, version is not None)
    yield from resources.repetition(frame)
    yield from static.reference_list(frame, "depends_on")
    yield from provider_references.check_passed(frame)
    yield from resources.reserved(frame, "module", ("lifecycle", "locals", "provider"))
    yield from resources.once(
        frame,
        "_",
        "Duplicate escaping block",
        'The special block type "_" can be used to force particular arguments to be interpreted as module input variables rather than as '
        "meta-arguments, but each module block can have only one such block. The first escaping block was at {}.",
    )


def address(frame: Frame) -> str | None:
    """Return the source of a ``module`` block, None when it is no constant text."""
    value = static.constant(frame, "source")
    return str(hcl.evaluate(frame.block.attributes["source"].expr)) if isinstance(value, str | int | float | bool) else None


def _address(frame: Frame, source: Attribute, versioned: bool) -> Iterator[Diagnostic]:
    text = address(frame)
    words = _wrong_address(text, versioned=versioned) if text is not None else None
    if words is not None:
        yield frame.at(source, source.expr, *words)


def is_address(text: str, *, versioned: bool) -> bool:
    """Whether Terraform can tell from a source address where to look.

    Args:
        text: The address.
        versioned: Whether the call asks for a version, which only registries know.
    """
    return _wrong_address(text, versioned=versioned) is None


def _wrong_address(text: str, *, versioned: bool) -> tuple[str, str] | None:
    if versioned:
        why = _no_registry_address(text)
        detail = f"Failed to parse module registry address: {why}.{_ASSUMED}"
        return ("Invalid registry module source address", detail) if why else None
    if not text:
        return _SUMMARY, "Failed to parse module source address: invalid source address: ."
    if re.match(_GITHUB, text):
        return _SUMMARY, "Failed to parse module source address: GitHub URLs should be github.com/username/repo."
    if text.startswith(LOCAL) or _is_registry(text) or re.match(_REMOTE, text):
        return None
    return _SUMMARY, _NO_METHOD.format(text.partition("//")[0])


def _is_registry(text: str) -> bool:
    match = re.fullmatch(_REGISTRY, text)
    return match is not None and (match["host"] is None or bool(re.fullmatch(_HOST, match["host"])))


def _no_registry_address(text: str) -> str:
    """Return why a text is no address of a registry module, empty when it may be one."""
    if text.startswith(LOCAL):
        return f'can\'t use local directory "{text}" as a module registry address'
    if not _is_registry(text) and text.startswith(("github.com/", "bitbucket.org/", "gitlab.com/")) and text.count("/") < 3:
        return "source address must have three more components after the hostname: the namespace, the name, and the target system"
    return ""
