"""What Terraform does not come to: an error of an earlier step, of the order of the blocks, or of a block that another one needs, ends it before."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace

from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Stage, Turn
from reviewgen.model.source import SampleClass
from reviewgen.records import dataclass
from reviewgen.terraform import Graph

from ..draft import Draft
from ..inputs import Inputs
from . import order, sooner
from .needed import SIDES, graph_of, met_in, needed, of_tree

# Warnings of the provider, or of what its schema says of an attribute; with our rule that tells one of them.
_WARNINGS = (tf.DEPRECATED, tf.DEPRECATED_ATTRIBUTE, tf.LIFECYCLE_FILTER, "RG301")
_UNKNOWN = (tf.UNKNOWN_TYPE, tf.UNKNOWN_DATA_SOURCE)
_UNSUPPORTED = (tf.UNSUPPORTED_ARGUMENT, tf.UNSUPPORTED_BLOCK)
# In which order Terraform checks a block (tried with 1.11): whether what references name is declared, the values that they have, the arguments and
# theirs, and last what the provider says of them.
_NAMES = (
    tf.UNDECLARED_RESOURCE, tf.UNDECLARED_MODULE, tf.MISSING_INSTANCE_KEY, tf.UNEXPECTED_INSTANCE_KEY,
)  # fmt: skip
_VALUES = (tf.UNDECLARED_VARIABLE, tf.UNDECLARED_LOCAL, tf.EACH_VALUE)
_ARGUMENTS = (
    *_UNSUPPORTED, tf.MISSING_ARGUMENT, tf.MISSING_BLOCK, tf.MISSING_FILE,
    tf.TEMPLATE_VARIABLE, tf.UNKNOWN_FUNCTION, tf.FUNCTION_ERROR, "RG324",
)  # fmt: skip
_STEPS = {rule: step for step, rules in enumerate((_NAMES, _VALUES, _ARGUMENTS)) for rule in rules}
_OF_PROVIDER = 3
_LAST = 4  # that of an error of which the step is not known
# What the backend refuses, which `init` asks before it installs modules, and says after that.
_BACKEND = ("RG633", "RG635")
# What `init` refuses last of all, before it installs a provider: nothing of the blocks is checked then (tried with Terraform 1.11).
_LOCK = "RG641"
# Arguments that Terraform evaluates by themselves, whatever is wrong in the block.
_APART = ("count", "for_each")


@dataclass(frozen=True)
class _Ends:
    """What ends Terraform before it has said all of a tree.

    Attributes:
        installing: The trees of which it does not install all modules.
        before_lock: Those of which `init` ends before it looks at the lock file.
        ended: Those with errors of `init`.
        unordered: Those with errors of the order of the blocks.
        wrong: Of each tree the first step at which each block has an error.
        unread: Places in which Terraform finds no references.
    """

    installing: Set[str]
    before_lock: Set[str]
    ended: Set[str]
    unordered: Set[str]
    wrong: Mapping[str, Mapping[str, int]]
    unread: Set[str]


def marked(inputs: Inputs, found: list[Draft]) -> list[Draft]:
    """Mark what Terraform does not come to: with an error of `init`, or of the order of the blocks, in each tree it ends before it asks providers.

    A block that refers to one with an error, directly or through others, Terraform passes over (tried with Terraform 1.11), and those whose
    provider's configuration has one. What it refers to Terraform finds in the arguments that its type has. Of files of the root that do not
    parse, and of the backend, it says nothing where it does not get through the installation of modules. Of the lock file it speaks last.
    """
    ends = _ends(inputs, found)
    hidden = [(draft, _hidden(inputs, draft, ends)) for draft in found]
    told = [replace(draft, hidden=stage, reached=None if stage else _reached(inputs, draft, ends)) for draft, stage in hidden]
    return sooner.marked(inputs, [replace(draft, turn=_turn(inputs, draft, ends)) for draft in told])


def _ends(inputs: Inputs, found: list[Draft]) -> _Ends:
    of_blocks = [draft for draft in found if not order.first(draft)]
    stopping = (draft for draft in found if _stops_installing(inputs, draft))
    return _Ends(
        installing={side for draft in stopping for side in _with_code(inputs, draft) if _installs(inputs, side)},
        before_lock={side for draft in found if _ends_init(draft) and not _is_of_the_lock(draft) for side in _with_code(inputs, draft)},
        ended={side for draft in found if _says(draft, Stage.INIT) or _is_of_the_lock(draft) for side in draft.status.sides},
        unordered={side for draft in found if _says(draft, Stage.VALIDATE) and order.first(draft) for side in draft.status.sides},
        wrong={side: _first_errors(f for d in of_blocks if side in d.status.sides for f in _checked(d, inputs, side)) for side in SIDES},
        unread=_unread(found),
    )


def _hidden(inputs: Inputs, draft: Draft, ends: _Ends) -> Stage | None:
    """Return the step at which Terraform ends before it says what a draft tells, in each tree that has it."""
    if ends.installing >= set(_with_code(inputs, draft)) and (_is_of_the_root(inputs, draft) or _is_of_the_backend(draft)):
        return Stage.INIT
    if _is_of_the_lock(draft) and ends.before_lock >= set(_with_code(inputs, draft)):
        return Stage.INIT
    if not _is_of_validate(draft):
        return None
    if ends.ended >= set(met_in(inputs, draft)):
        return Stage.INIT
    return Stage.VALIDATE if all(_passed_over(inputs, draft, ends)) else None


def _turn(inputs: Inputs, draft: Draft, ends: _Ends) -> Turn:
    """Return whether Terraform ends before it says what a draft tells, in one of the trees that have it."""
    later = draft.hidden is not None or (_is_of_validate(draft) and any(_passed_over(inputs, draft, ends)))
    return Turn.LATER if later else Turn.FIRST


def _passed_over(inputs: Inputs, draft: Draft, ends: _Ends) -> Iterator[bool]:
    """Yield of each tree whether Terraform does not come to what it would say of the blocks of a draft, or of their order."""
    for side in met_in(inputs, draft):
        if order.first(draft):
            yield side in ends.ended
            continue
        checked, graph = _checked(draft, inputs, side), graph_of(inputs, side)
        known = bool(checked) and all(graph.get(f.address) is not None for f in checked)
        yield side in ends.ended | ends.unordered or (known and all(_is_over(graph, f, ends.wrong[side], ends.unread) for f in checked))


def _reached(inputs: Inputs, draft: Draft, ends: _Ends) -> Finding | None:
    """Return the first place that Terraform comes to, where it passes over the one whose message counts in each tree."""
    said = draft.said
    if said is not None and said.stage in sooner.REFUSED_AT and not tf.is_rule(said.rule):
        return sooner.first_refused(inputs, draft, said)
    if said is None or order.first(draft) or not _is_of_validate(draft):
        return None
    graphs = {side: graph_of(inputs, side) for side in draft.status.sides if side not in ends.ended | ends.unordered}

    def passed(finding: Finding) -> bool:
        having = {side: graph for side, graph in graphs.items() if graph.get(finding.address) is not None}
        return bool(having) and all(_is_over(graph, finding, ends.wrong[side], ends.unread) for side, graph in having.items())

    alike = (f for f in (*(d.finding for d in draft.defects), *draft.others) if f.rule == said.rule and f.message)
    return next((f for f in alike if not passed(f)), None) if passed(said) else None


def together(findings: Iterable[Finding]) -> list[Finding]:
    """Return those of several findings that Terraform says in one run: of each block those of the first step at which it has an error."""
    every = list(findings)
    wrong = _first_errors(every)
    return [f for f in every if f.observed or _step(f) <= wrong.get(f.address, _LAST)]


def _with_code(inputs: Inputs, draft: Draft) -> tuple[str, ...]:
    """Return the trees of a draft that there are."""
    return ("model",) if inputs.class_ is SampleClass.NO_IDEAL_CODE else draft.status.sides


def _installs(inputs: Inputs, side: str) -> bool:
    """Whether the root of a tree calls a module."""
    graph = graph_of(inputs, side)
    return any(d.module == graph.tree.root for d in graph.of_kind("module"))


def _stops_installing(inputs: Inputs, draft: Draft) -> bool:
    """Whether `init` ends with a draft while it installs modules, for which it reads all blocks anew (tried with Terraform 1.11).

    Files of the root that do not parse it has read before, and does not tell of them again.
    """
    return _says(draft, Stage.INIT) and not _is_of_the_root(inputs, draft)


def _is_of_the_root(inputs: Inputs, draft: Draft) -> bool:
    """Whether a draft is about nothing but files of the root module that do not parse."""
    roots = {graph_of(inputs, side).tree.root for side in _with_code(inputs, draft)}
    found = [d.finding for d in draft.defects]
    return bool(found) and all(f.rule == tf.SYNTAX and {posixpath.dirname(f.group)} == roots for f in found)


def _is_of_the_backend(draft: Draft) -> bool:
    """Whether a draft tells what the backend refuses."""
    return draft.lead is not None and draft.lead.rule in _BACKEND


def _is_of_the_lock(draft: Draft) -> bool:
    """Whether a draft tells of a lock file that the constraints exclude."""
    return draft.lead is not None and draft.lead.rule == _LOCK


def _ends_init(draft: Draft) -> bool:
    """Whether `init` ends with a draft, be it with Terraform's message or with one that a rule knows."""
    lead = draft.lead
    return lead is not None and lead.category is Category.BLOCKER and lead.stage is Stage.INIT


