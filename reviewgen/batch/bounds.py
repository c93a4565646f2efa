"""Bounds of one sample in time and memory, where the system has the means; elsewhere there are none."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

_MEGABYTE = 1_000_000


class TooSlow(BaseException):
    """A sample took longer than it may. No ``Exception``, so that no handler on the way takes it for a failure of its own part."""


@contextlib.contextmanager
def seconds(most: int) -> Iterator[None]:
    """Raise ``TooSlow`` when what is inside takes longer; 0 for no bound. Only a process's main thread can be bounded."""
    if not most or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, most)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def memory(megabytes: int) -> None:
    """Let this process have no more memory than that from now on; more gives MemoryError. 0 for no bound."""
    try:
        import resource
    except ImportError:
        return
    if megabytes:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = megabytes * _MEGABYTE
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
