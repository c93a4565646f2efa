"""What the user named to folders and files: patterns that no shell has replaced."""

from __future__ import annotations

import glob
import os

from reviewgen.errors import InputError

from .dataset import is_dataset


def expand(argument: str) -> list[str]:
    """Return the folder or file that is named, or the folders and datasets that match a pattern, sorted; ``**`` is any number of folders.

    Raises:
        InputError: A pattern matches none.
    """
    if os.path.lexists(argument) or not glob.has_magic(argument):
        return [argument]
    matches = sorted(path for path in glob.glob(argument, recursive=True) if os.path.isdir(path) or is_dataset(path))
    if not matches:
        raise InputError("nothing matches the pattern", path=argument, hint="give folders that contain samples, or datasets")
    return matches
