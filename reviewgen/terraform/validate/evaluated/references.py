"""References that lead nowhere: to what is not declared, to ``each``, ``count`` and ``self`` out of place, and what is no reference at all.

The order of the questions follows Terraform: is it a reference, does what it names exist, is it available here.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attr, Index, Traversal

from .. import places
from ..configuration import Call, Configuration
from ..diagnostics import did_you_mean
from .sites import Site, Sites

_SINGLE = frozenset({"var", "local", "module", "path", "terraform", "count", "each"})
_KEYWORDS = frozenset({"var", "module", "data", "ephemeral"})
_RESERVED = frozenset({"template", "lazy", "arg"})
_CONSTANTS = frozenset({"null", "true", "false"})
_PATHS = ("cwd", "module", "root")
_WORDS = {"data": "data source", "ephemeral": "ephemeral resource", "resource": "resource type"}
_NO_SELF = (
    'The "self" object is not available in this context. '
    "This object can be used only in resource provisioner, connection, and postcondition blocks."
)
_NO_EACH = 'The "each" object can be used only in "module" or "resource" blocks, and only when the "for_each" argument is set.'
_NO_COUNT = 'The "count" object can only be used in "module", "resource", and "data" blocks, and only when the "count" argument is set.'
_NO_VALUE = (
    'A reference to "each.value" has been used in a context in which it is unavailable, such as when the configuration no longer contains '
    'the value in its "for_each" expression. Remove this reference to each.value in your configuration to work around this error.'
)


def check(configuration: Configuration, sites: Sites) -> Iterator[Diagnostic]:
    """Yield what is wrong with the references of all modules that the root reaches."""
    for call in configuration.calls:
        names = Names(configuration, call)
        for site in sites.reached(call):
            for traversal in site.references:
                yield from judge(names, site, traversal)


class Names:
    """What a module declares."""

    def __init__(self, configuration: Configuration, call: Call) -> None:
        """Names are those seen from inside the module."""
        self.configuration = configuration
        self.call = call

    @cached_property
    def _declared(self) -> frozenset[str]:
        return frozenset(d.local for d in self.call.module.declarations.values()) | frozenset(self._scoped())

    def _scoped(self) -> Iterator[str]:
        """What the declarations of a tree leave out: ephemeral resources, and the data sources inside ``check`` blocks."""
        for block in self.call.module.blocks:
            if block.type == "ephemeral" and len(block.labels) == 2:
                yield ".".join(["ephemeral", *block.labels])
            elif block.type == "check":
                yield from (".".join(["data", *inner.labels]) for inner in block.blocks if inner.type == "data")

    def has(self, local: str) -> bool:
        """Whether the module declares an address; True as well when a file that cannot be read may declare it."""
        return local in self._declared or self._may_be_unread(local)

    def of(self, kind: str) -> list[str]:
        """Return the names that the module declares under ``var``, ``local`` or ``module``."""
        return [local.partition(".")[2] for local in self._declared if local.partition(".")[0] == kind]

    def _may_be_unread(self, local: str) -> bool:
        if self.call.module.directory not in self.configuration.unreadable:
            return False
        header = _header(local)
        files = self.configuration.tree.files
        broken = (path for path in self.configuration.broken if posixpath.dirname(path) == self.call.module.directory)
        return any(header.search(files[path].text) for path in broken)


def _header(local: str) -> re.Pattern[str]:
    """Return how the declaration of an address begins in a file that does not parse."""
    kind, _, name = local.partition(".")
    if kind == "local":
        return re.compile(rf"\b{re.escape(name)}\s*=")
    words = [{"var": "variable"}.get(kind, kind), *name.split(".")] if kind in _KEYWORDS else ["resource", kind, name]
    return re.compile(r"\s+".join(f'"?{re.escape(word)}"?' for word in words))


def judge(names: Names, site: Site, traversal: Traversal) -> Iterator[Diagnostic]:
    """Yield what is wrong with one reference."""
    root = traversal.root
    steps = places.fixed_steps(traversal)
    if root == "self":
        if not site.own and site.top.complete:
            yield _said(names, site, traversal, 0, 'Invalid "self" reference', _NO_SELF)
    elif root in _SINGLE:
        if not steps:
            detail = f'The "{root}" object cannot be accessed directly. Instead, access one of its attributes.'
            yield _said(names, site, traversal, 0, "Invalid reference", detail)
        elif not isinstance(steps[0], Attr):
            yield _step(names, site, traversal, 0, f'The "{root}" object does not support this operation.')
        else:
            yield from _named(names, site, traversal, steps[0].name)
    elif root in _RESERVED:
        yield _said(names, site, traversal, 0, "Reserved symbol name", _reserved(root))
    elif root not in _CONSTANTS:
        yield from _resource(names, site, traversal)


def _reserved(root: str) -> str:
    return (
        f'The symbol name "{root}" is reserved for use in a future Terraform version. If you are using a provider that already uses this as a '
        'resource type name, add the prefix "resource." to force interpretation as a resource type name.'
    )


def _said(names: Names, site: Site, traversal: Traversal, steps: int, summary: str, detail: str) -> Diagnostic:
    """A diagnostic about a traversal's root and its first steps."""
    end = places.root_of(traversal)[1] if not steps else places.step_spans(traversal, site.file.data)[steps - 1][1]
    return names.configuration.error(summary, detail, site.file, (traversal.start, end), site.top)


