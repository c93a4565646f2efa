"""What the review is made from: both trees with everything that earlier stages found in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from functools import cached_property

from reviewgen.model.diagnostic import Validation
from reviewgen.model.diff import Changed, Diff
from reviewgen.model.finding import Finding
from reviewgen.model.requirement import Coverage
from reviewgen.model.review import Status
from reviewgen.model.source import Sample, SampleClass, SourceFile
from reviewgen.records import dataclass
from reviewgen.requirements import Objective, objectives
from reviewgen.terraform import Graph
from reviewgen.terraform.switched_off import switched_off

from .answers.drafted import drafted
from .answers.unshown import unshown


@dataclass(frozen=True)
class Inputs:
    """Everything known before issues are made.

    Attributes:
        sample: The sample as read.
        class_: What it offers for comparison.
        model: MODEL's graph.
        ideal: IDEAL's graph.
        diff: The difference of the two.
        model_validation: What Terraform says of MODEL.
        ideal_validation: What Terraform says of IDEAL.
        coverage: PROMPT's requirements against both trees.
        model_findings: Rule hits in MODEL.
        ideal_findings: Rule hits in IDEAL.
        refuted: Ids of requirements of which IDEAL answers a particular wrongly: a region, an amount, a number.
    """

    sample: Sample
    class_: SampleClass
    model: Graph
    ideal: Graph
    diff: Diff
    model_validation: Validation
    ideal_validation: Validation
    coverage: tuple[Coverage, ...] = ()
    model_findings: tuple[Finding, ...] = ()
    ideal_findings: tuple[Finding, ...] = field(default=())
    refuted: frozenset[str] = frozenset()

    @cached_property
    def names(self) -> dict[str, str]:
        """IDEAL's address of what was renamed, by MODEL's."""
        return {r.before: r.after for r in self.diff.renamed}

    @cached_property
    def switched_off(self) -> frozenset[str]:
        """Addresses of what IDEAL has as comments only, written out: nothing of it stands elsewhere."""
        return frozenset(module.prefix + local for module in self.ideal.tree.modules.values() for local in switched_off(module))

    def later(self, address: str) -> str:
        """Return the address that IDEAL has for one of MODEL's, also of what MODEL does not declare in a module that is called otherwise."""
        if address in self.names or self.model.get(address) is not None:
            return self.names.get(address, address)
        old = next((prefix for prefix in self._prefixes if address.startswith(prefix)), "")
        return f"{self._prefixes[old]}{address.removeprefix(old)}" if old else address

    def earlier(self, address: str) -> str:
        """Return the address that MODEL has for one of IDEAL's."""
        return self._olds.get(address, address)

    @cached_property
    def _olds(self) -> dict[str, str]:
        return {after: before for before, after in self.names.items()}

    @cached_property
    def _prefixes(self) -> dict[str, str]:
        """What the addresses of modules begin with that the calls of both trees name otherwise, IDEAL's by MODEL's, the longest first."""
        theirs = {self.ideal.tree.home(m.directory): m.prefix for m in self.ideal.tree.modules.values()}
        ours = {m.prefix: theirs.get(self.model.tree.home(m.directory), m.prefix) for m in self.model.tree.modules.values()}
        return {old: ours[old] for old in sorted(ours, key=len, reverse=True) if ours[old] != old}

    def told(self, status: Status, addresses: Iterable[str]) -> Graph:
        """Return the tree that has the defects of a status at some places; of what both have, IDEAL where it declares them all."""
        known = self.class_ is SampleClass.PAIR and all(not a or self.ideal.get(a) is not None for a in addresses)
        return self.model if status is Status.FIXED or (status is Status.LEFT and not known) else self.ideal

    @cached_property
    def changed(self) -> dict[str, Changed]:
        """Changes by IDEAL's address; what a block says that cannot be parsed is not known well enough to be compared."""
        return {c.address: c for c in self.diff.changed if is_parsed(self.model, c.model_address) and is_parsed(self.ideal, c.address)}

    @cached_property
    def added(self) -> frozenset[str]:
        """Addresses that only IDEAL declares."""
        return frozenset(self.diff.added)

    @cached_property
    def drafted(self) -> frozenset[str]:
        """Addresses that drafts before MODEL's answer declare."""
        return drafted(self.sample.model.drafts)

    @cached_property
    def unshown(self) -> tuple[SourceFile, ...]:
        """Files of MODEL that IDEAL names and does not show."""
        return tuple(unshown(self.sample.model, self.sample.ideal))

    @cached_property
    def prompt(self) -> str:
        """PROMPT in lower case, for looking up words."""
        return self.sample.prompt.text.lower() if self.sample.prompt else ""

    @cached_property
    def objectives(self) -> tuple[Objective, ...]:
        """The recovery objectives that PROMPT gives."""
        return objectives(self.sample.prompt.text) if self.sample.prompt else ()

    @property
    def compares(self) -> bool:
        """Whether IDEAL has code that can be compared with MODEL's."""
        return self.class_ in (SampleClass.PAIR, SampleClass.SNIPPET_IDEAL, SampleClass.IDENTICAL)


def is_parsed(graph: Graph, address: str) -> bool:
    """Whether what a tree has under an address was read without an error."""
    found = graph.get(address)
    return found is None or found.block.complete or found.attribute is not None
