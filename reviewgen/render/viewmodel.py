"""The view model: everything that a template can print, computed and sorted. ``docs/view-model.md`` is made of these classes."""

from __future__ import annotations

from reviewgen.model import Dismissed, Impact, Recommendation, Strength
from reviewgen.records import dataclass

from .hygiene import Safe

VERSION = "1.0"  # a field that is added raises the second number, one that goes or changes its meaning the first


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words or code of an input, verbatim.

    Attributes:
        caption: Whose they are and where they stand, with a colon.
        text: The words or the code; print it with ``fence``.
        language: The info string of its fence; may be empty.
    """

    caption: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Located:
    """An address and where the trees have it.

    Attributes:
        address: The address; print it with ``code``.
        places: Tree, file and line of each; may be empty.
    """

    address: str
    places: str


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """The value changes of one declaration.

    Attributes:
        address: The declaration; print it with ``code``.
        changes: Each argument with its values in MODEL and IDEAL.
    """

    address: str
    changes: tuple[Safe, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """What IDEAL does about an issue.

    Attributes:
        heading: ``Solution Applied``, ``What IDEAL Changed`` or ``Solution``.
        lead: ``Not fixed``, or empty.
        text: One sentence.
        passages: IDEAL's code, verbatim.
        values: Values before and after.
        reasons: What IDEAL itself says of it.
    """

    heading: str
    lead: str
    text: str
    passages: tuple[Excerpt, ...]
    values: tuple[ValueGroup, ...]
    reasons: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """One evaluated assertion.

    Attributes:
        mark: A tick or a cross for the tree that counts.
        check: The assertion.
        results: The result on each tree.
    """

    mark: str
    check: str
    results: str


@dataclass(frozen=True, slots=True)
class IssueView:
    """One issue.

    Attributes:
        id: Its number on the page.
        part: The name of its part of the document, for ``begin`` and ``end``.
        kind: ``Critical Issue`` or ``Issue``.
        label: Its category in capitals: ``BLOCKER``, ``CRITICAL``, ``WARNING``.
        rank: Its severity: ``CRITICAL``, ``HIGH``, ``MEDIUM``, ``LOW``.
        sign: A coloured circle for the severity.
        title: What is wrong, in a few words.
        level: The marks of a heading: two for a blocker or critical issue, three for a warning.
        severity: The severity with category and stage.
        status: What became of it.
        outcome: The same without the explanation.
        trees: The tree or trees that have the defect.
        requirement: PROMPT's words; empty where none are quoted.
        requirement_place: Where PROMPT asks; empty without a requirement.
        context: What showed the issue; empty where PROMPT is quoted.
        where: Its addresses, at most eight.
        more: How many further addresses there are.
        first: The first address, for ``codes``; empty without one.
        others: How many addresses there are beside ``first``, for ``codes``.
        problem: What is wrong, in a paragraph.
        has: The line above ``present`` and ``absent``; empty when both are.
        present: What is there.
        absent: What is missing.
        quotes: Words of the inputs that admit the defect.
        message: What Terraform or AWS says; the caption tells whether it was observed.
        impact: Consequences, each under an aspect.
        lesson: What to learn from it; may be empty.
        solution: What IDEAL does about it.
        recommendation: Our own advice, where IDEAL does not repair it.
        verification: Assertions that were evaluated on both trees.
        unverified: Whether a correction has no assertion.
        source: Where the fact is documented, for ``link``; may be empty.
        curator: What a curator decided about it; may be empty.
    """

    id: str
    part: str
    kind: str
    label: str
    rank: str
    sign: str
    title: str
    level: Safe
    severity: str
    status: str
    outcome: str
    trees: str
    requirement: str
    requirement_place: str
    context: str
    where: tuple[Located, ...]
    more: int
    first: tuple[str, ...]
    others: int
    problem: str
    has: str
    present: tuple[str, ...]
    absent: tuple[str, ...]
    quotes: tuple[Excerpt, ...]
    message: Excerpt | None
    impact: tuple[Impact, ...]
    lesson: str
    solution: Solution
    recommendation: Recommendation | None
    verification: tuple[Verified, ...]
    unverified: bool
    source: str
    curator: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One issue in the summary.

    Attributes:
        id: Its number.
        title: Its title.
        category: ``blocker``, ``critical`` or ``warning``.
        lines: ``+2/-1 lines``; empty where nothing was counted.
    """

    id: str
    title: str
    category: str
    lines: str


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
        points: ``-2 points``.
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
