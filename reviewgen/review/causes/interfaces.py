"""Modules that do not declare what they are given and asked for: variables, arguments of calls and outputs are one cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Attr
from reviewgen.terraform import Graph

from ..defects import Defect
from ..draft import Draft
from ..inputs import Inputs
from .moved import moved

_VARIABLES = "Modules do not declare their variables: {name}"
_BOTH = "Modules declare neither variables nor outputs: {name}"


def joined(inputs: Inputs, found: list[Draft]) -> list[Draft]:
    """Return the drafts; where modules use variables that they do not declare, with the arguments of their calls and the outputs read of them.

    An argument goes with a variable of its name; with a module that declares no variable at all each argument of its calls, and, where it
    declares no output either, each output.
    """
    result = list(found)
    for position, draft in enumerate(found):
        if draft.lead is None or draft.lead.rule != tf.UNDECLARED_VARIABLE or not result[position].defects:
            continue
        graph = inputs.told(draft.status, [address for address, _ in draft.places])
        kinds = _kinds(graph, draft.defects)
        silent = _calls(graph, (directory for directory, has in kinds.items() if "variable" not in has))
        bare = _calls(graph, (directory for directory, has in kinds.items() if has.isdisjoint(("variable", "output"))))
        used = {target for d in draft.defects for target in d.finding.targets}

        def follows(f: Finding, graph: Graph = graph, used: set[str] = used, silent: set[str] = silent, bare: set[str] = bare) -> bool:
            if f.rule == tf.UNSUPPORTED_ARGUMENT:
                return f.address in silent or f"{f.address}.var.{f.attribute}" in used
            return f.rule == tf.UNSUPPORTED_ATTRIBUTE and _is_output(graph, f, bare)

        result = moved(result, position, follows)
        result[position : position + 1] = [_named(result[position], silent, bare)]
    return [draft for draft in result if draft.defects or draft.need]


def _kinds(graph: Graph, defects: Iterable[Defect]) -> Mapping[str, set[str]]:
    """Return what the modules declare in which defects stand, the root module left out."""
    owners = (graph.get(d.finding.address) for d in defects)
    directories = dict.fromkeys(d.module for d in owners if d is not None and d.module != graph.tree.root)
    return {directory: {d.kind for d in graph.tree.modules[directory].declarations.values()} for directory in directories}


def _calls(graph: Graph, directories: Iterable[str]) -> set[str]:
    return {call.address for directory in directories for call in graph.callers(directory)}


def _is_output(graph: Graph, finding: Finding, modules: set[str]) -> bool:
    """Whether what an argument reads and nothing declares is an output of one of some modules."""
    read = [r for r in graph.outgoing.get(finding.address, ()) if r.path == finding.attribute and _last(r.traversal.steps) in finding.names]
    return bool(read) and all(r.target in modules for r in read)


def _last(steps: tuple[object, ...]) -> str:
    names = [step.name for step in steps if isinstance(step, Attr)]
    return names[1] if len(names) > 1 else ""


def _named(draft: Draft, silent: set[str], bare: set[str]) -> Draft:
    """Return a draft with a title that names the modules, where all of it is about modules that declare no variable."""
    given = {d.finding.address for d in draft.along if d.finding.rule == tf.UNSUPPORTED_ARGUMENT}
    inside = all(any(d.finding.address.startswith(f"{call}.") for call in silent) for d in draft.defects)
    if given.isdisjoint(silent) or not inside:
        return draft
    title = _BOTH if silent <= bare and any(d.finding.rule == tf.UNSUPPORTED_ATTRIBUTE for d in draft.along) else _VARIABLES
    first = replace(draft.defects[0], finding=replace(draft.defects[0].finding, title=title, names=tuple(sorted(silent))))
    rest = (replace(d, finding=replace(d.finding, names=())) for d in draft.defects[1:])
    return replace(draft, defects=(first, *rest))
