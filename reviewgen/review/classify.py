"""What a sample offers for comparison: the classes of the contract, decided by counting."""

from __future__ import annotations

from collections.abc import Iterable

from reviewgen.model.review import Coverage, Verdict
from reviewgen.model.source import Sample, SampleClass
from reviewgen.model.tree import Tree
from reviewgen.requirements import Capability, capability, services

# IDEAL below this share of MODEL's declarations, mostly of the same addresses, is a set of snippets and not a smaller answer.
_SNIPPET_SHARE = 0.4
_SNIPPET_OVERLAP = 0.5
# Two answers to one task share addresses or at least types; below this share the capabilities that PROMPT asks for decide.
_SAME_TASK = 0.1
_ANSWERED = 0.35
_WELL_ANSWERED = 0.6
_FEWEST_ASKED = 3
# Stacks of any kind share names such as `aws_vpc.main`: up to this share of addresses an answer without any part that PROMPT names is another.
_COMMON_NAMES = 0.3
_FEWEST_PARTS = 2
_FOREIGN = 0.4
# IDEAL must be an answer of some size before it can show that MODEL's is another one.
_FEWEST_THINGS = 8


def things(tree: Tree) -> set[str]:
    """Return the addresses of resources, data sources and module calls."""
    return {a for a, d in tree.declarations.items() if d.kind in ("resource", "data", "module")}


def classify(sample: Sample, model: Tree, ideal: Tree, coverage: Iterable[Coverage] = ()) -> SampleClass:
    """Return the class of a sample.

    Args:
        sample: As read; its documents tell other languages and fragments.
        model: MODEL's tree.
        ideal: IDEAL's tree.
        coverage: PROMPT's capabilities against both trees: they tell another task from another design.
    """
    ours, theirs = things(model), things(ideal)
    if not ours or (_only_looks_up(model) and not _only_looks_up(ideal)):
        return SampleClass.NO_MODEL_CODE
    if not theirs:
        return SampleClass.NO_IDEAL_CODE
    if _code(model) == _code(ideal):
        return SampleClass.IDENTICAL
    shared = len(ours & theirs)
    if ideal.incomplete and shared >= _SNIPPET_OVERLAP * len(theirs) and len(theirs) < len(ours):
        return SampleClass.SNIPPET_IDEAL
    if len(theirs) < _SNIPPET_SHARE * len(ours) and shared >= _SNIPPET_OVERLAP * len(theirs):
        return SampleClass.SNIPPET_IDEAL
    likeness = shared / len(ours | theirs)
    if len(theirs) >= _FEWEST_THINGS and likeness < _COMMON_NAMES and _wrong_task(sample, ours, theirs, likeness, coverage):
        return SampleClass.WRONG_TASK
    return SampleClass.PAIR


def _only_looks_up(tree: Tree) -> bool:
    """Whether a tree reads data and creates nothing: prose about a stack quotes such blocks."""
    return all(d.kind not in ("resource", "module") for d in tree.declarations.values())


def _code(tree: Tree) -> dict[str, list[str]]:
    """Return the blocks of each module, without spacing at line ends, whatever file of the module they stand in."""
    return {
        directory: sorted(
            "\n".join(line.rstrip() for line in tree.files[block.file].slice(block.start, block.end).split("\n")) for block in module.blocks
        )
        for directory, module in tree.modules.items()
    }


def types(addresses: Iterable[str]) -> set[str]:
    """Return the types of some addresses, whatever module they stand in."""
    return {address.split(".")[-2] for address in addresses}


def answered(coverage: Iterable[Coverage]) -> tuple[dict[str, bool], dict[str, bool]]:
    """Return which of the capabilities that could be judged each tree provides: MODEL, IDEAL."""
    model: dict[str, bool] = {}
    ideal: dict[str, bool] = {}
    for row in coverage:
        if row.capability and Verdict.UNKNOWN not in (row.model, row.ideal):
            model[row.capability] = model.get(row.capability, False) or row.model is Verdict.MET
            ideal[row.capability] = ideal.get(row.capability, False) or row.ideal is Verdict.MET
    return model, ideal


def _wrong_task(sample: Sample, ours: set[str], theirs: set[str], likeness: float, coverage: Iterable[Coverage]) -> bool:
    """Whether MODEL answers another task: by the parts of a stack that PROMPT names, and where it names few, by its capabilities."""
    parts = [known for id in services(sample.prompt) if (known := capability(id))] if sample.prompt else []
    mine, others = (sum(bool(_types_of(part) & types(side)) for part in parts) for side in (ours, theirs))
    foreign = len(types(ours) - types(theirs)) >= _FOREIGN * len(types(ours))  # the beginning of the same answer is not another one
    if len(parts) >= _FEWEST_PARTS and not mine and others >= _FEWEST_PARTS and foreign:
        return True
    if likeness >= _SAME_TASK or (len(parts) >= _FEWEST_ASKED and mine >= _WELL_ANSWERED * len(parts)):
        return False
    return _another_task(ours, theirs, coverage)


def _types_of(part: Capability) -> set[str]:
    return {name.removeprefix("data.") for name in part.types}


def _another_task(ours: set[str], theirs: set[str], coverage: Iterable[Coverage]) -> bool:
    """Whether MODEL answers few of the capabilities that PROMPT asks for and IDEAL more, or hardly shares a type of resource with IDEAL."""
    model, ideal = answered(coverage)
    asked, met = len(model), sum(model.values())
    if asked >= _FEWEST_ASKED and met < _ANSWERED * asked and sum(ideal.values()) > met:
        return True
    mine, others = types(ours), types(theirs)
    well = asked >= _FEWEST_ASKED and met >= _WELL_ANSWERED * asked
    return len(mine & others) < _SAME_TASK * len(mine | others) and not well
