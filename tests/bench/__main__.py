"""``python -m tests.bench [NAME...]``: ratios measured in one run, each with its bound; exit 1 when one is broken."""

from __future__ import annotations

import sys

from .cases import CASES, LONG, workplace
from .measure import Skipped


def main(names: list[str]) -> int:
    """Run the named measurements, or all but the long ones."""
    unknown = set(names) - set(CASES)
    if unknown:
        print(f"no such measurement: {', '.join(sorted(unknown))}; there are: {', '.join(CASES)}", file=sys.stderr)
        return 2
    broken = 0
    for name in names or (name for name in CASES if name not in LONG):
        with workplace() as work:
            try:
                for outcome in CASES[name](work):
                    print(outcome, flush=True)
                    broken += not outcome.holds
            except Skipped as reason:
                print(f"skip  {name}: {reason}", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
