"""The journal of a run, beside what it writes: one line for each sample that is done, so that a run can go on where it was broken off.

Each line is written at once. The last one may be cut, when the machine went down; it is left out, and its sample is done again.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from reviewgen.errors import InputError
from reviewgen.records import dataclass

from .files import DOCUMENT, REVIEW, digest_of, sweep, write
from .results import Result, from_json, to_json

_FOLDER = ".reviewgen"
_FILE = "journal.jsonl"
_FORMAT = "reviewgen-journal-1"


@dataclass(frozen=True, slots=True)
class Entry:
    """One sample that is done: the key of its review, what became of it, and the digests of its files by name."""

    key: str
    result: Result
    files: Mapping[str, str]

    def stands(self, folder: Path) -> bool:
        """Whether the files in a folder are the ones that were written."""
        return bool(self.files) and all(_written(folder / name) == digest for name, digest in self.files.items())


class Journal:
    """The journal of the run in a folder.

    Attributes:
        sources: What the run was asked to review, as its header says; set it for another run.
        entries: What is done, by sample.
    """

    def __init__(self, output: Path) -> None:
        """Read what an earlier run has left; a journal of another kind counts as none. Nothing is written before the first ``add``."""
        self.path = output / _FOLDER / _FILE
        self.sources: tuple[str, ...] = ()
        self.entries: dict[str, Entry] = {}
        self._stream: BinaryIO | None = None
        self._read()

    def _read(self) -> None:
        try:
            lines = self.path.read_bytes().split(b"\n")
        except OSError:
            return
        header = _object(lines[0])
        if header.get("format") != _FORMAT:
            return
        self.sources = tuple(map(str, header.get("sources", ())))
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
        try:
            if self._stream is None:
                self._write(self.entries.values())
                self._stream = self.path.open("ab", buffering=0)
            self.entries[result.id] = entry
            self._stream.write(f"{_line(entry)}\n".encode())
        except OSError as error:
            raise InputError(f"cannot write: {error.strerror or error}", path=str(self.path), hint="choose another --output") from None

    def close(self) -> None:
        """Close the journal of a run that has come to its end, sorted, so that it is the same whatever the order of the work."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
            with contextlib.suppress(InputError):  # what was noted is there already
                self._write(self.entries[id] for id in sorted(self.entries))

    def _write(self, entries: Iterable[Entry]) -> None:
        sweep(self.path.parent)
        head = json.dumps({"format": _FORMAT, "sources": list(self.sources)})
        write(self.path, "".join(f"{line}\n" for line in (head, *map(_line, entries))))


def _line(entry: Entry) -> str:
    return json.dumps({"key": entry.key, "result": to_json(entry.result), "files": entry.files})


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
