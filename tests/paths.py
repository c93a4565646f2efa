"""Where the tests find data."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"
SAMPLES = sorted(p for p in (ROOT / "samples").iterdir() if p.is_dir())
