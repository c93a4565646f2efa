"""The records of a sample: what the user names, what lies in its ``evidence/``, and its ``evidence.json``, in this order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from reviewgen.errors import InputError
from reviewgen.model.evidence import Evidence, joined
from reviewgen.sample.text import readable

from . import readers, record

FOLDER = "evidence"
_SUFFIXES = (".json", ".jsonl", ".ndjson", ".log", ".txt", ".out", ".sarif")
_MOST_FILES = 200


def collect(folder: Path | None, given: Sequence[str] = ()) -> Evidence | None:
    """Return the records of a sample; None when there are none.

    Args:
        folder: The sample's folder, where it has one.
        given: Files and folders that the user names: ``PATH``, ``model=PATH`` or ``ideal=PATH``.

    Raises:
        InputError: One of them is no record, or does not tell which tree it is about.
    """
    found = [evidence for argument in given for evidence in _named(argument)]
    if folder is not None and (folder / FOLDER).is_dir():
        found += _below(folder / FOLDER, FOLDER)
    if folder is not None and (folder / record.NAME).is_file():
        found.append(readers.read(folder / record.NAME, record.NAME))
    return joined(found) if found else None


def _named(argument: str) -> Iterator[Evidence]:
    side, equals, rest = argument.partition("=")
    chosen = side if equals and side in record.SIDES else ""
    path = Path(rest if chosen else argument)
    with readable(str(path), "record"):
        if not path.exists():
            raise InputError("no such record", path=str(path), hint="give a file, or a folder of files")
        if path.is_dir():
            yield from _below(path, path.resolve().name, chosen)
            return
    above = path.resolve().parent.name
    yield readers.read(path, f"{above}/{path.name}" if above.lower() in record.SIDES else path.name, chosen)


def _below(folder: Path, name: str, side: str = "") -> list[Evidence]:
    with readable(str(folder), "folder"):
        files = sorted(f for f in folder.rglob("*") if f.is_file() and f.suffix.lower() in _SUFFIXES and not f.name.startswith("."))
    if len(files) > _MOST_FILES:
        raise InputError(f"more than {_MOST_FILES} records", path=str(folder), hint="keep those of the last run")
    return [readers.read(file, f"{name}/{file.relative_to(folder).as_posix()}", side) for file in files]
