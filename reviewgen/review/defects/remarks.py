"""Remarks of answers about themselves: they stand in files, and only near the declarations of which they are told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from itertools import takewhile

from reviewgen.model.finding import Finding
from reviewgen.model.source import SampleClass
from reviewgen.model.tree import Declaration
from reviewgen.rules.families.language.comments import admits
from reviewgen.terraform import Graph

from ..inputs import Inputs
from .parts import Key, changes_of

RULE = "RG901"
"""The rule that finds them."""
# Remarks that are alike to this degree say the same: those at one block, and those that stand elsewhere.
_AT_ONE_BLOCK, _ELSEWHERE = 0.6, 0.8
# What stands for code that nobody has written, in the words of who put it there.
_STANDS_FOR_IT = re.compile(r"\b(?:placeholder|dummy|stub)", re.IGNORECASE)
_COMMENT = ("#", "//")
# Files that give variables or a backend their values, and examples of them.
_VALUES = re.compile(r"\.(?:tfvars|hcl)(?:\.\w+)?$")
# What is elsewhere as it should be, and is not here.
_EXCUSE = re.compile(
    r"\bin an? (?:real|actual)[ -]?(?:world)? ?(?:scenario|implementation|deployment|environment|setup|project|application)\b"
)


def only_left_out(finding: Finding, inputs: Inputs) -> bool:
    """Whether IDEAL lacks a remark and keeps what it stood at as it was, or a resource before which it stood: nobody can tell that it is done.

    Or what it stood at is gone, and a new one of its type is called a placeholder, too.
    """
    ours, later = inputs.model.get(finding.address), inputs.later(finding.address)
    if finding.rule != RULE or ours is None:
        return False
    if inputs.ideal.get(later) is None:
        return any(_stands_for_it(inputs, d) for a in inputs.added if (d := inputs.ideal.get(a)) is not None and _are_alike(ours, d))
    before = ours.attribute is None and ours.kind == "resource" and all(q.end_line < ours.block.line for q in finding.quotes)
    return before or not changes_of(inputs, later)


def is_made_beside(finding: Finding, inputs: Inputs) -> bool:
    """Whether IDEAL makes a remark at a variable, and MODEL one in a file of values or in a passage of no file, which are not in its tree."""
    about, model = inputs.ideal.get(finding.address), inputs.sample.model
    if finding.rule != RULE or about is None or about.kind != "variable":
        return False
    beside = (*model.snippets, *(file for file in model.files if _VALUES.search(file.path)))
    return any(admits(line) for file in beside for line in file.text.split("\n"))


def shared(ours: Finding, theirs: Finding, inputs: Inputs) -> str:
    """Return the declaration of which a remark of both trees is told: MODEL's, but IDEAL's where that stands beside it in both trees and MODEL's does not.

    What comes first behind the head of a file may have gone to another file, and the head has not.
    """
    beside = all(_is_beside(graph, theirs.address, said) for graph, said in ((inputs.model, ours), (inputs.ideal, theirs)))
    return theirs.address if beside and not _is_beside(inputs.ideal, inputs.later(ours.address), theirs) else ours.address


def _is_beside(graph: Graph, address: str, finding: Finding) -> bool:
    """Whether a declaration stands in the file of a remark."""
    declaration = graph.get(address)
    return declaration is not None and any(quote.file == declaration.block.file for quote in finding.quotes)


def left_in_texts(inputs: Inputs) -> str:
    """Return where a text of IDEAL, such as the code of a function, has a remark that leaves something undone: ``index.py:3``; empty without any.

    The rule finds remarks in Terraform's own code only. Of parts that are laid over MODEL nobody can tell whose text it is.
    """
    if inputs.class_ is SampleClass.SNIPPET_IDEAL:
        return ""
    told = {(path, c.line) for module in inputs.ideal.tree.modules.values() for path, found in module.comments.items() for c in found}
    lines = (
        (path, number, line)
        for path in sorted(inputs.ideal.files)
        for number, line in enumerate(inputs.ideal.files[path].text.split("\n"), 1)
    )
    return next((f"{path}:{number}" for path, number, line in lines if (path, number) not in told and admits(line)), "")


def _are_alike(ours: Declaration, theirs: Declaration) -> bool:
    return ours.type != "" and (ours.kind, ours.type) == (theirs.kind, theirs.type)


def _stands_for_it(inputs: Inputs, theirs: Declaration) -> bool:
    """Whether IDEAL calls a placeholder what it declares, in it or in the comment before it."""
    file = inputs.ideal.tree.files.get(theirs.block.file)
    lines = file.text.split("\n") if file else []
    before = takewhile(lambda line: line.lstrip().startswith(_COMMENT), reversed(lines[: theirs.block.line - 1]))
    return any(map(_STANDS_FOR_IT.search, (*before, *lines[theirs.block.line - 1 : theirs.block.end_line])))


def reworded(ours: Mapping[Key, Finding], theirs: Mapping[Key, Finding]) -> dict[Key, Key]:
    """Return the findings of MODEL that stand on its own words, and which IDEAL has in other words or at another place: key to key."""
    taken: dict[Key, Key] = {}
    free = dict.fromkeys(key for key, said in theirs.items() if key not in ours and said.quotes)
    # First what stands at one block: words of another block that are alike by chance take nobody's place.
    for beside in (True, False):
        for key, finding in ours.items():
            if key in theirs or key in taken or not finding.quotes:
                continue
            heir = next((k for k in free if k[0] == key[0] and (k[:3] == key[:3]) is beside and _says_the_same(key, k)), None)
            if heir is not None:
                taken[key] = heir
                del free[heir]
    return taken


def _says_the_same(one: Key, other: Key) -> bool:
    beside = one[:3] == other[:3]
    if not beside and one[0] != RULE:
        return False  # other words than remarks belong to the block at which they stand
    excuses = [_EXCUSE.search(key[3].lower()) for key in (one, other)]
    if excuses[0] and excuses[1] and excuses[0][0] == excuses[1][0]:
        return True
    enough = _AT_ONE_BLOCK if beside else _ELSEWHERE
    match = SequenceMatcher(None, one[3], other[3])
    # The first two are quick, and never less than the third.
    return all(ratio() >= enough for ratio in (match.real_quick_ratio, match.quick_ratio, match.ratio))
