"""``reviewgen merge``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reviewgen.batch.merging import merge as merged

from .batch import ended
from .inputs import settings


def merge(runs: Sequence[str], output: str, flags: Mapping[str, Any]) -> int:
    """Put the shards of a batch together; see ``app.merge``. The end is that of one batch over all samples."""
    config = settings(flags)
    return ended(merged([Path(run) for run in runs], Path(output)), 0, Path(output), config)
