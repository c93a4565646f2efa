"""Which findings a review tells, with the status that they have, and which it keeps to itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from reviewgen import hcl
from reviewgen.model import tf
from reviewgen.model.diagnostic import Validation
from reviewgen.model.finding import Finding
from reviewgen.model.hcl import Traversal
from reviewgen.model.review import Category, Impact, Severity, Status
from reviewgen.model.source import Document, SampleClass
from reviewgen.model.tree import LAID_UNDER, Declaration
from reviewgen.rules import changes
from reviewgen.rules.changes.settings import PROVIDER, provided_elsewhere
from reviewgen.rules.places import type_of
from reviewgen.terraform import Graph

from ..answers.unparsed import written
from ..inputs import Inputs, is_parsed
from . import broken, remarks
from .asserted import first_gone
from .by_hand import is_made_by_hand
from .dropped import is_dropped
from .granted import given_by_aws
from .hidden import may_be_old
from .parts import addresses, changes_of, present
from .undelivered import has_providers, hides_its_providers, names_a_provider_file
from .unread import is_decided_nowhere, is_first_asked, is_passed


def _types(graph: Graph) -> set[str]:
    return {d.type for d in graph.tree.declarations.values()}


def asked(finding: Finding, inputs: Inputs) -> bool:
    """Whether PROMPT speaks of what a finding is about."""
    return any(topic in inputs.prompt for topic in finding.topics)


_UNBOUND, _UNCONFIGURED, _HANDLER, _LIBRARY = "RG629", "RG630", "RG337", "RG327"
# Rules about a role that lacks a permission, and about what does not wait for a recorder: without any, no less is lacking.
_ROLES, _RECORDER = ("RG335", "RG372"), "RG713"
_DASHBOARDS = ("RG821", "RG822")
# The rule about values of dimensions under which nothing is published.
_DIMENSION = "RG804"
# What is lacking where a file with the providers is not shown.
_OF_ITS_FILE = (tf.PROVIDER_ALIAS, "RG056")
_LOCKOUT = "RG138"


def _of_a_provider(finding: Finding) -> bool:
    """Whether the configuration of a provider takes part in what a rule finds elsewhere."""
    return finding.rule == _UNCONFIGURED or any(place.startswith("provider.") for place in finding.related)


def _hangs_on_providers(finding: Finding, status: Status, inputs: Inputs) -> bool:
    """Whether nothing but the configuration of providers, which somebody else writes for the other tree, tells the trees apart.

    Either it takes part in the finding, or both trees have all that does as it is: the region of a resource is its provider's.
    """
    mine, other = (inputs.model, inputs.ideal) if status is Status.FIXED else (inputs.ideal, inputs.model)
    if has_providers(other):
        return False
    if _of_a_provider(finding):
        return True
    if not has_providers(mine) or not finding.rule.startswith("RG") or finding.rule in changes.IDS:
        return False
    names = inputs.names if status is Status.FIXED else {}
    parts = {names.get(a, a) for a in _behind(mine, (finding.address, *addresses(finding)))}
    return all(inputs.ideal.get(part) is not None and part not in inputs.added and not changes_of(inputs, part) for part in parts)


def _behind(graph: Graph, parts: Iterable[str]) -> set[str]:
    """Return addresses with all that they lead to, but for configurations of providers."""
    found: set[str] = set()
    waiting = list(parts)
    while waiting:
        address = waiting.pop()
        if address not in found and not address.startswith("provider."):
            found.add(address)
            waiting += (r.target for r in graph.outgoing.get(address, ()) if r.declared)
    return found


def _provided(finding: Finding, graph: Graph) -> bool:
    """Whether a finding misses what a file with the providers, that the tree lacks, would declare: an alias, versions, or the variable of the region."""
    if has_providers(graph):
        return finding.rule == tf.PROVIDER_ALIAS
    region = finding.rule == tf.UNDECLARED_VARIABLE and all("region" in name for name in finding.names)
    bounds = finding.rule == _UNBOUND and graph.get("terraform.required_providers") is None
    return finding.rule == tf.PROVIDER_ALIAS or region or bounds


def _is_bound_elsewhere(finding: Finding, status: Status, inputs: Inputs) -> bool:
    """Whether a file that is not shown may bound a provider, or IDEAL lacks what only modules of MODEL bound: its root may be what is not delivered."""
    if status is not Status.INTRODUCED:
        return names_a_provider_file(inputs.sample.model)
    used = (d.kind in ("resource", "data") and d.type.startswith(f"{finding.attribute}_") for d in inputs.model.tree.declarations.values())
    below = inputs.model.get("terraform.required_providers") is None and any(used)
    return below or names_a_provider_file(inputs.sample.ideal)


def without_its_file(finding: Finding, document: Document) -> Finding:
    """Return a finding that misses a provider's configuration; where the answer tells of the file that has it, the file is what it lacks."""
    if finding.rule != PROVIDER or not names_a_provider_file(document):
        return finding
    return replace(
        finding,
        title="The file with the provider is named and not delivered",
        problem=f"{finding.problem.partition(' ')[0]} tells of a file with the provider's configuration and does not hold it: what is delivered sets "
        "no region.",
        impact=(Impact("Deployment", "Whoever applies what is delivered has to write the file first."),),
    )


