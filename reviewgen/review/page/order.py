"""In which order PROMPT wants names to be made, and whether the names of a tree are made in another one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from reviewgen.model.hcl import Expression, Literal, Template, Traversal
from reviewgen.model.requirement import Coverage
from reviewgen.terraform import Graph, naming

_SPOKEN = re.compile(r"\bnam(?:es|ed|ing)\b.*\b(?:conventions?|formats?|patterns?|schemes?|standards?)\b", re.I | re.S)
_WORD = re.compile(r"[\w$.{}<>\[\]-]+")
_BRACKETS = re.compile(r"[${}<>\[\]]")
_PREFIX = re.compile(r"\b(?:var|local)\.", re.I)
# `{project}-{component}-{environment}`, `resource-type-environment-suffix`: at its end is what tells environments apart.
_LAST = re.compile(r"[a-z][\w-]*-(?:environment|env|stage)(?:[-_]?suffix)?", re.I)
_FEWEST_PARTS = 3
_MOST_OTHERS = 0.1
# Words joined to what stands before; a suffix as `.fifo` and a further step of a path are no part of the order.
_JOINED = re.compile(r"[-_]*[A-Za-z]")
_DEEPEST = 8


def is_broken(graph: Graph, rows: Iterable[Coverage], varies: Callable[[str], bool]) -> bool:
    """Whether PROMPT wants the environment at the end of names, and more than a few of MODEL's names have it before other words."""
    if not any(_wants_it_last(row.requirement.text) for row in rows):
        return False
    known = [
        _has_words_behind(graph, expr, d.module, varies)
        for d, _, expr in naming.named(graph)
        if naming.carries(graph, expr, d.module, varies)
    ]
    return sum(known) > _MOST_OTHERS * len(known)


def _wants_it_last(text: str) -> bool:
    """Whether a requirement shows how names are made, and ends them with the environment or its suffix."""
    if not _SPOKEN.search(text):
        return False
    for word in _WORD.findall(text):
        shown = _PREFIX.sub("", _BRACKETS.sub("", word)).strip(".-_")
        # "per-environment" shows no name; a part to fill in, or three parts, do.
        if _LAST.fullmatch(shown) and (_BRACKETS.search(word) or len(shown.split("-")) >= _FEWEST_PARTS):
            return True
    return False


def _has_words_behind(graph: Graph, expr: Expression, module: str, varies: Callable[[str], bool], depth: int = 0) -> bool:
    """Whether a name certainly has words of its own behind the last part that varies."""
    if isinstance(expr, Traversal):
        declaration = graph.resolve(expr, module)
        behind = list(graph.behind(declaration, expr)) if declaration is not None and declaration.kind == "local" else []
        return len(behind) == 1 and depth < _DEEPEST and _has_words_behind(graph, *behind[0], varies, depth + 1)
    if not isinstance(expr, Template):
        return False
    for part in reversed(expr.parts):
        if isinstance(part, Literal):
            if _JOINED.match(str(part.value)):
                return True
        elif naming.carries(graph, part, module, varies) is not False:
            return _has_words_behind(graph, part, module, varies, depth)
    return False
