"""Samples that are the same, and samples that are nearly the same.

Nearly the same are samples that share most of their blocks: of the distinct blocks of both, MODEL's and IDEAL's, at the top level of files,
white space and comments apart. Each sample is held against the first samples of the groups before it that MinHash proposes, and joins the
first that it shares enough with; so the work grows with the number of samples only, whatever they hold, and a likeness can be missed.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator

from reviewgen.records import dataclass
from reviewgen.runs import SampleRow

ENOUGH = 0.8
"""Share of their blocks that samples of a group have in common with its first."""
FEWEST = 5
"""Blocks that a sample must have to be compared: two that declare one provider each are not alike for that."""
KINDS = {"all": "PROMPT, MODEL and IDEAL", "prompt": "PROMPT", "model": "MODEL", "ideal": "IDEAL"}
"""What exact duplicates have in common, in words."""

# A signature has so many places, taken together so many at a time: of two samples that share four fifths, one in five thousand is missed;
# of such that share half, two of three are compared in vain.
_PLACES = 64
_BAND = 4
# First samples of groups that are looked at for each band; more would only be tried where thousands share a few blocks and little else.
_MOST_TRIED = 8
_BITS = 40


@dataclass(frozen=True, slots=True)
class Member:
    """A sample of a group, and the share of blocks that it has in common with the group's first."""

    id: str
    share: float


@dataclass(slots=True, eq=False)
class _Group:
    blocks: array[int]
    texts: set[tuple[str, str, str]]
    members: list[Member]


class Likeness:
    """Keeps of each sample its digests."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._same: dict[str, dict[object, list[str]]] = {kind: defaultdict(list) for kind in KINDS}
        self._bands: dict[tuple[int, ...], list[_Group]] = defaultdict(list)
        self._groups: list[_Group] = []
        self.repeated: dict[str, str] = {}

    def add(self, row: SampleRow) -> None:
        """Compare a sample with those before it; ``repeated`` then names for it the first that it is like, if there is one."""
        prompt, model, ideal = row.texts
        for kind, key in (("all", row.texts), ("prompt", prompt), ("model", model), ("ideal", ideal)):
            if key:
                self._same[kind][key].append(row.id)
        first = self._same["all"][row.texts][0]
        if first != row.id:
            self.repeated[row.id] = first
        self._group(row)

    def same(self, kind: str) -> list[list[str]]:
        """Return groups of samples that have something in common word by word, the largest first."""
        return sorted((ids for ids in self._same[kind].values() if len(ids) > 1), key=lambda ids: (-len(ids), ids))

    def near(self) -> list[list[Member]]:
        """Return groups of samples that are nearly the same, the largest first; without those that are the same word by word."""
        found = (group.members for group in self._groups if len(group.members) > 1 and len(group.texts) > 1)
        return sorted(found, key=lambda members: (-len(members), members[0].id))

    def _group(self, row: SampleRow) -> None:
        blocks = array("Q", (int(digest, 16) for digest in row.blocks.split()))
        if len(blocks) < FEWEST:
            return
        bands = list(_bands(blocks))
        tried: list[_Group] = []
        for band in bands:
            tried += [group for group in self._bands[band] if group not in tried]
        own = frozenset(blocks)
        for group in sorted(tried, key=lambda group: group.members[0].id):
            share = _share(own, group.blocks)
            if share >= ENOUGH:
                group.members.append(Member(row.id, share))
                group.texts.add(row.texts)
                self.repeated.setdefault(row.id, group.members[0].id)
                return
        new = _Group(blocks, {row.texts}, [Member(row.id, 1.0)])
        self._groups.append(new)
        for band in bands:
            if len(self._bands[band]) < _MOST_TRIED:
                self._bands[band].append(new)


def _share(own: frozenset[int], other: array[int]) -> float:
    common = len(own.intersection(other))
    return common / (len(own) + len(other) - common)


def _bands(blocks: array[int]) -> Iterator[tuple[int, ...]]:
    """Yield the bands of a MinHash signature: of the digests, which are random enough, the lowest in each of some ranges.

    A range without digest takes the value of the next that has one (one permutation hashing with rotation).
    """
    lowest: dict[int, int] = {}
    for digest in blocks:
        place = digest % _PLACES
        if digest < lowest.get(place, 1 << _BITS):
            lowest[place] = digest
    filled = sorted(lowest)
    signature = [lowest[next((p for p in filled if p >= place), filled[0])] for place in range(_PLACES)]
    for start in range(0, _PLACES, _BAND):
        yield (start, *signature[start : start + _BAND])