def _step(finding: Finding, unknown: int = 0) -> int:
    """Return the step at which Terraform says something of a block; of what it says in any case the first, of what a rule of ours tells the last."""
    if finding.attribute in _APART:
        return 0
    return _OF_PROVIDER if finding.provided else _STEPS.get(finding.rule, unknown if tf.is_rule(finding.rule) else _LAST)


def _checked(draft: Draft, inputs: Inputs, side: str) -> list[Finding]:
    """Return what Terraform says of a draft's blocks once it checks them, in one of the trees."""
    return [of_tree(graph_of(inputs, side), f) for f in _messages(draft)]


def _messages(draft: Draft) -> list[Finding]:
    """Return what Terraform says of a draft's blocks once it checks them; what a rule of ours tells where the block was not checked so far.

    A defect of both trees has IDEAL's address.
    """
    every = (*(d.finding for d in draft.told), *draft.others)
    told = draft.said.rule if draft.said is not None and draft.said.message else ""
    return [f for f in every if (tf.is_rule(f.rule) or f.rule == told) and f.stage is Stage.VALIDATE and not f.observed]


def _first_errors(findings: Iterable[Finding]) -> dict[str, int]:
    """Return the first step at which each block has an error; one of which it is not known counts as the last."""
    found: dict[str, int] = {}
    for finding in findings:
        if finding.category is Category.BLOCKER and finding.attribute not in _APART:
            found[finding.address] = min(_step(finding, _LAST), found.get(finding.address, _LAST))
    return found


