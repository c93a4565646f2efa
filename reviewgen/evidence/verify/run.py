"""One tree, step by step. A step that cannot be done says why; what was created is destroyed, also when somebody interrupts."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path

from reviewgen.evidence import digest, redact
from reviewgen.evidence.readers import Stream, TextLog
from reviewgen.evidence.readers.documents import validation
from reviewgen.evidence.reasons import excused
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.evidence import Outcome, Step, StepRecord, Tool, TreeRun
from reviewgen.records import dataclass
from reviewgen.terraform import Graph, is_configuration, secrets

from . import emulator, process, program, workspace
from .emulator import Emulator
from .process import End
from .program import Program
from .safety import MOST_INSTANCES, Danger, dangers
from .workspace import Workspace

SECONDS: Mapping[Step, int] = {
    Step.FMT: 60, Step.INIT: 180, Step.VALIDATE: 180, Step.PLAN: 300, Step.APPLY: 900, Step.DESTROY: 600,
}  # fmt: skip
"""How long each step may take."""
NO_EMULATOR = "no emulator stands for AWS"
_NEEDS = {
    Step.FMT: (), Step.INIT: (), Step.VALIDATE: (Step.INIT,), Step.PLAN: (Step.INIT,), Step.APPLY: (Step.INIT, Step.PLAN),
    Step.DESTROY: (Step.INIT, Step.PLAN, Step.APPLY),
}  # fmt: skip
_REACH = (Step.PLAN, Step.APPLY, Step.DESTROY)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user wants.

    Attributes:
        steps: The steps that are asked for.
        allow: Whether programs and hosts that a tree calls may be run and reached.
        seconds: How long each step may take, in place of ``SECONDS``; 0 for these.
        variables: Files with values of variables.
        tell: Gets a line about what is going on.
    """

    steps: frozenset[Step] = frozenset(Step)
    allow: bool = False
    seconds: int = 0
    variables: tuple[Path, ...] = ()
    tell: Callable[[str], None] = field(default=lambda _: None)


