"""What an audit takes and what it gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property

from reviewgen.documents import Reading
from reviewgen.documents.page import Kind as Block
from reviewgen.model import Review
from reviewgen.model.source import Sample
from reviewgen.records import dataclass
from reviewgen.terraform import Graph

from .texts import Text

_LEAST_SHARE = 0.4


class Kind(StrEnum):
    """What is wrong with a statement of a document; the order is that of the summary."""

    CODE = "code"
    SWAPPED = "swapped"
    ERROR = "error"
    ABSENT = "absent"
    PRESENT = "present"
    KEPT = "kept"
    VALID = "valid"
    DEFECT = "defect"
    QUOTATION = "quotation"
    TOTAL = "total"
    SEVERITY = "severity"
    LACKS = "lacks"
    UNSUPPORTED = "unsupported"


EXPLAINED: Mapping[Kind, str] = {
    Kind.CODE: "code that stands in neither answer",
    Kind.SWAPPED: "code of the other answer",
    Kind.ERROR: "a message about code that no answer has",
    Kind.ABSENT: "something is said to be there, or to have been added or removed, that is not there",
    Kind.PRESENT: "something is said to be missing, or to have been added, that MODEL has already",
    Kind.KEPT: "something is said to have been removed that IDEAL still has",
    Kind.VALID: "code is said to be valid that Terraform rejects",
    Kind.DEFECT: "a defect is claimed that the code does not have",
    Kind.QUOTATION: "words given as PROMPT's that PROMPT does not have",
    Kind.TOTAL: "a total that does not add up",
    Kind.SEVERITY: "one severity in the heading and another in the label",
    Kind.LACKS: "a serious issue of the review that the document does not mention",
    Kind.UNSUPPORTED: "an issue about things, or a platform, that neither the trees nor PROMPT have",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One contradiction.

    Attributes:
        kind: What is wrong.
        line: 1-based line of the document; 0 where something is not in it.
        issue: Number or title of the document's issue; empty outside of issues.
        says: What the document says there, shortened.
        evidence: Why that is not so, each a sentence.
    """

    kind: Kind
    line: int
    issue: str
    says: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A document and all that it is held against.

    Attributes:
        reading: The document, read.
        document: Its text.
        sample: The sample.
        review: Our own review of it.
        model: MODEL's graph.
        ideal: IDEAL's graph, as delivered.
        model_text: MODEL's text with that of all further turns.
        ideal_text: IDEAL's text.
        prompt_text: PROMPT's text with that of all further turns.
        turns: The texts of MODEL's turns one by one, the first one first.
    """

    reading: Reading
    document: str
    sample: Sample
    review: Review
    model: Graph
    ideal: Graph
    model_text: Text
    ideal_text: Text
    prompt_text: Text
    turns: tuple[Text, ...]

    @cached_property
    def ideal_is_whole(self) -> bool:
        """Whether IDEAL holds all of its code, so that what is not there is not there.

        A document that shows parts only has fewer resources than MODEL, or refers to what stands elsewhere.
        """
        review, checked = self.review, self.review.ideal_validation
        if review.sample.class_ not in ("pair", "identical", "wrong_task") or self.ideal.tree.incomplete or checked is None:
            return False
        dangling = any("undeclared" in diagnostic.summary.lower() for diagnostic in checked.errors)
        return not dangling and review.ideal_facts.resources > _LEAST_SHARE * review.model_facts.resources

    @cached_property
    def model_has_code(self) -> bool:
        """Whether MODEL's code stands in its text; an answer that only sums up files delivered elsewhere says nothing about them."""
        return self.review.sample.class_ != "no_model_code" and self.review.model_facts.resources > 0

    @cached_property
    def headings(self) -> Mapping[int, tuple[str, ...]]:
        """The headings that each piece stands under, by its line: the nearest first, without the document's title."""
        above: list[tuple[int, str]] = []
        found = {}
        for piece in self.reading.pieces:
            if piece.kind is Block.HEADING:
                above = [(level, text) for level, text in above if level < piece.level]
            found[piece.line] = tuple(text for level, text in reversed(above) if level > 1)
            if piece.kind is Block.HEADING:
                above.append((piece.level, piece.text))
        return found

    def issue_at(self, line: int) -> str:
        """Return number or title of the issue that a line belongs to; empty for none."""
        name = ""
        for issue in self.reading.issues:
            if issue.line <= line:
                name = issue.id or issue.title
        return name

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield the lines of the document with their numbers."""
        yield from enumerate(self.document.split("\n"), 1)
