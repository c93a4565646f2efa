"""Batches: repeated, against checkov, and at the scale of a dataset."""

from __future__ import annotations

import os
import re
import resource
import shutil
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

from reviewgen import sample
from tests.paths import SAMPLES

from .measure import REVIEWGEN, WORKERS, Outcome, Skipped, group_memory, seconds
from .trees import CORPUS, write

COMPARED = 20
FEW, MANY = 1_000, int(os.environ.get("MANY") or 20_000)

_DECLARED = re.compile(r'^[ \t]*(?:resource|data)[ \t]+"\w+"[ \t]+"(\w+)"', re.MULTILINE)
_ANSWERS = ("MODEL_RESPONSE.md", "IDEAL_RESPONSE.md")


def again(work: Path) -> Iterator[Outcome]:
    """Time of a batch over what has been reviewed, and over what has been but for one sample, against the first time."""
    source = work / "samples"
    shutil.copytree(CORPUS, source) if CORPUS.is_dir() else _copies(source, 40 * len(SAMPLES))
    kept = {"REVIEWGEN_CACHE": str(work / "cache")}

    def run(out: str) -> float:
        return seconds((*REVIEWGEN, "batch", source, "-o", work / out, "--jobs", str(WORKERS)), **kept)

    def changed(number: int) -> float:
        with next(islice(sorted(source.rglob("MODEL_RESPONSE.md")), number * 7, None)).open("a", encoding="utf-8") as stream:
            stream.write(f"\nOne more sentence, for the {number}th time.\n")
        return run("out")

    cold = run("out")
    warm = statistics.median(run("out") for _ in range(3))
    kept_only = statistics.median(run(f"other{n}") for n in range(3))
    one = statistics.median(changed(n) for n in range(3))
    for name, taken, bound in (("warm", warm, 0.05), ("from the cache", kept_only, 0.05), ("one changed sample", one, 0.1)):
        yield Outcome(f"batch, {name}", taken / cold, bound, "x", f"{taken:.2f} s against {cold:.1f} s for the first time")


def checkov(work: Path) -> Iterator[Outcome]:
    """Trees a second against those of checkov, a process a tree, two at a time: as answers are checked one by one."""
    program = os.environ.get("CHECKOV") or shutil.which("checkov")
    if program is None:
        raise Skipped("there is no checkov on the path, and CHECKOV names none")
    if not CORPUS.is_dir():
        raise Skipped("../shared/corpus is not there")
    found = [path for _, path in sample.discover([CORPUS])]
    folders = found[:: max(1, len(found) // COMPARED)][:COMPARED]
    trees = [tree for folder in folders for tree in _trees(folder, work / "trees")]
    options = ("--framework", "terraform", "--quiet", "--compact", "--skip-download", "-o", "json")

    def check(tree: Path) -> None:
        seconds((program, "-d", tree, *options))

    ours = seconds((*REVIEWGEN, "batch", *folders, "-o", work / "out", "--jobs", str(WORKERS), "--no-cache"))
    begun = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(check, trees))
    theirs = time.perf_counter() - begun
    alone = seconds((*REVIEWGEN, "batch", *folders, "-o", work / "alone", "--jobs", "1", "--no-cache"))
    together = seconds((program, "-d", work / "trees", *options))
    detail = (
        f"{ours:.1f} s against {theirs:.1f} s for {len(trees)} trees, {WORKERS} at a time: {theirs / ours:.0f} times as fast; "
        f"one process for all trees: {alone:.1f} s against {together:.1f} s, {together / alone:.0f} times as fast"
    )
    yield Outcome("against checkov", ours / theirs, 1 / 30, "x", detail)


def scale(work: Path) -> Iterator[Outcome]:
    """Memory of a whole batch of many samples, none like another, and time of one of them, against a batch of a thousand."""
    kept = {"REVIEWGEN_CACHE": str(work / "cache")}
    taken: list[tuple[float, float]] = []
    peaks: list[float] = []
    few = min(FEW, MANY // 2)
    seconds((*REVIEWGEN, "batch", *SAMPLES, "-o", work / "first"), **kept)  # what Python compiles, it compiles now
    for number, name in ((few, "few"), (MANY, "many")):
        _copies(work / name, number)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begun = time.perf_counter()
        peaks.append(group_memory((*REVIEWGEN, "batch", work / name, "-o", work / f"{name}-out", "--jobs", str(WORKERS)), **kept))
        wall = time.perf_counter() - begun
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append((wall / number, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / number))
        shutil.rmtree(work / name)
        shutil.rmtree(work / f"{name}-out")
    detail = f"all processes together, shared pages count once; {peaks[0]:.0f} MB in a batch of {few}"
    yield Outcome(f"memory of a batch of {MANY} samples", peaks[1], 700, "MB", detail)
    for kind, (first, later) in zip(("time", "processor time"), zip(*taken, strict=True), strict=True):
        detail = f"{later * 1000:.1f} ms against {first * 1000:.1f} ms in a batch of {few}"
        yield Outcome(f"{kind} a sample, {MANY} samples", later / first, 1.1, "x", detail)


def _copies(folder: Path, number: int) -> None:
    """Write that many samples, each with names of its own, so that nothing of one is known from another."""
    sources = [path for _, path in sample.discover([CORPUS])] if CORPUS.is_dir() else SAMPLES
    if not sources:
        raise Skipped("there are no samples")
    for count, source in enumerate(islice(cycle(sources), number)):
        target = folder / f"{count:06}-{source.name}"
        texts = {name: path.read_text("utf-8", "replace") for name in (*_ANSWERS, "PROMPT.md") if (path := source / name).is_file()}
        names = sorted({name for text in texts.values() for name in _DECLARED.findall(text)})
        renamed = re.compile(rf"\b(?:{'|'.join(names)})\b") if names else re.compile(r"(?!)")
        target.mkdir(parents=True)
        for name, text in texts.items():
            (target / name).write_text(renamed.sub(rf"\g<0>_{count}", text) if name in _ANSWERS else f"{text}\n", "utf-8")


def _trees(folder: Path, place: Path) -> Iterator[Path]:
    """Write both trees of a sample as our loader extracts them; yield their folders."""
    found = sample.load(folder)
    for side, document in (("model", found.model), ("ideal", found.ideal)):
        if any(file.path.endswith(".tf") for file in document.files):
            write(document, place / folder.name / side)
            yield place / folder.name / side
