"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from reviewgen.errors import InputError

DOCUMENT = "MODEL_FAILURES.md"
REVIEW = "review.json"


def write(path: Path, text: str) -> None:
    """Write a file through a temporary name in the same folder, making folders as needed.

    Raises:
        InputError: The place cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8", "surrogatepass"))
            os.chmod(name, 0o666 & ~_umask())
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise InputError(f"cannot write: {error.strerror or error}", path=str(path), hint="choose another --output") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def is_folder(output: str) -> bool:
    """Whether an ``--output`` means a folder: it exists as one, or ends in a slash."""
    return output.endswith(("/", os.sep)) or Path(output).is_dir()
