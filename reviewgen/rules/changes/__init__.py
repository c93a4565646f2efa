"""What one tree takes away from the other: rules that need both trees.

Rules of ``families`` look at one tree. These compare: an argument of which one value protects more than another (``themes``), blocks that
watch, protect or connect (``groups``), values that PROMPT names (``named``), what a default switches off (``switched``), what is looked up
instead of created (``lookups``), a correction that is a fragment (``omitted``), outputs, provider and backend (``settings``). What the tables
know is general; that a difference matters in this sample is decided by PROMPT's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from reviewgen.model.diff import Diff
from reviewgen.model.finding import Finding
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from . import groups, lookups, named, omitted, settings, switched, table, themes

COUNTED = frozenset(g.id for g in table.groups())
"""Ids of those of them that find that a tree has fewer of a kind."""

IDS = frozenset(
    [
        *(t.id for t in table.themes()),
        *COUNTED,
        named.RULE,
        switched.RULE,
        lookups.RULE,
        omitted.RULE,
        *settings.RULES,
    ]
)
"""Ids of all rules that compare."""


def compare(model: Graph, ideal: Graph, diff: Diff, prompt: str) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the findings in MODEL and those in IDEAL.

    Args:
        model: MODEL's graph.
        ideal: IDEAL's graph.
        diff: What differs.
        prompt: PROMPT in lower case, for the words by which it asks.
    """
    pairs = _pairs(model, ideal, diff)
    ours: list[Finding] = []
    theirs: list[Finding] = []
    of_one = chain(
        _of_arguments(pairs, model, ideal, prompt), named.compare(model, ideal, diff, prompt), switched.compare(pairs, model, ideal)
    )
    for introduced, finding in of_one:
        (theirs if introduced else ours).append(finding)
    before = groups.Side(model, "MODEL", tuple(_created(model, diff.removed)))
    after = groups.Side(ideal, "IDEAL", tuple(_created(ideal, diff.added)))
    omitted_most = list(omitted.missing(before, after))
    theirs += omitted_most
    # What a cut or shortened answer does not show may be in the part that is not there.
    for group in table.groups() if not model.tree.incomplete else ():
        ours += groups.missing(group, before, after, prompt)
    for group in table.groups() if not (omitted_most or ideal.tree.incomplete) else ():
        theirs += groups.missing(group, after, before, prompt)  # unless it went with the rest: no finding of its own
    for check in (lookups.missing, settings.missing):
        ours += check(before, after, prompt) if not model.tree.incomplete else ()
        theirs += check(after, before, prompt) if not ideal.tree.incomplete else ()
    return tuple(ours), tuple(theirs)


def _created(graph: Graph, addresses: Iterable[str]) -> Iterator[Declaration]:
    """Yield what is declared under some addresses, without the modules that a whole tree does not call."""
    return (d for a in addresses if (d := graph.get(a)) and not graph.tree.leaves_out(d))


def _of_arguments(pairs: list[tuple[Declaration, Declaration]], model: Graph, ideal: Graph, prompt: str) -> Iterator[tuple[bool, Finding]]:
    for theme in table.themes():
        if any(word in prompt for word in theme.silent):
            continue
        types = {t for row in theme.rows for t in row.types}
        for before, after in pairs:
            if before.type in types:
                yield from themes.compare(theme, (model, before), (ideal, after))


def _pairs(model: Graph, ideal: Graph, diff: Diff) -> list[tuple[Declaration, Declaration]]:
    """Return the resources that both trees declare, renamed ones included, in MODEL's order."""
    names = {r.before: r.after for r in diff.renamed}
    found = []
    for declaration in model.of_kind("resource"):
        other = ideal.get(names.get(declaration.address, declaration.address))
        if other is not None and other.type == declaration.type:
            found.append((declaration, other))
    return found
