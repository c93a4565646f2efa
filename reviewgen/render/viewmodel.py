"""The view model: everything that a template can print, computed and sorted. ``docs/view-model.md`` is made of these classes."""

from __future__ import annotations

from reviewgen.model import Dismissed, Strength
from reviewgen.records import dataclass

from .issuemodel import IssueView

VERSION = "1.0"  # a field that is added raises the second number, one that goes or changes its meaning the first


@dataclass(frozen=True, slots=True)
class Entry:
    """One issue in the summary.

    Attributes:
        id: Its number.
        title: Its title.
        category: ``blocker``, ``critical`` or ``warning``.
        lines: ``+2/-1 lines``; empty where nothing was counted.
        doubt: What is wrong with the repair, ``what IDEAL adds has a blocker of its own: #5``; empty for most.
    """

    id: str
    title: str
    category: str
    lines: str
    doubt: str


@dataclass(frozen=True, slots=True)
class Group:
    """The issues of one status in the summary.

    Attributes:
        title: The status.
        number: How many.
        categories: ``1 blocker and 2 warnings``.
        entries: The issues.
    """

    title: str
    number: int
    categories: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """The issues of one severity.

    Attributes:
        title: ``Critical``, ``High``, ``Medium`` or ``Low``.
        sign: A coloured circle.
        categories: ``1 blocker``; ``none`` without issues.
        issues: The issues.
    """

    title: str
    sign: str
    categories: str
    issues: tuple[IssueView, ...]


@dataclass(frozen=True, slots=True)
class ContradictionRow:
    """Two requirements that exclude each other.

    Attributes:
        text: What they ask for.
        first: The words of one, with number or line.
        second: The words of the other.
    """

    text: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One judged requirement.

    Attributes:
        number: PROMPT's number, or its line.
        text: Its words, of a long one the beginning.
        model: The verdict on MODEL, with a mark.
        ideal: The verdict on IDEAL, with a mark.
        issues: The numbers of its issues, or ``-``.
    """

    number: str
    text: str
    model: str
    ideal: str
    issues: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What the trees have for a part of the words of a requirement that was not judged.

    Attributes:
        number: PROMPT's number, or its line.
        text: Its words, of a long one the beginning.
        model: Addresses of MODEL; empty when it has nothing that the words name.
        model_more: How many ``model`` leaves out.
        ideal: Addresses of IDEAL.
        ideal_more: How many ``ideal`` leaves out.
        same: Whether both trees have the same addresses.
    """

    number: str
    text: str
    model: tuple[str, ...]
    model_more: int
    ideal: tuple[str, ...]
    ideal_more: int
    same: bool


@dataclass(frozen=True, slots=True)
class SmallerRow:
    """One finding of the closing table.

    Attributes:
        title: What is wrong.
        where: Addresses, for ``codes``.
        more: How many further addresses there are, for ``codes``.
        status: What became of it.
    """

    title: str
    where: tuple[str, ...]
    more: int
    status: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What IDEAL says of one of its corrections.

    Attributes:
        text: Its words.
        line: Their line.
    """

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One counted fact of both trees.

    Attributes:
        name: What was counted.
        model: How many in MODEL.
        ideal: How many in IDEAL.
    """

    name: str
    model: int
    ideal: int


@dataclass(frozen=True, slots=True)
class Deduction:
    """One row of a sum.

    Attributes:
        cause: ``Issue #1``; empty where no issue is the cause.
        points: ``-2 points``, or ``-2 points after the fixes`` in a row that only the second sum has.
        reason: Why.
    """

    cause: str
    points: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScoreView:
    """The rubrics' arithmetic as text.

    Attributes:
        rubric: Name and version of the rubric.
        base: What the sum begins with.
        deductions: Its rows.
        before: MODEL's score; empty where it was not judged.
        after: The score after IDEAL's corrections; empty where it was not judged.
        before_sum: The sum written out; may be empty.
        after_sum: Likewise.
        learning_rubric: Rubric of the learning value; empty without one.
        learning: Its rows.
        learning_result: The learning value with threshold and verdict; empty where it was not judged.
    """

    rubric: str
    base: str
    deductions: tuple[Deduction, ...]
    before: str
    after: str
    before_sum: str
    after_sum: str
    learning_rubric: str
    learning: tuple[Deduction, ...]
    learning_result: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything that a document shows: what a template has under the name ``view``.

    Attributes:
        sample: The sample's id.
        model: Name of MODEL's document.
        ideal: Name of IDEAL's document.
        prompt: Name of PROMPT's document; empty without one.
        headline: How many issues there are, by category and status: one sentence.
        notes: What was assumed when the sample was read.
        issues: All issues, the worst first.
        serious: The blockers and critical issues.
        minor: The warnings.
        levels: The issues by severity, severities without any left out.
        severities: The same with all four severities.
        lessons: What to learn from the issues, each lesson once.
        strengths: What MODEL does well.
        groups: The issues by status.
        coverage: The judged requirements.
        coverage_counts: Their counts in a sentence; may be empty.
        coverage_legend: What their verdicts mean; may be empty.
        answers: What the trees have for parts of requirements that were not judged; of many those first that only one tree has.
        answers_counts: A sentence that says how many there are, and how many rows are left out; empty when there are none.
        contradictions: Requirements that exclude each other.
        corrections: What IDEAL says of its corrections, where it shows no code.
        smaller: Findings too small for an issue.
        differences: The difference of the trees in a sentence; empty where they are not compared.
        difference_details: What is new, gone and renamed.
        facts: What was counted in both trees.
        score: The scores.
        steps: What is known of each Terraform step: one line each.
        assessment: A closing paragraph.
        dismissed: Issues that a curator dismissed.
        stale: Fingerprints of decisions that fit no issue any more.
    """

    sample: str
    model: str
    ideal: str
    prompt: str
    headline: str
    notes: tuple[str, ...]
    issues: tuple[IssueView, ...]
    serious: tuple[IssueView, ...]
    minor: tuple[IssueView, ...]
    levels: tuple[Level, ...]
    severities: tuple[Level, ...]
    lessons: tuple[str, ...]
    strengths: tuple[Strength, ...]
    groups: tuple[Group, ...]
    coverage: tuple[CoverageRow, ...]
    coverage_counts: str
    coverage_legend: str
    answers: tuple[AnswerRow, ...]
    answers_counts: str
    contradictions: tuple[ContradictionRow, ...]
    corrections: tuple[Correction, ...]
    smaller: tuple[SmallerRow, ...]
    differences: str
    difference_details: tuple[str, ...]
    facts: tuple[Fact, ...]
    score: ScoreView
    steps: tuple[str, ...]
    assessment: str
    dismissed: tuple[Dismissed, ...]
    stale: tuple[str, ...]
