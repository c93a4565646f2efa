"""``python -m tests.differential [N] [--from NUMBER]``: N mutants against the real Terraform; exit 1 when one is judged otherwise."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench.measure import Skipped

from .compare import Real, difference
from .mutants import mutant


def main() -> int:
    """Compare the mutants and print what differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.differential", description="Mutants of the samples against the real Terraform.")
    parser.add_argument("number", nargs="?", type=int, default=150)
    parser.add_argument("--from", dest="first", type=int, default=0)
    given = parser.parse_args()
    different = skipped = 0
    with tempfile.TemporaryDirectory(prefix="reviewgen-differential-") as work:
        try:
            real = Real(Path(work))
        except Skipped as reason:
            print(f"nothing compared: {reason}", file=sys.stderr)
            return 2
        for number in range(given.first, given.first + given.number):
            one = mutant(number)
            found = real.validate(one)
            text = difference(one, found, real.lock) if found is not None else ""
            skipped += found is None
            if text:
                different += 1
                print(f"{number} {one.edit}\n{text}", flush=True)
    print(f"{given.number} mutants, {different} judged otherwise, {skipped} that ask for what is not on this machine")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