def _unread(found: list[Draft]) -> set[str]:
    """Return the places in which Terraform finds no references: blocks of a type that does not exist, arguments and blocks that a type does not have."""
    every = [f for draft in found for f in _messages(draft)]
    return {f.address for f in every if f.rule in _UNKNOWN} | {f"{f.address}.{f.attribute}" for f in every if f.rule in _UNSUPPORTED}


def _is_over(graph: Graph, finding: Finding, wrong: Mapping[str, int], unread: Set[str]) -> bool:
    """Whether a block has an error that comes before a finding about it, or needs a block with one."""
    first = wrong.get(finding.address, _LAST) < _step(finding)
    return first or not wrong.keys().isdisjoint(needed(graph, finding.address, unread))


def _is_of_validate(draft: Draft) -> bool:
    """Whether the message of a draft, its own or one that a rule explains, is one of those that Terraform gives once it checks the blocks."""
    said = draft.said
    checked = said is not None and bool(said.message) and said.stage is Stage.VALIDATE and not said.observed
    return checked and said is not None and (said.category is Category.BLOCKER or said.rule in _WARNINGS)


def _says(draft: Draft, stage: Stage) -> bool:
    lead = draft.lead
    return lead is not None and tf.is_rule(lead.rule) and lead.category is Category.BLOCKER and lead.stage is stage and not lead.observed
