"""The journal of a run, beside what it writes: one line for each sample that is done, so that a run can go on where it was broken off.

Each line is written at once. The last one may be cut, when the machine went down; it is left out, and its sample is done again.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from reviewgen.errors import InputError
from reviewgen.records import dataclass

from . import shards
from .files import DOCUMENT, REVIEW, digest_of, remedy, sweep, write
from .results import Result, from_json, to_json
from .shards import ALL, Shard

_FOLDER = ".reviewgen"
_FILE = "journal.jsonl"
_FORMAT = "reviewgen-journal-2"


@dataclass(frozen=True, slots=True)
class Entry:
    """One sample that is done: the key of its review, what became of it, and the digests of its files by name."""

    key: str
    result: Result
    files: Mapping[str, str]

    def stands(self, folder: Path) -> bool:
        """Whether the files in a folder are the ones that were written."""
        return bool(self.files) and all(_written(folder / name) == digest for name, digest in self.files.items())

    def remove(self, folder: Path) -> None:
        """Remove the files in a folder, as far as they are the ones that were written: they are no longer true."""
        for name, digest in self.files.items():
            if _written(folder / name) == digest:
                with contextlib.suppress(OSError):
                    (folder / name).unlink()


@dataclass(frozen=True, slots=True)
class Header:
    """What a run was asked to do.

    Attributes:
        sources: Where its samples come from.
        shard: The part of them that is its own.
        samples: The ids of that part, sorted.
        whole: Digest of the ids of all parts.
        common: What its reviews have in common, as ``keys.common`` gives it.
        finished: Whether it has come to its end, so that each of its samples has an entry of this run.
        columns: Which columns of datasets hold what, as far as the user said so.
        summary: Digest of the summary and what it was made of; empty where there is none.
    """

    sources: tuple[str, ...] = ()
    shard: Shard = ALL
    samples: tuple[str, ...] = ()
    whole: str = ""
    common: Mapping[str, str] = field(default_factory=dict)
    finished: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""


class Journal:
    """The journal of the run in a folder.

    Attributes:
        header: What the run was asked to do; None where there was none. Set it for another run.
        entries: What is done, by sample; also of samples that only earlier runs had.
    """

    def __init__(self, output: Path) -> None:
        """Read what an earlier run has left; a journal of another kind counts as none. Nothing is written before the first ``add``."""
        self.path = output / _FOLDER / _FILE
        self.header: Header | None = None
        self.entries: dict[str, Entry] = {}
        self._stream: BinaryIO | None = None
        self._read()

    def _read(self) -> None:
        try:
            lines = self.path.read_bytes().split(b"\n")
        except OSError:
            return
        self.header = _header(_object(lines[0]))
        if self.header is None:
            return
        for line in lines[1:]:
            said = _object(line)
            try:
                result = from_json(said["result"])
                self.entries[result.id] = Entry(str(said["key"]), result, dict(said["files"]))
            except (KeyError, TypeError, ValueError, AttributeError):
                continue

    def add(self, key: str, result: Result, output: Path) -> None:
        """Note what became of a sample; of a review with the digests of its files.

        Raises:
            InputError: The journal cannot be written.
        """
        folder = output / result.id
        files = {} if result.error else {name: _written(folder / name) for name in (DOCUMENT, REVIEW)}
        entry = Entry(key, result, files)
        line = f"{_line(entry)}\n".encode()
        self.begin()
        assert self._stream is not None, "it has begun"
        self.entries[result.id] = entry
        try:
            while line:  # a disk that is nearly full takes a part of it, and refuses the rest
                line = line[self._stream.write(line) :]
        except OSError as error:
            raise self._unwritten(error) from None

    def begin(self) -> None:
        """Note what the run was asked to do, so that it can go on wherever it is broken off.

        Raises:
            InputError: The journal cannot be written.
        """
        if self._stream is None:
            self._write(self.entries.values())
            try:
                self._stream = self.path.open("ab", buffering=0)
            except OSError as error:
                raise self._unwritten(error) from None

    def _unwritten(self, error: OSError) -> InputError:
        return InputError(f"cannot write: {error.strerror or error}", path=str(self.path), hint=remedy(error))

    def finish(self) -> None:
        """Note that the run has come to its end.

        Raises:
            InputError: The journal cannot be written.
        """
        assert self.header is not None, "a run has a header"
        self.header = replace(self.header, finished=True)
        self._write(self.entries[id] for id in sorted(self.entries))

    def remove(self) -> None:
        """Remove what an earlier run has left: another that keeps no journal makes it untrue."""
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()

    def close(self) -> None:
        """Write no more."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _write(self, entries: Iterable[Entry]) -> None:
        """Write all anew, sorted at a run's end: so it is the same whatever the order of the work."""
        assert self.header is not None, "a run has a header"
        sweep(self.path.parent)
        head = {"format": _FORMAT, **asdict(self.header), "shard": str(self.header.shard)}
        write(self.path, "".join(f"{line}\n" for line in (json.dumps(head), *map(_line, entries))))


def _line(entry: Entry) -> str:
    return json.dumps({"key": entry.key, "result": to_json(entry.result), "files": entry.files})


def _header(said: dict[str, Any]) -> Header | None:
    """Return the header that a first line is; None for that of another format."""
    try:
        if said["format"] != _FORMAT:
            return None
        lists = [tuple(map(str, said[name])) for name in ("sources", "samples")]
        shard, common, columns = shards.parse(said["shard"]), dict(said["common"]), dict(said["columns"])
        return Header(lists[0], shard, lists[1], said["whole"], common, said["finished"] is True, columns, said["summary"])
    except (KeyError, TypeError, ValueError, InputError):
        return None


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _written(file: Path) -> str:
    """Return the digest of a file that a run wrote; empty when it cannot be read."""
    try:
        return digest_of(file)
    except OSError:
        return ""
