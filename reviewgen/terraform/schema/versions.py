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


# What providers' constraints may be: an operator and up to three numbers. What else there is (prereleases, say) is not judged.
_OF_PROVIDER = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*(\d+(?:\.\d+){0,2})\s*")
_RELEASE = re.compile(r"\d+\.\d+\.\d+")
# In which order Terraform writes several constraints of one version (tried with 1.11); "~>" with two numbers, or with three.
_MINOR, _PATCH = "~> minor", "~> patch"
_OPERATORS = (">", ">=", "=", _PATCH, _MINOR, "<=", "<", "!=")


def written(constraints: Iterable[str]) -> str:
    """Return constraints of a provider as Terraform's messages write them all together: each once, by their versions; empty when one is not read."""
    parts = _parts(constraints)
    ordered = sorted(set(parts or ()), key=lambda part: (part[1], _OPERATORS.index(part[0])))
    return ", ".join(_written(operator, version) for operator, version in ordered)


def admits(constraints: Iterable[str], version: str) -> bool | None:
    """Whether all constraints of a provider admit a release of it; None when one of them, or the version, is not read.

    Of ``~>`` the last number may be higher; with one number alone it means what ``~> 5.0`` does.
    """
    parts = _parts(constraints)
    if parts is None or not _RELEASE.fullmatch(version):
        return None
    return all(_meets(parse(version), operator, bound) for operator, bound in parts)


def _parts(constraints: Iterable[str]) -> list[tuple[str, Version]] | None:
    """Return operators and versions of all constraints; None when one is not read."""
    matches = [_OF_PROVIDER.fullmatch(part) for constraint in constraints for part in constraint.split(",")]
    found = [(m[1] or "=", parse(m[2])) for m in matches if m is not None]
    if len(found) < len(matches):
        return None
    return [(_rocket(version) if operator == "~>" else operator, (*version, 0, 0)[:3]) for operator, version in found]


def _rocket(version: Version) -> str:
    return _PATCH if len(version) > 2 else _MINOR


def _written(operator: str, version: Version) -> str:
    numbers = ".".join(str(number) for number in (version[:2] if operator == _MINOR else version))
    return numbers if operator == "=" else f"{operator.split(' ')[0]} {numbers}"


def _meets(version: Version, operator: str, bound: Version) -> bool:
    same = {_MINOR: 1, _PATCH: 2}.get(operator)
    if same:
        return version >= bound and version[:same] == bound[:same]
    compared = {">": version > bound, ">=": version >= bound, "<": version < bound, "<=": version <= bound, "!=": version != bound}
    return compared.get(operator, version == bound)