@lru_cache(maxsize=64)  # all findings of a rule ask the same
def _is_said(pattern: str, prompt: str) -> bool:
    return re.search(pattern, prompt) is not None


def reported(finding: Finding, status: Status, inputs: Inputs) -> bool:
    """Whether a review tells a finding: not what PROMPT or a file that is not shown provides, nor what nobody can know of the other tree."""
    if finding.rule == _UNBOUND and _is_bound_elsewhere(finding, status, inputs):
        return False
    if _provided(finding, inputs.ideal if status is Status.INTRODUCED else inputs.model) and provided_elsewhere(inputs.prompt):
        return False
    if (finding.unless and _is_said(finding.unless, inputs.prompt)) or is_made_by_hand(finding, inputs):
        return False
    if status is Status.INTRODUCED and finding.rule in _OF_ITS_FILE and hides_its_providers(inputs):
        return False
    if _may_be_hidden(finding, status, inputs) or (status is Status.FIXED and _is_unknown(finding, inputs)):
        return False
    if status is Status.INTRODUCED and (
        may_be_old(finding, inputs) or _may_be_left_out(finding, inputs) or remarks.is_made_beside(finding, inputs)
    ):
        return False
    if _is_set_in_both(finding, status, inputs):
        return False
    sides = {Status.FIXED: (inputs.model, inputs.ideal), Status.INTRODUCED: (inputs.ideal, inputs.model)}.get(status)
    if sides is not None and given_by_aws(finding, *sides):
        return False
    if status is Status.INTRODUCED and inputs.class_ is SampleClass.SNIPPET_IDEAL and _unsaid(finding, inputs):
        return False
    if status in (Status.FIXED, Status.INTRODUCED) and _hangs_on_providers(finding, status, inputs):
        return False
    changed = status in (Status.FIXED, Status.INTRODUCED)
    wanted = asked(finding, inputs)
    if finding.tier == 2 and not wanted and status is Status.FIXED and _stays_elsewhere(finding, inputs):
        return False
    return {1: True, 2: changed or wanted, 3: changed and wanted, 4: wanted}[finding.tier]


def quiet(finding: Finding, status: Status, inputs: Inputs) -> bool:
    """Whether a review tells a finding only where there is little else to tell: a warning of both trees of which PROMPT says nothing."""
    silent = finding.tier == 2 and status is Status.LEFT and not asked(finding, inputs)
    small = finding.category is Category.WARNING and finding.severity is not Severity.LOW
    return silent and small and reported(replace(finding, tier=1), status, inputs)


