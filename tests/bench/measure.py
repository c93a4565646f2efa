"""Measuring: wall time of processes run in turns, peak memory of their descendants."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PYTHON = sys.executable
WORKERS = 2
REVIEWGEN = (PYTHON, "-m", "reviewgen")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measured ratio or quantity.

    Attributes:
        name: What was measured.
        value: The result.
        bound: Most that it may be.
        unit: ``x`` for a ratio, ``MB``, ``ms``.
        detail: The figures behind it.
    """

    name: str
    value: float
    bound: float
    unit: str
    detail: str

    @property
    def holds(self) -> bool:
        """Whether the bound is kept."""
        return self.value <= self.bound

    def __str__(self) -> str:
        mark = "ok  " if self.holds else "FAIL"
        return f"{mark}  {self.name}: {self.value:.2f} {self.unit} (bound {self.bound:g} {self.unit}); {self.detail}"


class Skipped(Exception):
    """Something that a measurement needs is not on this machine."""


def usual_environment() -> dict[str, str]:
    """Return the environment of a user: Python keeps what it has compiled, of this clone as of installed packages."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def seconds(command: Sequence[str | Path], **variables: str) -> float:
    """Return how long a process takes, start included; it must end with 0 or 1."""
    environment = {**usual_environment(), **variables}
    start = time.perf_counter()
    done = subprocess.run([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    taken = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(map(str, command[:6]))}: exit {done.returncode}\n{done.stderr.decode(errors='replace')[-2000:]}")
    return taken


def in_turns(rounds: int, *works: Callable[[], float]) -> list[float]:
    """Return the median time of each work; they take turns, so that whatever else the machine does meets all alike."""
    times: list[list[float]] = [[] for _ in works]
    for number in range(rounds + 1):
        for work, taken in zip(works, times, strict=True):
            result = work()
            if number:  # the first round fills the caches
                taken.append(result)
    return [statistics.median(taken) for taken in times]


def compare(name: str, rounds: int, ours: Sequence[str | Path], theirs: Sequence[str | Path], bound: float, label: str) -> Outcome:
    """Return the ratio of two commands' medians."""
    mine, other = in_turns(rounds, lambda: seconds(ours), lambda: seconds(theirs))
    return Outcome(name, mine / other, bound, "x", f"{mine * 1000:.0f} ms against {other * 1000:.0f} ms for {label}, medians of {rounds}")


def worker_memory(command: Sequence[str | Path]) -> tuple[list[float], float]:
    """Run a command and return the resident memory of its largest descendant in MB, sampled over time, and the highest peak.

    Raises:
        Skipped: This system has no ``/proc``.
    """
    if not Path("/proc/self/status").is_file():
        raise Skipped("the memory of workers is read from /proc, which this system does not have")
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    sampled: list[float] = []
    peak = 0.0
    watch = threading.Event()
    while process.poll() is None:
        watch.wait(0.05)
        found = [_memory(pid) for pid in _descendants(process.pid)]
        if found:
            sampled.append(max(now for now, _ in found))
            peak = max(peak, *(most for _, most in found))
    if process.returncode:
        raise RuntimeError(f"{command}: exit {process.returncode}")
    return sampled, peak


def group_memory(command: Sequence[str | Path], **variables: str) -> float:
    """Run a command and return the peak of the memory that it and its descendants have together, in MB; shared pages count once.

    Raises:
        Skipped: This system does not tell.
    """
    if not Path("/proc/self/smaps_rollup").is_file():
        raise Skipped("the memory of a group of processes is read from /proc, which this system does not have")
    environment = {**usual_environment(), **variables}
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(_share(pid) for pid in (process.pid, *_descendants(process.pid))))
        time.sleep(0.5)
    if process.returncode not in (0, 3):  # of many samples some may fail
        raise RuntimeError(f"{command}: exit {process.returncode}")
    return peak


def _share(pid: int) -> float:
    """Return a process's share of memory in MB: its own pages, and its part of those that it shares."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def _descendants(root: int) -> list[int]:
    """Return the processes below one: workers are children of the server that forks them."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it has ended in the meantime
    found, waiting = [], [root]
    while waiting:
        children = [pid for pid, parent in parents.items() if parent == waiting[-1]]
        waiting.pop()
        found += children
        waiting += children
    return found


def _memory(pid: int) -> tuple[float, float]:
    """Return resident memory now and at its peak, in MB; zeros for a process that has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0, 0.0
    values = {line.partition(":")[0]: line.partition(":")[2].split()[0] for line in status.splitlines() if line.startswith("Vm")}
    return int(values.get("VmRSS", 0)) / 1024, int(values.get("VmHWM", 0)) / 1024
