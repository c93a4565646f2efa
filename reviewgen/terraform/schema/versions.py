"""Version constraints of providers: which major versions, and which of some versions, they allow."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from reviewgen.records import dataclass

_PART = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+(?:\.\d+)*)(-[\w.-]+)?\s*\Z")
_INFINITE = (1 << 30,)

Version = tuple[int, ...]


@lru_cache(maxsize=256)
def parse(version: str) -> Version:
    """Return the numbers of a version, ``(5, 100, 0)``; of text that is no version, as many numbers as it begins with."""
    match = re.match(r"v?(\d+(?:\.\d+)*)", version)
    return tuple(int(p) for p in match[1].split(".")) if match else ()


@dataclass(frozen=True, slots=True)
class Interval:
    """Versions from ``low`` up to but not including ``high``; ``excluded`` are left out."""

    low: Version = (0,)
    high: Version = _INFINITE
    excluded: frozenset[Version] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether no version is inside."""
        return self.low >= self.high

    def allows(self, version: Version) -> bool:
        """Whether a version is inside."""
        return self.low <= version < self.high and version not in self.excluded

    def meets_major(self, major: int) -> bool:
        """Whether some version of a major line is inside."""
        return self.low < (major + 1,) and self.high > (major, 0, 0)


def interval(constraints: Iterable[str]) -> Interval:
    """Return what all constraints together allow; parts that are no constraints are left out (Terraform itself reports them)."""
    result = Interval()
    for constraint in constraints:
        for part in constraint.split(","):
            match = _PART.match(part)
            if match:
                result = _narrowed(result, match[1] or "=", parse(match[2]))
    return result


def _narrowed(known: Interval, operator: str, version: Version) -> Interval:
    padded = (*version, 0, 0, 0)[:3]
    after = (*padded[:-1], padded[-1] + 1)
    low, high, excluded = known.low, known.high, known.excluded
    if operator == "!=":
        excluded |= {padded}
    if operator in (">=", "~>", "="):
        low = max(low, padded)
    if operator == ">":
        low = max(low, after)
    if operator == "<":
        high = min(high, padded)
    if operator in ("<=", "="):
        high = min(high, after)
    if operator == "~>":
        high = min(high, (*version[:-2], version[-2] + 1) if len(version) > 1 else _INFINITE)
    return Interval(low, high, excluded)