def _stays_elsewhere(finding: Finding, inputs: Inputs) -> bool:
    """Whether a defect went with its block and both trees have it at other places, of which nothing is told: what is told looks like all of it."""
    if inputs.model.get(finding.address) is None or inputs.ideal.get(inputs.later(finding.address)) is not None:
        return False
    old = {(f.rule, f.address) for f in inputs.model_findings}
    return any(f.rule == finding.rule and (f.rule, inputs.earlier(f.address)) in old for f in inputs.ideal_findings)


def _may_be_left_out(finding: Finding, inputs: Inputs) -> bool:
    """Whether IDEAL, of which only a part is shown, may set an argument that a block lacks: it leaves out even what its blocks must have."""
    graph = inputs.ideal
    shortened = graph.tree.incomplete and not inputs.sample.ideal.truncated
    if not shortened or not finding.rule.startswith("RG") or not finding.attribute or graph.get(finding.address) is None:
        return False
    missing = any(error.summary == "Missing required argument" for error in inputs.ideal_validation.errors)
    asked_for = (f"{finding.address}.{finding.attribute}", *(p for p in finding.related if _is_an_argument(graph, p)))
    return missing and not all(present(graph, place) for place in asked_for)


def _is_an_argument(graph: Graph, place: str) -> bool:
    """Whether a place is one in a block that a tree declares."""
    address, path = graph.owner(place)
    return bool(path) and graph.get(address) is not None


def _is_set_in_both(finding: Finding, status: Status, inputs: Inputs) -> bool:
    """Whether a deprecated argument stands in the other tree as well, where Terraform does not warn of it: its value is not known there."""
    if finding.rule != tf.DEPRECATED or status not in (Status.FIXED, Status.INTRODUCED):
        return False
    place = f"{finding.address}.{finding.attribute}" if finding.attribute else ""
    sides = (inputs.model, {after: before for before, after in inputs.names.items()}), (inputs.ideal, inputs.names)
    graph, names = sides[status is Status.FIXED]
    return bool(place) and present(graph, place, names)


def _is_unknown(finding: Finding, inputs: Inputs) -> bool:
    """Whether nobody knows what became of a defect of MODEL: IDEAL does not show it, and does not show that it is gone either."""
    if finding.rule in changes.COUNTED and finding.present and inputs.class_ is SampleClass.SNIPPET_IDEAL:
        return True  # a block of a snippet may stand for one of those that MODEL has
    if _lacks_more(finding, inputs) or _is_undefined(finding, inputs) or is_decided_nowhere(finding, inputs, in_ideal=True):
        return True
    if finding.rule in (_HANDLER, _LIBRARY) and not inputs.ideal.data_of_type("archive_file"):
        return not any(path.endswith(_SOURCES) for path in inputs.ideal.files)  # what is in the package is not said
    if finding.rule in _DASHBOARDS and _is_bare(inputs.ideal.get(inputs.later(finding.address))):
        return True
    if _may_be_met_elsewhere(finding, inputs) or (finding.rule == _DIMENSION and _is_kept_elsewhere(finding, inputs)):
        return True
    return _is_looked_up(finding, inputs) or (finding.rule == _LOCKOUT and _may_be_switched_on(inputs.ideal, finding.key))


def _may_be_met_elsewhere(finding: Finding, inputs: Inputs) -> bool:
    """Whether what a block of MODEL lacks as a whole may be in modules that only IDEAL calls without delivering them, and is nowhere else.

    A rule about absence says nothing of such a tree. A block of the same kind that names another one gives it nothing: a group that admits it.
    """
    ruled = finding.rule.startswith("RG") and finding.rule not in changes.IDS and not finding.attribute
    if not ruled or not inputs.ideal.has_remote_modules or inputs.model.has_remote_modules:
        return False
    parts = {inputs.later(a) for a in (finding.address, *addresses(finding))}
    kept = all(inputs.ideal.get(a) is not None and a not in inputs.added and inputs.changed.get(a) is None for a in parts)
    led = (r for a in parts for r in inputs.ideal.incoming.get(a, ()) if r.source in inputs.added and type_of(r.source) != type_of(a))
    cured = any(".output." not in f".{r.source}" for r in led) or any(type_of(a) in finding.cures for a in inputs.added)
    return kept and not cured


