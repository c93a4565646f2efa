"""A correction that leaves out most of what the answer had."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.finding import Finding
from reviewgen.model.review import Category, Impact, Recommendation, Severity
from reviewgen.rules.places import listed
from reviewgen.terraform import Graph

from .groups import Side

RULE = "RG053"
# From this share of MODEL's resources on, and with hardly anything in their place, the correction is a fragment.
_MOST = 0.5
_IN_PLACE = 0.25
_FEWEST = 6


def missing(model: Side, ideal: Side) -> Iterator[Finding]:
    """Yield the finding of an IDEAL that omits most of MODEL's resources without others in their place."""
    gone = [d for d in model.only if d.kind == "resource"]
    new = [d for d in ideal.only if d.kind == "resource"]
    total = len(model.graph.of_kind("resource"))
    if ideal.graph.has_remote_modules:
        return  # it may stand in what IDEAL calls and nobody has
    if len(gone) < _FEWEST or len(gone) < _MOST * total or len(new) > _IN_PLACE * len(gone):
        return
    # What still refers to it shows best what is missing: those come first.
    needed = _referred(ideal.graph)
    gone.sort(key=lambda d: (d.address not in needed, d.block.file, d.block.line))
    names = [d.address for d in gone]
    more = "1 new one" if len(new) == 1 else f"{len(new)} new ones"
    yield Finding(
        RULE,
        "IDEAL leaves out most of the stack",
        Category.BLOCKER,
        Severity.CRITICAL,
        names[0],
        f"IDEAL does not declare {len(gone)} of MODEL's {total} resources, among them {listed(names, 5)}, and has {more}.",
        "IDEAL declares most of the resources that MODEL declares",
        "",
        "stack",
        "B",
        related=(*sorted(needed[a] for a in names if a in needed)[:3], *names[1:]),
        impact=(Impact("Function", "What only the omitted resources were for does not come into being."),),
        lesson="A correction replaces the answer: it has to be as complete as what it corrects.",
        recommendation=Recommendation("Take over from MODEL what IDEAL does not replace."),
    )


def _referred(graph: Graph) -> dict[str, str]:
    """Return what is referred to and not declared, with the declaration that refers to it."""
    return {r.target: r.source for r in graph.references if not r.declared}
