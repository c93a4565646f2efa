"""What is known of two trees once it is weighed what really happened."""

from __future__ import annotations

from reviewgen.records import dataclass

from .diagnostic import Validation
from .finding import Finding
from .review import StepResult


@dataclass(frozen=True, slots=True)
class Weighed:
    """A review's verdicts and findings with what really happened in them; MODEL's first in each pair.

    Attributes:
        validations: Verdicts, those of real runs where there are some.
        findings: Findings, with those that runs and other tools prove, and marked where a run shows what was expected.
        steps: What became of each step.
        deployed: How far IDEAL came, a clause for the closing words; empty where nothing was run that tells.
        notes: What was left out, and why.
    """

    validations: tuple[Validation, Validation]
    findings: tuple[tuple[Finding, ...], tuple[Finding, ...]]
    steps: tuple[StepResult, ...]
    deployed: str = ""
    notes: tuple[str, ...] = ()
