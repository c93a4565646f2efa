"""``python -m tests.fuzz [N] [--from NUMBER] [--save FOLDER]``: N mutated samples (20,000 when not given); exit 1 when one is not survived.

A case is its number: ``python -m tests.fuzz 1 --from 1234 --save out/fuzz`` repeats case 1234 and writes its documents as a sample.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from .check import problem
from .mutate import case


def main() -> int:
    """Run the cases in all processors and print what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Mutated samples: no traceback, no hang.")
    parser.add_argument("number", nargs="?", type=int, default=20_000)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--save", type=Path, help="write the documents of the cases that fail (of one case: in any event)")
    given = parser.parse_args()
    numbers = range(given.first, given.first + given.number)
    failed = 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for done, (number, found) in enumerate(zip(numbers, pool.map(problem, numbers, chunksize=10), strict=True), 1):
            if found:
                failed += 1
                print(f"case {number}: {found}", flush=True)
            if given.save and (found or given.number == 1):
                save(number, given.save)
            if done % 1000 == 0:
                print(f"{done} of {given.number} cases, {failed} failed", flush=True)
    print(f"{given.number} cases, {failed} failed")
    return 1 if failed else 0


def save(number: int, folder: Path) -> None:
    """Write a case's documents as a sample."""
    place = folder / str(number)
    place.mkdir(parents=True, exist_ok=True)
    for name, data in case(number).items():
        (place / name).write_bytes(data)


if __name__ == "__main__":
    sys.exit(main())
