"""The measurements: one function each, in the order in which they run. Each gives outcomes or raises ``Skipped``."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from reviewgen import sample
from reviewgen.model.source import Document, Sample
from tests.paths import ROOT, SAMPLES

from . import batches, terraform
from .measure import PYTHON, REVIEWGEN, WORKERS, Outcome, Skipped, compare, in_turns, seconds, worker_memory
from .trees import CORPUS, write

PAYMENT = ROOT / "samples" / "payment-dr"
BASELINE = Path(__file__).with_name("baseline.py")
SLICES = 2

Case = Callable[[Path], Iterator[Outcome]]


def start(work: Path) -> Iterator[Outcome]:
    """Time of ``reviewgen --version``."""
    yield compare("start", 15, (*REVIEWGEN, "--version"), (PYTHON, "-c", "import typer"), 1.5, "import typer")


def report(work: Path) -> Iterator[Outcome]:
    """Time of one report, process start included."""
    if PAYMENT not in SAMPLES:
        raise Skipped("samples/payment-dr is not there")
    found = sample.load(PAYMENT)
    files = [*write(found.model, work / "model"), *write(found.ideal, work / "ideal")]
    theirs = (PYTHON, BASELINE, *files)
    yield compare("report", 7, (*REVIEWGEN, "report", PAYMENT, "-o", work / "r.md"), theirs, 1.0, f"hcl2.loads of its {len(files)} files")


def batch(work: Path) -> Iterator[Outcome]:
    """Time of a batch with two workers, in slices that take turns with what two workers need to parse the same files."""
    folders = [path for _, path in sample.discover([_corpus()])]
    ours = theirs = 0.0
    for number in range(SLICES):
        part = folders[number::SLICES]
        texts = work / f"texts{number}.json"
        texts.write_text(json.dumps([_texts(sample.load(folder)) for folder in part]), "utf-8")
        theirs += seconds((PYTHON, BASELINE, "--workers", str(WORKERS), texts))
        ours += seconds((*REVIEWGEN, "batch", *part, "-o", work / "out", "--jobs", str(WORKERS), "--no-cache"))
    detail = f"{ours:.1f} s for {len(folders)} samples against {theirs:.1f} s for hcl2.loads, {WORKERS} workers each"
    yield Outcome("batch", ours / theirs, 0.5, "x", detail)


def memory(work: Path) -> Iterator[Outcome]:
    """Peak memory of a worker, and whether it grows: the highest of the second half against the first."""
    source = CORPUS if CORPUS.is_dir() else _copies(work / "samples", 40)
    sampled, peak = worker_memory((*REVIEWGEN, "batch", source, "-o", work / "out", "--jobs", str(WORKERS), "--no-cache"))
    yield Outcome("memory", peak, 250, "MB", f"largest worker of a batch over {'the corpus' if CORPUS.is_dir() else 'copies of samples/'}")
    half = len(sampled) // 2
    if half < 20:
        raise Skipped("the batch was too short to see whether memory grows")
    first, second = max(sampled[:half]), max(sampled[half:])
    yield Outcome(
        "memory, second half of the batch", second / first, 1.25, "x", f"{second:.0f} MB against {first:.0f} MB in the first half"
    )


def validate(work: Path) -> Iterator[Outcome]:
    """Time of one validate of the largest own sample, process start included, against the real one."""
    tree = work / "tree"
    write(_largest(), tree)
    environment = terraform.prepare(tree, work / "terraform.rc")

    def theirs() -> float:
        begin = time.perf_counter()
        subprocess.run(["terraform", f"-chdir={tree}", "validate", "-json"], stdout=subprocess.DEVNULL, env=environment, check=False)
        return time.perf_counter() - begin

    mine, real = in_turns(5, lambda: seconds((*REVIEWGEN, "validate", tree)), theirs)
    detail = f"{mine * 1000:.0f} ms against {real * 1000:.0f} ms for terraform validate: {real / mine:.1f} times as fast"
    yield Outcome("validate", mine / real, 1 / 7, "x", detail)


def validate_in_batch(work: Path) -> Iterator[Outcome]:
    """Time of the check alone, in a process that has run before, a tree."""
    from reviewgen.terraform import Graph, build
    from reviewgen.terraform.schema import shipped
    from reviewgen.terraform.validate import validate as check

    schemas = shipped()
    folders = [path for _, path in islice(sample.discover([CORPUS]), 60)] if CORPUS.is_dir() else SAMPLES
    taken: list[float] = []
    for folder in folders:
        found = sample.load(folder)
        for document in (found.model, found.ideal):
            graph = Graph(build(document, "model"))
            begin = time.perf_counter()
            check(graph.tree, graph, schemas)
            taken.append((time.perf_counter() - begin) * 1000)
    if not taken:
        raise Skipped("there are no samples")
    detail = f"mean of {len(taken)} trees; median {statistics.median(taken):.1f} ms, largest {max(taken):.0f} ms"
    yield Outcome("validate in a batch", statistics.mean(taken), 60, "ms", detail)


def bundles(work: Path) -> Iterator[Outcome]:
    """Time to load each AWS bundle in a process that has run before, and its size."""
    from reviewgen.terraform.schema import shipped
    from reviewgen.terraform.schema.bundle import read

    for version, path in sorted(shipped().files["hashicorp/aws"].items()):
        taken = []
        for _ in range(15):
            begin = time.perf_counter()
            read(path)
            taken.append((time.perf_counter() - begin) * 1000)
        yield Outcome(f"AWS {version}, loaded", statistics.median(taken), 15, "ms", f"median of {len(taken)}; least {min(taken):.1f} ms")
        yield Outcome(f"AWS {version}, size", path.stat().st_size / 1000, 200, "KB", path.name)


CASES: dict[str, Case] = {
    "start": start,
    "report": report,
    "validate": validate,
    "validate-in-batch": validate_in_batch,
    "bundles": bundles,
    "memory": memory,
    "batch": batch,
    "again": batches.again,
    "checkov": batches.checkov,
    "scale": batches.scale,
}
LONG = ("scale",)
"""Those that run only when they are named."""


def _texts(found: Sample) -> list[str]:
    return [file.text for document in (found.model, found.ideal) for file in document.files if file.path.endswith(".tf")]


def _corpus() -> Path:
    if not CORPUS.is_dir():
        raise Skipped("../shared/corpus is not there")
    return CORPUS


def _largest() -> Document:
    documents = [document for folder in SAMPLES for document in (sample.load(folder).ideal,)]
    if not documents:
        raise Skipped("samples/ is empty")
    return max(documents, key=lambda document: sum(len(file.text) for file in document.files))


def _copies(folder: Path, times: int) -> Path:
    if not SAMPLES:
        raise Skipped("samples/ is empty")
    for number in range(times):
        for path in SAMPLES:
            shutil.copytree(path, folder / str(number) / path.name)
    return folder


@contextmanager
def workplace() -> Iterator[Path]:
    """Give a folder that is gone afterwards."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="reviewgen-bench-") as name:
        yield Path(name)
