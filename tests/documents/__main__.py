"""``make readback``: render each sample's review with every template and read it back; says how many come back exactly."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from reviewgen import pipeline, render, sample
from reviewgen.config import Config
from reviewgen.documents import mismatches


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", nargs="+", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    found = sample.discover(arguments.samples)
    with ProcessPoolExecutor(arguments.jobs) as workers:
        results = dict(zip([id for id, _ in found], workers.map(_differing, [path for _, path in found], chunksize=4), strict=True))
    for id, lines in results.items():
        for line in lines:
            print(f"{id}: {line}")
    exact = sum(not lines for lines in results.values())
    print(f"{exact} of {len(results)} samples read back exactly, with each of {len(render.template_names())} templates")
    return 0 if exact == len(results) else 1


def _differing(path: Path) -> list[str]:
    """Return in which points documents of a sample do not say what its review says."""
    review = pipeline.review_sample(sample.load(path), Config())
    documents = {name: render.markdown(review, template=name) for name in render.template_names()}
    return [f"{name}: {point}" for name, text in documents.items() for point in mismatches(review, text, name)]


if __name__ == "__main__":
    sys.exit(main())
