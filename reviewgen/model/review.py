"""What a review says: diagnostics, requirements, issues, score, the review itself.

Prose (every field named ``text``, ``title``, ``problem``, ...) is plain text in which a pair of backticks marks code,
nothing else is markup.
``reviewgen.render.hygiene`` turns it into safe Markdown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from reviewgen.records import dataclass

from .diagnostic import Validation
from .diff import Diff
from .requirement import Contradiction, Coverage, Requirement
from .score import Score


class Category(StrEnum):
    """How bad an issue is for the stack (contract of review.json)."""

    BLOCKER = "blocker"
    CRITICAL = "critical"
    WARNING = "warning"


class Severity(StrEnum):
    """Fine-grained rank within and across categories."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class Status(StrEnum):
    """Which tree has the defect: MODEL only, both, both as an absence that PROMPT notices, IDEAL only."""

    FIXED = "fixed"
    LEFT = "left"
    UNMET = "unmet"
    INTRODUCED = "introduced"

    @property
    def sides(self) -> tuple[str, ...]:
        """The trees that have the defect: ``model``, ``ideal`` or both."""
        return {Status.FIXED: ("model",), Status.INTRODUCED: ("ideal",)}.get(self, ("model", "ideal"))


class Stage(StrEnum):
    """Where a defect shows."""

    INIT = "init"
    VALIDATE = "validate"
    PLAN = "plan"
    APPLY = "apply"
    RUNTIME = "runtime"


OF_ALL_CODE = (Stage.INIT, Stage.VALIDATE)
"""The steps at which Terraform looks at all code, also at what no values create."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an input, verbatim, with file and lines. ``file`` is the tree's path, ``line`` 1-based in it."""

    file: str
    line: int
    end_line: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One contiguous passage of IDEAL, verbatim."""

    file: str
    start_line: int
    end_line: int
    code: str


@dataclass(frozen=True, slots=True)
class Impact:
    """A consequence under one aspect: Deployment, Function, Recovery, Requirement, Security, Compliance, Cost, Operations, Training.

    Attributes:
        aspect: The aspect.
        text: The consequence, a sentence.
    """

    aspect: str
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """An assertion about a tree and its result on both."""

    check: str
    model: bool
    ideal: bool


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value before and after, as source text; None where a tree has none."""

    address: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Our own advice for what IDEAL does not repair.

    Attributes:
        text: The advice.
        code: A sketch of ours, not code of IDEAL; may be empty.
    """

    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One link of the chain that led to an issue.

    ``kind`` is ``diff``, ``diagnostic``, ``rule``, ``requirement``, ``comment`` or ``run``.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One root cause.

    Attributes:
        id: Number on the page, a string.
        fingerprint: ``rule:lead address``; stable across runs and renumbering.
        rule: Id of the rule or pattern that leads.
        title: Names the capability or flaw; at most about 90 characters.
        category: Of the tree that has the defect.
        severity: Rank.
        status: Which tree has it.
        fix_class: ``A``, ``B`` or ``C`` for fixed issues, else None.
        removed: True for a fixed issue of which IDEAL repairs nothing: it no longer declares what had the defect, or something that takes part in it.
        problem: One to three sentences.
        stage: Where it shows.
        message: Known message at that stage; empty when none is known.
        observed: True when a run gave ``message``; False: it is expected.
        requirement: What PROMPT asks, or None.
        where: Addresses declared in MODEL or IDEAL, the most important first.
        present: What the tree has for this capability, each a phrase.
        absent: What it lacks, each a phrase.
        quotes: MODEL's (or IDEAL's) own words.
        values: Values before and after.
        impact: Consequences.
        lesson: Root cause as a sentence that transfers.
        solution: Passages of IDEAL.
        reasons: Comments of IDEAL that give a reason for the correction.
        recommendation: For what is left, unmet or introduced.
        verification: Assertions evaluated on both trees.
        signals: ``diff``, ``prompt``, ``validate``, ``deploy``, ``comment``, ``scan``.
        lines_added: Lines of IDEAL that the correction adds, counted.
        lines_removed: Lines of MODEL that it removes, counted; both zero where of many places alike only the first are shown.
        points: Deduction of the rubric, zero or negative.
        source: Link to the fact behind it; empty when none.
        evidence: The chain behind it, for ``reviewgen explain``.
        requirements: Ids of all requirements of PROMPT that led to it.
        curator: What a curator decided about it and why, a sentence; empty when nobody did.
        corrected: Addresses of the blocks whose lines ``solution`` and the counts are about.
    """

    id: str
    fingerprint: str
    rule: str
    title: str
    category: Category
    severity: Severity
    status: Status
    problem: str
    where: tuple[str, ...] = ()
    fix_class: str | None = None
    removed: bool = False
    stage: Stage | None = None
    message: str = ""
    observed: bool = False
    requirement: Requirement | None = None
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    values: tuple[ValueChange, ...] = ()
    impact: tuple[Impact, ...] = ()
    lesson: str = ""
    solution: tuple[Passage, ...] = ()
    reasons: tuple[Quote, ...] = ()
    recommendation: Recommendation | None = None
    verification: tuple[Check, ...] = ()
    signals: tuple[str, ...] = ()
    lines_added: int = 0
    lines_removed: int = 0
    points: float = 0
    source: str = ""
    evidence: tuple[Evidence, ...] = ()
    requirements: tuple[str, ...] = ()
    curator: str = ""
    corrected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dismissed:
    """An issue that a curator dismissed, and why.

    Attributes:
        title: Its title.
        fingerprint: What names it in later reviews.
        reason: The curator's reason.
    """

    title: str
    fingerprint: str
    reason: str