def _step(names: Names, site: Site, traversal: Traversal, step: int, detail: str) -> Diagnostic:
    span = places.step_spans(traversal, site.file.data)[step]
    return names.configuration.error("Invalid reference", detail, site.file, span, site.top)


def _named(names: Names, site: Site, traversal: Traversal, name: str) -> Iterator[Diagnostic]:
    """Judge ``var.x``, ``local.x``, ``module.x``, ``path.x``, ``terraform.x``, ``count.x`` and ``each.x``."""
    root = traversal.root
    if root == "local" and site.top.type == "locals" and site.name == name:
        detail = f"Local value local.{name} cannot use its own result as part of its expression."
        yield _said(names, site, traversal, 1, "Self-referencing local value", detail)
    elif root in _UNDECLARED:
        if not names.has(f"{root}.{name}"):
            summary, detail = _UNDECLARED[root](names, name)
            yield _said(names, site, traversal, subject(traversal), summary, detail)
    elif root in ("count", "each"):
        if site.top.complete:
            yield from (_said(names, site, traversal, 1, *found) for found in _repetition(site, root, name))
    elif root == "path" and name not in _PATHS:
        detail = f'The "path" object does not have an attribute named "{name}".{did_you_mean(name, _PATHS)}'
        yield _said(names, site, traversal, 1, 'Invalid "path" attribute', detail)
    elif root == "terraform" and name not in ("workspace", "applying"):
        detail = (
            f'The "terraform" object does not have an attribute named "{name}". The only supported attributes are terraform.workspace, '
            "the name of the currently-selected workspace, and terraform.applying, a boolean which is true only during apply."
        )
        yield _said(names, site, traversal, 1, 'Invalid "terraform" attribute', detail)


def is_resource(traversal: Traversal) -> bool:
    """Whether a well-formed reference names a resource, a data source or an ephemeral resource."""
    return traversal.root != "self" and traversal.root not in _SINGLE


def subject(traversal: Traversal) -> int:
    """Return how many steps name what a reference is about: a variable, an output of a module, a resource with its instance."""
    steps = places.fixed_steps(traversal)
    named = _subject_names(traversal.root)
    indexed = traversal.root not in _SINGLE or traversal.root == "module"
    if indexed and len(steps) > named and isinstance(steps[named], Index):
        named += 1
    if traversal.root == "module" and len(steps) > named and isinstance(steps[named], Attr):
        named += 1
    return min(named, len(steps))


