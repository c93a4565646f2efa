"""What a log of Terraform tells, whatever its form; and how the steps follow from what was seen in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.evidence import MOST_DIAGNOSTICS, Outcome, Step, StepRecord, Tool
from reviewgen.records import dataclass


@dataclass(frozen=True, slots=True)
class Log:
    """What a record tells of a run.

    Attributes:
        steps: The steps that it shows.
        tool: Terraform or OpenTofu, where it says so.
        providers: Providers with their versions, where it says so.
    """

    steps: tuple[StepRecord, ...]
    tool: Tool | None = None
    providers: tuple[Tool, ...] = ()


class CutError(ValueError):
    """A record ends before what it tells of is over."""


Counts = tuple[int, int, int]


@dataclass
class Seen:
    """What was seen so far, in the order of the log: the sums that Terraform prints, what was done, and the messages of each phase.

    Attributes:
        named: The command that the record's name tells; None when it tells none.
        initialised: Whether ``init`` came to its end; None when nothing of it was seen.
        valid: What ``validate`` said; None when it was not seen.
        planned: Resources to create, change and destroy; None while no plan was shown.
        failed_plan: Whether Terraform says that planning failed.
        applied: Resources that were created, changed and destroyed, as Terraform sums up.
        removed: Resources that were destroyed, as ``destroy`` sums up.
        done: Resources created, changed and destroyed, counted one by one.
        begun: How many were begun, likewise.
        interrupted: Whether somebody stopped it.
        phase: What is going on.
        messages: Diagnostics by phase.
    """

    named: Step | None = None
    initialised: bool | None = None
    valid: bool | None = None
    planned: Counts | None = None
    failed_plan: bool = False
    applied: Counts | None = None
    removed: int | None = None
    done: list[int] = field(default_factory=lambda: [0, 0, 0])
    begun: list[int] = field(default_factory=lambda: [0, 0, 0])
    interrupted: bool = False
    phase: Step = Step.PLAN
    messages: dict[Step, list[Diagnostic]] = field(default_factory=dict)

    def say(self, diagnostic: Diagnostic) -> None:
        """Keep a message of the phase that is going on."""
        kept = self.messages.setdefault(self.phase, [])
        if len(kept) < MOST_DIAGNOSTICS and diagnostic not in kept:
            kept.append(diagnostic)

    def work(self, action: int, *, over: bool) -> None:
        """Note that a resource is being created (0), changed (1) or destroyed (2), or that this is over."""
        self.phase = Step.APPLY
        (self.done if over else self.begun)[action] += 1

    @property
    def anything(self) -> bool:
        """Whether anything was seen at all."""
        return self != Seen(self.named, phase=self.phase)

    def steps(self, *, whole: bool) -> tuple[StepRecord, ...]:
        """Return the steps that were seen.

        Args:
            whole: Whether the log should have an end of its own; where a process was stopped it has none.

        Raises:
            CutError: It should, and has none.
        """
        return tuple(self._steps(whole))

    def _steps(self, whole: bool) -> Iterator[StepRecord]:
        for step, passed in ((Step.INIT, self.initialised), (Step.VALIDATE, self.valid)):
            said = tuple(self.messages.get(step, ()))
            if passed is False and not _errors(said):
                if whole and not self.interrupted:
                    raise CutError(f"it ends before {step.value} is over")
                yield StepRecord(step, Outcome.INTERRUPTED, diagnostics=said)
            elif passed is not None or _errors(said):
                yield StepRecord(step, self._outcome(bool(passed) and not _errors(said)), diagnostics=said)
        destroys = self._destroys()
        plan = self._plan(destroys)
        if plan is not None:
            yield plan
        if self.applied is not None or self.removed is not None or any(self.begun) or any(self.done):
            yield self._applied(destroys, whole)
        elif whole and plan is None and self.initialised is None and self.valid is None and not self.messages:
            raise CutError("it ends before anything was done")

    def _destroys(self) -> bool:
        """Whether what was done was ``terraform destroy``, as it says, as the record's name says, or as the plan before it shows."""
        if self.removed is not None or self.applied is not None:
            return self.removed is not None
        only = self.begun[2] + self.done[2] > 0 and not any((*self.begun[:2], *self.done[:2]))
        if self.named in (Step.APPLY, Step.DESTROY):
            return self.named is Step.DESTROY
        return only and (self.planned is None or self.planned[0] == 0)

    def _plan(self, destroys: bool) -> StepRecord | None:
        """Return the plan of what is created; that of a destruction is a part of ``destroy``."""
        said = tuple(self.messages.get(Step.PLAN, ()))
        failed = bool(_errors(said)) or self.failed_plan
        if destroys or (self.named is Step.DESTROY and self.planned is None):
            return StepRecord(Step.DESTROY, self._outcome(False), diagnostics=said) if failed and not any(self.begun) else None
        if failed:
            return StepRecord(Step.PLAN, self._outcome(False), diagnostics=said)
        return StepRecord(Step.PLAN, Outcome.PASSED, "", *self.planned, said) if self.planned is not None else None

    def _applied(self, destroys: bool, whole: bool) -> StepRecord:
        said = tuple(self.messages.get(Step.APPLY, ()))
        step = Step.DESTROY if destroys else Step.APPLY
        over = self.removed is not None if destroys else self.applied is not None
        if over and not _errors(said):
            created, changed, destroyed = self.applied or (None, None, self.removed)
            return StepRecord(step, Outcome.PASSED, "", created, changed, destroyed, said)
        if whole and not _errors(said) and not self.interrupted:
            raise CutError(f"it ends before {step.value} is over")
        created, changed = (None, None) if destroys else self.done[:2]
        stopped = self.interrupted or not _errors(said)
        return StepRecord(step, Outcome.INTERRUPTED if stopped else Outcome.FAILED, "", created, changed, self.done[2], said)

    def _outcome(self, passed: bool) -> Outcome:
        return Outcome.PASSED if passed else Outcome.INTERRUPTED if self.interrupted else Outcome.FAILED


def _errors(said: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    return [d for d in said if d.severity == "error"]
