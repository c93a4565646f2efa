"""Stands for a review that the kernel ends, as it does when memory runs out; workers import it by name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from reviewgen.batch.run import Result
from reviewgen.config import Config


def review_to(id: str, folder: Path, output: Path, config: Config) -> Result:
    """Die for samples that are named so."""
    if id.startswith("fatal"):
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.005)
    return Result(id, "pair")
