"""``make audit``: hold each sample's own MODEL_FAILURES.md against it; the findings by kind, or some of them drawn at random to be read."""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from reviewgen import pipeline, sample
from reviewgen.audit import EXPLAINED, Finding, Kind
from reviewgen.config import Config
from reviewgen.documents import load_text
from reviewgen.errors import InputError

DOCUMENT = "MODEL_FAILURES.md"
# How many of each kind are drawn of 40: more of those that need judgement.
SHARES = {Kind.LACKS: 5, Kind.SEVERITY: 4, Kind.CODE: 8, Kind.ABSENT: 7, Kind.PRESENT: 5, Kind.ERROR: 3, Kind.DEFECT: 2,
          Kind.QUOTATION: 2, Kind.TOTAL: 1, Kind.SWAPPED: 1, Kind.VALID: 1, Kind.KEPT: 1}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", nargs="+", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--draw", metavar="SEED", help="print 40 findings, drawn by kind with this seed")
    arguments = parser.parse_args()
    found = [(id, path) for id, path in sample.discover(arguments.samples) if (path / DOCUMENT).is_file()]
    with ProcessPoolExecutor(arguments.jobs) as workers:
        rows = list(zip([id for id, _ in found], workers.map(_findings, [path for _, path in found], chunksize=4), strict=True))
    read = [(id, findings) for id, findings in rows if findings is not None]
    print(f"{len(found)} documents, {len(read)} of them read")
    for kind in Kind:
        number = sum(f.kind is kind for _, findings in read for f in findings)
        print(f"{number:>5} in {sum(any(f.kind is kind for f in fs) for _, fs in read):>3} documents  {kind}: {EXPLAINED[kind]}")
    if arguments.draw:
        _draw([(id, finding) for id, findings in read for finding in findings], random.Random(arguments.draw))
    return 0


def _draw(findings: list[tuple[str, Finding]], chance: random.Random) -> None:
    counted: Counter[Kind] = Counter()
    for kind, share in SHARES.items():
        those = [row for row in findings if row[1].kind is kind]
        for id, finding in chance.sample(those, min(share, len(those))):
            counted[kind] += 1
            print(f"{sum(counted.values())}. {id} {finding.kind} line {finding.line}: {finding.says} | {' '.join(finding.evidence)}")


def _findings(path: Path) -> tuple[Finding, ...] | None:
    """Return the findings about a sample's document; None where it is none of failures."""
    try:
        text = load_text(path / DOCUMENT)
        return pipeline.audit_sample(sample.load(path), sample.turns(path), text, DOCUMENT, Config())[1]
    except InputError:
        return None


if __name__ == "__main__":
    sys.exit(main())
