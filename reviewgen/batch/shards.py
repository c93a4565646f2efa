"""A batch in several parts that know nothing of each other: which sample is whose follows from its id alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256

from reviewgen.errors import InputError
from reviewgen.records import dataclass
from reviewgen.sample import Item

_FORM = re.compile(r"([1-9]\d{0,5})/([1-9]\d{0,5})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shard:
    """One of ``of`` parts; ``number`` counts from 1."""

    number: int
    of: int

    def has(self, id: str) -> bool:
        """Whether a sample is of this part: the same on every machine, whatever other samples there are."""
        return int.from_bytes(sha256(id.encode("utf-8", "surrogateescape")).digest()[:8]) % self.of == self.number - 1

    def __str__(self) -> str:
        """Return what ``parse`` reads."""
        return f"{self.number}/{self.of}"


@dataclass(frozen=True, slots=True)
class Part:
    """The samples of a part; one can go through them as often as through all."""

    samples: Iterable[Item]
    shard: Shard

    def __iter__(self) -> Iterator[Item]:
        """Yield them."""
        return (item for item in self.samples if self.shard.has(item.id))


ALL = Shard(1, 1)
"""The only part of a batch that is not divided."""


def whole(ids: Iterable[str]) -> str:
    """Return the digest by which the shards of one batch know each other: of the ids of all its samples."""
    return sha256("\n".join(sorted(ids)).encode("utf-8", "surrogateescape")).hexdigest()


def parse(text: str) -> Shard:
    """Return the part that a text such as ``2/8`` names.

    Raises:
        InputError: It names none.
    """
    found = _FORM.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        raise InputError(f"{text!r} is no shard", hint="give its number and how many there are: 1/8 to 8/8")
    return Shard(int(found[1]), int(found[2]))
