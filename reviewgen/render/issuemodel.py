"""The view model of one issue; see ``viewmodel``."""

from __future__ import annotations

from reviewgen.model import Impact, Recommendation
from reviewgen.records import dataclass

from .hygiene import Safe


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
        lead: ``Not fixed``, ``Not known``, ``Not compared``, or empty.
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
        in_model: The problem, as it stands under a label that speaks of MODEL.
        in_ideal: What IDEAL does about it, as it stands under a label that speaks of a fix: whether it is one, and the sentence of ``solution``.
        model_code: Code or words of MODEL that show it, at most two excerpts.
        ideal_code: Code of IDEAL that corrects it, else a sketch of ours, else the code that IDEAL has in that place; the captions tell.
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
    in_model: str
    in_ideal: str
    model_code: tuple[Excerpt, ...]
    ideal_code: tuple[Excerpt, ...]
    unverified: bool
    source: str
    curator: str