def wanted(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return some steps with all that they need, in order. What is applied is destroyed."""
    asked = set(steps)
    needed = asked | {need for step in asked for need in _NEEDS[step]} | ({Step.DESTROY} if Step.APPLY in asked else set())
    return tuple(step for step in Step if step in needed)


@contextlib.contextmanager
def standing_in(endpoint: str, wishes: Wishes) -> Iterator[Emulator | None]:
    """Give what stands for AWS while some steps are done: the emulator at an endpoint, else one of ours; None where neither is there or needed.

    Raises:
        InputError: The endpoint is not one of this machine, or nothing answers there.
    """
    if endpoint:
        yield emulator.given(endpoint)
    elif emulator.available() and not wishes.steps.isdisjoint(_REACH):
        with tempfile.TemporaryDirectory(prefix="reviewgen-") as folder, emulator.started(Path(folder)) as found:
            yield found
    else:
        yield None


class Interrupted(KeyboardInterrupt):
    """We were interrupted; the record of what was done until then."""

    def __init__(self, run: TreeRun) -> None:
        """Keep the record."""
        super().__init__()
        self.run = run


def run_tree(
    graph: Graph, program_: Program, inherited: Mapping[str, str], aws: Emulator | None, wishes: Wishes, originals: Sequence[Path] = ()
) -> TreeRun:
    """Run the steps that are wished on one tree.

    Args:
        graph: The tree.
        program_: Terraform or OpenTofu.
        inherited: The user's environment, of which only what finds providers is taken over.
        aws: What stands for AWS; without one nothing is planned, applied or destroyed.
        wishes: What the user wants.
        originals: Folders that the tree's files may come from.

    Raises:
        Interrupted: Somebody interrupted; everything is destroyed and removed.
    """
    steps = wanted(wishes.steps)
    tree = graph.tree
    blank = TreeRun(tree.side, (), program_.tool, source="", tree=digest.of_files(tree.files.values()))
    reason = _nothing_to_run(graph)
    if reason:
        return replace(blank, steps=tuple(StepRecord(step, Outcome.NOT_RUN, reason) for step in steps))
    found = dangers(graph)
    with workspace.private(tree, originals) as space:
        work = _Work(space, graph, program_, workspace.environment(space, inherited), aws, wishes, found)
        try:
            for step in steps:
                work.do(step)
        except KeyboardInterrupt:
            work.undo()
            raise Interrupted(work.result(blank, steps)) from None
        except Exception:  # a bug of ours must not leave behind what was created at an emulator of the user's
            work.undo()
            raise
        return work.result(blank, steps)


def _nothing_to_run(graph: Graph) -> str:
    if not any(is_configuration(path) for path in graph.tree.files):
        return "there are no Terraform files"
    return "the files are known to be a part only" if graph.tree.incomplete else ""


class _Work:
    """What is done on one private copy, and what came of it so far."""

    def __init__(
        self, space: Workspace, graph: Graph, program_: Program, checking: Mapping[str, str], aws: Emulator | None, wishes: Wishes,
        found: tuple[Danger, ...],
    ) -> None:  # fmt: skip
        self._space, self._graph, self._program, self._checking = space, graph, program_, checking
        self._emulator, self._wishes, self._dangers = aws, wishes, found
        self._records: dict[Step, StepRecord] = {}
        self._providers: tuple[Tool, ...] = ()
        self._created = False
        self._log: Stream | TextLog | None = None  # of the step that is being run

    def do(self, step: Step) -> None:
        """Do one step and keep its record, unless something speaks against it."""
        reason = self._against(step)
        if reason:
            self._records[step] = StepRecord(step, Outcome.NOT_RUN, reason)
            return
        self._wishes.tell(f"{self._graph.tree.side}: {step.value}")
        self._records[step] = StepRecord(step, Outcome.INTERRUPTED)
        if step is Step.PLAN:
            workspace.lay_over(self._space, self._graph.tree)
            failed = self._prepare()
            if failed:
                self._records[step] = StepRecord(step, Outcome.NOT_RUN, failed)
                return
        if step is Step.APPLY:
            self._created = True
        try:
            self._records[step] = self._judged(step, self._run(step))
        except KeyboardInterrupt:
            self._records[step] = self._interrupted(step)
            raise
        if step is Step.INIT and self._records[step].outcome is Outcome.PASSED:
            self._providers = program.providers(self._program, self._checking, self._space.root)
        if step is Step.DESTROY and self._records[step].outcome is Outcome.PASSED:
            self._created = False

    def _interrupted(self, step: Step) -> StepRecord:
        """Return what the step that was interrupted has told until then."""
        told = self._log.log(whole=False).steps if self._log is not None else ()
        record = next((r for r in told if r.step is step), StepRecord(step, Outcome.INTERRUPTED))
        return self._judged(step, replace(record, outcome=Outcome.INTERRUPTED))

    def undo(self) -> None:
        """Destroy what was created, whatever was asked for."""
        if self._created:
            self._wishes.tell(f"{self._graph.tree.side}: destroying what was created")
            record = self._judged(Step.DESTROY, self._run(Step.DESTROY))
            self._records[Step.DESTROY] = replace(record, reason="after the interruption")

    def result(self, blank: TreeRun, steps: Sequence[Step]) -> TreeRun:
        """Return the record of all steps; those that were not come to were not run."""
        done = [self._records.get(step, StepRecord(step, Outcome.NOT_RUN, "interrupted before")) for step in steps]
        secret = secrets.literals(self._graph.tree)
        aws = self._emulator.tool if self._emulator is not None and any(s in self._ran() for s in _REACH) else None
        allowed = tuple(d.text for d in self._dangers if self._wishes.allow and d.step in self._ran())
        return replace(blank, steps=redact.steps(done, secret), providers=self._providers, emulator=aws, allowed=allowed)

    def _ran(self) -> set[Step]:
        return {step for step, record in self._records.items() if record.outcome is not Outcome.NOT_RUN}

    def _against(self, step: Step) -> str:
        """Return why a step is not done; empty when nothing speaks against it."""
        for need in _NEEDS[step]:
            before = self._records[need]
            if need is Step.APPLY:
                if before.outcome is Outcome.NOT_RUN:
                    return before.reason or "nothing was applied"
                continue
            if before.outcome is Outcome.NOT_RUN:
                return before.reason
            if before.outcome is not Outcome.PASSED:
                return f"{need.value} {before.outcome.value}"
        checked = self._records.get(Step.VALIDATE)
        if step is Step.PLAN and checked is not None and checked.outcome is Outcome.FAILED:
            return "validate failed"  # a plan would say the same
        refused = [] if self._wishes.allow else [d.text for d in self._dangers if list(Step).index(d.step) <= list(Step).index(step)]
        if refused and step is not Step.FMT:
            more = f" and {len(refused) - 1} more" if len(refused) > 1 else ""
            return f"refused: {refused[0]}{more}; --allow-exec runs it"
        if step in _REACH and self._emulator is None:
            return NO_EMULATOR
        planned = self._records[Step.PLAN].created if step is Step.APPLY else None
        return f"refused: the plan has {planned} resources, more than {MOST_INSTANCES}" if (planned or 0) > MOST_INSTANCES else ""

    def _seconds(self, step: Step) -> float:
        return self._wishes.seconds or SECONDS[step]

    def _environment(self, step: Step) -> Mapping[str, str]:
        if step not in _REACH or self._emulator is None:
            return self._checking
        return workspace.emulated(self._checking, self._emulator.url)

    def _prepare(self) -> str:
        """Give the copy its local state; return why that was not possible."""
        log = TextLog("init")
        code, end = process.run(self._program.local_init, self._space.root, self._checking, self._seconds(Step.INIT), log.feed)
        return "" if code == 0 and end is End.ITSELF else "the tree cannot be given a local state"

    def _run(self, step: Step) -> StepRecord:
        """Run a step's command and return what it said."""
        command = self._program.command(step, self._space.plan)
        if step in (Step.PLAN, Step.DESTROY):
            command += [f"-var-file={file.resolve()}" for file in self._wishes.variables]
        lines: list[str] = []
        log = Stream(step.value, step) if self._program.tells or step is not Step.INIT else TextLog(step.value, step)
        plain = step in (Step.FMT, Step.VALIDATE)
        self._log = None if plain else log
        feed = lines.append if plain else log.feed
        code, end = process.run(command, self._space.root, self._environment(step), self._seconds(step), feed)
        record = _plain(step, code, "\n".join(lines)) if plain else _streamed(step, code, log)
        if end is End.TIME:
            return replace(record, outcome=Outcome.TIMED_OUT, reason=f"it took longer than {self._seconds(step):g} s")
        return replace(record, outcome=Outcome.FAILED, reason="it printed more than is read") if end is End.OUTPUT else record

    def _judged(self, step: Step, record: StepRecord) -> StepRecord:
        """Return a record in which places of this machine are none, and what is not the tree's fault is none."""
        port = self._emulator.url.partition("://")[2] if self._emulator is not None else ""
        return excused(replace(record, diagnostics=tuple(_public(d, self._space, port) for d in record.diagnostics)))


def _plain(step: Step, code: int, output: str) -> StepRecord:
    """Return the record of ``fmt``, which lists files, and of ``validate``, which prints one JSON object."""
    if step is Step.FMT:
        files = sum(line.endswith((".tf", ".tfvars")) for line in output.split("\n"))
        reason = f"{files} file{'' if files == 1 else 's'} would be formatted otherwise" if files and code else ""
        return StepRecord(step, Outcome.FAILED if code else Outcome.PASSED, reason)
    import json

    try:
        log = validation(json.loads(output), step.value)
    except ValueError:
        return StepRecord(step, Outcome.FAILED, "it said nothing that can be read")
    return log.steps[0]


def _streamed(step: Step, code: int, log: Stream | TextLog) -> StepRecord:
    """Return what a stream told of a step; the exit code has the last word."""
    told = {record.step: record for record in log.log(whole=False).steps}
    record = told.get(step) or next(iter(told.values()), StepRecord(step, Outcome.FAILED))
    if record.step is not step:
        record = StepRecord(step, record.outcome, diagnostics=record.diagnostics)
    if code == 0 and not record.errors:
        return replace(record, outcome=Outcome.PASSED)
    return replace(record, outcome=Outcome.FAILED) if record.outcome is Outcome.PASSED else record


def _public(diagnostic: Diagnostic, space: Workspace, port: str) -> Diagnostic:
    def shown(text: str) -> str:
        text = space.public(text)
        return text.replace(port, "127.0.0.1") if port else text

    return replace(diagnostic, summary=shown(diagnostic.summary), detail=shown(diagnostic.detail))
