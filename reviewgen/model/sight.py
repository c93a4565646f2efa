"""What an answer that shows parts of the code leaves unsaid: the score, the closing words and the page ask here, so that they agree."""

from __future__ import annotations

from collections.abc import Mapping

from reviewgen.records import dataclass

from . import tf
from .addresses import declaration
from .diagnostic import Validation
from .diff import Diff
from .review import Issue, Place, Review, Status
from .source import SampleClass


@dataclass(frozen=True, slots=True)
class Sight:
    """What IDEAL shows of what MODEL's defects are about.

    Attributes:
        class_: What the sample offers for comparison; only snippets leave anything unsaid.
        diff: What differs between the trees.
        places: On which lines the trees have the addresses that issues name; see ``Review.places``.
        ideal: What Terraform says of IDEAL; None when nobody asked.
    """

    class_: str
    diff: Diff
    places: Mapping[str, tuple[Place, ...]]
    ideal: Validation | None

    @classmethod
    def of(cls, review: Review) -> Sight:
        """Return what the IDEAL of a review shows."""
        return cls(review.sample.class_, review.diff, review.places, review.ideal_validation)

    @property
    def partial(self) -> bool:
        """Whether IDEAL's snippets call modules of their own and show nothing of what these create."""
        return self.class_ == SampleClass.SNIPPET_IDEAL and self.diff.hides

    def leaves_unsaid(self, issue: Issue) -> bool:
        """Whether a defect that MODEL has, or a block that takes part in it, stands in what IDEAL's snippets do not show."""
        if self.class_ != SampleClass.SNIPPET_IDEAL or issue.status is not Status.LEFT:
            return False
        if not issue.where:  # what cannot be parsed has no address, but a file
            said = self.ideal.errors if self.ideal else ()
            return issue.rule == tf.SYNTAX and not any(error.range and f"`{error.range.filename}:" in issue.problem for error in said)
        shown = {declaration(address)[0] for address in issue.where for place in self.places.get(address, ()) if place.side == "ideal"}
        parts = {declaration(address)[0] for address in issue.where if self.places.get(address)}
        return not shown or not parts <= shown

    def loses(self, issue: Issue) -> bool:
        """Whether nobody knows what became of a defect of MODEL: what it is about may stand in modules that IDEAL calls and does not show."""
        return self.partial and self.leaves_unsaid(issue)
