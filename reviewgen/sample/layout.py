"""In which directories the files of an answer stand, where it does not say so alike for all of them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import replace

from reviewgen.model.source import SourceFile

from .assembly import REPEATED, Assembly, addresses

_HOME = "lib/"
_CODE = (".tf", ".tf.json")
# A passage has less than this share of the text of its file.
_SMALL = 0.5


def settle(assembly: Assembly) -> None:
    """Put the files of an answer into the directories in which a reader would."""
    _drop_drafts(assembly)
    _gather(assembly)
    _deliver_of_each(assembly)


def _drop_drafts(assembly: Assembly) -> None:
    """Take code that has no name for a passage when files with names, which came later, declare most of it."""
    known = assembly.beside(named=True)
    for path in [p for p in assembly.unnamed if p in assembly.files and "/" not in p]:
        own = assembly.declares(path)
        if own and len(own & known) >= REPEATED * len(own):
            assembly.set_aside(path)


def _gather(assembly: Assembly) -> None:
    """Read ``lib/`` as the top of the tree when some files of the answer are named with it and others without.

    Answers for projects that keep their code in ``lib/`` write both; as two directories they would be two unrelated modules.
    Code without a name stands where the files with names do.
    """
    files = assembly.files
    inside = [p for p in files if p.startswith(_HOME)]
    outside = [p for p in files if p.endswith(_CODE) and "/" not in p and p not in assembly.unnamed]
    called = any(f'"./{_HOME.rstrip("/")}' in f.text for f in files.values())
    parts = [p for p in outside if _is_part(files[p], files.get(_HOME + p))]
    added = [p for p in outside if p not in parts and not called and _is_small(files[p], files.get(_HOME + p))]
    if outside and len(parts) + len(added) == len(outside):
        # Without its folder a file is named where the text quotes or explains a passage of it, or shows what could be added.
        _set_aside(assembly, outside)
        shown = "what could be added to files in `lib/`" if added else "parts of files in `lib/` once more"
        assembly.note(f"`{assembly.name}` shows {shown} without the folder; the complete versions are read.")
        return
    held = [p for p in inside if p.endswith(_CODE)]
    if held and not called and all(_repeats(files[p], files.get(p.removeprefix(_HOME))) for p in held):
        _set_aside(assembly, held)
        assembly.note(f"`{assembly.name}` shows files, or parts of them, once more in `lib/`; the complete versions are read.")
        return
    if outside and inside and not held and not called and _are_read_beside([files[p].text for p in outside], inside, files):
        assembly.note(f"`{assembly.name}` names some files with `lib/` and some without; they are read as one directory.")
        assembly.files = {(p.removeprefix(_HOME)): replace(f, path=p.removeprefix(_HOME)) for p, f in files.items()}
        return
    mixed = held and (outside or any("/" not in p for p in assembly.unnamed))
    if not mixed or called or any(p.removeprefix(_HOME) in files for p in inside):
        return
    if outside:
        assembly.delivered = tuple(f for p, f in files.items() if p not in assembly.unnamed)
        assembly.note(
            f"`{assembly.name}` names some files with `lib/` and some without; they are read as one directory. "
            "Kept in two, Terraform would read only those of the one where it is started."
        )
    assembly.files = {(p.removeprefix(_HOME)): replace(f, path=p.removeprefix(_HOME)) for p, f in files.items()}


def _are_read_beside(texts: list[str], inside: list[str], files: Mapping[str, SourceFile]) -> bool:
    """Whether code outside of ``lib/`` reads what is in there as if it stood beside that code: ``src/f`` of ``lib/src/f/index.js``."""
    places = {posixpath.dirname(p.removeprefix(_HOME)) or p.removeprefix(_HOME) for p in inside}
    free = not any(p.removeprefix(_HOME) in files for p in inside)
    return free and not any(_HOME in text for text in texts) and any(f"/{place}" in text for place in places for text in texts)


def _set_aside(assembly: Assembly, paths: list[str]) -> None:
    """Take files for passages of others; what is delivered holds them all the same."""
    assembly.delivered = tuple(assembly.files.values())
    for path in paths:
        assembly.take_for_passage(path)


def _deliver_of_each(assembly: Assembly) -> None:
    """Let what stands in a directory of any name stand at the top of what is delivered, where nothing else does."""
    kept = {file.path: file for file in assembly.delivered or assembly.files.values()}
    if assembly.of_each and not any(path.endswith(_CODE) and "/" not in path for path in kept):
        assembly.delivered = (*kept.values(), *{file.path: file for file in assembly.of_each if file.path not in kept}.values())


def _is_part(file: SourceFile, whole: SourceFile | None) -> bool:
    """Whether a file is a passage of another version of itself, as it stands there or with other values."""
    if whole is None or len(file.text) >= len(whole.text):
        return False
    own, all_ = addresses(file.text), addresses(whole.text)
    return own < all_ or (not own and bool(all_))


def _is_small(file: SourceFile, whole: SourceFile | None) -> bool:
    """Whether a file is much shorter than the version in the folder: what it has of its own is an example of what could be added there."""
    return whole is not None and len(file.text) < _SMALL * len(whole.text)


def _repeats(file: SourceFile, whole: SourceFile | None) -> bool:
    """Whether a file declares nothing that another version of it does not declare as well, and is no longer than that."""
    return whole is not None and addresses(file.text) <= addresses(whole.text) and len(_code(file)) <= len(_code(whole))


def _code(file: SourceFile) -> str:
    """Return the lines of a file but for its comments, among which its name may stand."""
    return "\n".join(line for line in file.text.split("\n") if line.strip() and not line.lstrip().startswith(("#", "//")))
