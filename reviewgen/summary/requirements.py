"""What PROMPTs ask and MODELs lack."""

from __future__ import annotations

from collections import Counter

from reviewgen.model.requirement import Verdict
from reviewgen.records import dataclass
from reviewgen.requirements import capability
from reviewgen.runs import SampleRow


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that PROMPTs ask for.

    Attributes:
        title: What it is.
        asked: In how many samples PROMPT asks for it.
        lacking: In how many of them MODEL has nothing that answers it, of one requirement at least.
        left: In how many of these IDEAL has nothing that answers one of the same requirements, either.
    """

    title: str
    asked: int
    lacking: int
    left: int


class Requirements:
    """Counts what is asked, by the capability that answers it; what several answer together, or none, is left out."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self._asked: Counter[str] = Counter()
        self._lacking: Counter[str] = Counter()
        self._left: Counter[str] = Counter()

    def add(self, row: SampleRow) -> None:
        """Count a sample."""
        self._asked.update({name for name, _, _ in row.asked})
        lacking = {(name, ideal) for name, model, ideal in row.asked if model == Verdict.UNMET}
        self._lacking.update({name for name, _ in lacking})
        self._left.update({name for name, ideal in lacking if ideal == Verdict.UNMET})

    def lacks(self) -> list[Lack]:
        """Return what MODEL lacks in some sample, the most frequent first."""
        known = ((capability(name), name, number) for name, number in self._lacking.items())
        found = (Lack(one.title, self._asked[name], number, self._left[name]) for one, name, number in known if one is not None)
        return sorted(found, key=lambda lack: (-lack.lacking, -lack.left, lack.title))
