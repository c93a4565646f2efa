"""Which samples are most and least worth keeping in a set of training samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from reviewgen.config import CATEGORIES
from reviewgen.model.review import Status
from reviewgen.records import dataclass
from reviewgen.runs import SampleRow


@dataclass(frozen=True, slots=True)
class Worth:
    """One sample as it is ranked.

    Attributes:
        id: The sample.
        class_: Its class.
        learning: Its learning value.
        corrected: Number of issues that IDEAL corrects, by category, the worst first.
        like: The first sample that it is the same or nearly the same as; empty when it is the first.
    """

    id: str
    class_: str
    learning: float
    corrected: tuple[int, ...]
    like: str = ""


class Ranking:
    """Keeps of each sample a few numbers."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._all: list[Worth] = []
        self.missing = 0

    def add(self, row: SampleRow) -> None:
        """Take a sample in; one whose learning value was not judged cannot be ranked."""
        learning = row.scores["learning"]
        if learning is None:
            self.missing += 1
            return
        counts = Counter(issue.category for issue in row.issues if issue.status == Status.FIXED)
        self._all.append(Worth(row.id, row.class_, learning, tuple(counts[category] for category in CATEGORIES)))

    def most(self, repeated: Mapping[str, str], number: int) -> list[Worth]:
        """Return the first samples by learning value, then by corrected issues; of such that are alike only the best."""
        found: dict[str, Worth] = {}
        for worth in sorted(self._all, key=lambda w: (-w.learning, *(-n for n in w.corrected), w.id)):
            group = worth.id
            while group in repeated:
                group = repeated[group]
            found.setdefault(group, worth)
        return list(found.values())[:number]

    def least(self, repeated: Mapping[str, str], number: int) -> list[Worth]:
        """Return the last samples by learning value, then by corrected issues; of equals those that are like another one first."""
        found = sorted(self._all, key=lambda w: (w.learning, *w.corrected, w.id not in repeated, w.id))[:number]
        return [Worth(w.id, w.class_, w.learning, w.corrected, repeated.get(w.id, "")) for w in found]
