"""``make templates-bench``: a template of each sample's own MODEL_FAILURES.md, tried on the review of another sample."""

from __future__ import annotations

import argparse
import statistics
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from reviewgen import pipeline, sample
from reviewgen.config import Config
from reviewgen.documents.file import load_text
from reviewgen.documents.outline import outline
from reviewgen.documents.page import Kind, page
from reviewgen.documents.said import said
from reviewgen.errors import UserError

from .measure import Measured, measure

DOCUMENT = "MODEL_FAILURES.md"
_FEWEST, _FURTHER = 2, 7


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", nargs="*", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="only each so-manieth example")
    arguments = parser.parse_args()
    folders = [path for _, path in sample.discover(arguments.samples)] if arguments.samples else []
    examples = [folder for folder in folders if _is_example(folder / DOCUMENT)]
    if len(examples) <= _FURTHER:
        print(f"skipped: {len(examples)} samples with a {DOCUMENT} of two headed issues; give more with SAMPLES=path")
        return 0
    tasks = [(folder, _others(examples, number)) for number, folder in enumerate(examples)][:: arguments.every]
    with ProcessPoolExecutor(arguments.jobs) as workers:
        results = dict(zip([folder.name for folder, _ in tasks], workers.map(_measured, tasks, chunksize=4), strict=True))
    return _tell(results)


def _is_example(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        found = outline(tuple(said(page(load_text(path)))))
    except UserError:
        return False
    return sum(issue.pieces[0].kind is Kind.HEADING for issue in found) >= _FEWEST


def _others(examples: list[Path], number: int) -> list[Path]:
    """Return the samples whose reviews an example may be tried on, the first with an issue is."""
    return [examples[(number + further) % len(examples)] for further in range(_FURTHER, len(examples))]


def _measured(task: tuple[Path, list[Path]]) -> Measured:
    folder, others = task
    reviews = (pipeline.review_sample(sample.load(other), Config()) for other in others)
    return measure(load_text(folder / DOCUMENT), folder.name, next(review for review in reviews if review.issues))


def _tell(results: dict[str, Measured]) -> int:
    for name, found in sorted(results.items(), key=lambda item: (item[1].whole, item[0]))[:10]:
        print(f"least like: {name} {found.whole:.2f} (issues {found.issues:.2f}, around them {found.frame:.2f})")
    for name, found in results.items():
        for what, lines in (("not valid", found.wrong), ("lacks", sorted(set(found.lacking))), ("copied", found.copied)):
            print(*(f"{what}: {name}: {line}" for line in lines), sep="\n", end="\n" if lines else "")
    rows = {
        "the whole": [found.whole for found in results.values()],
        "issues": [found.issues for found in results.values()],
        "what surrounds them": [found.frame for found in results.values()],
    }
    for what, values in rows.items():
        tenths = statistics.quantiles(values, n=10)
        print(
            f"{what}: median {statistics.median(values):.3f}, a tenth is under {tenths[0]:.3f}, a quarter under {statistics.quantiles(values, n=4)[0]:.3f}"
        )
    valid = sum(not found.wrong for found in results.values())
    full = sum(not found.lacking for found in results.values())
    clean = sum(not found.copied for found in results.values())
    read = sum(found.found for found in results.values())
    print(
        f"{len(results)} examples: {valid} templates valid, {full} with every field for every issue, {clean} without a copied line, ",
        end="",
    )
    print(f"{read} whose documents read back with the right number of issues")
    return 0 if valid == clean == len(results) and statistics.median(rows["the whole"]) >= 0.8 else 1


if __name__ == "__main__":
    sys.exit(main())
