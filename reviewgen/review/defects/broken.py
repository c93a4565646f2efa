"""Errors of a tree behind which a rule sees no connection, and whether one of them may be why a finding of the other tree is not there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewgen import hcl
from reviewgen.hcl.evaluate import known
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Expression
from reviewgen.model.review import Status
from reviewgen.model.tree import Declaration
from reviewgen.rules.places import type_of
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import Reference

from ..inputs import Inputs
from .parts import addresses, changes_of
from .unread import is_passed

LABELS = frozenset(["name", "description", "tags"])
"""Arguments that name a block and decide about nothing."""
_UNDECLARED = "Reference to undeclared"
_UNSUPPORTED = "Unsupported argument"
_BREAKS = (_UNDECLARED, _UNSUPPORTED, "Invalid reference")
_STEPS = re.compile(r"[.\[\]]+")
_QUOTED = re.compile(r'"([^"]+)"')
# What says where a stack stands: no defect is in the connection with it.
_SURROUNDINGS = frozenset(["aws_availability_zones", "aws_region", "aws_caller_identity", "aws_partition"])


def may_break(finding: Finding, status: Status, inputs: Inputs) -> bool:
    """Whether an error of the tree that does not have a finding may cut off what the finding stands on, or what would keep it away.

    A block that both trees have alike, and that takes no part, made no difference where nothing is broken.
    """
    fixed = status is Status.FIXED
    validation = inputs.ideal_validation if fixed else inputs.model_validation
    errors = [error for error in validation.errors if error.summary.startswith(_BREAKS)]
    if not errors:
        return False
    sides = _Sides(finding, inputs, fixed)
    if any(error.summary.startswith(_UNDECLARED) for error in errors) and any(
        sides.misses(r) for r in sides.other.references if not r.declared
    ):
        return True
    return any(sides.spoils(error) for error in errors if not error.summary.startswith(_UNDECLARED))


class _Sides:
    """The tree that has a finding, and the other one, with what takes part there."""

    def __init__(self, finding: Finding, inputs: Inputs, fixed: bool) -> None:
        self.finding, self.inputs, self.fixed = finding, inputs, fixed
        self.mine, self.other = (inputs.model, inputs.ideal) if fixed else (inputs.ideal, inputs.model)
        own = {finding.address, *addresses(finding), *(self.mine.owner(place)[0] for place in finding.related)} - {""}
        self.parts = {self._there(address) for address in own}
        self.chain = self.parts | {self._there(a) for a in _led(self.mine, own)} | _led(self.other, self.parts)
        self.types = {type_of(address) for address in self.chain} - _SURROUNDINGS
        self.near = {r.source for part in self.parts for r in self.other.incoming.get(part, ()) if _of_resource(self.other, part)}

    def misses(self, reference: Reference) -> bool:
        """Whether a reference to what the other tree does not declare may be what cuts something off."""
        source, name = reference.source, reference.target
        label = _first(reference.path) in LABELS - {_first(self.finding.attribute)}
        as_it_was = self._is_alike(source, _first(reference.path))
        if label or name.startswith("provider.") or (as_it_was and (source not in self.chain or self.mine.get(self._here(name)) is None)):
            return False
        variable = ".var." in f".{name}"
        if variable and is_passed(self.other, name):
            home, _, argument = name.rpartition(".var.")
            call = self.other.get(home)
            if call is not None and self._leads_here(call.block.value(argument), call.module):
                return True
        if variable:  # one that is not declared says no more than one without a default
            return source in self.parts and (self._is_about(source, reference.path) or self._was_known(source, reference.path))
        return source in self.chain | self.near or type_of(name) in {*self.types, "local", "module"}

    def spoils(self, error: Diagnostic) -> bool:
        """Whether an argument or a reference that Terraform refuses stands where it cuts something off."""
        owner = _owner(self.other, error)
        if owner is None:
            return True
        if not error.summary.startswith(_UNSUPPORTED):
            return not self._is_alike(owner.address) or owner.address in self.chain
        named = _QUOTED.search(error.detail)
        argument = named[1] if named is not None else ""
        if self._is_alike(owner.address, argument):
            return False
        led = (r for r in self.other.outgoing.get(owner.address, ()) if argument in _STEPS.split(r.path))
        sets_up = owner.address in self.near and any(owner.type.startswith(type_of(part)) for part in self.parts)
        return sets_up or owner.address in self.parts or any(self._leads_here(r.traversal, r.module) for r in led)

    def _there(self, address: str) -> str:
        return self.inputs.later(address) if self.fixed else self.inputs.earlier(address)

    def _here(self, address: str) -> str:
        return self.inputs.earlier(address) if self.fixed else self.inputs.later(address)

    def _is_alike(self, address: str, argument: str = "") -> bool:
        """Whether both trees have a block and say the same in it, or as much of it as an argument is."""
        newer = address if self.fixed else self.inputs.later(address)
        if newer in self.inputs.added or self.inputs.ideal.get(newer) is None or self.inputs.model.get(self.inputs.earlier(newer)) is None:
            return False
        changes = changes_of(self.inputs, newer)
        return not any(not argument or change.block or argument in _STEPS.split(change.path) for change in changes)

    def _is_about(self, address: str, path: str) -> bool:
        """Whether a path in a block is one of those that a finding is about."""
        places = (f"{self.finding.address}.{self.finding.attribute}", *self.finding.related)
        owned = (self.mine.owner(place) for place in places)
        return any(self._there(block) == address and inner and _first(inner) == _first(path) for block, inner in owned)

    def _was_known(self, address: str, path: str) -> bool:
        """Whether the tree of the finding says what the argument at a path is worth."""
        declared = self.mine.get(self._here(address))
        if declared is None or "." in path or path not in declared.block.attributes:
            return False
        return known(self.mine.constant(declared.block.value(path), declared.module))

    def _leads_here(self, value: Expression | None, module: str) -> bool:
        """Whether an expression of the other tree leads to something that takes part."""
        found = self.other.targets(value, module)
        return any(target.address in self.chain for target in found if target.type not in _SURROUNDINGS)


def _owner(graph: Graph, error: Diagnostic) -> Declaration | None:
    """Return the declaration in which an error stands; None where that is not known."""
    place = error.range
    if place is None:
        return None
    inside = (
        d
        for d in graph.tree.declarations.values()
        if d.block.file.endswith(place.filename) and d.block.line <= place.start.line <= d.block.end_line
    )
    return next(inside, None)


def _led(graph: Graph, parts: Iterable[str]) -> set[str]:
    """Return what some blocks lead to, but for configurations of providers and what names are made of."""
    found: set[str] = set()
    waiting = list(parts)
    while waiting:
        for reference in graph.outgoing.get(waiting.pop(), ()):
            for target in _behind(graph, reference) if reference.declared and _first(reference.path) not in LABELS else ():
                if target not in found and not target.startswith("provider."):
                    found.add(target)
                    waiting.append(target)
    return found


def _behind(graph: Graph, reference: Reference) -> Iterator[str]:
    """Yield what a reference leads to: what it names, and what the input or the output of a module that it names is made of."""
    target = graph.get(reference.target)
    if target is None:
        return
    if target.kind != "module":
        yield target.address
    for value, home in graph.behind(target, reference.traversal) if target.kind in ("module", "variable") else ():
        for traversal in hcl.traversals(value):
            made = graph.resolve(traversal, home)
            if made is not None and made.kind != "module":
                yield made.address
            elif made is not None:
                yield from (found.address for found in graph.targets(traversal, home))


def _of_resource(graph: Graph, address: str) -> bool:
    declared = graph.get(address)
    return declared is not None and declared.kind in ("resource", "data")


def _first(path: str) -> str:
    return _STEPS.split(path)[0]