@dataclass(frozen=True, slots=True)
class Minor:
    """A finding for the closing table: too small for an issue of its own.

    Attributes:
        title: What is wrong.
        where: Addresses.
        status: What became of it.
        rule: The rule that found it.
        removed: Whether it is fixed only because IDEAL no longer declares what has it.
        requirements: Ids of the requirements that led to it.
    """

    title: str
    where: tuple[str, ...]
    status: Status
    rule: str = ""
    removed: bool = False
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Strength:
    """Something that MODEL does well.

    Attributes:
        title: What it does well.
        evidence: The measured fact that shows it.
    """

    title: str
    evidence: str


@dataclass(frozen=True, slots=True)
class StepResult:
    """What is known of one Terraform step on both trees: ``passed``, ``failed``, ``not run`` ..., and who says so.

    ``model_detail`` and ``ideal_detail`` say more where a record does: how many resources, why it was not run.
    """

    step: str
    model: str
    ideal: str
    source: str = ""
    model_detail: str = ""
    ideal_detail: str = ""


@dataclass(frozen=True, slots=True)
class TreeFacts:
    """Counts of one tree: files, lines of HCL, resources, data sources, modules; and the services that its resources belong to.

    ``unreached`` counts those of the modules that no call of the root leads to: run there, Terraform looks at none of them.
    """

    files: int
    lines: int
    resources: int
    data_sources: int
    modules: int
    services: tuple[str, ...] = ()
    unreached: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address stands: side (``model`` or ``ideal``), file of that side's tree, 1-based line.

    ``document_line`` is the line of the Markdown document that the file was taken from; 0 for a file on disk.
    """

    side: str
    file: str
    line: int
    document_line: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """The code of one declaration in one tree, verbatim.

    Attributes:
        side: ``model`` or ``ideal``.
        file: File of that side's tree.
        start_line: 1-based line of the first line of ``code``.
        end_line: Last line of the declaration; beyond the last line of ``code`` where a long one was cut.
        code: Its lines.
    """

    side: str
    file: str
    start_line: int
    end_line: int
    code: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a sample holds as digests in hex, by which samples are known again.

    Attributes:
        prompt: Of PROMPT's text, white space apart; empty when there is none.
        model: Of MODEL's.
        ideal: Of IDEAL's.
        blocks: Of the distinct blocks at the top level of both trees' files, white space and comments apart; sorted. The same block is
            another one in the other tree.
    """

    prompt: str = ""
    model: str = ""
    ideal: str = ""
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True)
class SampleInfo:
    """What the review says about its inputs; names only, no absolute path. ``class_`` is the value of ``SampleClass``.

    ``described`` are the files of MODEL of which an IDEAL of parts tells in words and shows nothing.
    """

    id: str
    class_: str
    prompt: str | None
    model: str
    ideal: str
    notes: tuple[str, ...] = ()
    content: Content = Content()
    described: tuple[str, ...] = ()


@dataclass(frozen=True)
class Review:
    """The whole review of one sample; everything the documents show is in it.

    ``dismissed`` are the issues that a curator took out, ``stale`` the fingerprints of overrides that no issue has any more.
    ``places`` says for the addresses that issues and minor findings name in ``where`` on which line each tree has them, MODEL's first.
    ``contradictions`` are the requirements of PROMPT that exclude each other.
    ``corrections`` are the words of IDEAL about what it corrects and shows no code for, verbatim; nothing of them was checked.
    ``listings`` has the code of the declarations that issues are about, by address (IDEAL's after a rename), MODEL's first.
    """

    sample: SampleInfo
    diff: Diff
    model_validation: Validation | None
    ideal_validation: Validation | None
    coverage: tuple[Coverage, ...]
    issues: tuple[Issue, ...]
    minor: tuple[Minor, ...]
    strengths: tuple[Strength, ...]
    score: Score
    verification: tuple[StepResult, ...]
    model_facts: TreeFacts
    ideal_facts: TreeFacts
    assessment: tuple[str, ...] = ()
    dismissed: tuple[Dismissed, ...] = ()
    stale: tuple[str, ...] = ()
    places: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    contradictions: tuple[Contradiction, ...] = ()
    corrections: tuple[Quote, ...] = ()
    listings: Mapping[str, tuple[Listing, ...]] = field(default_factory=dict)
