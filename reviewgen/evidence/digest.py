"""Which files a record is about: the same digest exactly when they are the same."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from reviewgen.model.source import SourceFile


def of_files(files: Iterable[SourceFile]) -> str:
    """Return the digest of a tree's files, names and contents."""
    digest = sha256()
    for file in sorted(files, key=lambda f: f.path):
        digest.update(f"{file.path}\n{len(file.data)}\n".encode("utf-8", "surrogatepass"))
        digest.update(file.data)
    return f"sha256:{digest.hexdigest()}"