def _may_be_switched_on(graph: Graph, variable: str) -> bool:
    """Whether a tree has a statement on a condition in a loop: that the loop is empty with the defaults does not take the statement away."""
    for document in graph.data_of_type("aws_iam_policy_document"):
        loops = [b for b in document.block.blocks if b.type == "dynamic" and b.labels[:1] == ("statement",)]
        for condition in (c for loop in loops for content in loop.blocks for c in content.nested("condition")):
            named = graph.constant(condition.value("variable"), document.module)
            if isinstance(named, str) and named.lower() == variable:
                return True
    return False


def _is_undefined(finding: Finding, inputs: Inputs) -> bool:
    """Whether IDEAL gives an argument the value of what it does not declare: whether that is a better one nobody knows."""
    address = inputs.later(finding.address)
    declaration = inputs.ideal.get(address)
    if declaration is None or not finding.rule.startswith("RG") or finding.rule in changes.IDS:
        return False
    led = (
        r
        for r in inputs.ideal.outgoing.get(address, ())
        if r.path == finding.attribute and not r.declared and not is_passed(inputs.ideal, r.target)
    )
    return any(isinstance(declaration.block.value(r.path), Traversal) for r in led)


def _lacks_more(finding: Finding, inputs: Inputs) -> bool:
    """Whether IDEAL has what lacks something, and takes away the rest of what there was for it."""
    declaration = inputs.ideal.get(inputs.later(finding.address))
    if declaration is None or not first_gone(finding, inputs):
        return False
    if finding.rule in _ROLES and declaration.type == "aws_iam_role":
        held = inputs.ideal.policies.of_role(declaration)
        return not held.statements and not held.managed
    return finding.rule == _RECORDER


def _is_bare(dashboard: Declaration | None) -> bool:
    """Whether the list of a dashboard's widgets is empty: comments stand in their place."""
    body = dashboard.block.value("dashboard_body") if dashboard is not None else None
    return body is not None and re.search(r"\bwidgets\W+\[\s*\]", re.sub(r"(?m)(?:#|//).*$", "", hcl.text_of(body))) is not None


def _is_kept_elsewhere(finding: Finding, inputs: Inputs) -> bool:
    """Whether IDEAL gives the value to a dimension of another name: whether the service publishes anything under that one, the value does not tell."""
    newer = inputs.later(finding.address)
    graph, there = inputs.ideal, {inputs.later(a): a for a in addresses(finding)}
    theirs = ((there.get(r.target), r.traversal.steps[-1:]) for r in graph.outgoing.get(newer, ()) if r.path == finding.attribute)
    ours = {(r.target, r.traversal.steps[-1:]) for r in inputs.model.outgoing.get(finding.address, ()) if r.path == finding.attribute}
    return any(value in ours for value in theirs)


# Endings of what a package for a function is made from.
_SOURCES = (".py", ".js", ".mjs", ".cjs", ".ts", ".rb")


def _is_looked_up(finding: Finding, inputs: Inputs) -> bool:
    """Whether IDEAL only looks up what has the defect, and adds nothing to it: what else goes with it, it does not say."""
    declaration = inputs.model.get(finding.address)
    if declaration is None or declaration.kind != "resource" or finding.attribute or inputs.ideal.get(inputs.later(finding.address)):
        return False
    twin = finding.address.removesuffix(declaration.local) + f"data.{declaration.local}"
    return inputs.ideal.get(twin) is not None and not any(r.source in inputs.added for r in inputs.ideal.incoming.get(twin, ()))


