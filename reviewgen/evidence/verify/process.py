"""One command, bounded in time and output, ended with its children."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from reviewgen.evidence.readers import MOST_BYTES

# Terraform stores its state before it ends: that long it may take, once it is asked to.
GRACE_SECONDS = 20.0
_CHUNK = 65_536
_MOST_LINE = 4_000_000


class End(StrEnum):
    """How a command came to its end."""

    ITSELF = "itself"
    TIME = "time"
    OUTPUT = "output"


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float, feed: Callable[[str], None]
) -> tuple[int, End]:
    """Run a command to its end and hand its output on line by line.

    It gets a session of its own: a Ctrl-C of the terminal is for us, and we end the command with all that it started.

    Args:
        command: Program and arguments.
        folder: Where it runs.
        environment: All of its environment.
        seconds: How long it may take; then it is asked to end, and ended.
        feed: Gets each line of its output, errors included.

    Returns:
        Its exit code, and why it ended.

    Raises:
        KeyboardInterrupt: We were interrupted; the command has ended, and its output was handed on.
    """
    process = subprocess.Popen(
        command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    lines = _Lines(feed)
    try:
        end = _follow(process, lines, time.monotonic() + seconds)
        if end is not End.ITSELF:
            _stop(process, lines)
    except BaseException:
        _stop(process, lines)
        raise
    finally:
        _kill(process)
        process.stdout.close()
        process.wait()
    lines.close()
    return process.returncode, end


def _follow(process: subprocess.Popen[bytes], lines: _Lines, deadline: float) -> End:
    """Hand on what a process prints, until it closes its output or a bound is reached."""
    for chunk in _chunks(process, deadline):
        if chunk is None:
            return End.TIME
        lines.add(chunk)
        if lines.size > MOST_BYTES:
            return End.OUTPUT
    while process.poll() is None:
        if time.monotonic() > deadline:
            return End.TIME
        time.sleep(0.02)
    return End.ITSELF


def _chunks(process: subprocess.Popen[bytes], deadline: float) -> Iterator[bytes | None]:
    """Yield what a process prints; None once when the time is over. A child that keeps the output open does not keep us."""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                yield None
                return
            if selector.select(min(left, 0.5)):
                chunk = os.read(process.stdout.fileno(), _CHUNK)
                if not chunk:
                    return
                yield chunk
            elif process.poll() is not None:
                return


def _stop(process: subprocess.Popen[bytes], lines: _Lines) -> None:
    """Ask a process to end as Ctrl-C would, so that it stores what it knows; end it when it does not."""
    if process.poll() is None:
        _signal(process, signal.SIGINT)
        with contextlib.suppress(OSError):
            _follow(process, lines, time.monotonic() + GRACE_SECONDS)
    lines.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End whatever is left of the process's session."""
    _signal(process, signal.SIGKILL)


def _signal(process: subprocess.Popen[bytes], which: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, which)


class _Lines:
    """Cuts output into lines; one that never ends is handed on in parts."""

    def __init__(self, feed: Callable[[str], None]) -> None:
        self._feed = feed
        self._rest = b""
        self.size = 0

    def add(self, chunk: bytes) -> None:
        self.size += len(chunk)
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        for line in whole:
            self._feed(line.decode("utf-8", "replace"))
        if len(self._rest) > _MOST_LINE:
            self.close()

    def close(self) -> None:
        if self._rest:
            self._feed(self._rest.decode("utf-8", "replace"))
            self._rest = b""
