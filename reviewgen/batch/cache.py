"""Reviews, and summaries of runs, kept on disk by their keys, shared by all runs of a user: what was made once is only written again.

Entries are written whole or not at all and never changed, so any number of runs may use a cache at once. Whatever is wrong with a cache
(no permission, a full disk, an entry that is cut) costs time and never a review. The entries that were used longest ago go first.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from reviewgen.config import Config
from reviewgen.errors import InputError
from reviewgen.records import dataclass

from .files import sweep, write_bytes
from .results import Result, from_json, to_json

_FORMAT = "reviewgen-cache-2"
_SUFFIX = ".review"
# So much is left of a cache that has grown too large: who clears a little clears at every run.
_LEFT = 0.9


@dataclass(frozen=True, slots=True)
class Kept:
    """One review: what became of the sample, and the bytes of its two files. A summary of a run is a document without a review."""

    result: Result
    document: bytes
    review: bytes


@dataclass(frozen=True, slots=True)
class Info:
    """A cache from outside: its folder, the number of entries, their bytes together and the most that they may be."""

    folder: str
    entries: int
    size: int
    most: int


class Cache:
    """The entries of one folder."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        """Nothing is read or made before it is needed."""
        self.folder = folder
        self.most = megabytes * 1_000_000

    def get(self, key: str) -> Kept | None:
        """Return what is kept under a key; None when there is nothing, or nothing that is whole."""
        place = self._place(key)
        try:
            header, _, packed = place.read_bytes().partition(b"\n")
            said = json.loads(header)
            data = zlib.decompress(packed)
            if said["format"] != _FORMAT or said["digest"] != _digest(said["result"], data):
                return None
            kept = Kept(from_json(said["result"]), data[: said["split"]], data[said["split"] :])
        except (OSError, ValueError, KeyError, TypeError, zlib.error):
            return None
        with contextlib.suppress(OSError):
            os.utime(place)  # used today
        return kept

    def put(self, key: str, kept: Kept) -> None:
        """Keep a review."""
        result, data = to_json(kept.result), kept.document + kept.review
        header = {
            "format": _FORMAT,
            "digest": _digest(result, data),
            "split": len(kept.document),
            "result": result,
        }
        with contextlib.suppress(InputError):
            write_bytes(self._place(key), json.dumps(header).encode() + b"\n" + zlib.compress(data, 1))

    def prune(self) -> None:
        """Remove what killed runs left half written, and the entries used longest ago, when there are more bytes than may be."""
        for folder in self.folder.glob("??"):
            sweep(folder)
        found = sorted(self._entries())
        size = sum(entry[1] for entry in found)
        if size <= self.most:
            return
        for _, bytes_, path in found:
            if size <= self.most * _LEFT:
                return
            with contextlib.suppress(OSError):
                Path(path).unlink()
                size -= bytes_

    def info(self) -> Info:
        """Return what the cache holds."""
        found = list(self._entries())
        return Info(str(self.folder), len(found), sum(entry[1] for entry in found), self.most)

    def clear(self) -> int:
        """Remove all entries; return how many there were."""
        found = list(self._entries())
        for _, _, path in found:
            with contextlib.suppress(OSError):
                Path(path).unlink()
        return len(found)

    def _place(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}{_SUFFIX}"

    def _entries(self) -> Iterator[tuple[float, int, str]]:
        """Yield (time of the last use, bytes, path)."""
        for path in self.folder.glob(f"??/*{_SUFFIX}"):
            with contextlib.suppress(OSError):
                found = path.stat()
                yield found.st_mtime, found.st_size, str(path)


def _digest(result: dict[str, Any], data: bytes) -> str:
    """Return the digest of what an entry holds, by which damage is seen."""
    return sha256(json.dumps(result, sort_keys=True).encode() + data).hexdigest()


def of(config: Config) -> Cache | None:
    """Return the cache that a configuration names; None when it is switched off."""
    if config.cache == "off":
        return None
    if config.cache:
        return Cache(Path(config.cache), config.cache_megabytes)
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Cache(Path(home, "reviewgen"), config.cache_megabytes)
