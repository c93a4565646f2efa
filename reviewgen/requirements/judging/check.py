"""What PROMPT asks in particular, against both trees: rows of the coverage table, and findings where a tree answers otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from reviewgen.model.finding import Finding
from reviewgen.model.requirement import Contradiction, Coverage, Requirement
from reviewgen.records import dataclass
from reviewgen.terraform import Graph

from ..tree.conditions import Evidence, evidence_of
from . import accounts, amounts, counts, each, forbidden, naming, regions, single_file, tags, zones
from .judgement import Judgement, paired

Judge = Callable[[Evidence], Judgement]


@dataclass(frozen=True)
class Checked:
    """The rows, and the findings of each tree; a defect that both trees have is in both, under one key."""

    coverage: tuple[Coverage, ...] = ()
    model: tuple[Finding, ...] = ()
    ideal: tuple[Finding, ...] = ()


def check(requirements: Iterable[Requirement], prompt: str, model: Graph, ideal: Graph, undecided: Iterable[Contradiction] = ()) -> Checked:
    """Return how both trees answer amounts, prohibitions and the like.

    Args:
        requirements: PROMPT's requirements.
        prompt: PROMPT's whole text.
        model: MODEL's graph.
        ideal: IDEAL's graph.
        undecided: Requirements that exclude each other: nothing is decided on them.
    """
    rows = tuple(requirements)
    open_ = {subject for contradiction in undecided for subject in contradiction.undecided}
    sides = evidence_of(model), evidence_of(ideal)
    # A correction without code answers nothing: what MODEL answers wrongly stays open.
    alone = not ideal.tree.declarations
    coverage: list[Coverage] = []
    findings: tuple[list[Finding], list[Finding]] = [], []
    for judge in _judges(rows, prompt):
        ours, theirs = judge(sides[0]), judge(sides[1])
        if ours.subject in open_:
            continue
        figures = 0 if ours.subject.startswith(each.SUBJECT) else -1
        places = ours.addresses, theirs.addresses
        coverage.append(Coverage(ours.requirement, ours.verdict, theirs.verdict, *places, ours.subject, figures=figures))
        pair = (ours.finding, None) if alone else paired(ours, theirs)
        for found, finding in zip(findings, pair, strict=True):
            found.extend([finding] if finding is not None else [])
    return Checked(tuple(coverage), tuple(findings[0]), tuple(findings[1]))


def _judges(rows: tuple[Requirement, ...], prompt: str) -> Iterator[Judge]:
    named = regions.Regions(rows, prompt)
    if named.requirement is not None:
        yield partial(regions.judge, named, named.requirement)
    owned = accounts.Accounts(rows, prompt)
    if owned.requirement is not None:
        yield partial(accounts.judge, owned, owned.requirement)
    one = single_file.wanted(rows, prompt)
    if one is not None:
        yield partial(single_file.judge, one)
    for prohibition in forbidden.stated(rows):
        yield partial(forbidden.judge, prohibition)
    suffix = naming.wanted(rows)
    if suffix is not None:
        yield partial(naming.judge, suffix)
    for keys in tags.wanted(rows):
        yield partial(tags.judge, keys)
    for asked in amounts.expected(rows):
        yield partial(amounts.judge, asked)
    for spread in zones.wanted(rows):
        yield partial(zones.judge, spread)
    for wanted in each.wanted(rows):
        yield partial(each.judge, wanted)
    for number in counts.wanted(rows):
        yield partial(counts.judge, number)
