"""What is said of findings about blocks that a tree's own values do not create, and taken apart again where several findings are told as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from reviewgen.model.finding import Finding
from reviewgen.model.review import OF_ALL_CODE, Impact
from reviewgen.terraform import Graph

from .places import given_values, listed

# The sentence at the end of a problem, with all names; the review may have put the tree in which it holds before it.
_SENTENCE = re.compile(
    r" ((?:With|In (?:MODEL|IDEAL), with) the "
    r"(?:delivered values|default values of the variables|values of (?:`[^`]+`(?:, | and ))*`[^`]+`)) "
    r"((?:`[^`]+`(?:, | and )?)+) (?:is|are) not created\."
)
_CONDITION = re.compile(r"With values that create (?:it|them): ")
# So many of them are named.
_MOST = 5


def told(graph: Graph, finding: Finding, absent: Sequence[str], *, in_code: bool) -> Finding:
    """Return a finding with words that say which blocks the values of the tree do not create; what follows from code follows all the same."""
    said = f"{finding.problem}{_sentence(f'With the {given_values(graph)}', absent, 4)}"
    return replace(finding, problem=said, impact=finding.impact if in_code else _impact(finding, "it" if len(absent) == 1 else "them"))


def without(finding: Finding, files: Sequence[str], absent: Sequence[str]) -> Finding:
    """Return a finding with words that say which blocks some of the delivered files of values do not create, where others do."""
    return replace(finding, problem=f"{finding.problem}{_sentence(f'With the values of {listed(files, len(files))}', absent, 4)}")


def _impact(finding: Finding, them: str) -> tuple[Impact, ...]:
    """Return what follows from what the default values do not create; Terraform reads and checks that all the same."""
    if finding.stage in OF_ALL_CODE:
        return finding.impact
    return tuple(replace(i, text=f"With values that create {them}: {i.text}") for i in finding.impact)


def apart(problem: str) -> str:
    """Return a problem without the sentence that says what is not created."""
    return _SENTENCE.sub("", problem)


def sentences(problems: Iterable[str]) -> str:
    """Return what several problems say of blocks that are not created, each condition once and with all of the blocks."""
    names: dict[str, list[str]] = {}
    for problem in problems:
        for opening, absent in _SENTENCE.findall(problem):
            names.setdefault(opening, []).extend(re.findall(r"`([^`]+)`", absent))
    return "".join(_sentence(opening, list(dict.fromkeys(absent)), _MOST) for opening, absent in names.items())


def _sentence(opening: str, absent: Sequence[str], most: int) -> str:
    return f" {opening} {listed(absent, most)} {'is' if len(absent) == 1 else 'are'} not created."


def certain(impact: Sequence[Impact]) -> tuple[Impact, ...]:
    """Return consequences without those of values that create a block which another block has with all values."""
    always = {(i.aspect, i.text) for i in impact}
    return tuple(i for i in impact if not (rest := _CONDITION.match(i.text)) or (i.aspect, i.text[rest.end() :]) not in always)
