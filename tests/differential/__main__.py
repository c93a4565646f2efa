"""``python -m tests.differential [SEEDS]``: every own sample, every kind of mistake, so many seeds (4); exit 1 when the two differ."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bench.measure import Skipped

from .compare import differences, workplaces
from .mutate import KINDS


def main(seeds: int) -> int:
    """Compare, and print each difference with what leads to it."""
    cases = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        try:
            for name, root, environment in workplaces(Path(folder)):
                for kind in KINDS:
                    for seed in range(seeds):
                        found = differences(root, environment, kind, seed)
                        cases += 1
                        wrong += bool(found)
                        for line in found:
                            print(f"{name} {kind} {seed}: {line}", flush=True)
        except Skipped as reason:
            print(f"skip  differential: {reason}")
            return 0
    print(f"{cases} mutated trees, {cases - wrong} without a difference")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 4))
