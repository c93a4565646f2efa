"""Expected files: compared, or written when the environment asks for it (``make goldens``)."""

from __future__ import annotations

import os
from pathlib import Path


def golden(path: Path, actual: str) -> None:
    """Compare a text with an expected file, or refresh the file on purpose."""
    if os.environ.get("REVIEWGEN_GOLDENS") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(actual, "utf-8")
        return
    assert path.is_file(), f"{path} is missing; run make goldens and read what it writes"
    assert actual == path.read_text("utf-8"), f"{path} differs; run make goldens and read the difference"
