"""What a sample offers for comparison: the classes of the contract, decided by counting."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reviewgen.model.requirement import Coverage, Verdict
from reviewgen.model.source import Sample, SampleClass
from reviewgen.model.tree import Tree
from reviewgen.requirements import Capability, capability, services
from reviewgen.terraform.tree import local_source

from .subject import common_words, migrates_unasked

# IDEAL below this share of MODEL's declarations, mostly of the same addresses, is a set of snippets and not a smaller answer.
_SNIPPET_SHARE = 0.4
_SNIPPET_OVERLAP = 0.5
# An IDEAL of less than half of MODEL's size that provides at most half of what MODEL provides shows only a part of itself.
_PART = 0.5
# An answer with this share of IDEAL's declarations, and half of the capabilities at most, is no more than the beginning of one.
_STUB_SHARE = 0.1
_STUB_ANSWERS = 0.5
# Stacks of any kind share names such as `aws_vpc.main`; above this share of addresses two answers are to one task.
_COMMON_NAMES = 0.3
# An answer to the task has more than this share of the words that PROMPT and IDEAL's code have in common; without any of the parts that
# PROMPT names it must have some more.
_FEW_WORDS = 0.5
_FEW_WORDS_NO_PARTS = 0.6
_WELL_ANSWERED = 0.75
# The beginning of an answer shares its types with the whole: another answer has this share of types of its own.
_FOREIGN = 0.4
_FEWEST_ASKED = 3
_FEWEST_PARTS = 2
# IDEAL must be an answer of some size before it can show that MODEL's is another one.
_FEWEST_THINGS = 8
_ALIGNED = re.compile(r"^([\w.\"-]+)\s*=\s*(?!=)")


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
    if not ours or (_only_looks_up(model) and not (theirs and _only_looks_up(ideal))):
        return SampleClass.NO_MODEL_CODE
    if not theirs:
        return SampleClass.NO_IDEAL_CODE
    if _headers(model) == _headers(ideal) and _code(model) == _code(ideal):
        return SampleClass.IDENTICAL
    coverage = tuple(coverage)
    if _shows_a_part(sample, ideal, ours, theirs, coverage):
        return SampleClass.SNIPPET_IDEAL
    comparable = len(theirs) < _FEWEST_THINGS or len(ours & theirs) >= _COMMON_NAMES * len(ours | theirs)
    if comparable or _calls_what_is_absent(model):
        return SampleClass.PAIR
    wrong = is_stub(sample, model, ideal, coverage) or _another_task(sample, ours, theirs, coverage)
    return SampleClass.WRONG_TASK if wrong else SampleClass.PAIR


def _shows_a_part(sample: Sample, ideal: Tree, ours: set[str], theirs: set[str], coverage: tuple[Coverage, ...]) -> bool:
    """Whether IDEAL shows snippets: of MODEL's blocks, or of an answer of its own that provides far less than MODEL does."""
    alike = len(ours & theirs) >= _SNIPPET_OVERLAP * len(theirs)
    if alike and ((ideal.incomplete and len(theirs) < len(ours)) or len(theirs) < _SNIPPET_SHARE * len(ours)):
        return True
    if len(theirs) >= _PART * len(ours):
        return False
    mine, others = _parts(sample, ours, theirs)
    model, provided = (sum(side.values()) for side in answered(coverage))
    fewer = others <= _PART * mine and provided <= model
    return bool(mine and fewer) or (model >= _FEWEST_ASKED and provided <= _PART * model and others <= mine)


def is_stub(sample: Sample, model: Tree, ideal: Tree, coverage: Iterable[Coverage]) -> bool:
    """Whether MODEL holds no more than the beginning of an answer, and was not merely cut off there."""
    if sample.model.truncated or len(things(model)) > _STUB_SHARE * len(things(ideal)):
        return False
    provided, _ = answered(coverage)
    return len(provided) < _FEWEST_ASKED or sum(provided.values()) <= _STUB_ANSWERS * len(provided)


def _calls_what_is_absent(tree: Tree) -> bool:
    """Whether a tree calls local modules that the answer does not hold: what they have nobody knows."""
    return any(
        target is not None and target not in tree.modules
        for d in tree.declarations.values()
        if d.kind == "module"
        for target in (local_source(d.block, d.module),)
    )


def _only_looks_up(tree: Tree) -> bool:
    """Whether a tree reads data and creates nothing: prose about a stack quotes such blocks."""
    return all(d.kind not in ("resource", "module") for d in tree.declarations.values())


def _headers(tree: Tree) -> dict[str, list[tuple[str, ...]]]:
    """Return the types and labels of each module's blocks: where these differ, the code need not be compared."""
    return {module.prefix: sorted((block.type, *block.labels) for block in module.blocks) for module in tree.modules.values()}


def _code(tree: Tree) -> dict[str, list[str]]:
    """Return the blocks of each module, without comments and alignment, whatever file of the module they stand in.

    A module goes by its address: the root is one and the same in ``lib/`` and at the top.
    """
    return {
        module.prefix: sorted(_plain(tree.files[block.file].slice(block.start, block.end)) for block in module.blocks)
        for module in tree.modules.values()
    }


def _uncommented(line: str) -> str:
    """Return a line without the comment behind its last text in quotes."""
    start = line.rfind('"') + 1
    at = min((found for mark in ("#", "//") if (found := line.find(mark, start)) >= 0), default=-1)
    return line[:at] if at == 0 or (at > 0 and line[at - 1].isspace()) else line


def _plain(text: str) -> str:
    """Return a block as ``terraform fmt`` and comments leave it alike; of a block with a heredoc only line ends are trimmed."""
    lines = text.split("\n")
    if "<<" in text:
        return "\n".join(line.rstrip() for line in lines)
    code = (_ALIGNED.sub(r"\1 = ", _uncommented(line).strip()) for line in lines)
    return "\n".join(line for line in code if line)


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


def _parts(sample: Sample, ours: set[str], theirs: set[str]) -> tuple[int, int]:
    """Return how many parts of a stack that PROMPT names each tree has."""
    parts = [known for id in services(sample.prompt) if (known := capability(id))] if sample.prompt else []
    mine, others = (sum(bool(_types_of(part) & types(side)) for part in parts) for side in (ours, theirs))
    return mine, others


def _types_of(part: Capability) -> set[str]:
    return {name.removeprefix("data.") for name in part.types}


def _another_task(sample: Sample, ours: set[str], theirs: set[str], coverage: Iterable[Coverage]) -> bool:
    """Whether MODEL does another kind of work than PROMPT asks for, or speaks of other things and provides less than IDEAL does."""
    if sample.prompt is None:
        return False
    model, ideal = answered(coverage)
    asked, met = len(model), sum(model.values())
    if asked and met >= sum(ideal.values()):
        return False
    if migrates_unasked(sample.prompt.text, sample.ideal, sample.model):
        return True
    if asked >= _FEWEST_ASKED and met > _WELL_ANSWERED * asked:
        return False
    if len(types(ours) - types(theirs)) < _FOREIGN * len(types(ours)):
        return False
    common = common_words(sample.prompt.text, sample.ideal, sample.model)
    mine, others = _parts(sample, ours, theirs)
    none = not mine and others >= _FEWEST_PARTS
    return common is not None and common < (_FEW_WORDS_NO_PARTS if none else _FEW_WORDS)
