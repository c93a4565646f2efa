"""The two trees of a sample with what is known of them before records are weighed."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.diagnostic import Validation
from reviewgen.model.diff import Diff
from reviewgen.model.finding import Finding
from reviewgen.model.tree import Tree
from reviewgen.records import dataclass
from reviewgen.terraform import Graph

SIDES = ("model", "ideal")


@dataclass(frozen=True)
class Sides:
    """MODEL and IDEAL, in this order in each pair.

    Attributes:
        delivered: The trees as they were delivered, which records are about.
        pair: Their graphs, as they are compared: snippets are laid over MODEL.
        diff: Their difference.
        own: What our own check says of each.
        findings: What rules found in each.
    """

    delivered: tuple[Tree, Tree]
    pair: tuple[Graph, Graph]
    diff: Diff
    own: tuple[Validation, Validation]
    findings: tuple[tuple[Finding, ...], tuple[Finding, ...]]

    def graphs(self) -> Iterator[tuple[str, Graph]]:
        """Yield each side with its graph."""
        yield from zip(SIDES, self.pair, strict=True)

    def verdicts(self) -> Iterator[tuple[str, Graph, Validation]]:
        """Yield each side with its graph and our own verdict."""
        for (side, graph), verdict in zip(self.graphs(), self.own, strict=True):
            yield side, graph, verdict

    def other(self, side: str, address: str) -> str | None:
        """Return the address by which the other tree goes on with a block of one tree; None where it has no such block."""
        names = {r.before: r.after for r in self.diff.renamed}
        if side == "ideal":
            names = {after: before for before, after in names.items()}
        there = names.get(address, address)
        graph = self.pair[side == "model"]
        return there if graph.get(there) is not None else None

    def same(self, side: str, address: str) -> bool:
        """Whether a block of one tree stands unchanged in the other one."""
        there = self.other(side, address)
        changed = {c.address for c in self.diff.changed}
        return there is not None and (there if side == "model" else address) not in changed