def _is_cured(finding: Finding, inputs: Inputs) -> bool:
    """Whether IDEAL adds what repairs a defect by referring to its block: then it is known why IDEAL does not have it."""
    sources = {r.source for r in inputs.ideal.incoming.get(inputs.later(finding.address), ())}
    return any(type_of(source) in finding.cures for source in sources & inputs.added)


def _may_be_hidden(finding: Finding, status: Status, inputs: Inputs) -> bool:
    """Whether the other tree has errors behind which nobody can tell whether it has the defect, too.

    That is so when a block that takes part cannot be parsed there, or when it has the block as it is, and references around it lead nowhere.
    """
    other = {Status.FIXED: (inputs.ideal, inputs.ideal_validation), Status.INTRODUCED: (inputs.model, inputs.model_validation)}.get(status)
    if other is None or tf.is_rule(finding.rule) or inputs.class_ is SampleClass.NO_MODEL_CODE:
        return False  # what IDEAL has where MODEL declares nothing is told of IDEAL alone
    graph, validation = other
    if _lacks_default(finding, graph, inputs.names if status is Status.FIXED else {}):
        return False
    parts = {inputs.later(a) if status is Status.FIXED else a for a in (finding.address, *addresses(finding))}
    compared = (inputs.model, inputs.ideal) if finding.rule in changes.IDS else (graph,)
    if not all(is_parsed(side, part) for side in compared for part in parts | {finding.address}):
        return status is Status.FIXED or not is_first_asked(inputs, finding)
    mine = inputs.model if status is Status.FIXED else inputs.ideal
    if (
        written(graph, mine.get(finding.address))
        or _was_cut(graph, finding.address)
        or (finding.absent and _is_undeclared(validation, finding.address))
    ):
        return True
    address = inputs.later(finding.address)
    # A label that is itself the defect is none.
    altered = {change.path.split(".")[0] for change in changes_of(inputs, address)} - (broken.LABELS - {finding.attribute})
    new = address in inputs.added or inputs.ideal.get(address) is None
    if new or altered or not finding.related or finding.rule in changes.IDS:
        return False
    if status is Status.FIXED and (_is_cured(finding, inputs) or is_dropped(finding, "", inputs)):
        return False
    if any(type_of(part) not in _types(graph) for part in addresses(finding)):
        return False  # what the other tree has nothing like makes the difference
    return broken.may_break(finding, status, inputs)


def _lacks_default(finding: Finding, graph: Graph, names: Mapping[str, str]) -> bool:
    """Whether a finding is about the default of a variable that has none in the other tree, whatever else cannot be read there."""
    variable = graph.get(names.get(finding.address, finding.address))
    return (
        finding.attribute == "default"
        and variable is not None
        and variable.kind == "variable"
        and variable.block.complete
        and "default" not in variable.block.attributes
    )


def _was_cut(graph: Graph, address: str) -> bool:
    """Whether a tree has a block of this type and name in another module, and it cannot be read."""
    name = ".".join(address.split(".")[-2:])
    return graph.get(address) is None and any(path.endswith(f".{name}") and not is_parsed(graph, path) for path in graph.tree.declarations)


def _is_undeclared(validation: Validation, address: str) -> bool:
    """Whether references of a tree lead to this and nothing declares it: what is missing there is missing in that tree, too."""
    said = f'"{type_of(address)}" "{address.rpartition(".")[2]}" has not been declared'
    return any(said in error.detail for error in validation.errors)


def _unsaid(finding: Finding, inputs: Inputs) -> bool:
    """Whether a snippet does without an argument: leaving it out may repair something, and is no decision against it.

    The same holds of an argument that is missing in a block of MODEL's, which no snippet shows.
    """
    place = f"{finding.address}.{finding.attribute}"
    if not finding.address or not finding.attribute or present(inputs.ideal, place):
        return False
    declaration = inputs.ideal.get(finding.address)
    return present(inputs.model, place) or (declaration is not None and declaration.block.file.endswith(LAID_UNDER))
