"""Samples below some folders."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from reviewgen.errors import InputError

from .folder import find


def discover(sources: Sequence[Path]) -> list[tuple[str, Path]]:
    """Return (id, folder) of all samples below some folders, sorted by id; a source that is a sample itself goes by its name.

    Raises:
        InputError: A source does not exist or holds no sample, or two samples have the same id.
    """
    found: dict[str, Path] = {}
    for source in sources:
        if not source.is_dir():
            raise InputError("no such folder", path=str(source), hint="give folders that contain samples")
        samples = list(_below(source))
        if not samples:
            raise InputError(
                "no sample in the folder", path=str(source), hint="a sample is a folder with MODEL_RESPONSE and IDEAL_RESPONSE"
            )
        for folder in samples:
            relative = folder.relative_to(source).as_posix()
            id = source.resolve().name if relative == "." else relative
            if id in found:
                raise InputError(f"two samples with the id {id!r}: {found[id]} and {folder}", hint="give one folder that contains both")
            found[id] = folder
    return sorted(found.items())


def _below(source: Path) -> Iterator[Path]:
    """Yield the samples; nothing is looked for inside of one. A folder that cannot be read may be one: whoever loads it says so.

    Links to folders are followed, each folder is visited once.
    """
    hidden: list[Path] = []
    seen = {os.path.realpath(source)}
    for root, folders, _ in os.walk(source, onerror=lambda error: hidden.append(Path(error.filename)), followlinks=True):
        folder = Path(root)
        if _is_sample(folder):
            folders.clear()
            yield folder
        else:
            places = {f: os.path.realpath(folder / f) for f in sorted(folders) if not f.startswith(".")}
            folders[:] = [f for f, place in places.items() if place not in seen]
            seen.update(places.values())
    yield from hidden


def _is_sample(folder: Path) -> bool:
    try:
        return find(folder, "model") is not None or find(folder, "ideal") is not None
    except OSError:
        return True
