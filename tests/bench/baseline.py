"""What we measure against: python-hcl2 parsing the files that our loader finds, and nothing else."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path


def parse(texts: list[str]) -> int:
    """Parse texts with hcl2.loads; one that it rejects counts until it fails. Return how many it took."""
    import hcl2

    taken = 0
    for text in texts:
        try:
            hcl2.loads(text)
            taken += 1
        except Exception:
            continue
    return taken


def main() -> None:
    """``baseline.py FILE...`` in this process, or ``baseline.py --workers N LIST.json`` for lists of texts in worker processes."""
    if sys.argv[1] == "--workers":
        samples: list[list[str]] = json.loads(Path(sys.argv[3]).read_text("utf-8"))
        with ProcessPoolExecutor(int(sys.argv[2])) as pool:
            print(sum(pool.map(parse, samples, chunksize=2)))
    else:
        print(parse([Path(name).read_text("utf-8") for name in sys.argv[1:]]))


if __name__ == "__main__":
    main()
