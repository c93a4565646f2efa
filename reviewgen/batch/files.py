"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
from collections.abc import Iterator, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

from reviewgen.errors import InputError

DOCUMENT = "MODEL_FAILURES.md"
REVIEW = "review.json"
LOG = "review.sarif"

_FULL = (errno.ENOSPC, errno.EFBIG, *((errno.EDQUOT,) if hasattr(errno, "EDQUOT") else ()))


def write(path: Path, text: str) -> None:
    """Write a file as UTF-8 through a temporary name in the same folder, making folders as needed.

    A link is written through. What is no regular file, such as ``/dev/null`` or a named pipe, cannot be replaced and is written directly.

    Raises:
        InputError: The place cannot be written.
    """
    write_bytes(path, encoded(text))


def encoded(text: str) -> bytes:
    """Return a text as files have it."""
    return text.encode("utf-8", "replace")


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file as ``write`` does; one that has these bytes already keeps its time.

    Raises:
        InputError: The place cannot be written.
    """
    write_all({path: data})


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write files that belong together as ``write_bytes`` does: when one cannot be written, none is.

    Raises:
        InputError: A place cannot be written.
    """
    parts: dict[Path, tuple[Path, Path]] = {}
    with undisturbed():
        try:
            for path, data in files.items():
                with _told(path):
                    _begin(path, data, parts)
            for path, (part, target) in parts.items():
                with _told(path):
                    part.replace(target)
        except BaseException:
            for part, _ in parts.values():
                with contextlib.suppress(OSError):
                    part.unlink()
            raise


def _begin(path: Path, data: bytes, parts: dict[Path, tuple[Path, Path]]) -> None:
    """Write the bytes under a temporary name and note that and the name that they shall have; nothing when they stand there already."""
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    if target.exists() and target.stat().st_size == len(data) and target.read_bytes() == data:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # Made by open(), so that it gets the permissions that the user's files have.
    part = _part(target)
    parts[path] = part, target
    part.write_bytes(data)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """Give a stream to what ``write_bytes`` writes when the context ends well: what is too large to be held in memory.

    Raises:
        InputError: The place cannot be written.
    """
    with _told(path):
        target = path.resolve()
        if target.exists() and not target.is_file():
            with target.open("wb") as stream:
                yield stream
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep(target.parent)
        part = _part(target)
        try:
            with part.open("wb") as stream:
                yield stream
            if not target.exists() or digest_of(target) != digest_of(part):
                part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def _part(target: Path) -> Path:
    """Return the temporary name of a file: the process id keeps parallel runs apart."""
    return target.with_name(f".{target.name[:200]}.{os.getpid()}.part")


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what the system refuses into an error that names the file and the remedy."""
    try:
        yield
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        reason = getattr(error, "strerror", None) or error
        if isinstance(error, (FileExistsError, NotADirectoryError)):
            reason = "a file stands where its folder would have to be"
        raise InputError(f"cannot write: {reason}", path=str(path), hint=remedy(error)) from None


def remedy(error: BaseException) -> str:
    """Return what helps when a file cannot be written."""
    full = isinstance(error, OSError) and error.errno in _FULL
    return "make room and run it again" if full else "choose another --output"


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Hold back a request to end, as a batch sends its workers on Ctrl-C: it would leave half a file under its temporary name."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows ends processes without asking
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def digest_of(path: Path) -> str:
    """Return the digest of a file's bytes.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def sweep(folder: Path) -> None:
    """Remove what processes that were killed while they wrote have left in a folder."""
    for part in folder.glob(".*.part"):
        pid = part.name.split(".")[-2]
        if pid.isdigit() and not _lives(int(pid)):
            with contextlib.suppress(OSError):
                part.unlink()


def _lives(pid: int) -> bool:
    """Whether a process still does something; one that is dead but not yet buried by its parent does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except (OSError, IndexError):  # it belongs to somebody else, or the system cannot tell
        return True


def is_folder(output: str) -> bool:
    """Whether an ``--output`` means a folder: it exists as one, or ends in a slash."""
    return output.endswith(("/", os.sep)) or Path(output).is_dir()
