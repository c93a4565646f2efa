"""What really happened: runs of Terraform on a tree, and what other tools found in it.

Everything here was seen by somebody: nothing is expected, worked out or assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from reviewgen.records import dataclass

from .diagnostic import Diagnostic


class Step(StrEnum):
    """The commands of Terraform that a record can be about, in the order in which they are run."""

    FMT = "fmt"
    INIT = "init"
    VALIDATE = "validate"
    PLAN = "plan"
    APPLY = "apply"
    DESTROY = "destroy"


class Outcome(StrEnum):
    """What became of a step. Only ``failed`` says something about the tree."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"
    TIMED_OUT = "timed out"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Tool:
    """A program and its version; the version is empty where the record does not tell it."""

    name: str
    version: str = ""

    def __str__(self) -> str:
        """Return ``Terraform 1.11.4``."""
        return f"{self.name} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step on one tree.

    Attributes:
        step: The command.
        outcome: What became of it.
        reason: Why it was not run or did not come to its end, a phrase; empty where Terraform's own messages say it.
        created: For ``plan`` the number of resources to create, for ``apply`` of those that were created; None where the record does not tell.
        changed: Likewise of those that are changed.
        destroyed: Likewise of those that are destroyed.
        diagnostics: Terraform's messages, redacted; at most ``MOST_DIAGNOSTICS``.
    """

    step: Step
    outcome: Outcome
    reason: str = ""
    created: int | None = None
    changed: int | None = None
    destroyed: int | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The messages that are errors."""
        return tuple(d for d in self.diagnostics if d.severity == "error")


MOST_DIAGNOSTICS = 200
"""Most messages that a record keeps of one step; of a tree with more, the first ones tell what is wrong."""


@dataclass(frozen=True, slots=True)
class TreeRun:
    """A run of Terraform on one tree, or one command of it.

    Attributes:
        side: ``model`` or ``ideal``.
        steps: What was done, in the order of ``Step``.
        tool: Terraform or OpenTofu; None where the record does not tell.
        providers: Providers with their versions, as far as the record tells.
        emulator: What stood for AWS; None for AWS itself, or where the record does not tell.
        source: What the record is called: ``evidence.json``, ``evidence/ideal/apply.log``.
        tree: Digest of the files that were run; empty where the record does not tell.
        allowed: What was run only because the user allowed it: programs and hosts that the tree calls, each a phrase.
    """

    side: str
    steps: tuple[StepRecord, ...]
    tool: Tool | None = None
    providers: tuple[Tool, ...] = ()
    emulator: Tool | None = None
    source: str = ""
    tree: str = ""
    allowed: tuple[str, ...] = ()

    def step(self, step: Step) -> StepRecord | None:
        """Return what is recorded of a step."""
        return next((record for record in self.steps if record.step is step), None)


@dataclass(frozen=True, slots=True)
class ScanResult:
    """One finding of another tool.

    Attributes:
        rule: That tool's id of the rule.
        title: What the rule is called.
        message: What the tool says of this place.
        severity: ``CRITICAL``, ``HIGH``, ``MEDIUM`` or ``LOW``, from the tool's own figures.
        file: Path as the tool gives it.
        line: 1-based line; 0 where the tool gives none.
        help: A link to the rule's page; empty when there is none.
    """

    rule: str
    title: str
    message: str
    severity: str
    file: str
    line: int = 0
    help: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """What another tool found in one tree: SARIF of tflint, trivy, checkov, KICS and their like."""

    side: str
    tool: Tool
    source: str
    results: tuple[ScanResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """All records of a sample, those that count first; ``notes`` say what was left out."""

    runs: tuple[TreeRun, ...] = ()
    scans: tuple[Scan, ...] = ()
    notes: tuple[str, ...] = ()

    def of(self, side: str) -> tuple[TreeRun, ...]:
        """Return the runs on one tree."""
        return tuple(run for run in self.runs if run.side == side)

    def step(self, side: str, step: Step) -> tuple[TreeRun, StepRecord] | None:
        """Return the record that counts for a step on one tree: the first by which it was run, else the first that tells why not."""
        found = [(run, record) for run in self.of(side) if (record := run.step(step)) is not None]
        return next((pair for pair in found if pair[1].outcome is not Outcome.NOT_RUN), found[0] if found else None)


def joined(parts: Iterable[Evidence]) -> Evidence:
    """Return the records of several sources as one, in their order."""
    all_ = tuple(parts)
    return Evidence(
        tuple(run for part in all_ for run in part.runs),
        tuple(scan for part in all_ for scan in part.scans),
        tuple(note for part in all_ for note in part.notes),
    )
