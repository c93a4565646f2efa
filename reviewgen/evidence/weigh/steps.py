"""What became of each step, for the part of the document that says only what happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewgen.evidence import messages
from reviewgen.model.evidence import Evidence, Outcome, Step, StepRecord, TreeRun
from reviewgen.model.review import StepResult

from .sides import SIDES

if TYPE_CHECKING:
    from reviewgen.model.diagnostic import Validation

_ALWAYS = (Step.VALIDATE, Step.PLAN, Step.APPLY, Step.DESTROY)
_DONE = {
    Step.PLAN: ("to create", "to change", "to destroy"),
    Step.APPLY: ("created", "changed", "destroyed"),
    Step.DESTROY: ("", "", "destroyed"),
}


def results(evidence: Evidence, verdicts: tuple[Validation, Validation]) -> tuple[StepResult, ...]:
    """Return what is known of each step on both trees; of ``validate`` without a run what our own check says."""
    found = []
    for step in Step:
        ran = [evidence.step(side, step) for side in SIDES]
        if step is Step.VALIDATE and not any(pair is not None and pair[1].outcome is not Outcome.NOT_RUN for pair in ran):
            word = {True: "passed", False: "failed"}
            found.append(StepResult(step.value, word[verdicts[0].valid], word[verdicts[1].valid], "static"))
        elif step in _ALWAYS or any(pair is not None for pair in ran):
            words = [str(pair[1].outcome) if pair is not None else str(Outcome.NOT_RUN) for pair in ran]
            details = [_detail(*pair) if pair is not None else "" for pair in ran]
            sources = dict.fromkeys(_source(pair[0]) for pair in ran if pair is not None and pair[1].outcome is not Outcome.NOT_RUN)
            found.append(StepResult(step.value, words[0], words[1], "; ".join(sources), details[0], details[1]))
    return tuple(found)


def _source(run: TreeRun) -> str:
    """Return who says so: the record, with the programs that it names."""
    tools = [str(tool) for tool in (run.tool, *(p for p in run.providers if p.name.endswith("/aws")), run.emulator) if tool is not None]
    return f"{run.source}: {', '.join(tools)}" if tools else run.source


def _detail(run: TreeRun, record: StepRecord) -> str:
    counts = (record.created, record.changed, record.destroyed)
    said = [f"{n} {word}" for n, word in zip(counts, _DONE.get(record.step, ("", "", "")), strict=True) if n and word]
    if not said and record.step in _DONE and record.outcome is Outcome.PASSED:
        said = [f"nothing {_DONE[record.step][2 if record.step is Step.DESTROY else 0]}"]
    if record.errors and record.outcome is Outcome.FAILED:
        said.append("1 error" if len(record.errors) == 1 else f"{len(record.errors)} errors")
        kinds = [m.kind for d in record.errors if (m := messages.known(d, emulated=run.emulator is not None)) is not None and m.kind]
        for kind, words in (("emulator", "from the emulator"), ("account", "from the account")):
            if kinds.count(kind):
                said.append(f"{kinds.count(kind)} {words}" if len(record.errors) > 1 else words)
    return ", ".join([*said, *([record.reason] if record.reason else [])])


def how_far(evidence: Evidence) -> str:
    """Return how far IDEAL came, as a clause about it; empty where no run tells."""
    for step in (Step.APPLY, Step.PLAN):
        ran = evidence.step("ideal", step)
        if ran is None or ran[1].outcome not in (Outcome.PASSED, Outcome.FAILED):
            continue
        where = f" on {ran[0].emulator}, an emulator of AWS" if ran[0].emulator is not None else ""
        if ran[1].outcome is Outcome.FAILED:
            return f"`terraform {step.value}`{where} ended with errors"
        done = "applied" if step is Step.APPLY else "planned"
        more = ", and AWS may still reject what that accepts" if where and step is Step.APPLY else ""
        return f"it was {done}{where}{more}" + ("" if step is Step.APPLY else "; whether it deploys was not tried")
    return ""


def notes(evidence: Evidence) -> tuple[str, ...]:
    """Return notes about emulators, and about records that contradict each other."""
    return (*_emulators(evidence), *_contradictions(evidence))


def _emulators(evidence: Evidence) -> Iterator[str]:
    for name in sorted({str(run.emulator) for run in evidence.runs if run.emulator is not None}):
        yield f"{name} stood for AWS in a run: it is an emulator, and AWS may reject what it accepts, or accept what it rejects."


def _contradictions(evidence: Evidence) -> Iterator[str]:
    for side in SIDES:
        for step in Step:
            told = {
                run.source: record.outcome
                for run in evidence.of(side)
                if (record := run.step(step)) and record.outcome is not Outcome.NOT_RUN
            }
            if len(set(told.values())) > 1:
                said = ", ".join(f"`{source}` {outcome.value}" for source, outcome in told.items())
                yield f"Records of `terraform {step.value}` on {side.upper()} differ: {said}. The first one counts."