def _subject_names(root: str) -> int:
    if root == "self":
        return 0
    return 2 if root in _WORDS else 1


def _undeclared_variable(names: Names, name: str) -> tuple[str, str]:
    hint = did_you_mean(name, names.of("var")) or f' This variable can be declared with a variable "{name}" {{}} block.'
    return "Reference to undeclared input variable", f'An input variable with the name "{name}" has not been declared.{hint}'


def _undeclared_local(names: Names, name: str) -> tuple[str, str]:
    hint = did_you_mean(name, names.of("local"))
    return "Reference to undeclared local value", f'A local value with the name "{name}" has not been declared.{hint}'


def _undeclared_module(names: Names, name: str) -> tuple[str, str]:
    hint = did_you_mean(name, names.of("module"))
    return "Reference to undeclared module", f'No module call named "{name}" is declared in {names.call.text}.{hint}'


_UNDECLARED = {"var": _undeclared_variable, "local": _undeclared_local, "module": _undeclared_module}


def _repetition(site: Site, root: str, name: str) -> Iterator[tuple[str, str]]:
    if root == "count":
        if name != "index":
            detail = (
                f'The "count" object does not have an attribute named "{name}". The only supported attribute is count.index, which is the '
                'index of each instance of a resource block that has the "count" argument set.'
            )
            yield 'Invalid "count" attribute', detail
        elif not site.count:
            yield 'Reference to "count" in non-counted context', _NO_COUNT
    elif name == "value":
        if not site.value:
            yield "each.value cannot be used in this context", _NO_VALUE
    elif name != "key":
        detail = (
            f'The "each" object does not have an attribute named "{name}". The supported attributes are each.key and each.value, the current '
            'key and value pair of the "for_each" attribute set.'
        )
        yield 'Invalid "each" attribute', detail
    elif not site.each:
        yield 'Reference to "each" in context without for_each', _NO_EACH


def _resource(names: Names, site: Site, traversal: Traversal) -> Iterator[Diagnostic]:
    """Judge ``aws_vpc.main``, ``data.aws_ami.x``, ``ephemeral.x.y`` and ``resource.x.y``."""
    steps, root = places.fixed_steps(traversal), traversal.root
    prefixed = root in _WORDS
    kind = root if prefixed else "resource"
    needed = 2 if prefixed else 1
    if len(steps) < needed:
        if site.top.complete:  # in a block that breaks off a word may be text of what stands behind the cut
            yield _too_short(names, site, traversal, root if prefixed else "")
        return
    words = [step.name for step in steps[:needed] if isinstance(step, Attr)]
    if len(words) < needed:
        detail = f"A reference to a {_WORDS[kind]} must be followed by at least one attribute access, specifying the resource name."
        yield _step(names, site, traversal, needed - 1, detail)
        return
    type_, name = words if prefixed else (root, words[0])
    local = f"{type_}.{name}" if kind == "resource" else f"{kind}.{type_}.{name}"
    if not names.has(local):
        detail = f'A {_mode(kind)} resource "{type_}" "{name}" has not been declared in {names.call.text}.'
        if kind == "resource" and names.has(f"data.{local}"):
            detail += f"\n\nDid you mean the data resource data.{local}?"
        yield _said(names, site, traversal, subject(traversal), "Reference to undeclared resource", detail)


def _mode(kind: str) -> str:
    return "managed" if kind == "resource" else kind


def _too_short(names: Names, site: Site, traversal: Traversal, prefix: str) -> Diagnostic:
    length = len(places.fixed_steps(traversal))
    if prefix:
        what = "data source type" if prefix == "data" else "resource type"
        detail = f'The "{prefix}" object must be followed by two attribute names: the {what} and the resource name.'
    else:
        detail = "A reference to a resource type must be followed by at least one attribute access, specifying the resource name."
    return _said(names, site, traversal, length, "Invalid reference", detail)
