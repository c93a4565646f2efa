"""An issue in the making."""

from __future__ import annotations

from dataclasses import field

from reviewgen.model import tf
from reviewgen.model.finding import Finding
from reviewgen.model.review import Impact, Quote, Status
from reviewgen.records import dataclass

from .correction import NOTHING, Correction
from .defects import Defect
from .needs import Need

# Rules about secrets that stand in the code: a repair that puts another one in its place is none.
SECRETS = ("RG151", "RG152")
# What is said of a line of PROMPT that an issue denies, before it is known what else was judged of the line.
GAP = Impact("Requirement", " is not met.")


@dataclass(frozen=True)
class Draft:
    """An issue in the making.

    Attributes:
        status: Which tree has the defect.
        defects: The places, the leading one first; empty when only PROMPT notices the absence.
        need: The capability of PROMPT that is not met, if that is what it is about.
        correction: How IDEAL repairs it (empty for what is left or unmet), or what IDEAL changed to introduce it.
        along: Defects that only follow from those: places, messages and assertions of the issue, and no title of their own.
        others: Findings of other rules about the same place: further evidence, not further issues.
        quotes: MODEL's own words about the gap.
    """

    status: Status
    defects: tuple[Defect, ...] = ()
    need: Need | None = None
    correction: Correction = NOTHING
    along: tuple[Defect, ...] = ()
    others: tuple[Finding, ...] = ()
    quotes: tuple[Quote, ...] = field(default=())

    @property
    def lead(self) -> Finding | None:
        """The finding that gives title and words; None for a need."""
        return self.defects[0].finding if self.defects else None

    @property
    def said(self) -> Finding | None:
        """The finding whose stage and message count: one that a real run gave, else Terraform's words for what a rule explains."""
        lead = self.lead
        seen = next((f for f in (*(d.finding for d in self.defects), *self.others) if f.observed and f.message), None)
        if seen is not None or lead is None or tf.is_rule(lead.rule):
            return seen or lead
        return next((o for o in self.others if o.message), lead)

    @property
    def told(self) -> tuple[Defect, ...]:
        """All defects, with those that only follow from the others."""
        return (*self.defects, *self.along)

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """(address, argument path) of all defects."""
        return tuple((d.finding.address, d.finding.attribute) for d in self.told)
