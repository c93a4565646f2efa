"""What functions read: the files of the tree, as seen from the directory in which Terraform runs."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from reviewgen.model.source import SourceFile
from reviewgen.records import dataclass


@dataclass(frozen=True, slots=True)
class Files:
    """The delivered files.

    Attributes:
        files: All files of the tree.
        root: The directory of the root module.
        rendering: Whether it is a template that asks, which must not render others.
    """

    files: Mapping[str, SourceFile]
    root: str
    rendering: bool = False

    def get(self, path: str) -> SourceFile | None:
        """Return the file that a function would read, None when nobody delivers it."""
        return self.files.get(posixpath.normpath(posixpath.join(self.root, path)))

    def perhaps(self, path: str) -> bool:
        """Whether a path leads out of the tree to what is delivered within: which directory is the top of an answer is read from names."""
        parts = posixpath.normpath(posixpath.join(self.root, path)).split("/")
        return parts[0] == ".." and "/".join(p for p in parts if p != "..") in self.files

    def shown(self, path: str) -> str:
        """Return a file's name as Terraform sees it from the root directory."""
        return posixpath.relpath(path, self.root) if self.root else path

    def has_folder(self, path: str) -> bool:
        """Whether a path is a directory of the tree."""
        folder = posixpath.normpath(posixpath.join(self.root, path))
        return folder == "." or any(name.startswith(f"{folder}/") for name in self.files)
