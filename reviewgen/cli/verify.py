"""``reviewgen verify``."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from reviewgen import pipeline, sample
from reviewgen.batch.files import write
from reviewgen.errors import InputError
from reviewgen.evidence import readers, record, verify
from reviewgen.model.evidence import Outcome, Step, StepRecord, TreeRun

from . import console, exits
from .inputs import settings

_HOMES = ("lib", "")
_COUNTED = {Step.PLAN: "to create", Step.APPLY: "created", Step.DESTROY: "destroyed"}


def run(folder: str, side: str, steps: str, output: str | None, endpoint: str, allow: bool, seconds: int, variables: Sequence[str]) -> int:
    """Run the real Terraform on the trees of a sample and write the record; see ``app.verify``."""
    settings()
    wishes = verify.Wishes(_steps(steps), allow, seconds, tuple(_files(variables)), console.detail)
    found = sample.load(Path(folder))
    target = Path(output) if output else Path(folder) / record.NAME
    if not os.access(next(p for p in target.absolute().parents if p.exists()), os.W_OK):  # better now than after an hour
        raise InputError("the record cannot be written there", path=str(target), hint="choose another --output")
    sides = record.SIDES if side == "both" else (side,)
    if not endpoint and not verify.available() and not wishes.steps.isdisjoint((Step.PLAN, Step.APPLY, Step.DESTROY)):
        console.warn(f"{verify.NO_EMULATOR}: nothing is planned or applied; install {verify.EXTRA} or give --endpoint")
    runs = {r.side: r for r in _before(target)}
    signal.signal(signal.SIGTERM, _interrupt)
    places = [p for s in sides if (p := sample.find(Path(folder), s)) is not None and p.is_dir()] + [Path(folder, home) for home in _HOMES]
    try:
        for done in pipeline.verify_sample(found, sides, os.environ, endpoint, wishes, places):
            runs[done.side] = done
            console.data("".join(f"{console.plain(line)}\n" for line in _lines(done)))
            write(target, record.dumps(runs.values()))
    except KeyboardInterrupt:
        console.say(f"interrupted; what was created is destroyed, and the copies are removed; record: {target}")
        raise
    console.say(f"record: {target}")
    return exits.DONE


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End as Ctrl-C does."""
    raise KeyboardInterrupt


def _steps(text: str) -> frozenset[Step]:
    known = {step.value: step for step in Step}
    words = [word.strip() for word in text.split(",") if word.strip()]
    for word in words:
        if word not in known:
            raise InputError(f"no such step: {word!r}", hint=f"the steps are {', '.join(known)}")
    return frozenset(known[word] for word in words) or frozenset(Step)


def _files(paths: Sequence[str]) -> Iterator[Path]:
    for path in paths:
        if not Path(path).is_file():
            raise InputError("no such file", path=path, hint="give a file with values of variables")
        yield Path(path)


def _before(target: Path) -> tuple[TreeRun, ...]:
    """Return the runs of an earlier record: that of a side that is not run again stays."""
    return readers.read(target, record.NAME).runs if target.is_file() else ()


def _lines(run_: TreeRun) -> Iterator[str]:
    """Yield what became of each step, with the errors."""
    tools = [str(tool) for tool in (run_.tool, *run_.providers, run_.emulator) if tool is not None]
    yield f"{run_.side.upper()} ({', '.join(tools)})"
    for done in run_.steps:
        yield f"  {done.step.value + ':':<9} {done.outcome.value}{_detail(done)}"
        yield from (f"            {d.address + ': ' if d.address else ''}{d.summary[:300]}" for d in done.errors[:5])
    yield from (f"  allowed:  {text}" for text in run_.allowed)


def _detail(done: StepRecord) -> str:
    number = done.destroyed if done.step is Step.DESTROY else done.created
    counted = f"{number} {_COUNTED[done.step]}" if number is not None and done.step in _COUNTED else ""
    parts = [part for part in (counted, done.reason) if part]
    joint = ": " if done.outcome is Outcome.NOT_RUN else ", "
    return joint + "; ".join(parts) if parts else ""
