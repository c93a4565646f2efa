"""What the code of a function can answer about the items of a batch that failed."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Code whose list is always empty reports no item: whether somebody listens changes nothing.
_REPORTED = re.compile(r"batchItemFailures(?![\"']?\s*[:=]\s*\[\s*\])")
# The list that is given out under that name; a type with brackets behind it is none.
_NAMED = re.compile(r"batchItemFailures[\"']?\s*[:=]\s*([A-Za-z_$][\w$]*)(?![\w$]|\s*\[)")
_OWN = "batchItemFailures"
# How something gets into a list, other than by being its empty beginning.
_FILLED = r"(?<![\w$.]){}(?:\.(?:push|append|extend|unshift|insert|concat)\(|\s*\+=|\s*=(?![=>]|\s*\[\s*\]))"
# What keeps an error from whoever waits: after that the list is answered in spite of it.
_KEPT = re.compile(r"\ballSettled\b|\breturn_exceptions\b|\bsuppress\(|\bsubmit\(")
_THROWS = re.compile(r"(?:throw|raise)\b")
_LEAVES = re.compile(r"(?:return|continue|break)\b")
_CATCHES = re.compile(r"\b(?:catch|except)\b")


def reports(text: str) -> bool:
    """Whether code can answer with failed items: not where its list stays empty, nor where each failure ends the handler with an error."""
    if not _REPORTED.search(text):
        return False
    lists = set(_NAMED.findall(text))
    if not lists or re.search(_FILLED.format(_OWN), text):
        lists.add(_OWN)
    return any(_answered(text, name) for name in lists)


def _answered(text: str, name: str) -> bool:
    """Whether a list can be answered with something in it; a list that nobody is seen to fill counts as one."""
    filled = [found.start() for found in re.finditer(_FILLED.format(re.escape(name)), text)]
    return not filled or not all(_thrown_on(text, at) for at in filled)


def _thrown_on(text: str, at: int) -> bool:
    """Whether the handler that fills its list at a place always ends with an error afterwards; told by how the code is indented."""
    lines = [line for line in text[text.rfind("\n", 0, at) + 1 :].splitlines() if line.strip()]
    end = next((number for number, line in enumerate(lines) if number and not _indent(line)), len(lines))
    rest = lines[:end]
    # A function that only fills the list for another one does not say what that does with the error.
    answers = any(_OWN in line for line in rest)
    return answers and not _KEPT.search(text) and _throws(rest) and all(map(_throws, _handlers(rest)))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _throws(block: list[str]) -> bool:
    """Whether the statements of a block, which goes as far as its first line is indented, come to an error."""
    for line in block:
        if _indent(line) < _indent(block[0]) or (_indent(line) == _indent(block[0]) and _LEAVES.match(line.lstrip())):
            return False
        if _indent(line) == _indent(block[0]) and _THROWS.match(line.lstrip()):
            return True
    return False


def _handlers(lines: list[str]) -> Iterator[list[str]]:
    """Yield what stands in the handlers of errors of the blocks around the first line."""
    depth = _indent(lines[0])
    for number, line in enumerate(lines):
        if _indent(line) < depth:
            depth = _indent(line)
            if _CATCHES.search(line):
                yield lines[number + 1 :]
