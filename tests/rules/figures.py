"""``make figures SAMPLES=path [RULES="slug ..."]``: how often each rule fires on MODEL, and how often IDEAL repairs it.

With rules named it prints each of their hits, for those who write them; without, it writes ``docs/rules/figures.toml``, from which
``docs/rules/README.md`` is made: so the pages can be made, and tested, without the samples.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from reviewgen import diff, review, rules, sample, terraform
from reviewgen.model.source import SampleClass
from reviewgen.terraform import Graph
from tests.paths import ROOT

FILE = ROOT / "docs" / "rules" / "figures.toml"
_HEAD = """\
# Written by `make figures SAMPLES=path`: in how many samples a rule fires on MODEL, in how many of those IDEAL has fewer of its hits,
# and in how many IDEAL has more than MODEL.
"""


class Hits(NamedTuple):
    """The hits of all rules in one sample: (rule, place) of each tree; rules that crashed."""

    id: str
    model: tuple[tuple[str, str], ...]
    ideal: tuple[tuple[str, str], ...]
    failed: Mapping[str, str]


def hits(item: tuple[str, Path]) -> Hits:
    """Apply all rules to a sample."""
    id, folder = item
    read = sample.load(folder, id=id)
    model, ideal = (Graph(terraform.build(d, side)) for d, side in ((read.model, "model"), (read.ideal, "ideal")))
    class_ = review.classify(read, model.tree, ideal.tree)
    if class_ is SampleClass.SNIPPET_IDEAL:
        ideal = Graph(diff.overlay(model.tree, ideal.tree))
    if class_ in (SampleClass.NO_IDEAL_CODE, SampleClass.NO_MODEL_CODE):
        ideal = model  # nothing is known to be repaired
    found = rules.run(model), rules.run(ideal)
    places = [tuple((f.rule, f"{f.address}.{f.attribute}".strip(".") or "(tree)") for f in tree.findings) for tree in found]
    return Hits(id, places[0], places[1], {**found[0].failed, **found[1].failed})


def collect(sources: list[Path], jobs: int) -> Iterator[Hits]:
    """Yield the hits of each sample below some folders, in the order of their ids."""
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(hits, sample.discover(sources), chunksize=8)


def main(sources: list[str], jobs: int, only: list[str]) -> int:
    """Measure; print the hits of some rules, or write the figures of all."""
    wanted = {rules.rule_named(name).id for name in only}
    slugs = {rule.id: rule.slug for rule in rules.CATALOGUE}
    counts = {rule.id: Counter({"model": 0, "repaired": 0, "introduced": 0}) for rule in rules.CATALOGUE}
    samples, broken = 0, 0
    for found in collect(list(map(Path, sources)), jobs):
        samples += 1
        for id, error in found.failed.items():
            broken += 1
            print(f"{found.id}: {slugs[id]} failed: {error}", file=sys.stderr)
        ours, theirs = (Counter(rule for rule, _ in places) for places in (found.model, found.ideal))
        for id, count in counts.items():
            count["model"] += ours[id] > 0
            count["repaired"] += ours[id] > theirs[id]
            count["introduced"] += ours[id] < theirs[id]
            if id in wanted and (ours[id] or theirs[id]):
                print(f"{found.id} {slugs[id]}\n  MODEL {_of(found.model, id)}\n  IDEAL {_of(found.ideal, id)}")
    rows = [f"{id} = {{ model = {c['model']}, repaired = {c['repaired']}, introduced = {c['introduced']} }}" for id, c in counts.items()]
    if only:
        print("\n".join(f"{row} # {slugs[row[:5]]}" for row in rows if row[:5] in wanted))
    else:
        FILE.write_text(f"{_HEAD}samples = {samples}\n\n[rules]\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return 1 if broken else 0


def _of(places: tuple[tuple[str, str], ...], id: str) -> str:
    return ", ".join(place for rule, place in places if rule == id) or "-"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rules", default="", help="ids or slugs, with spaces between")
    given = parser.parse_args()
    sys.exit(main(given.sources, given.jobs, given.rules.split()))
